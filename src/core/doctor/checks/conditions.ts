/**
 * Conditions under which a release is skipped, or goes on where it should not, and the run is green all the same.
 *
 * @module
 */

import type { Check } from "../check.ts";
import { publishJobs } from "../facts.ts";
import type { Found } from "../finding.ts";
import type { OwnPlace } from "../own_places.ts";
import type { Job, Workflow } from "../workflow.ts";

/** Functions that make a job run whatever became of those before it (github/docs, "Status check functions"). */
const STATUS = /\b(?:always|cancelled|failure)\s*\(/;

/** A condition that says no more than that there is work: with it a job is skipped where nothing is released anyway. */
const HAS_WORK =
  /^(?:\$\{\{)?\s*needs\.[\w-]+\.outputs\.(?:has_rows|has_release)\s*(?:==\s*'true')?\s*(?:\}\})?$/;

/** Jobs that a job waits for, through others. */
function neededJobs(job: Job, workflow: Workflow): readonly Job[] {
  const found = new Set<Job>();
  const add = ({ needs }: Job): void => {
    for (const { text } of needs) {
      const needed = workflow.jobs.find(({ id }) => id === text);
      if (needed === undefined || found.has(needed)) continue;
      found.add(needed);
      add(needed);
    }
  };
  add(job);
  return [...found];
}

/** The publishing job is not skipped because another was. */
export const SKIPPED_BUILD: Check = {
  id: "skipped-build",
  subject: "workflow",
  title: "A build that is skipped does not skip the job that publishes",
  severity: "failed",
  why:
    "GitHub skips a job when any job that it needs was skipped, also through others, unless its `if` has a status function; a skipped job is green. Packages without anything to build are never released then.",
  mend:
    "Write `if: ${{ !cancelled() && needs.plan.outputs.has_release == 'true' && !contains(needs.*.result, 'failure') }}`",
  run: (facts) => {
    const jobs = publishJobs(facts);
    if (jobs.length === 0) return undefined;
    const isSplit = facts.config?.packages.some(({ buildWorkflow }) => buildWorkflow !== undefined);
    return jobs.flatMap(({ chain }) =>
      chain.flatMap(({ workflow, job }): readonly Found[] => {
        if (STATUS.test(job.if?.text ?? "")) return [];
        const skipped = neededJobs(job, workflow).find((needed) =>
          needed.if !== undefined && !STATUS.test(needed.if.text) &&
          (isSplit === true || !HAS_WORK.test(needed.if.text.trim()))
        );
        if (skipped === undefined) return [];
        return [{
          message:
            `Job "${job.id}" publishes, and is skipped whenever "${skipped.id}" is, by \`if: ${
              skipped.if!.text
            }\``,
          location: job.if?.at ?? job.at,
        }];
      })
    );
  },
};

/** The publishing job does not go on after a build that failed. */
export const FAILED_BUILD: Check = {
  id: "failed-build",
  subject: "workflow",
  title: "The job that publishes does not start after a build that failed or was cancelled",
  severity: "warning",
  why:
    "`always()` starts a job after anything, also after somebody cancelled the run. What is missing then stops the release in its first stages, or what is optional stays out of it.",
  mend: "Use `!cancelled()`, and ask for `!contains(needs.*.result, 'failure')` beside it",
  run: (facts) => {
    const jobs = publishJobs(facts);
    if (jobs.length === 0) return undefined;
    return jobs.flatMap(({ chain }) =>
      chain.flatMap(({ job }): readonly Found[] => {
        const condition = job.if?.text ?? "";
        if (job.needs.length === 0 || !STATUS.test(condition)) return [];
        const asks = /needs(?:\.[\w*-]+|\[[^\]]+\])\.result|\bsuccess\s*\(/.test(condition) ||
          /!\s*failure\s*\(/.test(condition);
        return asks ? [] : [{
          message: `Job "${job.id}" publishes whatever became of ${
            job.needs.map(({ text }) => `"${text}"`).join(", ")
          }`,
          location: job.if!.at,
        }];
      })
    );
  },
};

/** Needed jobs are there. */
export const NEEDS_EXIST: Check = {
  id: "needs-exist",
  subject: "workflow",
  title: "Every job that `needs` names is there",
  severity: "failed",
  why: "GitHub refuses the whole workflow otherwise.",
  mend: "Mend the name, or remove it",
  run: ({ workflows }) =>
    workflows.length === 0
      ? undefined
      : workflows.flatMap((workflow) =>
        workflow.jobs.flatMap((job) =>
          job.needs.filter(({ text }) => !workflow.jobs.some(({ id }) => id === text)).map((
            { text, at },
          ) => ({
            message: `Job "${job.id}" needs "${text}", and there is no such job`,
            location: at,
          }))
        )
      ),
};

/** A release that failed is red. */
export const FAILURE_IS_RED: Check = {
  id: "failure-is-red",
  subject: "workflow",
  title: "A release that failed makes its run red",
  severity: "failed",
  why: "Nobody looks at a green run: what was not released stays so until somebody misses it.",
  mend: "Remove it; a release that failed is safe to run again",
  run: (facts) => {
    const jobs = publishJobs(facts);
    if (jobs.length === 0) return undefined;
    return jobs.flatMap(hiding);
  },
};

function hiding({ chain, step, jobStep, inputs }: OwnPlace): readonly Found[] {
  const places = [
    ...chain.map(({ job }) => job.continueOnError),
    jobStep.continueOnError,
    step.continueOnError,
  ];
  const goesOn = [...new Set(places)].filter((place) =>
    place !== undefined && place.text.toLowerCase() !== "false"
  );
  const hidden = inputs.get("fail_on_error");
  const script = step.run !== undefined &&
    /\b(?:putitoutthere|piot|@piot\/cli)\b[^\n]*\bpublish\b[^\n]*\|\|\s*(?:true|:|exit 0|echo)/
      .test(step.run.text);
  return [
    ...goesOn.map((place) => ({
      message: "A failure of what publishes does not count here: `continue-on-error`",
      location: place!.at,
    })),
    ...hidden !== undefined && /^false$/i.test(hidden.text)
      ? [{
        message: "A failure of the release leaves this step green: `fail_on_error: false`",
        location: hidden.at,
      }]
      : [],
    ...script
      ? [{
        message: "The script goes on where the release failed: `|| …` behind it",
        location: step.run!.at,
      }]
      : [],
  ];
}
