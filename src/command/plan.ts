/**
 * `plan`: which packages ship on this commit, at what version and why; and the command that prints it for people, programs
 * and workflows. What only some runs need is loaded by those.
 *
 * @module
 */

import type { Decisions } from "../core/plan/decide.ts";
import { makePlan } from "../core/plan/make_plan.ts";
import type { GraphFormat } from "../core/explain/plan_graph.ts";
import type { Facts } from "../core/model/facts.ts";
import type { Plan } from "../core/model/plan.ts";
import type { RequestSource } from "../core/request/parse_requests.ts";
import type { RequestedRelease } from "../core/request/requested_release.ts";
import { Failure } from "../error.ts";
import { readTextIfThere } from "../host/files.ts";
import type { Host } from "../host/host.ts";
import { resolve } from "node:path";
import { type PlanQuestion, readFacts } from "./read_facts.ts";
import { foresee } from "./foresee.ts";
import type { RecoveredRun } from "./recovered_run.ts";
import type { CommandLineOptions, Session } from "./session.ts";
import { runSealed } from "./sealed.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

/** What can be asked of a plan. */
export interface PlanOptions {
  /** The configuration file; `putitoutthere.toml` in the host's folder by default. */
  readonly config?: string;
  /** Every `--release`, as it was given; none plans what changed. */
  readonly release?: readonly string[];
  /** Plans at this commit in HEAD's place. */
  readonly at?: string;
}

/** A plan, and what it was made of. */
export interface PlannedFacts {
  readonly plan: Plan;
  readonly facts: Facts;
  readonly decisions: Decisions;
}

/** Plans in a workspace, and keeps the facts for whoever explains or draws. */
export async function planWithFacts(
  workspace: Workspace,
  question: PlanQuestion = {},
): Promise<PlannedFacts> {
  const { facts, decisions, warnings } = await readFacts(workspace, question);
  const plan = makePlan(facts, decisions);
  const foreseen = await foresee(workspace, {
    packages: plan.packages,
    commit: facts.head.id,
    declared: facts.config.packages,
  });
  const all = [...plan.warnings, ...warnings, ...foreseen];
  return { plan: { ...plan, warnings: all }, facts, decisions };
}

/**
 * Plans a release of the repository in the host's folder. No network, nothing is written. Throws `PIOT_CONFIG_…`,
 * `PIOT_TRAILER_…`, `PIOT_RELEASE_REQUEST_…` and what is wrong with the clone (`PIOT_SHALLOW_CLONE` and its like).
 */
export async function plan(host: Host, options: PlanOptions = {}): Promise<Plan> {
  return await runSealed(host, undefined, async (host) => (await planHere(host, options)).plan);
}

async function planHere(host: Host, options: PlanOptions = {}): Promise<PlannedFacts> {
  const requests = await readRequests(host, options.release ?? []);
  return await planWithFacts(openWorkspace(host, options), { at: options.at, requests });
}

/** What every `--release` asks for, as it was given; undefined when nothing was. */
export async function readRequests(
  host: Host,
  release: readonly string[],
): Promise<readonly RequestedRelease[] | undefined> {
  if (release.length === 0) return undefined;
  const { parseReleaseRequests, requestSource } = await import(
    "../core/request/parse_requests.ts"
  );
  const texts = release.map((argument) => readSource(host, requestSource(argument)));
  return parseReleaseRequests(await Promise.all(texts));
}

async function readSource(host: Host, source: RequestSource): Promise<string> {
  switch (source.from) {
    case "text":
      return source.text;
    case "stdin":
      return await host.stdin();
    case "file": {
      const text = await readTextIfThere(resolve(host.cwd, source.path));
      if (text !== undefined) return text;
      throw new Failure(
        "PIOT_FILE_UNREADABLE",
        `Cannot read ${source.path}: there is no such file`,
        { hint: "Give the path of a JSON file, JSON itself, or names such as my-package@minor" },
      );
    }
  }
}

/** The flags of `plan`. */
export interface PlanCommandOptions extends CommandLineOptions {
  readonly matrix?: boolean;
  readonly release?: readonly string[];
  readonly at?: string;
  /** Taken because workflows hand one flag to every command; a plan changes nothing anyway. */
  readonly dryRun?: boolean;
  readonly explain?: string;
  readonly graph?: GraphFormat;
  /** The number of the run whose artifacts are to be published: its commit is planned, and has no rows to build. */
  readonly recover?: string;
}

/** Plans and prints. Gives the exit status. */
export async function runPlan(session: Session, options: PlanCommandOptions): Promise<number> {
  const { host } = session;
  const recovered = await recoveredBy(session, options);
  const planned = await planHere(
    host,
    recovered === undefined ? options : { ...options, at: recovered.commit },
  );
  if (options.explain !== undefined) {
    await printExplanation(session, planned, options.explain);
    return 0;
  }
  const { plan } = planned;
  // Before anything is printed: where that fails, the failure is the one thing to print.
  if (WORKFLOW_FILES.some((name) => (host.env[name] ?? "") !== "")) {
    const { leavePlan } = await import("./runner_outputs.ts");
    await leavePlan(host, plan, { isBuilt: recovered !== undefined });
  }
  if (options.matrix === true) host.stdout(`${JSON.stringify(plan.matrix)}\n`);
  else if (options.graph !== undefined) {
    const { drawPlan } = await import("../core/explain/plan_graph.ts");
    host.stdout(drawPlan(plan, options.graph));
  } else session.printJson(plan);
  if (options.json !== true) session.emit({ type: "plan", plan });
  return 0;
}

/** The run that is recovered; told, since its commit is planned and nothing of it is built again. */
async function recoveredBy(
  { host, emit }: Session,
  { recover }: PlanCommandOptions,
): Promise<RecoveredRun | undefined> {
  if (recover === undefined) return undefined;
  const { readRecoveredRun } = await import("./recovered_run.ts");
  const run = await readRecoveredRun(host, recover);
  emit({ type: "notice", message: `Run ${run.number} is recovered: it ran for ${run.commit}` });
  return run;
}

/** Where a step of a workflow leaves something behind. */
const WORKFLOW_FILES = ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "RUNNER_TEMP"];

async function printExplanation(
  session: Session,
  planned: PlannedFacts,
  name: string,
): Promise<void> {
  const { explainPackage, explanationText } = await import("../core/explain/explain.ts");
  const explanation = explainPackage(name, planned);
  session.printJson(explanation);
  session.printText(explanationText(explanation));
}
