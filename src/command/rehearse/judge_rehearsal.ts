/**
 * Whether a rehearsal showed what it should have, and everything that it did not show.
 *
 * @module
 */

import type { Plan, PlannedPackage } from "../../core/model/plan.ts";
import { someOf } from "../../core/words/phrases.ts";
import { isGood } from "../../report/outcome.ts";
import type { Installation } from "./install.ts";
import type { RehearsedRun } from "./rehearsed_run.ts";

/** What is judged. */
export interface JudgedRehearsal {
  readonly plan: Plan;
  /** The last of all runs. */
  readonly last: RehearsedRun;
  /** The faults that no run met. */
  readonly unmet: readonly string[];
  /** What a new plan of the same commit has. */
  readonly replanned: readonly string[];
  /** Whether packages were asked for by name: then others may be left to do. */
  readonly isRequest: boolean;
  readonly installations: readonly Installation[];
}

/** Why the rehearsal did not succeed, a sentence each; empty when it did. */
export function rehearsalProblems(judged: JudgedRehearsal): readonly string[] {
  const { plan, last, unmet, installations } = judged;
  return [
    ...last.outcomes.filter((outcome) => !isGood(outcome)).map(({ name, version, status }) =>
      `${name} ${version} is ${status} after the last run`
    ),
    ...plan.packages.flatMap((planned) => whatIsMissing(planned, { plan, last })),
    ...whatWasChanged(last),
    ...releasedTwice(judged),
    ...unmet.map((text) => `no run met ${text}`),
    ...installations.filter(({ state }) => state === "failed").map((
      { package: name, client, why },
    ) => `${client} does not install ${name}: ${why}`),
  ];
}

/** A package is out when it is tagged at the commit, and announced. */
function whatIsMissing(
  { name, tag }: PlannedPackage,
  { plan, last }: Pick<JudgedRehearsal, "plan" | "last">,
): readonly string[] {
  const commit = last.tags.find((made) => made.name === tag)?.commit;
  if (commit === undefined) return [`${name} has no tag ${tag}`];
  if (commit !== plan.head) return [`the tag ${tag} of ${name} is on ${commit}`];
  const isAlone = last.outcomes.some((outcome) =>
    outcome.name === name && outcome.githubRelease?.state === "off"
  );
  if (isAlone === last.releases.includes(tag)) {
    return isAlone
      ? [`${name} has a GitHub Release of ${tag} despite github_release = false`]
      : [`${name} has no GitHub Release of ${tag}`];
  }
  return [];
}

/** The last run finds everything done: it writes nothing anywhere, and skips every package. */
function whatWasChanged({ writes, outcomes }: RehearsedRun): readonly string[] {
  return [
    ...writes.map(({ service, method, path }) =>
      `the last run wrote to ${service}: ${method} ${decodeURIComponent(path)}`
    ),
    ...outcomes.filter((outcome) => isGood(outcome) && outcome.status !== "skipped").map((
      { name, version, status },
    ) => `the last run did not skip ${name} ${version}, which is ${status}`),
  ];
}

function releasedTwice({ plan, replanned, isRequest }: JudgedRehearsal): readonly string[] {
  const own = new Set(plan.packages.map(({ name }) => name));
  const again = isRequest ? replanned.filter((name) => own.has(name)) : replanned;
  return again.length === 0 ? [] : [`a new plan of the same commit still has ${someOf(again, 5)}`];
}

/** What a new plan has that was never asked for, as a sentence each. */
export function leftToDo({ plan, replanned, isRequest }: JudgedRehearsal): readonly string[] {
  const own = new Set(plan.packages.map(({ name }) => name));
  return (isRequest ? replanned.filter((name) => !own.has(name)) : []).map((name) =>
    `${name} is due too: it was not asked for, and is not rehearsed`
  );
}
