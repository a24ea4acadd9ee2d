/**
 * What of other people's runs in a workflow that publishes, and whether it is what it was.
 *
 * @module
 */

import type { Check } from "../check.ts";
import { type DoctorFacts, publishJobs } from "../facts.ts";
import type { Found } from "../finding.ts";
import { isOfficialAction } from "../own_command.ts";
import type { PlacedJob } from "../own_places.ts";
import { jobsBelow } from "../uploads.ts";
import type { Placed, Step } from "../workflow.ts";

/** Jobs of the workflows that publish, with those of the workflows that they call. */
function releaseJobs(facts: DoctorFacts): readonly PlacedJob[] | undefined {
  const tops = [...new Set(publishJobs(facts).map(({ top }) => top.workflow))];
  if (tops.length === 0) return undefined;
  const jobs = tops.flatMap((workflow) => jobsBelow(workflow, facts.workflows));
  return [...new Map(jobs.map((placed) => [placed.job, placed])).values()];
}

/** Actions are commits. */
export const PINNED: Check = {
  id: "pinned-actions",
  subject: "safety",
  title: "Actions in a workflow that publishes are pinned to commits",
  severity: "warning",
  why:
    "A tag can be moved to other code, and that then builds or publishes your release. It has happened to actions that thousands used.",
  mend:
    "Write `owner/name@` with a whole commit hash, and the version behind it as a comment; Dependabot and Renovate keep both",
  run: (facts) => {
    const uses = releaseJobs(facts)?.flatMap(({ job }) => [
      ...job.uses === undefined ? [] : [job.uses],
      ...job.steps.flatMap((step) => step.uses ?? []),
    ]).filter(isMovable);
    // Each is told once, where it comes first.
    const first = new Map(uses?.toReversed().map((one) => [one.text, one] as const));
    return uses?.filter((one) => first.get(one.text) === one).map(({ text, at }) => ({
      message: `${text} is whatever its owner moves that name to`,
      location: at,
    }));
  },
};

function isMovable({ text }: Placed): boolean {
  if (/^(?:\.|\$)\//.test(text) || isOfficialAction(text) && /@v\d/.test(text)) return false;
  if (text.startsWith("docker://")) return !/@sha256:[0-9a-f]{64}$/.test(text);
  return !/@[0-9a-f]{40}$/.test(text.trim());
}

/** Values that whoever opens a pull request or writes a commit chooses (github/docs, "Script injections"). */
const FOREIGN =
  /\$\{\{[^}]{0,200}\bgithub\.(?:head_ref|event\.(?:issue|pull_request|comment|review|discussion|head_commit|commits|pages|workflow_run)\b[^}]{0,200}\b(?:title|body|message|ref|label|name|email|page_name|head_branch|default_branch)\b)[^}]{0,200}\}\}/;

/** No script is made of what strangers write. */
export const NO_INJECTION: Check = {
  id: "no-injection",
  subject: "safety",
  title: "No script of a workflow that publishes is made of what others write",
  severity: "failed",
  why:
    "An expression is put into the script before a shell reads it: a title or a commit message with `$(…)` in it is run, with the job's rights.",
  mend: 'Pass the value by `env`, and write `"$NAME"` in the script',
  run: (facts) =>
    releaseJobs(facts)?.flatMap(({ job }) =>
      job.steps.flatMap((step): readonly Found[] => {
        const found = FOREIGN.exec(step.run?.text ?? "")?.[0];
        return found === undefined
          ? []
          : [{ message: `A script is made of \`${found}\``, location: step.run!.at }];
      })
    ),
};

/** The job that plans knows no secret. */
export const NO_SECRETS_IN_PLAN: Check = {
  id: "no-secrets-in-plan",
  subject: "workflow",
  title: "The job that plans is given no secret",
  severity: "warning",
  why:
    "GitHub drops an output in which a masked word stands, with a warning alone: a secret that happens to be part of a name makes the matrix an empty text.",
  mend: "Move what needs the secret to another job",
  run: (facts) => {
    const planning = facts.places.filter(({ command }) => command === "plan");
    if (planning.length === 0) return undefined;
    const jobs = [...new Map(planning.map((place) => [place.in.job, place])).values()];
    return jobs.filter(({ in: { job } }) =>
      facts.places.every((place) => place.in.job !== job || place.command !== "publish")
    ).flatMap(({ in: { job } }) =>
      [...job.env.values(), ...job.steps.flatMap(valuesOf)].filter(({ text }) =>
        /\$\{\{[^}]*\bsecrets\.(?!GITHUB_TOKEN\b)/.test(text)
      ).map(({ text, at }) => ({
        message: `Job "${job.id}" plans, and is given \`${text}\``,
        location: at,
      }))
    );
  },
};

function valuesOf({ env, with: inputs }: Step): readonly Placed[] {
  return [...env.values(), ...inputs.values()];
}

/** Builds keep no credential on the disk. */
export const BUILD_CREDENTIALS: Check = {
  id: "build-credentials",
  subject: "safety",
  title: "Jobs that build keep no credential of git on the disk, and may not write",
  severity: "warning",
  why:
    "A build runs code of every dependency; a token that may push lets it change what the next release is made of.",
  mend: "Give the job `permissions: { contents: read }`",
  run: (facts) => {
    const publishing = new Set(
      publishJobs(facts).flatMap(({ chain }) => chain.map(({ job }) => job)),
    );
    return releaseJobs(facts)?.filter(({ job }) =>
      !publishing.has(job) && job.uses === undefined && !writesOnPurpose(job)
    ).flatMap(({ workflow, job }): readonly Found[] => {
      const permissions = job.permissions ?? workflow.permissions;
      const level = permissions?.scopes.get("contents")?.text ?? permissions?.others;
      return level === "write"
        ? [{
          message: `Job "${job.id}" does not publish, and may push to the repository`,
          location: permissions!.at,
        }]
        : [];
    });
  },
};

/** A job that asks for it alone has a reason, such as a page or a pull request. */
function writesOnPurpose({ permissions }: PlacedJob["job"]): boolean {
  return permissions?.scopes.get("contents")?.text === "write";
}
