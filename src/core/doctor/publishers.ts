/**
 * Who could publish what, today, as far as files and GitHub tell.
 *
 * @module
 */

import { type DoctorFacts, publishJobs } from "./facts.ts";
import type { EnvironmentRules } from "./online_facts.ts";
import { bareName } from "./workflow.ts";

/** One sentence for each job that publishes. */
export function tellPublishers(facts: DoctorFacts): readonly string[] {
  const { online } = facts;
  if (online === undefined) return [];
  return publishJobs(facts).map(({ top, in: { job } }) => {
    const file = bareName(top.workflow.path);
    const environment = job.environment?.text;
    const events = [...top.workflow.triggers.keys()].join(", ");
    const start = `${file} (${events}), job "${job.id}"`;
    if (environment === undefined || environment === "") {
      return `${start}: whoever can push any branch to the repository can publish everything, with a workflow of that name on it`;
    }
    return `${start}: ${who(environment, online.environments.get(environment))}`;
  });
}

function who(name: string, rules: EnvironmentRules | undefined): string {
  if (rules === undefined) return `nobody can tell which branches environment ${name} lets through`;
  if (rules.state === "absent") {
    return `whoever can push any branch, since there is no environment ${name} yet and GitHub makes it without rules`;
  }
  if (rules.state === "unreadable") {
    return `whoever environment ${name} lets through, which cannot be read: ${rules.why}`;
  }
  const from = rules.branches === undefined
    ? "any branch"
    : rules.branches.length === 0
    ? "no branch at all"
    : rules.branches.join(", ");
  return `whoever can push to ${from}, by environment ${name}${
    rules.reviewed ? ", once a reviewer agrees" : ""
  }`;
}
