/**
 * What the jobs of a release may do.
 *
 * @module
 */

import type { Check } from "../check.ts";
import { type DoctorFacts, publishJobs } from "../facts.ts";
import { cannotTell, type Found } from "../finding.ts";
import { levelOf, type OwnPlace, permissionsPlace, type PlacedJob } from "../own_places.ts";
import { isExpression, type Job, type Workflow } from "../workflow.ts";

/** The scope is writable along the whole chain. */
function requireWrite(facts: DoctorFacts, scope: string): readonly Found[] | undefined {
  const jobs = publishJobs(facts);
  if (jobs.length === 0) return undefined;
  return jobs.flatMap((place) => {
    const level = levelOf(place.chain, scope);
    if (level === "write") return [];
    const [holder] = lowest(place, scope);
    const location = permissionsPlace(holder ?? place.in);
    const job = `Job "${(holder ?? place.in).job.id}"`;
    if (level === "unknown") {
      return [
        cannotTell(
          `Whether ${job} has \`${scope}: write\` cannot be told`,
          location,
          `Write \`${scope}: write\` into its \`permissions\``,
        ),
      ];
    }
    const has = level === "default"
      ? "no `permissions` say so, and the repository's default may be less"
      : `it has \`${scope}: ${level}\``;
    return [{ message: `${job} publishes without \`${scope}: write\`: ${has}`, location }];
  });
}

/** The first job of the chain that takes the scope away. */
function lowest({ chain }: OwnPlace, scope: string): readonly PlacedJob[] {
  return chain.filter((one) => !["write", "default"].includes(levelOf([one], scope)));
}

/** The publishing job may have an identity. */
export const ID_TOKEN: Check = {
  id: "id-token",
  subject: "trust",
  title: "The job that publishes has `id-token: write`, of its own or inherited",
  severity: "failed",
  why:
    "Without it the job has no identity, and no registry can trust it: only tokens are left. `permissions` of a job replace those of the workflow altogether, and a called workflow has at most what the calling job has.",
  mend: "Give the job `permissions: { contents: write, id-token: write }`",
  run: (facts) => requireWrite(facts, "id-token"),
};

/** The publishing job may push tags. */
export const CONTENTS_WRITE: Check = {
  id: "contents-write",
  subject: "trust",
  title: "The job that publishes has `contents: write`, of its own or inherited",
  severity: "failed",
  why:
    "Tags are pushed and GitHub Releases made with it. Scopes that `permissions` do not name are taken away.",
  mend: "Give the job `permissions: { contents: write, id-token: write }`",
  run: (facts) => requireWrite(facts, "contents"),
};

/** No other job could publish. */
export const ID_TOKEN_ELSEWHERE: Check = {
  id: "id-token-elsewhere",
  subject: "safety",
  title: "No other job of a workflow that publishes has `id-token: write`",
  severity: "warning",
  why:
    "Registries trust the workflow's file, not one of its jobs: whatever runs in a job with an identity could publish.",
  mend:
    "Give `id-token: write` to the job that publishes alone, with `permissions: {}` at the top of the workflow",
  run: (facts) => {
    const jobs = publishJobs(facts);
    if (jobs.length === 0) return undefined;
    const tops = new Set(jobs.map(({ top }) => top.workflow));
    const publishing = new Set(jobs.flatMap(({ chain }) => chain.map(({ job }) => job)));
    return [...tops].flatMap((workflow) =>
      workflow.jobs.filter((job) =>
        !publishing.has(job) && levelOf([{ workflow, job }], "id-token") === "write" &&
        !isElsewhere(job, { jobs, facts })
      )
        .map((job) => ({
          message: `Job "${job.id}" does not publish, and could: it has \`id-token: write\``,
          location: permissionsPlace({ workflow, job }),
        }))
    );
  },
};

/** A job in another environment than all entries name: no registry trusts it. */
function isElsewhere(
  { environment }: Job,
  { jobs, facts }: { readonly jobs: readonly OwnPlace[]; readonly facts: DoctorFacts },
): boolean {
  if (environment === undefined || isExpression(environment.text)) return false;
  const all = facts.config?.packages.map(({ trustPolicy }) => trustPolicy?.environment) ?? [];
  return all.length > 0 && all.every((name) => name !== undefined) &&
    [...all, ...jobs.map(({ in: { job } }) => job.environment?.text)]
      .every((name) => name?.toLowerCase() !== environment.text.toLowerCase());
}

/** Scopes that GitHub knows (its workflow schema of August 2026), with what is special about their levels. */
const SCOPES: ReadonlySet<string> = new Set(
  ("actions artifact-metadata attestations checks code-quality contents copilot-requests deployments discussions drives " +
    "id-token issues models packages pages pull-requests repository-projects security-events statuses vulnerability-alerts")
    .split(" "),
);

/** GitHub takes the permissions of workflows that run this program. */
export const PERMISSIONS_KNOWN: Check = {
  id: "permissions-known",
  subject: "workflow",
  title: "`permissions` name scopes and levels that GitHub knows",
  severity: "failed",
  why:
    "GitHub refuses a workflow with any other, and no run of it starts. There is no `workflows` scope, and `id-token` has no `read`.",
  mend: "Mend or remove it; levels are `read`, `write` and `none`",
  run: ({ workflows }) => {
    if (workflows.length === 0) return undefined;
    return workflows.flatMap((workflow) => [workflow, ...workflow.jobs].flatMap(unknownScopes));
  },
};

function unknownScopes({ permissions }: Pick<Workflow | Job, "permissions">): readonly Found[] {
  if (permissions === undefined) return [];
  const { others, at, scopes } = permissions;
  const whole = others === "unknown"
    ? [{
      message: "These permissions are neither `read-all`, `write-all` nor a list of scopes",
      location: at,
    }]
    : [];
  return [
    ...whole,
    ...[...scopes].flatMap(([scope, { text, at: location }]) => {
      if (!SCOPES.has(scope)) return [{ message: `There is no permission \`${scope}\``, location }];
      const levels = scope === "id-token"
        ? ["write", "none"]
        : scope === "models"
        ? ["read", "none"]
        : ["read", "write", "none"];
      return levels.includes(text)
        ? []
        : [{ message: `\`${scope}\` has no level "${text}"`, location }];
    }),
  ];
}
