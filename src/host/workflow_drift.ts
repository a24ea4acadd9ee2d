/**
 * Whether GitHub may refuse a commit's tags because of its workflow files: told before anything is uploaded, since
 * afterwards it is too late to choose another token.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Git } from "./git.ts";
import type { GitHub } from "./github.ts";

/** What the question is asked of. */
export interface DriftParts {
  readonly github: Pick<GitHub, "workflowsTree">;
  /** Full object id. */
  readonly commit: string;
  /** The remote's name; `origin` by default. */
  readonly remote?: string;
}

/**
 * Whether a commit has workflow files that neither the default branch nor a branch that ends in it has, as happens when
 * a branch moves on during a run. False wherever that cannot be found out: it is a warning, not a verdict.
 */
export async function hasWorkflowDrift(
  git: Git,
  { github, commit, remote = "origin" }: DriftParts,
): Promise<boolean> {
  const here = await git.run(["rev-parse", "--verify", "--quiet", `${commit}:.github/workflows`], {
    accept: [0, 1, 128],
  });
  const tree = Buffer.from(here.stdout).toString().trim();
  if (here.code !== 0 || tree === "") return false;
  const there = await github.workflowsTree().catch(() => tree);
  if (there === tree) return false;
  const heads = await git.run(["ls-remote", "--heads", "--", remote], { accept: [0, 1, 128] });
  const tips = Buffer.from(heads.stdout).toString().split("\n").map((line) => line.split("\t")[0]);
  return heads.code === 0 && !tips.includes(commit);
}
