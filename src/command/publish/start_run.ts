/**
 * A publish run, ready for its stages: whether it releases at all, its repository, and the registries it talks to.
 *
 * @module
 */

import { resolve } from "node:path";
import type { Host } from "../../host/host.ts";
import { readEndpoints } from "../../registry/endpoints.ts";
import type { Mode } from "../../report/report.ts";
import { createRegistries, pageOf, type RegistryParts } from "../create_registries.ts";
import type { PublishOptions } from "../publish.ts";
import { openRepository } from "./open_repository.ts";
import type { PlannedWork } from "./plan_stage.ts";
import type { Run } from "./run.ts";

/** What was asked for, and what the run reports to. */
type StartOptions =
  & Pick<PublishOptions, "artifacts" | "dryRun" | "oidcOnly">
  & Pick<Run, "emit" | "defer">;

/** Starts a run of what is planned. Asks nobody anything; throws `PIOT_USAGE` when an endpoint is no address. */
export function startRun(host: Host, work: PlannedWork, options: StartOptions): Run {
  const { emit, defer } = options;
  const { plan, packages, root, git } = work;
  const endpoints = readEndpoints(host.env);
  const artifacts = resolve(host.cwd, options.artifacts ?? "artifacts");
  const registries = createRegistries({
    host,
    root,
    endpoints,
    ownFolders: [artifacts],
    oidcOnly: options.oidcOnly ?? false,
    onSecret: (secret) => emit({ type: "secret", secret }),
    onWait: tellWaits(work, emit),
  });
  return {
    host,
    mode: modeOf(host, options),
    emit,
    defer,
    plan,
    packages,
    repository: git && openRepository(host, git),
    artifacts,
    registries,
    pageOf: (release) => pageOf({ ...release.package, version: release.version }, endpoints),
  };
}

/** A pull request is never released, whatever its workflow asks for. */
function modeOf({ env }: Host, { dryRun }: StartOptions): Mode {
  if (/^pull_request/.test(env.GITHUB_EVENT_NAME ?? "")) return "pull-request";
  return dryRun === true ? "dry-run" : "release";
}

function tellWaits({ plan }: PlannedWork, emit: Run["emit"]): RegistryParts["onWait"] {
  const planned = new Map(plan.packages.map((one) => [one.name, one]));
  return ({ name, reason, milliseconds }) => {
    const { kind, version } = planned.get(name)!;
    emit({ type: "waiting", release: { name, kind, version }, reason, milliseconds });
  };
}
