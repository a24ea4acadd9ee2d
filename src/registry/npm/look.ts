/**
 * Stage three for npm: what the registry holds of a release, and which dist-tag it will get.
 *
 * @module
 */

import { heldVersions, isPrerelease } from "../../core/model/version.ts";
import { chooseDistTag, laggingTags } from "../../core/npm/dist_tag.ts";
import { newNameProblem } from "../../core/npm/manifest_rules.ts";
import type { Packument } from "../../core/npm/packument.ts";
import { Failure } from "../../error.ts";
import type { Clock } from "../../host/host.ts";
import { type Look, type Presence, ReleaseRefused, type ShownFile } from "../registry.ts";
import type { Packuments } from "./packuments.ts";
import { fileOf, type NpmPrepared, type NpmUnit } from "./publish_unit.ts";

/** What npm holds of a release, and everything that it told. */
export interface NpmLook extends Look {
  /** Of every name of the release. */
  readonly packuments: Packuments;
}

/**
 * Compares a release with what was read. Throws `PIOT_NPM_UNPUBLISHED` for a number that npm will never take again,
 * `PIOT_NPM_MANIFEST` for a name that it keeps, and `PIOT_REGISTRY_UNKNOWN` for a version without a hash.
 */
export function compare(
  prepared: NpmPrepared,
  { packuments, clock }: { readonly packuments: Packuments; readonly clock: Clock },
): NpmLook {
  const presences = prepared.units.map((unit) => {
    const packument = packumentOf(packuments, unit.name);
    refuseUnpublished(unit, { packument, clock, asked: prepared.release.package.name });
    refuseNewName(unit, packument);
    return { unit, presence: presenceOf(unit, packument) };
  });
  const { versions, unpublished } = packumentOf(packuments, prepared.release.package.registryName);
  return {
    packuments,
    files: new Map(presences.map(({ unit, presence }) => [fileOf(unit).name, presence])),
    shown: new Map(prepared.units.flatMap((unit) => {
      const shown = shownOf(unit, packumentOf(packuments, unit.name));
      return shown === undefined ? [] : [[fileOf(unit).name, shown]];
    })),
    ...heldVersions(prepared.release.version, [...versions.keys(), ...unpublished]),
    notes: [
      ...presences.flatMap(({ unit, presence }) =>
        presence.state === "absent" ? distTagOf(unit, { prepared, packuments }).note ?? [] : []
      ),
      ...leftBehind(prepared, packumentOf(packuments, prepared.release.package.registryName)),
    ],
  };
}

/** Dist-tags of pre-releases that a stable version passes: installers of them get something older from then on. */
function leftBehind(
  { release: { version, package: { registryName, distTag } } }: NpmPrepared,
  { versions, distTags }: Packument,
): readonly string[] {
  if (isPrerelease(version) || versions.has(version)) return [];
  return laggingTags(version, distTags)
    .filter(({ tag, version: at }) => tag !== distTag && tag !== "latest" && isPrerelease(at))
    .map(({ tag, version: at }) =>
      `the dist-tag "${tag}" stays at ${at}, below ${version}: npm dist-tag add ${registryName}@${version} ${tag} lets it follow, npm dist-tag rm ${registryName} ${tag} ends it`
    );
}

function shownOf(
  { version }: NpmUnit,
  { versions, distTags }: Packument,
): ShownFile | undefined {
  const published = versions.get(version);
  if (published === undefined) return undefined;
  const standing = Object.entries(distTags).filter(([, held]) => held === version);
  return { distTags: standing.map(([tag]) => tag), evidence: published.evidence };
}

/** The dist-tag that a unit is published under. */
export function distTagOf(
  unit: NpmUnit,
  { prepared, packuments }: { readonly prepared: NpmPrepared; readonly packuments: Packuments },
): ReturnType<typeof chooseDistTag> {
  return chooseDistTag({
    configured: prepared.release.package.distTag,
    version: unit.version,
    tags: packumentOf(packuments, unit.name).distTags,
  });
}

function packumentOf(packuments: Packuments, name: string): Packument {
  const found = packuments.get(name);
  if (found === undefined) throw new Error(`unreachable: the packument of ${name} was not read`);
  return found;
}

function presenceOf(unit: NpmUnit, { versions }: Packument): Presence {
  const published = versions.get(unit.version);
  if (published === undefined) return { state: "absent" };
  const { shasum } = published;
  const sha512 = published.integrity?.split(/\s+/).filter((hash) => hash.startsWith("sha512-"));
  // Every version since 2017 has the first; registries that stand in for npm may have only the second.
  const integrity = sha512?.join(" ") || undefined;
  const held = integrity ?? (shasum === undefined ? undefined : `sha1-${shasum}`);
  if (held === undefined) throw withoutHash(unit);
  const isSame = integrity === undefined
    ? shasum === unit.shasum
    : integrity.split(" ").includes(unit.integrity);
  return isSame ? { state: "same" } : { state: "other", held };
}

function withoutHash({ name, version }: NpmUnit): Failure {
  return new Failure(
    "PIOT_REGISTRY_UNKNOWN",
    `Cannot tell what npm holds: it holds ${name}@${version} and does not tell its hash`,
    { hint: "Check npm's status page and PIOT_NPM_URL, then run again" },
  );
}

/** After a full unpublish npm takes no version of that name for a day (npm's unpublish policy). */
const LOCKED_FOR = 24 * 3600_000;

function refuseNewName({ name }: NpmUnit, { versions, unpublished }: Packument): void {
  const problem = versions.size + unpublished.length === 0 ? newNameProblem(name) : undefined;
  if (problem === undefined) return;
  throw new ReleaseRefused(
    "PIOT_NPM_MANIFEST",
    `Cannot publish "${name}", a new package: ${problem}`,
    {
      hint: "Use another name, or one with a scope, in package.json and putitoutthere.toml",
    },
  );
}

function refuseUnpublished(
  { name, version }: NpmUnit,
  { packument, clock, asked }: {
    readonly packument: Packument;
    readonly clock: Clock;
    /** What `--release` calls the package. */
    readonly asked: string;
  },
): void {
  if (packument.unpublished.includes(version)) {
    throw new ReleaseRefused(
      "PIOT_NPM_UNPUBLISHED",
      `Cannot publish "${name}" at ${version}: that version was unpublished from npm`,
      { hint: `Ask for a version that never was on npm, with --release ${asked}@VERSION` },
    );
  }
  const since = Date.parse(packument.unpublishedAt ?? "");
  const until = since + LOCKED_FOR;
  if (Number.isNaN(since) || until <= clock.now().getTime()) return;
  throw new ReleaseRefused(
    "PIOT_NPM_UNPUBLISHED",
    `Cannot publish "${name}" at ${version}: the whole package was unpublished less than 24 hours ago`,
    { hint: `Run again after ${new Date(until).toISOString()}` },
  );
}
