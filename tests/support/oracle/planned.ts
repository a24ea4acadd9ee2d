/** What the planner says, in the words of the other one. */

import { Failure } from "../../../src/error.ts";
import type { Plan } from "../../../src/core/model/plan.ts";
import type { NaivePlan, NaiveProblems } from "./naive_plan.ts";

/** How each sentence of a plan is known; what is odd about messages of commits is for the tests of trailers. */
const SENTENCES: readonly (readonly [RegExp, string])[] = [
  [/^The tag ".*" does not belong to the history .* last release of (\S+) is/, "astray: $1"],
  [/^The glob "(.*)" of (\S+) matches no file$/, "glob: $2 $1"],
  [/^(\S+) ships at \S+, the release that \S+ led up to/, "stable: $1"],
  [/^(\S+) ships without what depends on it/, "left behind: $1"],
  [/^(\S+) was never released, so it ships at /, "first: $1"],
  [/^(\S+) ships at \S+, below its last release/, "below: $1"],
  [/^HEAD's trailer ".*" is outweighed by --release$/, "outweighed"],
  [/^HEAD's trailer ".*" leaves every package out/, "all skipped"],
  [/^HEAD's trailer ".*" leaves out what is in lockstep with them too: (.*)/, "group skipped: $1"],
  [/^The trailer ".*" of (\w+) names "(.*)", which is not declared$/, "stranger: $1 $2"],
];

const MESSAGES =
  /^(HEAD's trailer ".*" is outdone|HEAD's subject line reads|The line ".*" in the message|The list ".*" in the message)/;

/** Names in an order of their own. */
function sorted(names: readonly string[]): string {
  return [...names].sort().join(", ");
}

function known(warning: string): readonly string[] {
  if (MESSAGES.test(warning)) return [];
  const found = SENTENCES.find(([sentence]) => sentence.test(warning));
  if (found === undefined) throw new Error(`nobody knows the warning: ${warning}`);
  const text = warning.replace(new RegExp(`${found[0].source}.*`, "s"), found[1]);
  // Where several names are told, any order will do.
  const [what, names] = text.split("group skipped: ");
  return names === undefined ? [text] : [`${what}group skipped: ${sorted(names.split(", "))}`];
}

/** Plans, and tells it in short. */
export function planned(plan: () => Plan): NaivePlan | NaiveProblems {
  try {
    return inShort(plan());
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { codes: error.problems.map(({ code }) => code).sort() };
  }
}

/** A plan in short. */
export function inShort({ packages, left_out, warnings }: Plan): NaivePlan {
  return {
    ships: packages.map(({ name, version, previous, bump, reason }) =>
      `${name} ${version} after ${previous ?? "nothing"} (${bump ?? undefined}): ${reason}`
    ),
    stays: left_out.map(({ name, reason }) => `${name}: ${reason}`),
    warnings: [...new Set(warnings.flatMap(known))].sort(),
  };
}
