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

/** `commit <id> <name>`: what a tag stands on, peeled once. Names of tags hold no blanks (git-check-ref-format). */
const FORMAT = "%(if)%(*objectname)%(then)%(*objecttype) %(*objectname)" +
  "%(else)%(objecttype) %(objectname)%(end) %(refname:lstrip=2)";

/** Lists the tags; those of blobs and trees are left out. */
export async function listTags(git: Git): Promise<readonly ListedTag[]> {
  const text = await git.text(["for-each-ref", `--format=${FORMAT}`, "refs/tags"]);
  const tags: ListedTag[] = [];
  for (const line of text.split("\n")) {
    const isNested = line.startsWith("tag ");
    if (!isNested && !line.startsWith("commit ")) continue;
    const start = line.indexOf(" ") + 1;
    const end = line.indexOf(" ", start);
    tags.push({ name: line.slice(end + 1), target: line.slice(start, end), isNested });
  }
  return tags;
}
