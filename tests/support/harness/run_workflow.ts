/** A workflow as GitHub runs it: which jobs, in which order, with which rows; and again, where jobs failed. */

import { parse } from "yaml";
import { type Contexts, evaluate, evaluateText, holds } from "../expressions.ts";
import { type Breaks, type Job, type JobResult, runJob, type Runner } from "./run_job.ts";

interface Workflow {
  readonly env?: Readonly<Record<string, string>>;
  readonly defaults?: { readonly run: { readonly "working-directory": string } };
  readonly jobs: Readonly<Record<string, Job>>;
}

/** How a workflow is started. */
export interface Start {
  readonly event: "push" | "schedule" | "workflow_dispatch" | "pull_request";
  readonly inputs?: Readonly<Record<string, string | boolean>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** The text of a workflow of the repository, which a job calls. */
  readonly called: (path: string) => Promise<string>;
  /** Jobs that fail, each in its first row. */
  readonly breaks?: Readonly<Record<string, Breaks>>;
  /** What an earlier attempt of this run came to: only what failed or depends on that is run again. */
  readonly earlier?: Results;
}

/** What became of each job. */
export type Results = Readonly<Record<string, JobResult>>;

/** What became of each job, in a word. */
export function resultsOf(results: Results): Record<string, string> {
  return Object.fromEntries(Object.entries(results).map(([name, { result }]) => [name, result]));
}

/** Everything that was said. */
export function logOf(results: Results): string {
  return Object.values(results).map(({ log }) => log).join("");
}

/** Runs a workflow. */
export async function runWorkflow(
  text: string,
  start: Start,
  runner: Runner,
): Promise<Results> {
  const workflow: Workflow = parse(text);
  const results: Record<string, JobResult> = {};
  const again = new Set<string>();
  for (const [name, job] of inOrder(workflow.jobs)) {
    const needs = needsOf(job);
    const before = start.earlier?.[name];
    const isKept = before?.result === "success" && !needs.some((need) => again.has(need));
    if (isKept) {
      results[name] = before;
      continue;
    }
    again.add(name);
    results[name] = await runOne({ workflow, name, job, results, start, runner });
  }
  return results;
}

function needsOf({ needs = [] }: Job): readonly string[] {
  return typeof needs === "string" ? [needs] : needs;
}

/** Jobs after those that they need. */
function inOrder(jobs: Readonly<Record<string, Job>>): readonly (readonly [string, Job])[] {
  const order: (readonly [string, Job])[] = [];
  const visit = (name: string): void => {
    if (order.some(([known]) => known === name)) return;
    for (const need of needsOf(jobs[name]!)) visit(need);
    order.push([name, jobs[name]!]);
  };
  for (const name of Object.keys(jobs)) visit(name);
  return order;
}

/** Jobs that a job needs, directly or not: where one of them was skipped, `success()` does not hold. */
function ancestorsOf(name: string, jobs: Workflow["jobs"]): readonly string[] {
  return needsOf(jobs[name]!).flatMap((need) => [need, ...ancestorsOf(need, jobs)]);
}

interface One {
  readonly workflow: Workflow;
  readonly name: string;
  readonly job: Job;
  readonly results: Results;
  readonly start: Start;
  readonly runner: Runner;
}

async function runOne({ workflow, name, job, results, start, runner }: One): Promise<JobResult> {
  const needs = Object.fromEntries(needsOf(job).map((need) => [need, results[need]!]));
  const base: Record<string, unknown> = {
    github: {
      ...{ event_name: start.event, token: runner.token, sha: runner.sha, run_id: `${runner.run}` },
      ref: `refs/heads/${runner.branch ?? "pull"}`,
    },
    needs,
    inputs: start.inputs ?? {},
    secrets: start.secrets,
  };
  const ancestors = ancestorsOf(name, workflow.jobs).map((one) => results[one]!);
  const good = { failed: ancestors.some(({ result }) => result !== "success"), cancelled: false };
  if (!await holds(job.if, base, good)) return { result: "skipped", outputs: {}, log: "" };
  if (job.uses !== undefined) return await runCalled(job, { base, start, runner });
  const env: Record<string, string> = {};
  for (const [key, value] of Object.entries(workflow.env ?? {})) {
    env[key] = await evaluateText(value, base);
  }
  const folder = workflow.defaults?.run["working-directory"] ?? ".";
  const legs = await rowsOf(job, base);
  let total: JobResult = { result: "success", outputs: {}, log: "" };
  for (const [at, matrix] of legs.entries()) {
    const leg = await runJob(job, {
      ...{ runner, folder },
      contexts: { ...base, env, ...(matrix === undefined ? {} : { matrix }) },
      breaks: at === 0 ? start.breaks?.[name] : undefined,
    });
    total = {
      result: leg.result === "failure" ? "failure" : total.result,
      outputs: leg.outputs,
      log: total.log + leg.log,
    };
  }
  return total;
}

/** A job that calls a workflow: its inputs are what it is given, and its token may do what the caller's may. */
async function runCalled(
  job: Job,
  { base, start, runner }: Pick<One, "start" | "runner"> & { readonly base: Contexts },
): Promise<JobResult> {
  const inputs: Record<string, string> = {};
  for (const [name, value] of Object.entries(job.with ?? {})) {
    inputs[name] = await evaluateText(value, base);
  }
  const text = await start.called(job.uses!.replace(/^\.\//, ""));
  const { earlier: _, breaks: __, ...plain } = start;
  const results = Object.values(await runWorkflow(text, { ...plain, inputs, secrets: {} }, runner));
  const isGood = results.every(({ result }) => result === "success");
  const log = results.map((result) => result.log).join("");
  return { result: isGood ? "success" : "failure", outputs: {}, log };
}

/** The rows of a matrix; one job without a row where there is no matrix. An empty matrix is an error to GitHub. */
async function rowsOf(job: Job, contexts: Contexts): Promise<readonly unknown[]> {
  if (job.strategy === undefined) return [undefined];
  const [, expression = ""] = /^\$\{\{(.*)\}\}$/s.exec(job.strategy.matrix.include) ?? [];
  const rows = await evaluate(expression.trim(), contexts);
  if (!Array.isArray(rows) || rows.length === 0) {
    throw new Error("Matrix vector does not contain any values");
  }
  return rows;
}
