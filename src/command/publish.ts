/**
 * `publish`: puts what was built on the registries, in five stages. Each ends for every package before the next begins,
 * and only the last one writes.
 *
 * @module
 */

import { relative, resolve } from "node:path";
import { combineFailures, Failure } from "../error.ts";
import { openTagging, type Tagging } from "../host/git_tags.ts";
import type { GitHub } from "../host/github.ts";
import type { Host } from "../host/host.ts";
import { hasWorkflowDrift } from "../host/workflow_drift.ts";
import { readEndpoints } from "../registry/endpoints.ts";
import type { Outcome } from "../report/outcome.ts";
import type { Event, Mode } from "../report/report.ts";
import { createRegistries, pageOf } from "./create_registries.ts";
import { openAnnouncing } from "./publish/announce.ts";
import { mendReleases } from "./publish/mend_releases.ts";
import { openRepository } from "./publish/open_repository.ts";
import { authoriseStage } from "./publish/authorise_stage.ts";
import { lookStage } from "./publish/look_stage.ts";
import { type PlannedWork, planStage } from "./publish/plan_stage.ts";
import { prepareStage } from "./publish/prepare_stage.ts";
import type { Ready, Run } from "./publish/run.ts";
import { outcomeOf, type OutcomeParts, uploadStage } from "./publish/upload_stage.ts";
import { createUndoStack } from "./undo.ts";

/** What can be asked of a publish run. */
export interface PublishOptions {
  /** The configuration file; `putitoutthere.toml` in the host's folder by default. */
  readonly config?: string;
  /** Every `--release`, as it was given; none publishes what changed. */
  readonly release?: readonly string[];
  /** A plan that an earlier job made: a file, `-` for standard input, or its JSON itself. */
  readonly plan?: string;
  /** The folder with the built artifacts, as download-artifact leaves them; `artifacts` by default. */
  readonly artifacts?: string;
  /** Does everything that comes before the first upload, and stops there. */
  readonly dryRun?: boolean;
  /** Fails when nothing is planned. */
  readonly requireWork?: boolean;
  /** Forbids that a token stands in for trusted publishing; for npm, which alone knows it here. */
  readonly oidcOnly?: boolean;
  /** Hears of everything that happens, as it happens. */
  readonly onEvent?: (event: Event) => void;
}

/** How a run ended. */
export interface PublishResult {
  /** HEAD's full object id; null outside a git work tree. */
  readonly head: string | null;
  /** Whether it released, or why it only checked. */
  readonly mode: Mode;
  /** One for each planned package, in the plan's order. */
  readonly outcomes: readonly Outcome[];
}

/**
 * Publishes. Failures of single packages are outcomes; it throws a `Failure` only before anything was uploaded or
 * tagged, and what it changed on this machine is put back either way.
 */
export async function publish(host: Host, options: PublishOptions = {}): Promise<PublishResult> {
  const emit = options.onEvent ?? ((): void => {});
  const undo = createUndoStack();
  try {
    emit({ type: "stage", stage: "plan" });
    const work = await planStage(host, options);
    emit({ type: "plan", plan: work.plan });
    requireWork(work, options);
    const run = startRun(host, work, { ...options, emit, defer: undo.defer });
    const mode = modeOf(host, options);
    const outcomes = [
      ...work.plan.packages.length === 0 ? [] : await walk(run, work, { ...options, mode }),
      ...mode === "release" ? await mend(run, work, options) : [],
    ];
    emit({ type: "finished", outcomes, mode });
    return { head: work.plan.head, mode, outcomes };
  } finally {
    await undo.undoAll((message) => emit({ type: "warning", message }));
  }
}

function requireWork({ plan }: PlannedWork, options: PublishOptions): void {
  if (plan.packages.length > 0 || options.requireWork !== true) return;
  throw new Failure("PIOT_NO_WORK", "Cannot publish: nothing is planned on this commit", {
    hint:
      "Run without --require-work when that is fine, or see `plan` for why each package is left out",
  });
}

/** A pull request is never released, whatever its workflow asks for. */
function modeOf({ env }: Host, options: PublishOptions): Mode {
  if (/^pull_request/.test(env.GITHUB_EVENT_NAME ?? "")) return "pull-request";
  return options.dryRun === true ? "dry-run" : "release";
}

function startRun(
  host: Host,
  { plan, packages, root }: PlannedWork,
  options: PublishOptions & Pick<Run, "emit" | "defer">,
): Run {
  const { emit, defer } = options;
  const planned = new Map(plan.packages.map((one) => [one.name, one]));
  const registries = createRegistries({
    host,
    root,
    endpoints: readEndpoints(host.env),
    ownFolders: [resolve(host.cwd, options.artifacts ?? ARTIFACTS)],
    oidcOnly: options.oidcOnly ?? false,
    onSecret: (secret) => emit({ type: "secret", secret }),
    onWait: ({ name, reason, milliseconds }) => {
      const { kind, version } = planned.get(name)!;
      emit({ type: "waiting", release: { name, kind, version }, reason, milliseconds });
    },
  });
  return { host, emit, defer, registries, plan, packages };
}

const ARTIFACTS = "artifacts";

async function walk(
  run: Run,
  work: PlannedWork,
  options: PublishOptions & { readonly mode: Mode },
): Promise<readonly Outcome[]> {
  const artifacts = options.artifacts ?? ARTIFACTS;
  const checked = await prepareStage(run, relative(run.host.cwd, resolve(run.host.cwd, artifacts)));
  const judged = await lookStage(run, checked);
  const access = work.git && await openRepository(run.host, work.git);
  const tagging = await openTags(run, { ...work, github: access?.github });
  const ready = await authoriseStage(run, judged, options);
  const page = pageFor(run);
  const concluding = { tagging, pageOf: ({ release }: Ready) => page(release) };
  if (options.mode !== "release") return ready.map((one) => checkedOutcome(run, one, concluding));
  const announce = work.git && access &&
    openAnnouncing(run, { git: work.git, access, pageOf: page });
  return await uploadStage(run, ready, { ...concluding, announce });
}

/** What an earlier run of this commit released and could not announce. A plan that was given names all of it itself. */
async function mend(
  run: Run,
  { git, plan }: PlannedWork,
  options: PublishOptions,
): Promise<readonly Outcome[]> {
  if (git === undefined || options.plan !== undefined) return [];
  if (plan.left_out.every(({ reason }) => reason !== "released")) return [];
  const access = await openRepository(run.host, git);
  const page = pageFor(run);
  return await mendReleases(run, {
    options,
    pageOf: page,
    openAnnouncing: (earlier) =>
      openAnnouncing({ ...run, plan: earlier }, { git, access, pageOf: page }),
  });
}

function pageFor({ host }: Run): (release: Ready["release"]) => string {
  const endpoints = readEndpoints(host.env);
  return (release) => pageOf({ ...release.package, version: release.version }, endpoints);
}

/** Asks the remote for the tags before anything is uploaded: a tag that stands elsewhere stops the run. */
async function openTags(
  run: Run,
  { git, plan, github }: PlannedWork & { readonly github: GitHub | undefined },
): Promise<Tagging | undefined> {
  if (git === undefined || plan.head === null) {
    run.emit({ type: "warning", message: "this is no git work tree: nothing will be tagged" });
    return undefined;
  }
  const tags = plan.packages.map((one) => one.tag);
  const tagging = await openTagging(git, {
    ...{ commit: plan.head, env: run.host.env, tags },
    ...(github === undefined ? {} : { otherWay: github.createTag }),
  });
  if (tagging.warning !== undefined) run.emit({ type: "warning", message: tagging.warning });
  if (github !== undefined && await hasWorkflowDrift(git, { github, commit: plan.head })) {
    run.emit({ type: "warning", message: DRIFT });
  }
  const conflicts = await tagging.conflicts(tags);
  if (conflicts.length > 0) throw combineFailures(conflicts);
  return tagging;
}

const DRIFT =
  "no branch has the workflow files of this commit: GitHub may refuse its tags to a token that may not write workflows";

/** What a run that uploads nothing says of a package that passed every check, or did not. */
function checkedOutcome(run: Run, ready: Ready, options: OutcomeParts): Outcome {
  const { verdict } = ready;
  const outcome = outcomeOf(ready, {
    options,
    detail: verdict.to === "refuse"
      ? { status: "failed", failure: verdict.failure }
      : { status: "checked", absent: verdict.absent.length },
  });
  run.emit({ type: "outcome", outcome });
  return outcome;
}
