/**
 * The packument: everything that the npm registry holds under one name. Reads the full form, whose `time` also knows
 * what was unpublished.
 *
 * @module
 */

import { type Evidence, evidenceOf } from "../release/evidence.ts";

/** One published version. */
export interface PublishedVersion {
  /** `sha512-…` in base64; undefined on versions from before 2017. */
  readonly integrity: string | undefined;
  /** SHA-1 in lower-case hex. */
  readonly shasum: string | undefined;
  /** The commit that its publisher says it was made from: whatever stands there, undefined when nothing does. */
  readonly gitHead: unknown;
  /** The marks of its origin. */
  readonly evidence: Evidence;
  /** Names of its optional dependencies that it asks for at exactly its own version: its platform packages. */
  readonly pins: readonly string[];
}

/** What a packument says. */
export interface Packument {
  /** By version, as the registry spells it. */
  readonly versions: ReadonlyMap<string, PublishedVersion>;
  readonly distTags: Readonly<Record<string, string>>;
  /** Versions that were there once; their numbers cannot be used again. */
  readonly unpublished: readonly string[];
  /** When the whole package was unpublished, as an ISO date; undefined when it was not. */
  readonly unpublishedAt: string | undefined;
}

/** The packument of a name that the registry does not know. */
export const NO_PACKUMENT: Packument = {
  versions: new Map(),
  distTags: {},
  unpublished: [],
  unpublishedAt: undefined,
};

/**
 * Reads a registry's JSON; undefined when it is no packument, or that of another name. A fully unpublished package has no
 * `versions` and a `time.unpublished` with the list; a single unpublished version is left in `time` only (npm/cli
 * lib/commands/view.js).
 */
export function readPackument(json: unknown, name: string): Packument | undefined {
  if (!isObject(json) || (json["name"] ?? name) !== name) return undefined;
  const time = isObject(json["time"]) ? json["time"] : {};
  const gone = isObject(time["unpublished"]) ? time["unpublished"] : undefined;
  if (!isObject(json["versions"]) && gone === undefined) return undefined;
  const versions = isObject(json["versions"]) ? json["versions"] : {};
  const everSeen = Object.keys(time).filter((key) => /^\d/.test(key));
  const listed = Array.isArray(gone?.["versions"]) ? gone["versions"].filter(isText) : [];
  return {
    versions: new Map(Object.entries(versions).map(([key, value]) => [key, readVersion(value)])),
    distTags: textsOf(json["dist-tags"]),
    unpublished: [...new Set([...everSeen, ...listed])].filter((version) =>
      !Object.hasOwn(versions, version)
    ),
    unpublishedAt: textOf(gone?.["time"]),
  };
}

function readVersion(value: unknown): PublishedVersion {
  const manifest = isObject(value) ? value : {};
  const dist = isObject(manifest["dist"]) ? manifest["dist"] : {};
  return {
    integrity: textOf(dist["integrity"]),
    shasum: textOf(dist["shasum"]),
    gitHead: manifest["gitHead"] ?? undefined,
    evidence: readEvidence(manifest["_npmUser"], dist["attestations"]),
    pins: Object.entries(textsOf(manifest["optionalDependencies"]))
      .filter(([, range]) => range === manifest["version"]).map(([name]) => name),
  };
}

/**
 * Who approved a staged version is its `_npmUser` from then on, so that the marks count and not the name (npm/cli#9397;
 * pnpm reads them so, resolving.npm-resolver trustChecks).
 */
function readEvidence(npmUser: unknown, attestations: unknown): Evidence {
  const user = isObject(npmUser) ? npmUser : {};
  return evidenceOf({
    "approved": isMark(user["approver"]),
    "trusted-publisher": isMark(user["trustedPublisher"]),
    "provenance": isObject(attestations) && isMark(attestations["provenance"]),
  });
}

/** An object as npm writes it; whatever else counts as true does for installers too. */
function isMark(value: unknown): boolean {
  return Boolean(value);
}

function textsOf(value: unknown): Record<string, string> {
  const entries = Object.entries(isObject(value) ? value : {});
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => isText(entry[1])));
}

function textOf(value: unknown): string | undefined {
  return isText(value) ? value : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
