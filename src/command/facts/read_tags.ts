/**
 * The tags of the packages, and which of them HEAD descends from.
 *
 * @module
 */

import type { Facts, TagFact } from "../../core/model/facts.ts";
import { groupTags } from "../../core/plan/last_release.ts";
import type { Config } from "../../core/model/config.ts";
import { Failure } from "../../error.ts";
import { parseCommit } from "../../host/git_facts/objects.ts";
import type { ListedTag, ListedTags } from "../../host/git_facts/repository.ts";
import type { Readers } from "../workspace.ts";

/** What {@link readTags} goes by. */
export interface TagsSource {
  readonly config: Config;
  readonly listed: ListedTags;
  /** The tags of the versions that are spelled out; undefined when nothing is asked for by name. */
  readonly requested: ReadonlySet<string> | undefined;
  /** Whether the tags of HEAD count as not there. */
  readonly beforeRelease: boolean;
}

/** What {@link readTags} reads with. */
export type TagReaders = Pick<Readers, "graph" | "objects" | "repository">;

/** What the tags tell. */
export interface PackageTags {
  /** Every tag as a fact. */
  readonly facts: () => Pick<Facts, "tags" | "otherTags">;
  /** By package, the commit of its last release. */
  readonly last: ReadonlyMap<string, string>;
}

/**
 * Reads the tags that belong to packages. History is read back to the oldest of the packages' last releases only, or to
 * its beginning when a higher tag is not in it. Throws `PIOT_SHALLOW_CLONE` when history ends where a clone was cut: no
 * tag that is left is surely the highest.
 */
export async function readTags(
  readers: TagReaders,
  source: TagsSource,
): Promise<PackageTags> {
  const { graph, repository: { head } } = readers;
  const { config: { packages }, listed, requested, beforeRelease } = source;
  await requireWhole(readers);
  const tags = await followTags(readers, listed.tags);
  const isHidden = ({ name, target }: ListedTag): boolean =>
    target === head && (beforeRelease || requested?.has(name) === true);
  const groups = groupTags(packages, tags.filter((tag) => !isHidden(tag)));
  const highest = [...groups.values()].flatMap(([first]) => first?.tag.target ?? []);
  await graph.seek(highest);
  const last = new Map<string, string>();
  for (const [name, releases] of groups) {
    const found = releases.find(({ tag }) => graph.has(tag.target));
    if (found !== undefined) last.set(name, found.tag.target);
  }
  const hidden = groupTags(packages, tags.filter(isHidden));
  return {
    facts: () => ({
      tags: tagFacts({ groups, hidden, last }, source),
      otherTags: namesBeside([groups, hidden], listed),
    }),
    last,
  };
}

type Grouped = ReturnType<typeof groupTags<ListedTag>>;

function tagFacts(
  { groups, hidden, last }: Pick<PackageTags, "last"> & {
    readonly groups: Grouped;
    readonly hidden: Grouped;
  },
  { requested, beforeRelease }: TagsSource,
): readonly TagFact[] {
  const tags: TagFact[] = [];
  for (const [name, releases] of groups) {
    const commit = last.get(name);
    const at = releases.findIndex(({ tag }) => tag.target === commit);
    // What lies further below than the last release decides nothing; nor does what stands elsewhere once HEAD is released.
    const end = at === -1 || requested !== undefined ? releases.length : at + 1;
    const wasReleased = beforeRelease && hidden.get(name)!.length > 0;
    for (const [index, { tag }] of releases.slice(0, end).entries()) {
      if (wasReleased && index !== at) continue;
      const isKnown = at === -1 || index <= at;
      const fact = { name: tag.name, commit: tag.target };
      tags.push(isKnown ? { ...fact, reachable: index === at } : fact);
    }
  }
  return tags;
}

function namesBeside(owned: readonly Grouped[], { tags, others }: ListedTags): readonly string[] {
  const names = new Set([...others, ...tags.map(({ name }) => name)]);
  for (const group of owned.flatMap((groups) => [...groups.values()])) {
    for (const { tag } of group) names.delete(tag.name);
  }
  return [...names];
}

/** The tags with their commits; a tag of a tag is followed to its end, and left out when that is no commit. */
async function followTags(
  { objects }: TagReaders,
  listed: readonly ListedTag[],
): Promise<readonly ListedTag[]> {
  const nested = listed.filter(({ isNested }) => isNested);
  if (nested.length === 0) return listed;
  const commits = new Map<ListedTag, string>();
  await objects.each(nested.map(({ target }) => `${target}^{commit}`), (object, index) => {
    if (object !== undefined) commits.set(nested[index]!, object.id);
  });
  return listed.flatMap((tag) => {
    if (!tag.isNested) return tag;
    const target = commits.get(tag);
    return target === undefined ? [] : { ...tag, target, isNested: false };
  });
}

/** Throws `PIOT_SHALLOW_CLONE` when the way back from HEAD meets a commit whose parents this clone lacks. */
async function requireWhole({ graph, objects, repository }: TagReaders): Promise<void> {
  await graph.seek(repository.boundary);
  const ends = [...repository.boundary].filter((commit) => graph.has(commit));
  let isCut = false;
  // git lists the very first commit too, where history is exactly as long as the depth that was asked for.
  await objects.each(ends, (object) => {
    if (parseCommit(object!.bytes).parents.length > 0) isCut = true;
  });
  if (!isCut) return;
  const commits = graph.size() === 1 ? "1 commit" : `${graph.size()} commits`;
  throw new Failure(
    "PIOT_SHALLOW_CLONE",
    `Cannot tell the last releases: this clone is shallow, with ${commits} of history`,
    {
      hint: "Set `fetch-depth: 0` on actions/checkout (with `filter: blob:none` for a large " +
        "repository); elsewhere run `git fetch --unshallow --tags`",
    },
  );
}
