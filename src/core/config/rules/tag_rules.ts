/**
 * What tags must hold to: git takes them, and no tag can belong to two packages.
 *
 * @module
 */

import { shapeOf, tagProblem, type TagShape } from "../../release/tag.ts";
import { type Draft, perPackage, type Rule } from "../draft.ts";
import { type Finding, quote } from "../finding.ts";
import { SHARED_TAG_HINT } from "../non_goals.ts";
import { tagClash } from "./tag_clash.ts";

interface Tagged extends TagShape {
  readonly draft: Draft;
}

function taggedOf(draft: Draft): Tagged[] {
  const { name, tag_format } = draft.values;
  return name === undefined || tag_format === undefined
    ? []
    : [{ draft, ...shapeOf({ name, tagFormat: tag_format }) }];
}

/** The key to change: `name` where the format is the default one. */
function tagPath({ path, table }: Draft): Finding["path"] {
  return [...path, Object.hasOwn(table, "tag_format") ? "tag_format" : "name"];
}

/** Every tag is a name that git takes. */
export const tagsAreValid: Rule = perPackage((draft) =>
  taggedOf(draft).flatMap(({ prefix, suffix }): Finding[] => {
    const tag = `${prefix}1.2.3${suffix}`;
    const found = tagProblem(tag);
    return found === undefined ? firstTagIsValid(draft, { prefix, suffix }) : [{
      path: tagPath(draft),
      message: `Cannot use tag_format ${quote(draft.values.tag_format)} of ${draft.label}: ` +
        `git does not take a tag such as ${quote(tag)}: ${found}`,
      hint: "Choose a format that gives a valid git ref, such as {name}-v{version}",
    }];
  })
);

/** A pre-release may hold what no other version does: `1.0.0-a.lock` is a name that git keeps for itself. */
function firstTagIsValid(draft: Draft, { prefix, suffix }: TagShape): Finding[] {
  const { first_version: version } = draft.values;
  const tag = `${prefix}${version}${suffix}`;
  const found = version === undefined ? undefined : tagProblem(tag);
  return found === undefined ? [] : [{
    path: [...draft.path, "first_version"],
    message: `Cannot use first_version ${quote(version)} of ${draft.label}: ` +
      `git does not take its tag ${quote(tag)}: ${found}`,
    hint: "Choose a version that gives a valid git ref",
  }];
}

/**
 * No two packages can have the same tag, whatever their versions. Only formats of which one begins as the other does
 * can meet: sorted, they stand on one stack, so that thousands of packages are not compared pair by pair.
 */
export const tagsBelongToOne: Rule = (drafts) => {
  const sorted = drafts.flatMap(taggedOf).sort((a, b) =>
    a.prefix < b.prefix ? -1 : a.prefix > b.prefix ? 1 : 0
  );
  const findings: Finding[] = [];
  const clashed = new Set<Draft>();
  const stack: Tagged[] = [];
  for (const current of sorted) {
    while (stack.length > 0 && !current.prefix.startsWith(stack.at(-1)!.prefix)) stack.pop();
    for (const other of stack) {
      const found = clashed.has(current.draft) ? undefined : clashOf(other, current, drafts);
      if (found === undefined) continue;
      clashed.add(current.draft);
      findings.push(found);
    }
    if (!clashed.has(current.draft)) stack.push(current);
  }
  return findings;
};

function clashOf(a: Tagged, b: Tagged, drafts: readonly Draft[]): Finding | undefined {
  if (a.draft.values.name === b.draft.values.name) return undefined;
  const clash = tagClash(a, b);
  if (clash === undefined) return undefined;
  const inOrder = drafts.indexOf(a.draft) < drafts.indexOf(b.draft);
  const [first, second] = inOrder ? [a.draft, b.draft] : [b.draft, a.draft];
  const found = clash.kind === "same"
    ? `${first.label} can have the same tag, such as ${quote(clash.tag)}`
    : `git cannot hold its tags beside those of ${first.label}: ${quote(clash.tag)} would lie ` +
      "in a folder that is a tag itself";
  return {
    code: "PIOT_CONFIG_TAG_CLASH",
    path: tagPath(second),
    message: `Cannot use tag_format ${
      quote(second.values.tag_format)
    } of ${second.label}: ${found}`,
    hint: isShared(first, second)
      ? SHARED_TAG_HINT
      : "Change the tag_format of one of the two: a tag must tell whose release it is",
  };
}

/** One format for both that names neither: one tag for several packages was meant. */
function isShared(first: Draft, second: Draft): boolean {
  const [one, other] = [first, second].map(({ values }) => values.tag_format);
  return one !== undefined && one === other && !one.includes("{name}");
}
