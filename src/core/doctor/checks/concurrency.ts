/**
 * What becomes of a release when the next one starts.
 *
 * @module
 */

import type { Check } from "../check.ts";
import { type DoctorFacts, publishJobs } from "../facts.ts";
import { cannotTell, type Found } from "../finding.ts";
import type { OwnPlace } from "../own_places.ts";
import { isExpression } from "../workflow.ts";
import type { Yaml } from "../yaml_tree.ts";

/** Every `concurrency` that a publishing job is under. */
function groupsOf({ chain }: OwnPlace): readonly Yaml[] {
  return [...new Set(chain.flatMap(({ workflow, job }) => [workflow.concurrency, job.concurrency]))]
    .filter((group) => group !== undefined);
}

function eachGroup(
  facts: DoctorFacts,
  judge: (group: Yaml) => readonly Found[],
): readonly Found[] | undefined {
  const jobs = publishJobs(facts);
  if (jobs.length === 0) return undefined;
  return [...new Set(jobs.flatMap(groupsOf))].flatMap(judge);
}

/** A release is not cancelled by the next one. */
export const NOT_CANCELLED: Check = {
  id: "not-cancelled",
  subject: "workflow",
  title: "A release that runs is not cancelled by the next one",
  severity: "failed",
  why:
    "It ends between two uploads, with some packages of a version out and others not, until somebody runs it again.",
  mend: "Set `cancel-in-progress: false`",
  run: (facts) =>
    eachGroup(facts, (group) => {
      const cancels = group.get("cancel-in-progress");
      if (cancels?.text === undefined || /^false$/i.test(cancels.text)) return [];
      if (isExpression(cancels.text)) {
        return [
          cannotTell(
            `Whether a release is cancelled is known to a run alone: \`cancel-in-progress: ${cancels.text}\``,
            cancels.at,
            "Set `cancel-in-progress: false` for the job that publishes",
          ),
        ];
      }
      return [{
        message: "The next run cancels a release that is under way",
        location: cancels.at,
      }];
    }),
};

/** A release that waits is not dropped. */
export const NOT_DROPPED: Check = {
  id: "not-dropped",
  subject: "workflow",
  title: "A release that waits for another is not dropped by a third",
  severity: "warning",
  why:
    "Of a concurrency group one run goes on and one waits: a further one takes the place of the one that waits, which is cancelled without having run. What it should have released goes out with the next change, at the next version.",
  mend: "Add `queue: max` beside `cancel-in-progress: false`",
  run: (facts) =>
    eachGroup(facts, (group) => {
      if (
        group.get("queue")?.text === "max" ||
        /^true$/i.test(group.get("cancel-in-progress")?.text ?? "")
      ) return [];
      return [{
        message: "A release that waits is dropped when another comes: there is no `queue: max`",
        location: group.at,
      }];
    }),
};

/** Releases go one after the other. */
export const ONE_AT_A_TIME: Check = {
  id: "one-at-a-time",
  subject: "workflow",
  title: "Releases go one after the other",
  severity: "warning",
  why:
    "Two releases side by side plan the same version from the same tags; the second one finds it taken.",
  mend:
    "Add `concurrency: { group: release, cancel-in-progress: false, queue: max }` to the workflow",
  run: (facts) => {
    const jobs = publishJobs(facts);
    if (jobs.length === 0) return undefined;
    return jobs.filter((place) => groupsOf(place).length === 0).map(({ top }) => ({
      message:
        `Two runs of ${top.workflow.file} may publish side by side: it has no \`concurrency\``,
      location: top.workflow.raw.at,
    }));
  },
};
