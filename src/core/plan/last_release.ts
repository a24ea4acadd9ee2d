/**
 * The last release of each package, which is the highest version among its tags that HEAD descends from; and which
 * packages the files touch that changed since then.
 *
 * @module
 */

import type { ReleaseRequest, Standing, TagFact } from "../model/facts.ts";
import { indexTags, renderTag, type TagOwner } from "../release/tag.ts";
import { compareVersions, highestFirst, isPrerelease } from "../model/version.ts";
import { type GlobHit, indexGlobs } from "../model/glob.ts";
import type { Config } from "../model/config.ts";

/** One release, as its tag tells it. */
export interface TaggedRelease {
  readonly version: string;
  readonly tag: TagFact;
}

/** What the tags tell of one package. */
export interface ReleaseHistory {
  /** The highest that HEAD descends from. */
  readonly last?: TaggedRelease;
  /** Higher ones that HEAD does not descend from, highest first. */
  readonly astray: readonly TaggedRelease[];
}

/** Every package's tags, highest version first. */
export function groupTags<T extends Pick<TagFact, "name">>(
  packages: readonly TagOwner[],
  tags: readonly T[],
): ReadonlyMap<string, readonly { readonly version: string; readonly tag: T }[]> {
  const groups = new Map<string, { version: string; tag: T }[]>(
    packages.map(({ name }) => [name, []]),
  );
  const ownerOf = indexTags(packages);
  for (const tag of tags) {
    const owned = ownerOf(tag.name);
    if (owned !== undefined) groups.get(owned.owner)!.push({ version: owned.version, tag });
  }
  return new Map([...groups].map(([name, group]) => [name, highestFirst(group)]));
}

/**
 * Whether a version is stable and none of the package's tags stands for a higher one that is: what is no backport. Build
 * metadata has no precedence (semver.org, item 10).
 */
export function isHighestStable(
  owner: TagOwner,
  version: string,
  tags: readonly string[],
): boolean {
  if (isPrerelease(version)) return false;
  const released = groupTags([owner], tags.map((name) => ({ name }))).get(owner.name)!;
  const highest = released.find((release) => !isPrerelease(release.version));
  return highest === undefined ||
    compareVersions(withoutBuild(highest.version), withoutBuild(version)) <= 0;
}

function withoutBuild(version: string): string {
  return version.split("+")[0]!;
}

/**
 * The tags of the versions that are spelled out. One of these on HEAD is what the request is about, made by an earlier run
 * or by another tool, and none of the releases before it: so a plan is the same when it is made again.
 */
export function requestedTags(
  { packages }: Pick<Config, "packages">,
  requests: readonly ReleaseRequest[] = [],
): ReadonlySet<string> {
  const versions = new Map(requests.map(({ name, version }) => [name, version]));
  return new Set(packages.flatMap((pkg) => {
    const version = versions.get(pkg.name);
    return version === undefined ? [] : [renderTag(pkg, version)];
  }));
}

/** What the tags tell, by package. */
export function releaseHistories(
  { config, head, tags, requests }: Pick<Standing, "config" | "tags" | "requests"> & {
    readonly head: Pick<Standing["head"], "id">;
  },
): ReadonlyMap<string, ReleaseHistory> {
  const requested = requestedTags(config, requests);
  const earlier = tags.filter(({ name, commit }) => commit !== head.id || !requested.has(name));
  const groups = groupTags(config.packages, earlier);
  return new Map([...groups].map(([name, releases]) => {
    const at = releases.findIndex(({ tag }) => tag.reachable === true);
    const last = releases[at];
    const astray = at === -1 ? releases : releases.slice(0, at);
    return [name, { ...(last === undefined ? {} : { last }), astray }];
  }));
}

/** The file that shows that a package is touched: of all, the first by its name. */
export interface Touch {
  readonly file: string;
  /** The first of the package's globs that matches it. */
  readonly glob: string;
}

/** Touched packages by name. */
export type Touches = ReadonlyMap<string, Touch>;

/** Finds the packages that files belong to. */
export type Attribute = (files: readonly string[]) => Touches;

/** Makes the finder for a configuration. */
export function attribution(config: Config): Attribute {
  const hitsOf = indexGlobs(config.packages);
  const order = new Map(config.packages.map(({ name, paths }) => [name, paths]));
  const prior = (a: GlobHit, b: GlobHit): boolean => {
    const paths = order.get(a.owner)!;
    return paths.indexOf(a.pattern) < paths.indexOf(b.pattern);
  };
  return (files) => {
    const touches = new Map<string, Touch>();
    for (const file of files) {
      const hits = new Map<string, GlobHit>();
      for (const hit of hitsOf(file)) {
        const known = hits.get(hit.owner);
        if (known === undefined || prior(hit, known)) hits.set(hit.owner, hit);
      }
      for (const { owner, pattern } of hits.values()) {
        const known = touches.get(owner);
        if (known === undefined || file < known.file) touches.set(owner, { file, glob: pattern });
      }
    }
    return touches;
  };
}

/** What changed since each commit of a last release. */
export function touchesByCommit(
  { config, changes }: Pick<Standing, "config" | "changes">,
): ReadonlyMap<string, Touches> {
  const attribute = attribution(config);
  return new Map([...changes].map(([commit, files]) => [commit, attribute(files)]));
}
