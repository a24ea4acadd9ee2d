/**
 * Every tag of a repository and the commit it stands on, through one `git for-each-ref`.
 *
 * @module
 */

import type { Git } from "../git.ts";

/** A tag. */
export interface ListedTag {
  /** Below `refs/tags/`. */
  readonly name: string;
  /** The commit's full object id, or that of a tag object which stands on another tag object. */
  readonly target: string;
  /** Whether `target` is a tag object yet, to be followed further. */
  readonly isNested: boolean;
}

const FORMAT = "%(objecttype) %(objectname) %(*objecttype) %(*objectname) %(refname)";

/** Lists the tags; those of blobs and trees are left out. */
export async function listTags(git: Git): Promise<readonly ListedTag[]> {
  const text = await git.text(["for-each-ref", `--format=${FORMAT}`, "refs/tags"]);
  return text.split("\n").flatMap(parseLine);
}

function parseLine(line: string): ListedTag[] {
  const [type, id, peeledType, peeledId, ref] = line.split(" ");
  const [kind, target] = type === "tag" ? [peeledType, peeledId] : [type, id];
  if (target === undefined || ref === undefined) return [];
  if (kind !== "commit" && kind !== "tag") return [];
  return [{ name: ref.slice("refs/tags/".length), target, isNested: kind === "tag" }];
}
