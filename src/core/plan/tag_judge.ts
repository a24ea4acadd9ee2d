/**
 * Whether each planned release can be tagged: a release whose tag cannot be made would be uploaded and never be complete,
 * so that it is not planned at all.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { Standing } from "../model/facts.ts";
import type { PlannedPackage } from "../model/plan.ts";
import { quote } from "../words/phrases.ts";
import type { Decisions } from "./decide.ts";

/**
 * Makes the judge of planned releases: `PIOT_RELEASED_ELSEWHERE` for what would be a first release beside others of the
 * package, `PIOT_TAG_ELSEWHERE` for a tag on another commit, `PIOT_TAG_BLOCKED` for one that another tag keeps git from
 * making; nothing for one that can be made or stands on HEAD.
 */
export function tagJudge(
  { tags, otherTags, head }: Pick<Standing, "tags" | "otherTags" | "head">,
  { releases, requests }: Pick<Decisions, "releases" | "requests">,
): (planned: PlannedPackage) => readonly Failure[] {
  const commits = new Map(tags.map(({ name, commit }) => [name, commit]));
  const blockerOf = findBlockers(otherTags);
  return (planned) => {
    const { name, tag, previous } = planned;
    const [astray] = releases.get(name)!.astray;
    const isSpelledOut = requests?.get(name)?.version !== undefined;
    if (previous === null && astray !== undefined && !isSpelledOut) {
      return [releasedElsewhere(planned, astray.tag)];
    }
    const commit = commits.get(tag);
    if (commit === head.id) return [];
    if (commit !== undefined) return [tagElsewhere(planned, commit)];
    const blocker = blockerOf(tag);
    return blocker === undefined ? [] : [tagBlocked(planned, blocker)];
  };
}

/**
 * Finds the tag that keeps git from making another: one of that very name, which stands on no commit, or one that git
 * would have to keep as a file and as a folder of that name (git-check-ref-format(1): refs are paths).
 */
function findBlockers(otherTags: readonly string[]): (tag: string) => string | undefined {
  const names = new Set(otherTags);
  const inFolder = new Map<string, string>();
  for (const name of otherTags) {
    for (const folder of foldersOf(name)) if (!inFolder.has(folder)) inFolder.set(folder, name);
  }
  return (tag) => {
    if (names.has(tag)) return tag;
    return foldersOf(tag).find((folder) => names.has(folder)) ?? inFolder.get(tag);
  };
}

/** `a/b/c` → `a`, `a/b`. */
function foldersOf(tag: string): readonly string[] {
  return [...tag.matchAll(/\//g)].map(({ index }) => tag.slice(0, index));
}

function releasedElsewhere(
  { name }: PlannedPackage,
  tag: { readonly name: string; readonly commit: string },
): Failure {
  return new Failure(
    "PIOT_RELEASED_ELSEWHERE",
    `Cannot plan a first release of ${name}: its tag ${quote(tag.name)} stands on ${tag.commit}, ` +
      "which this commit does not descend from",
    {
      hint: `Tag the commit that both descend from (git merge-base HEAD "${tag.name}") with the ` +
        `version that this line of ${name} goes on from, or spell a version out: --release ${name}@VERSION`,
    },
  );
}

function tagElsewhere({ name, version, tag }: PlannedPackage, commit: string): Failure {
  return new Failure(
    "PIOT_TAG_ELSEWHERE",
    `Cannot release ${name} ${version}: its tag ${quote(tag)} stands on another commit, ${commit}`,
    {
      hint:
        `Tags are never moved: merge what that commit released, or ask for a higher version: --release ${name}@VERSION`,
    },
  );
}

function tagBlocked({ name, version, tag }: PlannedPackage, blocker: string): Failure {
  const found = blocker === tag
    ? "stands on something that is no commit"
    : `cannot stand beside the tag ${
      quote(blocker)
    }, since one would lie in the other as in a folder`;
  // Above a folder of tags, it is in the way of every version.
  const otherwise = tag.startsWith(`${blocker}/`)
    ? `change the tag_format of ${name}`
    : `ask for another version: --release ${name}@VERSION`;
  return new Failure(
    "PIOT_TAG_BLOCKED",
    `Cannot release ${name} ${version}: its tag ${quote(tag)} ${found}`,
    {
      hint: `Delete the tag ${
        quote(blocker)
      } here and on the remote when nobody needs it, or ${otherwise}`,
    },
  );
}
