/**
 * The tags of the packages, and which of them HEAD descends from.
 *
 * @module
 */

import type { TagFact } from "../../core/model/facts.ts";
import { groupTags } from "../../core/plan/last_release.ts";
import type { Config } from "../../core/model/config.ts";
import { Failure } from "../../error.ts";
import type { ListedTag } from "../../host/git_facts/repository.ts";
import type { Readers } from "../workspace.ts";

/** What {@link readTags} goes by. */
export interface TagsSource {
  readonly config: Config;
  readonly listed: readonly ListedTag[];
  /** Whether any version may be asked for, and not only one above the last release. */
  readonly all: boolean;
  /** A commit whose tags count as not there. */
  readonly without: string | undefined;
}

/** What the tags tell. */
export interface PackageTags {
  /** Every tag as a fact. */
  readonly facts: () => readonly TagFact[];
  /** By package, the commit of its last release. */
  readonly last: ReadonlyMap<string, string>;
}

/**
 * Reads the tags that belong to packages. History is read back to the oldest of the packages' last releases only, or to
 * its beginning when a higher tag is not in it. Throws `PIOT_SHALLOW_CLONE` when history ends where a clone was cut: no
 * tag that is left is surely the highest.
 */
export async function readTags(
  readers: Readers,
  source: TagsSource,
): Promise<PackageTags> {
  const { graph } = readers;
  await requireWhole(readers);
  const tags = await followTags(readers, source.listed);
  const known = source.without === undefined
    ? tags
    : tags.filter(({ target }) => target !== source.without);
  const groups = groupTags(source.config.packages, known);
  const highest = [...groups.values()].flatMap(([first]) => first?.tag.target ?? []);
  await graph.seek(highest);
  const last = new Map<string, string>();
  for (const [name, releases] of groups) {
    const found = releases.find(({ tag }) => graph.has(tag.target));
    if (found !== undefined) last.set(name, found.tag.target);
  }
  return { facts: () => tagFacts(groups, { last, all: source.all }), last };
}

function tagFacts(
  groups: ReturnType<typeof groupTags<ListedTag>>,
  { last, all }: { readonly last: ReadonlyMap<string, string>; readonly all: boolean },
): readonly TagFact[] {
  const tags: TagFact[] = [];
  for (const [name, releases] of groups) {
    const commit = last.get(name);
    const at = releases.findIndex(({ tag }) => tag.target === commit);
    // What lies further below than the release before the last decides nothing.
    const wanted = all || at === -1 ? releases : releases.slice(0, at + 2);
    wanted.forEach(({ tag: { name: tag, target: commit } }, index) => {
      const isKnown = at === -1 || index <= at;
      tags.push(isKnown ? { name: tag, commit, reachable: index === at } : { name: tag, commit });
    });
  }
  return tags;
}

/** The tags with their commits; a tag of a tag is followed to its end, and left out when that is no commit. */
async function followTags(
  { objects }: Readers,
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
async function requireWhole({ graph, repository: { boundary } }: Readers): Promise<void> {
  await graph.seek(boundary);
  if (![...boundary].some((commit) => graph.has(commit))) return;
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
