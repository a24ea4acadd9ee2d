/** Cases of the planner: a folder with a configuration and a description of a history and of what is to come of it. */

import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { readFile } from "node:fs/promises";
import { readFacts } from "../../src/command/read_facts.ts";
import { openWorkspace } from "../../src/command/workspace.ts";
import { makePlan } from "../../src/core/plan/make_plan.ts";
import type { Plan, PlannedPackage } from "../../src/core/model/plan.ts";
import type { RequestedRelease } from "../../src/core/request/requested_release.ts";
import { Failure } from "../../src/error.ts";
import { GIT_ENV } from "./git_repo.ts";
import { git, repositoryOf, type Step } from "./history.ts";
import { tempFolder } from "./temp.ts";

export interface PlanCase {
  /** What it shows, as a sentence. */
  readonly about: string;
  /** Where the configuration lies, from the folder that piot runs in; `putitoutthere.toml` by default. */
  readonly config?: string;
  readonly options?: {
    readonly requests?: readonly RequestedRelease[];
    readonly at?: string;
    /** The branch that is checked out; `main` by default. */
    readonly branch?: string;
    /** The folder that piot runs in, from the top; the top by default. */
    readonly cwd?: string;
    /** Plans in a clone that is made with these arguments of `git clone`; in the repository itself by default. */
    readonly clone?: readonly string[];
  };
  readonly history: readonly Step[];
  readonly expected: Expected;
}

/** What comes of a case: a plan in short, a plan in a file of its own, or everything that is wrong. */
export type Expected =
  | {
    /** `name version (bump of previous): reason`, in the plan's order. */
    readonly ships: readonly string[];
    /** `name: reason`. */
    readonly stays: readonly string[];
    readonly warnings: readonly string[];
  }
  | { readonly plan: string }
  | {
    readonly problems: readonly { code: string; message: string; hint?: string }[];
    /** The exit status; 2 by default. */
    readonly exit?: number;
  };

export function readCase(folder: string): PlanCase {
  return JSON.parse(readFileSync(join(folder, "case.json"), "utf8"));
}

/** Builds the case's repository and plans in it. */
export async function planCase(folder: string, planCase: PlanCase): Promise<Plan | Failure> {
  const { config = "putitoutthere.toml", options = {} } = planCase;
  const toml = await readFile(join(folder, "putitoutthere.toml"), "utf8");
  const { branch = "main", clone, cwd: folderOf = ".", ...rest } = options;
  await using repository = await repositoryOf(planCase.history, {
    files: { [posix.join(folderOf, config)]: toml },
    branch,
  });
  await using beside = await tempFolder();
  const cwd = clone === undefined ? repository.path : join(beside.path, "clone");
  if (clone !== undefined) {
    await git(repository.path, ["config", "uploadpack.allowFilter", "true"]);
    await git(beside.path, ["clone", "--quiet", ...clone, `file://${repository.path}`, cwd]);
  }
  try {
    const workspace = openWorkspace({ cwd: join(cwd, folderOf), env: GIT_ENV }, { config });
    return makePlan((await readFacts(workspace, rest)).facts);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** What came of a case, in the words of {@link Expected}. */
export function inShort(outcome: Plan | Failure): Expected {
  if (outcome instanceof Failure) {
    return {
      ...(outcome.exitCode === 2 ? {} : { exit: outcome.exitCode }),
      problems: outcome.problems.map(({ code, message, hint }) => ({
        code,
        message,
        ...(hint === undefined ? {} : { hint }),
      })),
    };
  }
  return {
    ships: outcome.packages.map(shipsInShort),
    stays: outcome.left_out.map(({ name, reason }) => `${name}: ${reason}`),
    warnings: outcome.warnings,
  };
}

function shipsInShort({ name, version, bump, previous, reason }: PlannedPackage): string {
  const from = previous === null
    ? ""
    : bump === null
    ? ` (given, after ${previous})`
    : ` (${bump} of ${previous})`;
  return `${name} ${version}${from}: ${reason}`;
}
