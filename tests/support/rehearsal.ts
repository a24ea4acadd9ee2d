/** Rehearsals of repositories that a test makes: with a home of their own, so that no setting of this machine counts. */

import { join } from "node:path";
import process from "node:process";
import { type Rehearsal, rehearse, type RehearseOptions } from "../../src/command/rehearse.ts";
import type { Env } from "../../src/host/host.ts";
import { createHost } from "../../src/host/create_host.ts";
import type { Event } from "../../src/report/report.ts";
import { type GitRepo, gitRepo } from "./git_repo.ts";
import { type TempFolder, tempFolder } from "./temp.ts";

/** A rehearsal, and what was told meanwhile. */
export interface ToldRehearsal extends Rehearsal {
  readonly events: readonly Event[];
  /** Every notice and warning, in order. */
  readonly told: readonly string[];
}

/** A user of this machine: nothing but the programs is as it is. */
export interface User extends TempFolder {
  readonly env: Env;
}

/** A user with these files in the home folder. */
export async function newUser(
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<User> {
  const home = await tempFolder({ ".npmrc": "", ...files });
  const { PATH, HOME = "", RUSTUP_HOME = join(HOME, ".rustup"), TMPDIR } = process.env;
  return { ...home, env: { PATH, HOME: home.path, RUSTUP_HOME, TMPDIR } };
}

/** Rehearses in a folder, as a user. */
export async function rehearseIn(
  cwd: string,
  { user, ...options }: RehearseOptions & { readonly user: Pick<User, "env"> },
): Promise<ToldRehearsal> {
  const events: Event[] = [];
  const host = createHost({ cwd, env: user.env, stdout: () => {}, stderr: () => {} });
  const rehearsal = await rehearse(host, {
    ...options,
    onEvent: (event) => void events.push(event),
  });
  const told = events.flatMap((event) =>
    event.type === "notice" || event.type === "warning" ? [event.message] : []
  );
  return { ...rehearsal, events, told };
}

/** A package of a test's configuration: its table, without the brackets. */
export type Keys = Readonly<Record<string, unknown>>;

/** The text of `putitoutthere.toml`. */
export function configOf(...packages: readonly Keys[]): string {
  const tables = packages.map((keys) =>
    [
      "[[package]]",
      ...Object.entries(keys).map(([key, value]) => `${key} = ${JSON.stringify(value)}`),
    ]
      .join("\n")
  );
  return `[putitoutthere]\nversion = 1\n\n${tables.join("\n\n")}\n`;
}

/** A repository with a configuration, on a GitHub that nobody asks. */
export async function repoOf(
  packages: readonly Keys[],
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<GitRepo> {
  const repo = await gitRepo({ "putitoutthere.toml": configOf(...packages), ...files });
  await repo.git("remote", "add", "origin", "https://github.com/ada/engine.git");
  return repo;
}

/** A package of npm in a folder of its name without the scope. */
export function npmPackage(name: string, keys: Keys = {}): Keys {
  const path = name.replace(/^@[^/]+\//, "");
  return { name: path, kind: "npm", npm: name, path, paths: [`${path}/**`], ...keys };
}

/** A package.json that belongs to `ada/engine`. */
export function packageJson(name: string, rest: Keys = {}): string {
  return JSON.stringify({
    ...{ name, version: "0.0.0", license: "MIT", repository: "github:ada/engine" },
    ...rest,
  });
}
