/**
 * To which npm registry packages go: the one that the user's own settings name. What a file of the checkout says is held
 * against it, and is never followed: whoever can commit it would say where tokens go.
 *
 * @module
 */

import { dirname, join, relative } from "node:path";
import { type NpmrcRegistry, readNpmrc } from "../../core/npm/npmrc.ts";
import { Failure } from "../../error.ts";
import { kindOfPath } from "../../host/files.ts";
import type { Env } from "../../host/host.ts";
import { withoutUsers } from "../../host/loopback.ts";
import {
  npmVariable,
  PUBLIC_NPM_REGISTRY,
  readSettings,
  userNpmrc,
} from "../../host/npm_settings.ts";
import type { Release } from "../registry.ts";

/** An address, and what names it. */
export interface NamedRegistry {
  readonly url: string;
  /** A variable, or a file and its key. */
  readonly from: string;
}

/** The registry of the user's own settings: npm's variable, the file in the home folder, npm's public registry. */
export function ownRegistry(env: Env): NamedRegistry {
  return ownSetting(env, "registry") ?? { url: PUBLIC_NPM_REGISTRY, from: "npm's default" };
}

/** The registry that the user's own settings name for a package, without a slash at the end: that of its scope, else `standard`. */
export function registryFor(env: Env, name: string, standard: string): string {
  const scope = /^@[^/]+/.exec(name)?.[0];
  const own = scope === undefined ? undefined : ownSetting(env, `${scope}:registry`)?.url;
  return (own ?? standard).replace(/\/+$/, "");
}

function ownSetting(env: Env, key: string): NamedRegistry | undefined {
  const given = npmVariable(env, key);
  if (given !== undefined) return { url: given, from: `npm_config_${key}` };
  const { path, text } = userNpmrc(env) ?? {};
  const found = text === undefined ? undefined : readNpmrc(text, env).get(key);
  return found && { url: found.value, from: `\`${key}\` in ${path}` };
}

/** What is held against what. */
export interface OwnRegistryContext {
  /** Absolute path of the checkout. */
  readonly root: string;
  readonly env: Env;
  /** Where this run publishes to. */
  readonly registry: string;
}

/**
 * Every reason why a release would not go where somebody's settings send it: `PIOT_SETTINGS_COMMITTED` for a file of the
 * checkout, `PIOT_USAGE` for a registry of the user's own for a scope, `PIOT_FILE_UNREADABLE` where nobody can know.
 * `PIOT_NPM_URL` settles it, whatever they say.
 */
export async function settingsProblems(
  releases: readonly Release[],
  context: OwnRegistryContext,
): Promise<readonly Failure[]> {
  if ((context.env.PIOT_NPM_URL ?? "").trim() !== "") return [];
  const user = userNpmrc(context.env);
  if (user !== undefined && user.text === undefined) return [unreadable(user.path)];
  const problems = new Map<string, Failure>();
  for (const { package: { path, registryName } } of releases) {
    const scope = /^@[^/]+/.exec(registryName)?.[0];
    const keys = scope === undefined ? ["registry"] : [`${scope}:registry`, "registry"];
    for (const file of await checkoutFiles(context.root, path)) {
      for (const found of committedRegistries(file, { ...context, keys })) {
        const failure = committed(found, { file, root: context.root });
        problems.set(failure.message, failure);
      }
    }
    const own = scope === undefined ? undefined : ownSetting(context.env, `${scope}:registry`);
    if (own === undefined || isSame(own.url, context.registry)) continue;
    const failure = elsewhere(scope!, { own, registry: context.registry });
    problems.set(failure.message, failure);
  }
  return [...problems.values()];
}

/** The files of a package's folder and of those above it, up to the top of the work tree. */
async function checkoutFiles(root: string, path: string): Promise<readonly string[]> {
  const files: string[] = [];
  for (let folder = join(root, path);; folder = dirname(folder)) {
    files.push(join(folder, ".npmrc"));
    const isTop = folder === dirname(folder) ||
      await kindOfPath(join(folder, ".git")) !== undefined;
    if (isTop) break;
  }
  return files;
}

/** What a file names, other than the user does. */
function committedRegistries(
  path: string,
  { env, keys }: OwnRegistryContext & { readonly keys: readonly string[] },
): readonly NpmrcRegistry[] {
  const text = path === userNpmrc(env)?.path ? undefined : readSettings(path)?.text;
  if (text === undefined) return [];
  const named = readNpmrc(text, env);
  const found = keys.flatMap((key) => named.get(key) ?? []);
  return found.filter(({ key, value }) => {
    const own = withoutHandedOn(env, value);
    // Variables go before the files of a checkout, for npm as well.
    if (npmVariable(own, key) !== undefined) return false;
    const wanted = ownSetting(own, key)?.url ?? ownRegistry(own).url;
    return !isSame(value, wanted);
  });
}

/**
 * npm hands all of its settings on to what it starts, those of the checkout among them (@npmcli/config, set-envs). Under
 * `npx` or `npm run` a variable that says what the file says comes from the file.
 */
function withoutHandedOn(env: Env, value: string): Env {
  if (env.npm_execpath === undefined && env.npm_command === undefined) return env;
  const kept = Object.entries(env).filter(([name, said]) =>
    !(/^npm_config_.*registry$/i.test(name) && said !== undefined && isSame(said, value))
  );
  return Object.fromEntries(kept);
}

/** What it says is not known, so neither is where packages go. */
function unreadable(path: string): Failure {
  return new Failure("PIOT_FILE_UNREADABLE", `Cannot read ${path}, which may name a registry`, {
    hint: "Let it be read (under Deno with --allow-read), or set PIOT_NPM_URL for the publish step",
  });
}

function isSame(a: string, b: string): boolean {
  return a.trim().replace(/\/+$/, "") === b.trim().replace(/\/+$/, "");
}

function committed(
  { key, written, line, excerpt }: NpmrcRegistry,
  { file, root }: { readonly file: string; readonly root: string },
): Failure {
  const shown = relative(root, file).replaceAll("\\", "/");
  return new Failure(
    "PIOT_SETTINGS_COMMITTED",
    `Cannot let ${shown}:${line} say where packages and tokens go: \`${key}\` is "${
      withoutUsers(written)
    }" there`,
    {
      hint:
        `If packages go there, set PIOT_NPM_URL to that address for the publish step (or \`${key}\` in the .npmrc of your home folder); else remove the line`,
      location: { file: shown, line, excerpt: withoutUsers(excerpt) },
    },
  );
}

function elsewhere(
  scope: string,
  { own, registry }: { readonly own: NamedRegistry; readonly registry: string },
): Failure {
  return new Failure(
    "PIOT_USAGE",
    `Cannot publish packages of ${scope} to ${registry}: ${own.from} sends them to ${
      withoutUsers(own.url)
    }`,
    {
      hint: `Set PIOT_NPM_URL=${
        withoutUsers(own.url)
      }: a run publishes to one npm registry, so release other packages in a run of their own`,
    },
  );
}
