/**
 * Phase 1: the repository's own workflows, as registries would see a run of them.
 *
 * @module
 */

import type { Judged } from "../check.ts";
import { type DoctorFacts, publishJobs } from "../facts.ts";
import { worstOf } from "../finding.ts";
import { type Phase, PHASES } from "./phase.ts";

/** The checks that the phase is made of. */
const LOCAL: ReadonlySet<string> = new Set([
  "publish-job",
  "publish-reachable",
  "id-token",
  "contents-write",
  "environment",
]);

/** Sums up the checks about trust; what they found is told by themselves. */
export function localPhase(judged: readonly Judged[], facts: DoctorFacts): Phase {
  const findings = judged.filter(({ check }) => LOCAL.has(check.id)).flatMap((one) => one.findings);
  const verdict = worstOf(findings) ?? "passed";
  const line = verdict === "passed" ? jobsLine(facts) : findings[0]!.message;
  return { name: PHASES.local, verdict, line, found: [] };
}

function jobsLine(facts: DoctorFacts): string {
  return publishJobs(facts).map(({ top, in: { job } }) => {
    const { workflow } = top;
    return `${workflow.file} publishes in job "${job.id}", in environment ${
      job.environment!.text
    }, ` +
      "with `id-token: write` and `contents: write`";
  }).join("; ");
}
