/**
 * `putitoutthere plan`: prints the plan for people, programs and workflows.
 *
 * @module
 */

import { explainPackage } from "../core/explain.ts";
import { explanationText } from "../core/explanation_text.ts";
import { drawPlan, type GraphFormat } from "../core/plan_graph.ts";
import type { Plan } from "../core/plan.ts";
import { writeRunnerTemp } from "../host/runner_file.ts";
import { planSummary } from "../report/job_summary.ts";
import { planOutputs } from "../report/plan_outputs.ts";
import { planWithFacts } from "./plan.ts";
import { writeRunnerOutputs } from "./runner_outputs.ts";
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
export async function planCommand(session: Session, options: PlanCommandOptions): Promise<number> {
  const { host } = session;
  const { plan, facts } = await planWithFacts(host, options);
  if (options.explain !== undefined) {
    const explanation = explainPackage(facts, plan, options.explain);
    session.printJson(explanation);
    session.printText(explanationText(explanation));
    return 0;
  }
  // Before anything is printed: where that fails, the failure is the one thing to print.
  await leaveForWorkflow(session, plan);
  if (options.matrix === true) host.stdout(`${JSON.stringify(plan.matrix)}\n`);
  else if (options.graph !== undefined) host.stdout(drawPlan(plan, options.graph));
  else session.printJson(plan);
  if (options.json !== true) session.emit({ type: "plan", plan });
  return 0;
}

/** Outputs and the summary. Outputs are bounded, so the whole plan goes to a file that the job can upload. */
async function leaveForWorkflow({ host }: Session, plan: Plan): Promise<void> {
  const { env } = host;
  const outputs = (env.GITHUB_OUTPUT ?? "") === "" ? {} : planOutputs(plan);
  const plan_file = await writeRunnerTemp(env, {
    name: "putitoutthere-plan.json",
    text: `${JSON.stringify(plan, null, 2)}\n`,
  });
  await writeRunnerOutputs(host, {
    outputs: { ...outputs, ...(plan_file === undefined ? {} : { plan_file }) },
    summary: planSummary(plan),
  });
}
