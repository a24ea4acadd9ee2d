/**
 * Where the job that publishes runs, and as what.
 *
 * @module
 */

import type { Check } from "../check.ts";
import { publishJobs } from "../facts.ts";
import { cannotTell, type Found } from "../finding.ts";
import { isExpression, type Placed } from "../workflow.ts";

/** GitHub's own machines, the larger ones of an organisation among them (github/docs, "GitHub-hosted runners"). */
const HOSTED = /^(?:ubuntu|windows|macos)-(?:latest|slim|\d)/;

/** Services that run jobs elsewhere: to GitHub and the registries their machines are self-hosted. */
const ELSEWHERE =
  /^(?:self-hosted|blacksmith|depot|buildjet|warp|namespace|runs-on|ubicloud|cirrus|bitrise)\b/i;

/** A runner that registries trust. */
export const HOSTED_RUNNER: Check = {
  id: "hosted-runner",
  subject: "trust",
  title: "The job that publishes runs on one of GitHub's own machines",
  severity: "failed",
  why:
    "npm takes neither an identity nor provenance from a self-hosted runner, and machines of other services are that to it. On a machine that other jobs use, one of them can leave something behind that publishes.",
  mend: "Use `runs-on: ubuntu-latest` for this job; the others may run anywhere",
  run: (facts) => {
    const jobs = publishJobs(facts);
    if (jobs.length === 0) return undefined;
    const hasNpm = facts.config?.packages.some(({ kind }) => kind === "npm") ?? true;
    return jobs.flatMap(({ in: { job } }) =>
      job.runsOn.slice(0, 1).flatMap((label) => judgeLabel(label, { id: job.id, hasNpm }))
    );
  },
};

function judgeLabel(
  { text, at }: Placed,
  { id, hasNpm }: { readonly id: string; readonly hasNpm: boolean },
): readonly Found[] {
  if (HOSTED.test(text)) return [];
  if (ELSEWHERE.test(text)) {
    return [{
      message: `Job "${id}" publishes on "${text}", which is no machine of GitHub's`,
      location: at,
      weight: hasNpm ? "failed" : "warning",
    }];
  }
  const why = isExpression(text) ? "is known to a run alone" : "cannot be told by its name";
  return [
    cannotTell(
      `Whether "${text}", where job "${id}" publishes, is a machine of GitHub's ${why}`,
      at,
    ),
  ];
}

/** Publishing happens in the workflow that an event starts. */
export const TOP_LEVEL: Check = {
  id: "top-level",
  subject: "trust",
  title: "Publishing happens in the workflow that an event starts, not in one that it calls",
  severity: "failed",
  why:
    "PyPI compares the file of the called workflow, or refuses it; npm and crates.io that of the caller; and attestations name the caller. No entry fits all of them.",
  mend:
    "Put the job that publishes into the calling workflow itself; building may stay where it is",
  run: (facts) => {
    const jobs = publishJobs(facts);
    if (jobs.length === 0) return undefined;
    return jobs.flatMap(({ chain, top, in: own, step }): readonly Found[] => {
      if (chain.length > 1) {
        return [{
          message: `${own.workflow.file} publishes, called from ${top.workflow.file}`,
          location: step.at,
        }];
      }
      const { triggers, file } = top.workflow;
      if (!triggers.has("workflow_call")) return [];
      const isOnly = triggers.size === 1;
      return [{
        message: isOnly
          ? `${file} publishes, and starts only when another workflow calls it`
          : `${file} publishes, and may be called by another workflow`,
        location: top.workflow.triggersAt,
        weight: isOnly ? "failed" : "warning",
      }];
    });
  },
};

/** Nothing runs beside the step. */
export const ALONE: Check = {
  id: "not-beside",
  subject: "safety",
  title: "No other step runs beside the one that publishes",
  severity: "failed",
  why:
    "A step below `parallel`, or with `background: true`, shares its time with others that may change files, or end the job before it is done.",
  mend: "Put the step on its own, after all others",
  run: (facts) => {
    const jobs = publishJobs(facts);
    if (jobs.length === 0) return undefined;
    return jobs.filter(({ jobStep, step }) => jobStep.isBeside || step.isBeside).map((
      { step },
    ) => ({ message: "The step that publishes runs beside others", location: step.at }));
  },
};

/** One job publishes, once. */
export const NO_MATRIX: Check = {
  id: "no-matrix",
  subject: "workflow",
  title: "The job that publishes is one job, not a matrix of them",
  severity: "failed",
  why: "Each job of the matrix publishes everything, at the same time.",
  mend:
    "Remove `strategy` from the job: one run publishes all packages, in the order of their dependencies",
  run: (facts) => {
    const jobs = publishJobs(facts);
    if (jobs.length === 0) return undefined;
    return jobs.flatMap(({ chain }) =>
      chain.flatMap(({ job }): readonly Found[] => {
        const matrix = job.raw.get("strategy")?.get("matrix");
        return matrix === undefined ? [] : [{
          message: `Job "${job.id}" publishes once for each row of its matrix`,
          location: matrix.at,
        }];
      })
    );
  },
};
