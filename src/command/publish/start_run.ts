/**
 * A publish run, ready for its stages: whether it releases at all, its repository, the registries it talks to, and what
 * is put back at its end.
 *
 * @module
 */

import { resolve } from "node:path";
import pLimit from "p-limit";
import { type KindRules, rulesOf } from "../../core/model/kind.ts";
import type { Kind } from "../../core/model/package.ts";
import { messageOf } from "../../error.ts";
import type { Host } from "../../host/host.ts";
import { proxyNotice } from "../../host/proxies.ts";
import { readEndpoints } from "../../registry/endpoints.ts";
import type { OpenRegistry, RegistryKind, RegistryOptions } from "../../registry/registry_kind.ts";
import type { Mode } from "../../report/report.ts";
import { planWithFacts } from "../plan.ts";
import { openRepository } from "./open_repository.ts";
import { readPatience } from "./patience.ts";
import type { PlannedWork } from "./plan_stage.ts";
import type { PublishOptions, Run } from "./run.ts";
import { readAllowed } from "./trust_ratchet.ts";

/** What was asked for, and what the run reports to. */
type StartOptions =
  & Pick<PublishOptions, "artifacts" | "dryRun" | "oidcOnly" | "allowDowngrade">
  & Pick<Run, "emit">
  & { readonly registryKinds: readonly RegistryKind[] };

/** A run that has begun. */
export interface StartedRun {
  readonly run: Run;
  /**
   * Puts back what the run changed on this machine, the latest first. What fails there is a warning: putting things back
   * never changes the outcome of a run.
   */
  readonly end: () => Promise<void>;
}

/**
 * Starts a run of what is planned. Asks nobody anything; throws `PIOT_USAGE` when an endpoint is no address, the patience
 * no number of seconds, or a name that may be downgraded no package's.
 */
export async function startRun(
  host: Host,
  work: PlannedWork,
  options: StartOptions,
): Promise<StartedRun> {
  const { emit, registryKinds } = options;
  const { plan, packages, kinds, workspace, git } = work;
  const endpoints = readEndpoints(host.env);
  const patience = readPatience(host.env);
  const allowDowngrade = readAllowed(options.allowDowngrade ?? [], packages);
  const artifacts = resolve(host.cwd, options.artifacts ?? "artifacts");
  const opened = await openAll(registryKinds, {
    host,
    root: workspace.root,
    endpoints,
    patience,
    ownFolders: [artifacts],
    oidcOnly: options.oidcOnly ?? false,
    onSecret: (secret) => emit({ type: "secret", secret }),
    onWait: emitWaits(work, emit),
  });
  const notice = proxyNotice(host.env);
  if (notice !== undefined) emit({ type: "warning", message: notice });
  const undo: (() => Promise<void>)[] = [];
  const run: Run = {
    host,
    mode: modeOf(host, options),
    emit,
    defer: (step) => void undo.push(step),
    plan,
    packages,
    kinds,
    repository: git && openRepository(host, git),
    artifacts,
    patience,
    allowDowngrade,
    registries: byKind(registryKinds, ({ kind }) => opened.get(kind)!.registry),
    gates: byKind(registryKinds, (_, { sideBySide }) => pLimit(sideBySide)),
    replan: async (question) => (await planWithFacts(workspace, question)).plan,
    pageOf: ({ package: pkg, version }) => {
      const { registryName } = pkg;
      return `${opened.get(pkg.kind)!.site}/${rulesOf(kinds, pkg).page({ registryName, version })}`;
    },
  };
  return { run, end: () => undoAll(undo, emit) };
}

async function openAll(
  registryKinds: readonly RegistryKind[],
  options: RegistryOptions,
): Promise<ReadonlyMap<Kind, OpenRegistry>> {
  const opened = await Promise.all(registryKinds.map((kind) => kind.open(options)));
  return new Map(registryKinds.map(({ rules: { kind } }, index) => [kind, opened[index]!]));
}

function byKind<T>(
  registryKinds: readonly RegistryKind[],
  make: (rules: KindRules, registryKind: RegistryKind) => T,
): Readonly<Record<Kind, T>> {
  const entries = registryKinds.map((kind) => [kind.rules.kind, make(kind.rules, kind)] as const);
  return Object.fromEntries(entries) as Record<Kind, T>;
}

/** A pull request is never released, whatever its workflow asks for. */
function modeOf({ env }: Host, { dryRun }: StartOptions): Mode {
  if (/^pull_request/.test(env.GITHUB_EVENT_NAME ?? "")) return "pull-request";
  return dryRun === true ? "dry-run" : "release";
}

function emitWaits({ plan }: PlannedWork, emit: Run["emit"]): RegistryOptions["onWait"] {
  const byName = new Map(plan.packages.map((planned) => [planned.name, planned]));
  return ({ name, reason, milliseconds }) => {
    const { kind, version } = byName.get(name)!;
    emit({ type: "waiting", release: { name, kind, version }, reason, milliseconds });
  };
}

async function undoAll(steps: (() => Promise<void>)[], emit: Run["emit"]): Promise<void> {
  for (let undo = steps.pop(); undo !== undefined; undo = steps.pop()) {
    await undo().catch((error: unknown) => {
      const message = `Cannot put back what the run changed: ${messageOf(error)}`;
      emit({ type: "warning", message });
    });
  }
}
