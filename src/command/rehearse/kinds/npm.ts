/**
 * Packages of npm in a rehearsal: an npm registry of this machine, which may trust a job, platform packages that are made
 * up, and npm.
 *
 * @module
 */

import { withoutUsers } from "../../../host/loopback.ts";
import { join } from "node:path";
import type { PlannedArtifact, PlannedPackage } from "../../../core/model/plan.ts";
import type { NpmPackage } from "../../../core/model/package.ts";
import { chooseDistTag } from "../../../core/npm/dist_tag.ts";
import { NPM } from "../../../core/npm/npm_kind.ts";
import { platformName } from "../../../core/npm/platform_name.ts";
import { parseRepositoryUrl } from "../../../core/release/repository_url.ts";
import { walkFiles } from "../../../host/files.ts";
import type { Host } from "../../../host/host.ts";
import { npmVariable } from "../../../host/npm_settings.ts";
import { readableEndpoint } from "../../../registry/endpoints.ts";
import { registryFor } from "../../../registry/npm/own_registry.ts";
import { holdEarlierRelease } from "../../../rehearsal/npm/earlier_release.ts";
import { serveNpm } from "../../../rehearsal/npm/serve_npm.ts";
import { approveStaged } from "../../../rehearsal/npm/stage.ts";
import type { NpmState } from "../../../rehearsal/npm/state.ts";
import { openOutsideNpm, type OutsideNpm } from "../../../rehearsal/npm/through/outside_npm.ts";
import { makePromisedFiles } from "../../../rehearsal/synthesise/promised_files.ts";
import { makePlatformArtifact } from "../../../rehearsal/synthesise/platform_artifact.ts";
import type { EarlierRelease } from "../past/earlier_release.ts";
import { npmCommands, readManifest } from "./npm_commands.ts";
import {
  type LocalTrust,
  makeSecret,
  missingOf,
  type OutsideWorld,
  type Publisher,
  type RehearsedKind,
  USER,
} from "./rehearsed_kind.ts";

/** Packages and platform families. */
export const REHEARSED_NPM: RehearsedKind<NpmState> = {
  rules: NPM,
  client: "npm",
  knowsTrust: true,
  open: async ({ clock, identity, sigstore, outside: world }) => {
    const secret = makeSecret("npm_");
    const server = await serveNpm({
      // Whether its user pays for private packages is the user's own affair.
      tokens: { [secret]: { user: USER, paid: true } },
      now: () => clock.now(),
      ...(identity === undefined ? {} : { identity }),
      sigstore,
      ...(world === undefined ? {} : { outside: outsideOf(world, clock) }),
    });
    const { state, url } = server;
    return {
      server,
      state,
      begin: ({ planned }) => {
        for (const name of planned.flatMap(namesOf)) state.closed.add(name);
      },
      end: () => {},
      missing: () => missingOf(server, (path) => path.slice(1).replace(/\/-\/.*$/, "")),
      env: { PIOT_NPM_URL: url, NODE_AUTH_TOKEN: secret },
      clientWords: ["npm", "install", `--registry=${url}`],
      installCall: ({ registry_name: name, version }) => ({
        args: [
          // Nor does it ask for its own newest version.
          ...["install", "--no-audit", "--no-fund", "--no-update-notifier", `--registry=${url}`],
          `${name}@${version}`,
        ],
        files: {
          "package.json": "{}\n",
          // Whoever may read it is known to npm by a token.
          ...(state.packages.get(name)?.access === "restricted"
            ? { ".npmrc": `${url.slice("http:".length)}/:_authToken=${secret}\n` }
            : {}),
        },
      }),
      hold: (earlier, by) => hold(state, { earlier, by }),
      ...(identity === undefined ? {} : { trusts: trustsOf(state) }),
    };
  },
  synthesise: ({ planned, artifact, build }) =>
    Promise.resolve(
      artifact.required
        ? makePlatformArtifact({
          name: planned.registry_name,
          member: memberName(planned, artifact),
          version: planned.version,
          triple: artifact.target,
          use: build === "napi" ? "addon" : "program",
        })
        : undefined,
    ),
  complete: async (folder) => {
    const manifest = await readManifest(folder);
    return manifest === undefined ? {} : makePromisedFiles(manifest, await walkFiles(folder));
  },
  originOf: async (folder) => {
    const { publishConfig, repository } = (await readManifest(folder))?.raw ?? {};
    const { provenance } = (publishConfig ?? {}) as { provenance?: unknown };
    return {
      repository: repositoryOf(repository),
      asksForProof: Boolean(provenance) && String(provenance) !== "false",
    };
  },
  commandsOf: ({ registry_name: name }, cwd) => npmCommands(name, cwd),
};

/** npm's cache, and the registries that the user's settings name. */
function outsideOf({ outside, env }: OutsideWorld, clock: Host["clock"]): OutsideNpm {
  const standard = readableEndpoint(env, "npm");
  return openOutsideNpm({
    ...{ outside, clock },
    cache: npmVariable(env, "cache") ?? join(env.HOME ?? "", ".npm"),
    registryOf: (name) => withoutUsers(registryFor(env, name, standard)),
  });
}

/** `owner/name` of `repository`, which is an address, a short form of one, or an object with one (npm's docs). */
function repositoryOf(field: unknown): string | undefined {
  const url = typeof field === "string" ? field : (field as { url?: unknown } | undefined)?.url;
  if (typeof url !== "string") return undefined;
  const [, short] = /^(?:github:)?([\w.-]+\/[\w.-]+)$/.exec(url) ?? [];
  const address = parseRepositoryUrl(url);
  return short ?? (address?.host === "github.com" ? address.repository : undefined);
}

const PERMISSIONS = { publish: "createPackage", stage: "createStagedPackage" } as const;

/** Under every name that it had, each with the dist-tag that it got. */
async function hold(
  state: NpmState,
  { earlier, by }: { readonly earlier: EarlierRelease; readonly by: Publisher | undefined },
): Promise<void> {
  const { version, declared } = earlier;
  const { access, distTag: configured } = declared as NpmPackage;
  // Released as this job releases: the least that it leaves behind is that it was trusted.
  const origin = { isTrusted: by !== undefined, isApproved: false };
  for (const name of namesOf(earlier)) {
    const tags = Object.fromEntries(state.packages.get(name)?.distTags ?? []);
    const { tag } = chooseDistTag({ configured, version, tags });
    await holdEarlierRelease(state, {
      ...{ name, version, owner: USER, origin, access, tag, isMadeUp: true },
    });
  }
}

function trustsOf(state: NpmState): LocalTrust {
  return {
    trust: (earlier, { publisher, permission }) => {
      for (const name of namesOf(earlier)) {
        state.trust.set(name, { ...publisher, permissions: [PERMISSIONS[permission]] });
      }
    },
    approveWaiting: () => {
      const waiting = [...state.staged.values()];
      for (const staged of waiting) approveStaged(state, staged, { user: USER });
      return waiting.map(({ document: { name, version } }) => `${name}@${version}`);
    },
  };
}

/** A package, and its platform packages where it is a family. */
function namesOf(
  { registry_name: name, artifacts }: Pick<PlannedPackage, "registry_name" | "artifacts">,
): readonly string[] {
  const members = artifacts.filter(({ required }) => required);
  return [name, ...members.map((member) => memberName({ registry_name: name }, member))];
}

/** The platform package that is made of an artifact. */
function memberName(
  { registry_name: name }: Pick<PlannedPackage, "registry_name">,
  { target: triple, registry_name: own }: PlannedArtifact,
): string {
  return own ?? platformName({ name }, { triple });
}
