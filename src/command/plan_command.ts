/**
 * `putitoutthere plan`: prints the plan for people, programs and workflows. What only some runs print is loaded by those.
 *
 * @module
 */

import type { GraphFormat } from "../core/explain/plan_graph.ts";
import { planHere, type PlannedFacts } from "./plan.ts";
import { runnable, type Runner } from "./run_command.ts";
import type { GlobalOptions, Session } from "./session.ts";

/** The flags of `plan`. */
export interface PlanCommandOptions extends GlobalOptions {
  readonly matrix?: boolean;
  readonly release?: readonly string[];
  readonly at?: string;
  readonly explain?: string;
  readonly graph?: GraphFormat;
}

/** Plans and prints. Gives the exit status. */
export const runPlan: Runner<PlanCommandOptions> = runnable(async (session, options) => {
  const { host } = session;
  const planned = await planHere(host, options);
  if (options.explain !== undefined) {
    await printExplanation(session, planned, options.explain);
    return 0;
  }
  const { plan } = planned;
  // Before anything is printed: where that fails, the failure is the one thing to print.
  if (WORKFLOW_FILES.some((name) => (host.env[name] ?? "") !== "")) {
    const { leavePlan } = await import("./leave_plan.ts");
    await leavePlan(host, plan);
  }
  if (options.matrix === true) host.stdout(`${JSON.stringify(plan.matrix)}\n`);
  else if (options.graph !== undefined) {
    const { drawPlan } = await import("../core/explain/plan_graph.ts");
    host.stdout(drawPlan(plan, options.graph));
  } else session.printJson(plan);
  if (options.json !== true) session.emit({ type: "plan", plan });
  return 0;
});

/** Where a step of a workflow leaves something behind. */
const WORKFLOW_FILES = ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "RUNNER_TEMP"];

async function printExplanation(
  session: Session,
  planned: PlannedFacts,
  name: string,
): Promise<void> {
  const [{ explainPackage }, { explanationText }] = await Promise.all([
    import("../core/explain/explain.ts"),
    import("../core/explain/explain.ts"),
  ]);
  const explanation = explainPackage(name, planned);
  session.printJson(explanation);
  session.printText(explanationText(explanation));
}
