/**
 * What npm shows of a package and its platform packages to whoever looks.
 *
 * @module
 */

import { heldVersions, isPrerelease, isVersion } from "../../core/model/version.ts";
import { type NpmPackage, type Package, targetsOf } from "../../core/model/package.ts";
import { laggingTags } from "../../core/npm/dist_tag.ts";
import { NPM } from "../../core/npm/npm_kind.ts";
import type { Packument } from "../../core/npm/packument.ts";
import type {
  HeldRelease,
  RegistryState,
  StateReader,
  VersionRecords,
} from "../../core/status/registry_state.ts";
import type { RegistryOptions } from "../registry_kind.ts";
import { fetchPackument, type PackumentContext, readingToken } from "./packuments.ts";
import { findUserToken } from "./environment_token.ts";
import { waitingVersions } from "./waiting_versions.ts";
import { readUnitRecord, type RecordsContext } from "./unit_records.ts";

/** Makes the reader; a token is shown only where npm hides a package from strangers. */
export function readNpmState(
  { host, endpoints, oidcOnly = false, onSecret = (): void => {} }: RegistryOptions,
): StateReader {
  const registry = endpoints.npm;
  const tokenFor = readingToken({ host, registry, onSecret }, { oidcOnly });
  const userToken = oidcOnly ? undefined : findUserToken(host.env);
  if (userToken !== undefined) onSecret(userToken);
  const waitingOf = waitingVersions({ http: host.http, registry, userToken });
  const context: PackumentContext = { http: host.http, registry, tokenFor };
  const readerFor = (pkg: NpmPackage) => (name: string): Promise<Packument> =>
    fetchPackument(name, { ...context, isHidden: pkg.access === "restricted" });
  return {
    read: async ({ package: declared, tagged }) => {
      const pkg = asNpm(declared);
      const read = readerFor(pkg);
      const [main, waits] = await Promise.all([read(pkg.registryName), waitingOf()]);
      const waiting = waits &&
        [pkg.registryName, ...membersOf(pkg)].flatMap((name) => waits.get(name) ?? []);
      return {
        ...versionsOf(main, tagged),
        ...(tagged === undefined ? {} : { tagged: await heldOf(pkg, { tagged, main, read }) }),
        ...(waiting && { waiting }),
        notes: distTagNotes(pkg, main),
      };
    },
    records: async (declared, version) => {
      const pkg = asNpm(declared);
      const read = readerFor(pkg);
      const name = pkg.registryName;
      const main = await read(name);
      const names = [name, ...main.versions.get(version)?.pins ?? []];
      const packuments = await Promise.all(
        names.map(async (one) => [one, one === name ? main : await read(one)] as const),
      );
      return await recordsOf(version, {
        main: name,
        packuments,
        context: { http: host.http, registry, env: host.env },
      });
    },
  };
}

function asNpm(pkg: Package): NpmPackage {
  if (pkg.kind !== "npm") throw new Error(`unreachable: ${pkg.name} is no npm package`);
  return pkg;
}

/** The main package asks for the others by their exact version: which commit it names is theirs too, unless they object. */
async function recordsOf(
  version: string,
  { main, packuments, context }: {
    readonly main: string;
    readonly packuments: readonly (readonly [string, Packument])[];
    readonly context: RecordsContext;
  },
): Promise<VersionRecords> {
  const read = packuments.map(async ([name, { versions }]) => {
    const published = versions.get(version);
    if (published === undefined) return { name, record: undefined, notes: [] };
    const held = { unit: { name, version }, published, head: undefined };
    return { name, ...await readUnitRecord(held, context) };
  });
  const found = await Promise.all(read);
  const commits = found.flatMap(({ name, record }) =>
    record === undefined ? [] : [[name, record] as const]
  );
  const notes = found.flatMap((one) => one.notes);
  return { commits: new Map(commits), notes, witnesses: [main] };
}

function versionsOf(
  { versions }: Packument,
  tagged: string | undefined,
): Pick<RegistryState, "newest" | "above"> {
  const held = heldVersions(tagged ?? "0.0.0-0", [...versions.keys()]);
  const version = held.versions.filter(isVersion).at(-1);
  const newest = version === undefined
    ? {}
    : { newest: { version, evidence: versions.get(version)!.evidence } };
  return { ...newest, above: held.notBelow.filter((text) => isVersion(text) && text !== tagged) };
}

interface Family {
  readonly tagged: string;
  readonly main: Packument;
  readonly read: (name: string) => Promise<Packument>;
}

/**
 * A family is whole when every package is there that the published main package asks for at its own version: what the
 * configuration of today names besides came later. Where the main package is missing, the configuration is all there is.
 */
async function heldOf(pkg: NpmPackage, { tagged, main, read }: Family): Promise<HeldRelease> {
  const published = main.versions.get(tagged);
  const names = published?.pins ?? membersOf(pkg);
  const there = await Promise.all(
    names.map(async (name) => (await read(name)).versions.has(tagged)),
  );
  const missing = names.filter((_, at) => !there[at]);
  if (published !== undefined) return { state: missing.length === 0 ? "whole" : "half", missing };
  if (!there.includes(true)) return { state: "absent", missing: [] };
  return { state: "half", missing: [...missing, pkg.registryName] };
}

function membersOf(pkg: NpmPackage): readonly string[] {
  const family = { name: pkg.registryName, template: pkg.platformName };
  return targetsOf(pkg).map((target) => NPM.memberName!(family, target));
}

/** Dist-tags that lag: the package's own below a stable version, and every other one below it. */
function distTagNotes(
  { registryName, distTag }: NpmPackage,
  { versions, distTags }: Packument,
): readonly string[] {
  const stable = heldVersions("0.0.0", [...versions.keys()]).versions
    .filter((text) => isVersion(text) && !isPrerelease(text)).at(-1);
  if (stable === undefined) return [];
  return laggingTags(stable, distTags).map(({ tag, version }) => {
    const why = tag === distTag ? "which installers take by default" : "a pre-release's tag";
    return `the dist-tag "${tag}", ${why}, stands at ${version}, below ${stable}: ` +
      `npm dist-tag add ${registryName}@${stable} ${tag}`;
  });
}
