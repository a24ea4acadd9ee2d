/**
 * Runs our own `action.yml` as the runner runs a composite action: its steps in order, inputs with their defaults,
 * expressions by GitHub's own evaluator, outputs by the runner's files.
 */

import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { type Contexts, evaluateText } from "./expressions.ts";
import { readOutputs } from "./runner_files.ts";
import { tempFolder } from "./temp.ts";

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly {
      readonly id?: string;
      readonly shell: string;
      readonly run: string;
      readonly env?: Readonly<Record<string, string>>;
    }[];
  };
}

/** How it is used. */
export interface ActionUse {
  readonly with: Readonly<Record<string, string>>;
  /** The environment of the job's step, with what a runner and a job have. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly contexts: Contexts;
  /** The folder of its checkout; this tree by default. */
  readonly checkout?: string;
}

/** What came of it. */
export interface ActionRun {
  readonly status: number;
  /** Everything that was said, on either stream. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** `action.yml` at the root. */
export async function readAction(): Promise<ActionFile> {
  return parse(await readFile("action.yml", "utf8"));
}

/** Runs it. An input that it does not have is an error: the runner only warns of it. */
export async function runAction(use: ActionUse): Promise<ActionRun> {
  const action = await readAction();
  const unknown = Object.keys(use.with).filter((name) => !(name in action.inputs));
  if (unknown.length > 0) throw new Error(`the action has no input ${unknown.join(", ")}`);
  const inputs: Record<string, string> = {};
  for (const [name, { default: usual = "" }] of Object.entries(action.inputs)) {
    inputs[name] = use.with[name] ?? await evaluateText(`${usual}`, use.contexts);
  }
  await using folder = await tempFolder({ output: "", summary: "" });
  const [output, summary] = [join(folder.path, "output"), join(folder.path, "summary")];
  const contexts: Record<string, unknown> = { ...use.contexts, inputs, steps: {} };
  let log = "";
  for (const step of action.runs.steps) {
    const env = { ...use.env };
    for (const [name, value] of Object.entries(step.env ?? {})) {
      env[name] = await evaluateText(value, contexts);
    }
    const ran = await runShell(step.run, {
      cwd: use.cwd,
      env: {
        ...env,
        GITHUB_ACTION_PATH: resolve(use.checkout ?? "."),
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
      },
    });
    log += ran.log;
    contexts.steps = { [step.id ?? ""]: { outputs: readOutputs(await readFile(output, "utf8")) } };
    if (ran.status !== 0) {
      return { status: ran.status, log, ...await outcome(action, contexts, summary) };
    }
  }
  return { status: 0, log, ...await outcome(action, contexts, summary) };
}

async function outcome(
  { outputs }: ActionFile,
  contexts: Contexts,
  summary: string,
): Promise<Pick<ActionRun, "outputs" | "summary">> {
  const values: Record<string, string> = {};
  for (const [name, { value }] of Object.entries(outputs)) {
    values[name] = await evaluateText(value, contexts);
  }
  return { outputs: values, summary: await readFile(summary, "utf8") };
}

/** `shell: bash` (GitHub, "Workflow syntax", steps.shell): `bash --noprofile --norc -eo pipefail`. */
export async function runShell(
  script: string,
  { cwd, env }: Pick<ActionUse, "cwd" | "env">,
): Promise<{ readonly status: number; readonly log: string }> {
  await using folder = await tempFolder({ "step.sh": script });
  const words = ["--noprofile", "--norc", "-eo", "pipefail", join(folder.path, "step.sh")];
  const child = spawn("bash", words, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => log += chunk);
  const status = await new Promise<number>((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) => done(code ?? 130));
  });
  return { status, log };
}
