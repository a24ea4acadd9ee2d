/**
 * Stage 1: what is to be released? From HEAD, from a plan that an earlier job made, or by name outside a git work tree.
 *
 * @module
 */

import { resolve } from "node:path";
import type { Package } from "../../core/model/package.ts";
import type { Plan } from "../../core/model/plan.ts";
import { parsePlan } from "../../core/plan/plan_document.ts";
import { planWithoutGit } from "../../core/plan/plan_without_git.ts";
import { resolveRequests } from "../../core/request/resolve_requests.ts";
import { Failure } from "../../error.ts";
import { readTextIfThere } from "../../host/files.ts";
import { createGit, type Git } from "../../host/git.ts";
import type { Host } from "../../host/host.ts";
import type { Event } from "../../report/report.ts";
import { planWithFacts, readRequests } from "../plan.ts";
import type { PublishOptions } from "../publish.ts";
import { readConfig } from "../read_config.ts";

/** Where the plan comes from. */
type PlanSource = Pick<PublishOptions, "config" | "release" | "plan">;

/** What the stage goes by. */
interface PlanStageOptions extends PlanSource, Pick<PublishOptions, "requireWork"> {
  readonly emit: (event: Event) => void;
}

/** What is to be done, and where. */
export interface PlannedWork {
  readonly plan: Plan;
  /** Every declared package, planned or not. */
  readonly packages: readonly Package[];
  /** Absolute folder that paths start from. */
  readonly root: string;
  /** git in that folder; undefined outside a git work tree, where nothing can be tagged. */
  readonly git: Git | undefined;
}

/** Plans, and tells it. Throws what `plan()` throws, `PIOT_PLAN_INVALID`, `PIOT_PLAN_STALE` and `PIOT_NO_WORK`. */
export async function planStage(host: Host, options: PlanStageOptions): Promise<PlannedWork> {
  options.emit({ type: "stage", stage: "plan" });
  const work = await readWork(host, options);
  options.emit({ type: "plan", plan: work.plan });
  if (options.requireWork === true) requireWork(work.plan);
  return work;
}

async function readWork(host: Host, options: PlanSource): Promise<PlannedWork> {
  const place = {
    cwd: host.cwd,
    ...(options.config === undefined ? {} : { config: options.config }),
  };
  const { config, root } = await readConfig(place);
  const git = createGit({ cwd: root, env: host.env });
  const head = await readHead(git);
  const work = { packages: config.packages, root, git: head === undefined ? undefined : git };
  if (options.plan !== undefined) {
    const plan = requireCurrent(parsePlan(await planText(host, options.plan)), head);
    return { ...work, plan: requireDeclared(plan, config.packages) };
  }
  if (head !== undefined) return { ...work, plan: (await planWithFacts(host, options)).plan };
  const requested = await readRequests(host, options.release ?? []);
  if (requested === undefined) return { ...work, plan: planWithoutGit(config) };
  const { requests, warnings } = resolveRequests(requested, config.packages);
  const plan = planWithoutGit(config, requests);
  return { ...work, plan: { ...plan, warnings: [...plan.warnings, ...warnings] } };
}

/** The commit that is checked out; undefined outside a git work tree and before the first commit. */
async function readHead(git: Git): Promise<string | undefined> {
  const args = ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"];
  const result = await git.run(args, { accept: [0, 1, 128] });
  return result.code === 0 ? new TextDecoder().decode(result.stdout).trim() : undefined;
}

async function planText(host: Host, source: string): Promise<string> {
  if (source === "-") return await host.stdin();
  if (source.trimStart().startsWith("{")) return source;
  const text = await readTextIfThere(resolve(host.cwd, source));
  if (text !== undefined) return text;
  throw new Failure("PIOT_PLAN_INVALID", `Cannot use the plan: there is no file "${source}"`, {
    hint: "Give the JSON that `plan --json` printed, as a file or as text",
  });
}

function requireCurrent(plan: Plan, head: string | undefined): Plan {
  if (head === undefined || plan.head === head) return plan;
  throw new Failure(
    "PIOT_PLAN_STALE",
    `Cannot use the plan: it was made for commit ${
      plan.head ?? "none"
    }, and ${head} is checked out`,
    { hint: "Check out the commit of the plan, or plan again" },
  );
}

function requireDeclared(plan: Plan, packages: readonly Package[]): Plan {
  const declared = new Map(packages.map((one) => [one.name, one]));
  for (const item of plan.packages) {
    const one = declared.get(item.name);
    if (one?.kind === item.kind && one.registryName === item.registry_name) continue;
    throw new Failure(
      "PIOT_PLAN_INVALID",
      `Cannot use the plan: it has ${item.kind} package "${item.name}" (${item.registry_name}), ` +
        "which the configuration does not declare so",
      { hint: "Plan again with the configuration of this commit" },
    );
  }
  return plan;
}

function requireWork(plan: Plan): void {
  if (plan.packages.length > 0) return;
  throw new Failure("PIOT_NO_WORK", "Cannot publish: nothing is planned on this commit", {
    hint:
      "Run without --require-work when that is fine, or see `plan` for why each package is left out",
  });
}
