/** One job of a workflow on one runner: its steps in order, with what each leaves for the next. */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Contexts, evaluateText, holds } from "../expressions.ts";
import { runAction, runShell } from "../run_action.ts";
import { readOutputs } from "../runner_files.ts";
import { tempFolder } from "../temp.ts";
import { VERSION } from "../../../src/host/version.ts";
import type { ArtifactStore } from "./artifact_store.ts";
import { checkout } from "./checkout.ts";

/** A step as it is written. */
export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly "working-directory"?: string;
}

/** A job as it is written. */
export interface Job {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly strategy?: { readonly matrix: { readonly include: string } };
  readonly steps?: readonly Step[];
  /** The workflow that it calls. */
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
}

/** What runners of a world share. */
export interface Runner {
  readonly store: ArtifactStore;
  /** The checkout of our own action. */
  readonly action: string;
  readonly remoteUrl: string;
  readonly token: string;
  /** What every step has, with the programs that stand in for those of GitHub's runners. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What a job with `id-token: write` has besides. */
  readonly identityEnv: Readonly<Record<string, string | undefined>>;
  readonly run: number;
  readonly sha: string;
  readonly branch: string | undefined;
}

/** What became of a job. */
export interface JobResult {
  readonly result: "success" | "failure" | "skipped" | "cancelled";
  readonly outputs: Readonly<Record<string, string>>;
  readonly log: string;
}

/** Where a job is made to fail: before its first step, or after its last. */
export type Breaks = "before" | "after" | undefined;

/** Runs a job. */
export async function runJob(
  job: Job,
  { runner, contexts, breaks, folder }: {
    readonly runner: Runner;
    readonly contexts: Contexts;
    readonly breaks: Breaks;
    /** `defaults.run.working-directory`. */
    readonly folder: string;
  },
): Promise<JobResult> {
  if (breaks === "before") return { result: "failure", outputs: {}, log: "the runner was lost\n" };
  await using machine = await tempFolder({});
  const [workspace, temp] = [join(machine.path, "work/repo"), join(machine.path, "_temp")];
  for (const path of [workspace, temp]) await mkdir(path, { recursive: true });
  const steps: Record<string, unknown> = {};
  const own = {
    ...contexts,
    steps,
    github: { ...contexts.github as object, workspace },
    runner: { temp, os: "Linux" },
  };
  let [log, failed] = ["", false];
  let jobEnv: Record<string, string> = { ...contexts.env as Record<string, string> };
  for (const step of job.steps ?? []) {
    if (!await holds(step.if, { ...own, env: jobEnv }, { failed, cancelled: false })) continue;
    log += `# ${step.name ?? step.uses ?? step.run}\n`;
    const ran = await runStep(step, {
      ...{ runner, job, workspace, temp, folder },
      contexts: { ...own, env: jobEnv },
    }).catch((error: Error) => ({ status: 1, log: `${error.message}\n`, outputs: {}, env: {} }));
    log += ran.log;
    jobEnv = { ...jobEnv, ...ran.env };
    if (step.id !== undefined) steps[step.id] = { outputs: ran.outputs };
    failed ||= ran.status !== 0;
  }
  const outputs: Record<string, string> = {};
  for (const [name, value] of Object.entries(job.outputs ?? {})) {
    outputs[name] = await evaluateText(value, own);
  }
  failed ||= breaks === "after";
  return { result: failed ? "failure" : "success", outputs: failed ? {} : outputs, log };
}

interface StepPlace {
  readonly runner: Runner;
  readonly job: Job;
  readonly contexts: Contexts;
  readonly workspace: string;
  readonly temp: string;
  readonly folder: string;
}

interface StepResult {
  readonly status: number;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** What it added to the environment of the steps after it. */
  readonly env: Readonly<Record<string, string>>;
}

async function runStep(step: Step, place: StepPlace): Promise<StepResult> {
  const { runner, job, contexts, workspace, temp } = place;
  const texts = async (
    map: Readonly<Record<string, unknown>> = {},
  ): Promise<Record<string, string>> => {
    const all: Record<string, string> = {};
    for (const [key, value] of Object.entries(map)) {
      all[key] = await evaluateText(`${value}`, contexts);
    }
    return all;
  };
  const github = contexts.github as Record<string, string>;
  const env = {
    ...runner.env,
    ...job.permissions?.["id-token"] === "write" ? runner.identityEnv : {},
    ...contexts.env as Record<string, string>,
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temp,
    GITHUB_EVENT_NAME: github.event_name,
    GITHUB_SHA: runner.sha,
    GITHUB_RUN_ID: `${runner.run}`,
    ...await texts(step.env),
  };
  if (step.uses === undefined) return await runScript(step, { ...place, env });
  const inputs = await texts(step.with);
  const done = { status: 0, log: "", outputs: {}, env: {} };
  const at = {
    ...{ workspace, run: runner.run },
    readsRuns: job.permissions?.actions === "read",
  };
  switch (step.uses.split("@")[0]) {
    case "actions/checkout":
      await checkout(inputs, { ...runner, workspace, temp });
      return done;
    case "actions/upload-artifact":
      await runner.store.upload(inputs, at);
      return done;
    case "actions/download-artifact":
      await runner.store.download(inputs, at);
      return done;
    case "PyO3/maturin-action": {
      const { target = "", manylinux = "" } = inputs;
      const script = `maturin build --target "$1" --manylinux "$2" --out dist`
        .replace('"$1"', target).replace('"$2"', manylinux);
      const cwd = join(workspace, inputs["working-directory"] ?? ".");
      return { ...done, ...await runShell(script, { cwd, env }) };
    }
    case "putitoutthere/putitoutthere": {
      const major = `v${VERSION.split(".")[0]}`;
      if (![`v${VERSION}`, major].includes(step.uses.split("@")[1]!)) {
        throw new Error(`which version: ${step.uses}`);
      }
      const ran = await runAction({
        ...{ with: inputs, env, cwd: workspace, contexts, checkout: runner.action },
      });
      return { ...done, ...ran };
    }
  }
  throw new Error(`nothing here runs ${step.uses}`);
}

async function runScript(
  step: Step,
  { contexts, workspace, temp, folder, env }: StepPlace & {
    readonly env: Readonly<Record<string, string | undefined>>;
  },
): Promise<StepResult> {
  const files = { output: join(temp, "output"), env: join(temp, "env") };
  for (const file of Object.values(files)) await writeFile(file, "");
  const within = await evaluateText(step["working-directory"] ?? folder, contexts);
  const ran = await runShell(await evaluateText(step.run!, contexts), {
    cwd: join(workspace, within),
    env: { ...env, GITHUB_OUTPUT: files.output, GITHUB_ENV: files.env },
  });
  return {
    ...ran,
    outputs: readOutputs(await readFile(files.output, "utf8")),
    env: readOutputs(await readFile(files.env, "utf8")),
  };
}
