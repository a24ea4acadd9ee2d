/**
 * `putitoutthere plan`: prints the plan for people, programs and workflows.
 *
 * @module
 */

import { join } from "node:path";
import { explainPackage } from "../core/explain.ts";
import { explanationText } from "../core/explanation_text.ts";
import { drawPlan, type GraphFormat } from "../core/plan_graph.ts";
import type { Plan } from "../core/plan.ts";
import { writeBytes } from "../host/files.ts";
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
  // Before anything is printed: what does not fit into the outputs of a job is a failure, and the only thing to print.
  const outputs = (host.env.GITHUB_OUTPUT ?? "") === "" ? {} : planOutputs(plan);
  if (options.matrix === true) host.stdout(`${JSON.stringify(plan.matrix)}\n`);
  else if (options.graph !== undefined) host.stdout(drawPlan(plan, options.graph));
  else session.printJson(plan);
  if (options.json !== true) session.emit({ type: "plan", plan });
  await writeRunnerOutputs(host, {
    outputs: { ...outputs, ...await writePlanFile(session, plan) },
    summary: planSummary(plan),
  });
  return 0;
}

/** Outputs are bounded, so in a workflow the whole plan goes to a file that the job can upload. */
async function writePlanFile({ host }: Session, plan: Plan): Promise<{ plan_file?: string }> {
  const folder = host.env.RUNNER_TEMP ?? "";
  if (folder === "") return {};
  const path = join(folder, "putitoutthere-plan.json");
  await writeBytes(path, new TextEncoder().encode(`${JSON.stringify(plan, null, 2)}\n`));
  return { plan_file: path };
}
