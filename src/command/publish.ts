/**
 * `publish`: puts what was built on the registries, in five stages. Each ends for every package before the next begins,
 * and only the last one writes.
 *
 * @module
 */

import type { Host } from "../host/host.ts";
import { type Asked, askedFor } from "../report/asked.ts";
import type { Outcome } from "../report/outcome.ts";
import type { Mode } from "../report/report.ts";
import { mendReleases } from "./publish/announce.ts";
import { authoriseStage, checkedOutcomes } from "./publish/authorise_stage.ts";
import { correctPlan } from "./publish/correct_plan.ts";
import { lookStage } from "./publish/look_stage.ts";
import { prepareStage } from "./publish/prepare_stage.ts";
import type { PublishOptions, Run } from "./publish/run.ts";
import { runSealed } from "./sealed.ts";
import { openTags } from "./publish/tag_releases.ts";
import { withRun } from "./publish/with_run.ts";
import { REGISTRY_KINDS } from "../registry/kinds.ts";
import type { RegistryKind } from "../registry/registry_kind.ts";
import { uploadStage } from "./publish/upload_stage.ts";

/** How a run ended. */
export interface PublishResult {
  /** HEAD's full object id; null outside a git work tree. */
  readonly head: string | null;
  /** Whether it released, or why it only checked. */
  readonly mode: Mode;
  /** One for each planned package, in the plan's order. */
  readonly outcomes: readonly Outcome[];
  /** How it was asked for: a command that runs it again has these words. */
  readonly asked: Asked;
}

/**
 * Publishes. Failures of single packages are outcomes; it throws a `Failure` only before anything was uploaded or
 * tagged, and what it changed on this machine is put back either way.
 */
export async function publish(host: Host, options: PublishOptions = {}): Promise<PublishResult> {
  return await publishKinds(REGISTRY_KINDS, host, options);
}

/** Publishes packages of these kinds. */
export async function publishKinds(
  registryKinds: readonly RegistryKind[],
  host: Host,
  options: PublishOptions = {},
): Promise<PublishResult> {
  return await runSealed(
    host,
    options.onEvent,
    async (host, emit) =>
      host.vault.clean(await publishSealed(registryKinds, host, { ...options, emit })),
  );
}

async function publishSealed(
  registryKinds: readonly RegistryKind[],
  host: Host,
  options: PublishOptions & Pick<Run, "emit">,
): Promise<PublishResult> {
  return await withRun(host, { ...options, registryKinds }, async (run, work) => {
    const outcomes = [...await release(run), ...await mendReleases(run, work)];
    const asked = askedFor(options);
    run.emit({ type: "finished", outcomes, mode: run.mode, asked });
    return { head: run.plan.head, mode: run.mode, outcomes, asked };
  });
}

/** The stages that follow the plan. Whatever may stop a run has been asked before the upload begins. */
async function release(run: Run): Promise<readonly Outcome[]> {
  if (run.plan.packages.length === 0) return [];
  const checked = await prepareStage(run);
  const judged = await lookStage(run, checked);
  const tags = await openTags(run);
  const taggable = await tags?.refuseElsewhere(judged) ?? judged;
  const ready = await authoriseStage(run, await correctPlan(run, taggable));
  if (run.mode !== "release") return checkedOutcomes(run, ready);
  return await uploadStage(run, ready, tags?.tag);
}
