/**
 * The earlier run whose artifacts are published now: it has to be one of this very workflow and repository, since what it
 * built is published on its word.
 *
 * @module
 */

import { Failure } from "../error.ts";
import { createGit } from "../host/git.ts";
import type { WorkflowRun } from "../host/github_runs.ts";
import type { Host } from "../host/host.ts";
import { openRepository } from "./publish/open_repository.ts";

/** A run that may be recovered. */
export interface RecoveredRun {
  readonly number: number;
  readonly commit: string;
}

type Asker = Pick<Host, "cwd" | "env" | "http" | "clock" | "vault">;

/** Asks GitHub for the run. Throws `PIOT_RECOVER_REFUSED`, `PIOT_USAGE` for no number, and `PIOT_GITHUB_…`. */
export async function readRecoveredRun(host: Asker, words: string): Promise<RecoveredRun> {
  if (!/^[1-9][0-9]{0,15}$/.test(words)) {
    throw new Failure("PIOT_USAGE", `Cannot recover ${JSON.stringify(words)}: that is no number`, {
      hint: "Give the number in the address of the earlier run: …/actions/runs/NUMBER",
    });
  }
  const number = Number(words);
  const { vault } = host;
  const git = createGit({
    cwd: host.cwd,
    env: host.env,
    ...(vault === undefined ? {} : { vault }),
  });
  const { github, why } = await openRepository(host, git).github();
  if (github === undefined) throw refused(number, why);
  const run = await github.findRun(number);
  if (run === undefined) throw refused(number, `${github.repository} has no such run`);
  const reason = whyForeign(run, { repository: github.repository, env: host.env });
  if (reason !== undefined) throw refused(number, reason);
  return { number, commit: run.commit };
}

/** Why what a run built is not ours to publish, as a clause. */
function whyForeign(
  { path, event, from }: WorkflowRun,
  { repository, env }: { readonly repository: string; readonly env: Host["env"] },
): string | undefined {
  if (from?.toLowerCase() !== repository.toLowerCase()) {
    return `its commit is from ${from ?? "a repository that is gone"}`;
  }
  // What a pull request brings ran before anybody agreed to it.
  if (/^(?:pull_request|workflow_run|issue|discussion)/.test(event)) {
    return `it was started by ${event}`;
  }
  const own = ownWorkflow(env);
  if (own !== undefined && own !== path) return `it is one of ${path}, and this is one of ${own}`;
  return undefined;
}

/** `owner/name/.github/workflows/release.yml@refs/heads/main` → `.github/workflows/release.yml`. */
function ownWorkflow({ GITHUB_WORKFLOW_REF: ref }: Host["env"]): string | undefined {
  return ref?.split("@")[0]?.split("/").slice(2).join("/") || undefined;
}

function refused(number: number, reason: string): Failure {
  return new Failure("PIOT_RECOVER_REFUSED", `Cannot recover run ${number}: ${reason}`, {
    hint:
      "Name a run of this workflow in this repository that a push, a timetable or somebody by hand started",
  });
}

/** What the records of a release that was recovered can say, and what they cannot: a sentence without a full stop. */
export function recoveredWords({ number, commit }: RecoveredRun, env: Host["env"]): string {
  const now = env.GITHUB_SHA === undefined || env.GITHUB_SHA === commit
    ? "and not that one"
    : `and its commit ${env.GITHUB_SHA}, not those`;
  return `What is published was built by run ${number} from commit ${commit}: provenance and attestations ` +
    `that are made now name this run ${now}`;
}

/** Throws `PIOT_RECOVER_REFUSED` unless the run's commit is the one that is checked out. */
export function requireCheckedOut(run: RecoveredRun, head: string | undefined): void {
  if (head === run.commit) return;
  throw refused(
    run.number,
    `it ran for commit ${run.commit}, and checked out is ${head ?? "none"}`,
  );
}
