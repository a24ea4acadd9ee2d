/**
 * The tags of the packages, and which of them HEAD descends from.
 *
 * @module
 */

import type { TagFact } from "../../core/facts.ts";
import { groupTags } from "../../core/last_release.ts";
import type { Config } from "../../core/package.ts";
import type { ListedTag } from "../../host/git_facts/list_tags.ts";
import { type Doors, shallowClone } from "./doors.ts";

/**
 * Reads the tags that belong to packages. History is read back to the oldest of the packages' last releases only, or to
 * its beginning when a higher tag is not in it. Throws `PIOT_SHALLOW_CLONE` when a clone without all of its history does
 * not show some package's last release: it may have none, or the clone may hide it.
 */
export async function readTags(
  doors: Doors,
  source: { readonly config: Config; readonly listed: readonly ListedTag[] },
): Promise<readonly TagFact[]> {
  const { graph, repository } = doors;
  const commits = await followTags(doors, source.listed);
  const groups = groupTags(
    source.config.packages,
    source.listed.filter(({ name }) => commits.has(name)),
  );
  const highest = [...groups.values()].flatMap(([first]) => first === undefined ? [] : [first]);
  await graph.seek(highest.map(({ tag }) => commits.get(tag.name)!));
  const hidden: string[] = [];
  const facts: TagFact[] = [];
  for (const [name, releases] of groups) {
    const last = releases.findIndex(({ tag }) => graph.has(commits.get(tag.name)!));
    if (last === -1) hidden.push(name);
    facts.push(...releases.map(({ tag }, at) => ({
      name: tag.name,
      commit: commits.get(tag.name)!,
      ...(last !== -1 && at > last ? {} : { reachable: at === last }),
    })));
  }
  if (hidden.length > 0 && repository.boundary.size > 0) throw shallowClone(graph, hidden);
  return facts;
}

/** The commit of each tag, by name; a tag of a tag is followed to its end, and left out when that is no commit. */
async function followTags(
  { objects }: Doors,
  listed: readonly ListedTag[],
): Promise<ReadonlyMap<string, string>> {
  const commits = new Map(listed.map(({ name, target }) => [name, target]));
  const nested = listed.filter(({ isNested }) => isNested);
  await objects.each(nested.map(({ target }) => `${target}^{commit}`), (object, index) => {
    const { name } = nested[index]!;
    if (object === undefined) commits.delete(name);
    else commits.set(name, object.id);
  });
  return commits;
}
