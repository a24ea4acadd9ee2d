/**
 * Whether what is built carries the version that was planned.
 *
 * @module
 */

import type { Check } from "../check.ts";
import { type DoctorFacts, publishJobs } from "../facts.ts";
import type { Found } from "../finding.ts";
import { deliveries } from "../uploads.ts";
import type { Job } from "../workflow.ts";

/** Jobs that build rows set the version. */
export const VERSIONS_SET: Check = {
  id: "versions-set",
  subject: "artifacts",
  title: "Jobs that build rows write the planned version before they build",
  severity: "failed",
  why:
    "Manifests hold the version of some earlier day: what is built without the planned one is refused before the first upload.",
  mend:
    'Run `npx putitoutthere set-version --row "$ROW"` with `ROW: ${{ toJSON(matrix) }}` in its `env`, before the build',
  run: (facts) => {
    const jobs = publishJobs(facts);
    const { config } = facts;
    if (jobs.length === 0 || config === undefined) return undefined;
    const building = new Map(
      deliveries(facts).flatMap(({ uploads }) => uploads)
        .filter(({ names }) =>
          names.some(({ isRow, pattern }) =>
            isRow || config.rows.some((row) => pattern.test(row.artifact_name))
          )
        )
        .map((upload) => [upload.job, upload] as const),
    );
    return [...building].filter(([job]) => !setsVersion(job, facts)).map((
      [job, { step }],
    ): Found => ({
      message:
        `Job "${job.id}" uploads what is built, and nothing writes the planned version before`,
      location: step.at,
    }));
  },
};

/** By this program, or by whatever else is given the plan's version. */
function setsVersion(job: Job, { places }: DoctorFacts): boolean {
  if (places.some(({ command, in: own }) => own.job === job && command === "set-version")) {
    return true;
  }
  const texts = job.steps.flatMap(({ run, env, with: inputs }) =>
    [run, ...env.values(), ...inputs.values()].flatMap((one) => one?.text ?? [])
  );
  const all = [...texts, ...[...job.env.values()].map(({ text }) => text)];
  return all.some((text) => /\bmatrix\.version\b|\.version\b|toJSON\(\s*matrix\s*\)/i.test(text));
}
