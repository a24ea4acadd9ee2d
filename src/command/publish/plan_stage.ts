/**
 * Stage 1: what is to be released? From HEAD, from a plan that an earlier job made, or by name outside a git work tree.
 *
 * @module
 */

import type { Config } from "../../core/model/config.ts";
import type { Kinds } from "../../core/model/kind.ts";
import type { Package } from "../../core/model/package.ts";
import type { Plan } from "../../core/model/plan.ts";
import { checkPlan } from "../../core/plan/check_plan.ts";
import { parsePlan } from "../../core/plan/plan_document.ts";
import { planWithoutGit } from "../../core/plan/plan_without_git.ts";
import type { RequestedRelease } from "../../core/request/requested_release.ts";
import { resolveRequests } from "../../core/request/resolve_requests.ts";
import { Failure } from "../../error.ts";
import type { Git } from "../../host/git.ts";
import type { Host } from "../../host/host.ts";
import type { Event } from "../../report/report.ts";
import { readLastReleases } from "../facts/read_last_releases.ts";
import { planWithFacts, readRequests } from "../plan.ts";
import { headOf, planText, requireCurrent } from "../given_plan.ts";
import type { PlanQuestion } from "../read_facts.ts";
import type { RegistryKind } from "../../registry/registry_kind.ts";
import { openWorkspace, type Workspace } from "../workspace.ts";
import type { PublishOptions } from "./run.ts";

/** Where the plan comes from. */
type PlanSource = Pick<PublishOptions, "config" | "release" | "plan"> & {
  readonly kinds: readonly RegistryKind[];
};

/** What the stage goes by. */
interface PlanStageOptions extends PlanSource, Pick<PublishOptions, "requireWork"> {
  readonly emit: (event: Event) => void;
}

/** What is to be done, and where. */
export interface PlannedWork {
  readonly plan: Plan;
  /** Every declared package, planned or not. */
  readonly packages: readonly Package[];
  /** What is known of the kinds that they have. */
  readonly kinds: Kinds;
  /** git in the workspace; undefined outside a git work tree, where nothing can be tagged. */
  readonly git: Git | undefined;
  /** Where it was planned, for whoever plans there again. */
  readonly workspace: Workspace;
  /** What the plan answers; undefined when it was given. */
  readonly question: PlanQuestion | undefined;
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
  const workspace = openWorkspace(host, options);
  const { config, check } = await workspace.config();
  await check();
  const head = await headOf(workspace);
  const { packages, kinds } = config;
  const git = head === undefined ? undefined : workspace.git;
  const work = { packages, kinds, git, workspace };
  if (options.plan !== undefined) {
    const plan = requireCurrent(parsePlan(await planText(host, options.plan), kinds), head);
    const last = git && await readLastReleases(workspace, { config, plan });
    return { ...work, plan: checkPlan(plan, { config, last }), question: undefined };
  }
  const requests = await readRequests(host, options.release ?? []);
  const plan = head === undefined
    ? planFolder(config, requests)
    : (await planWithFacts(workspace, { requests })).plan;
  return { ...work, plan, question: { requests } };
}

/** A plan without history, with a warning for each request that is for no package here. */
function planFolder(config: Config, requested: readonly RequestedRelease[] | undefined): Plan {
  if (requested === undefined) return planWithoutGit(config);
  const { requests, warnings } = resolveRequests(requested, config);
  const plan = planWithoutGit(config, requests);
  return { ...plan, warnings: [...plan.warnings, ...warnings] };
}

function requireWork(plan: Plan): void {
  if (plan.packages.length > 0) return;
  throw new Failure("PIOT_NO_WORK", "Cannot publish: nothing is planned on this commit", {
    hint:
      "Run without --require-work when that is fine, or see `plan` for why each package is left out",
  });
}
