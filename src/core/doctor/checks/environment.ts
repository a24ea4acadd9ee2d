/**
 * The environment that a publishing job runs in.
 *
 * @module
 */

import type { Check } from "../check.ts";
import { publishJobs } from "../facts.ts";
import { cannotTell } from "../finding.ts";
import { isExpression } from "../workflow.ts";

/** The publishing job names an environment. */
export const ENVIRONMENT: Check = {
  id: "environment",
  subject: "trust",
  title: "The job that publishes pins an `environment`",
  severity: "failed",
  why:
    "A registry's entry binds the name of a workflow file, not a branch: whoever may push any branch can put a workflow of that name there and publish. Only an environment that is deployed to from one branch, named in the entry too, stops that.",
  mend:
    "Give the job `environment: release`, let that environment be deployed to from the main branch alone, and name it to the registries",
  run: (facts) => {
    const jobs = publishJobs(facts);
    if (jobs.length === 0) return undefined;
    return jobs.flatMap(({ in: { job, workflow } }) => {
      const { environment } = job;
      if (environment === undefined) {
        return [{
          message: `Job "${job.id}" of ${workflow.file} publishes without an environment`,
          location: job.at,
        }];
      }
      if (environment.text === "") {
        return [{
          message: `The environment of job "${job.id}" has no name`,
          location: environment.at,
        }];
      }
      if (!isExpression(environment.text)) return [];
      return [cannotTell(
        `The environment of job "${job.id}" is \`${environment.text}\`, which only a run knows`,
        environment.at,
        "Write its name out: registries compare it",
      )];
    });
  },
};
