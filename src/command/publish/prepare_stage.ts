/**
 * Stage 2: every artifact of every package is found, checked, packed and hashed. Sends nothing, needs no credential,
 * and reports everything that is wrong in one go.
 *
 * @module
 */

import { relative } from "node:path";
import { findArtifacts, type FoundArtifacts } from "../../artifact/find_artifacts.ts";
import type { Kind, Package } from "../../core/model/package.ts";
import type { PlannedPackage } from "../../core/model/plan.ts";
import { combineFailures, Failure } from "../../error.ts";
import type { Prepared, Release, Standing } from "../../registry/registry.ts";
import { type Checked, refOf, type Run } from "./run.ts";

/** Prepares every planned release, in the plan's order. Throws one failure with all problems of all packages. */
export async function prepareStage(run: Run): Promise<readonly Checked[]> {
  run.emit({ type: "stage", stage: "prepare" });
  const shown = relative(run.host.cwd, run.artifacts) || ".";
  const found = await findArtifacts(run.plan, { directory: run.artifacts, shown });
  const { prepared, failures } = await prepareAll(run, toReleases(run, found));
  const told = new Set(failures.flatMap(({ problems }) => problems));
  const untold = found.missing.filter(({ problems }) => !problems.some((one) => told.has(one)));
  const all = [...untold, ...failures];
  if (all.length > 0) throw combineFailures(all);
  return inPlanOrder(run, prepared).map((one) => {
    for (const message of one.warnings) {
      run.emit({ type: "warning", message, release: refOf(one.release) });
    }
    const bytes = one.files.reduce((sum, file) => sum + file.size, 0);
    run.emit({
      type: "package-checked",
      release: refOf(one.release),
      files: one.files.length,
      bytes,
    });
    return { release: one.release, prepared: one };
  });
}

/** A package whose artifact is missing is left out: what is missing is told already. A family has others to check. */
function toReleases(run: Run, found: FoundArtifacts): readonly Release[] {
  const byName = new Map(run.packages.map((one) => [one.name, one]));
  return run.plan.packages.filter((item) => isFamily(item) || isComplete(item, found)).map(
    (item) => {
      const declared = byName.get(item.name);
      if (declared === undefined) {
        throw new Error(`unreachable: ${item.name} is planned and not declared`);
      }
      return toRelease(run, { item, declared, found });
    },
  );
}

/** npm packages have several artifacts when they have targets. */
function isFamily({ kind, artifacts }: PlannedPackage): boolean {
  return kind === "npm" && artifacts.length > 1;
}

function isComplete(item: PlannedPackage, found: FoundArtifacts): boolean {
  const folders = found.folders.get(item.name) ?? [];
  return item.artifacts.every((artifact) =>
    !artifact.required ||
    folders.some((one) => one.name === artifact.artifact_name && one.folder !== undefined)
  );
}

function toRelease(
  run: Run,
  parts: {
    readonly item: PlannedPackage;
    readonly declared: Package;
    readonly found: FoundArtifacts;
  },
): Release {
  const { item, declared, found } = parts;
  return {
    package: declared,
    version: item.version,
    tag: item.tag,
    previous: item.previous,
    commit: run.plan.head ?? undefined,
    artifacts: found.folders.get(item.name) ?? [],
  };
}

async function prepareAll(
  run: Run,
  releases: readonly Release[],
): Promise<{ prepared: readonly Prepared[]; failures: readonly Failure[] }> {
  const standing = standingOf(run);
  const kinds = [...new Set(releases.map((release) => release.package.kind))];
  const settled = await Promise.allSettled(kinds.map((kind: Kind) => {
    const mine = releases.filter((release) => release.package.kind === kind);
    return run.registries[kind].prepare(mine, run.defer, { standing });
  }));
  const prepared: Prepared[] = [];
  const failures: Failure[] = [];
  for (const result of settled) {
    if (result.status === "fulfilled") prepared.push(...result.value);
    else if (result.reason instanceof Failure) failures.push(result.reason);
    else throw result.reason;
  }
  return { prepared, failures };
}

/** What stays as it was released: what siblings that ship depend on. */
function standingOf({ plan, packages }: Run): readonly Standing[] {
  const byName = new Map(packages.map((one) => [one.name, one]));
  return plan.left_out.flatMap(({ name, previous }) => {
    const declared = byName.get(name);
    return declared === undefined || previous === null
      ? []
      : [{ package: declared, version: previous }];
  });
}

function inPlanOrder(run: Run, prepared: readonly Prepared[]): readonly Prepared[] {
  const byName = new Map(prepared.map((one) => [one.release.package.name, one]));
  return run.plan.packages.map((item) => byName.get(item.name)).filter((one) => one !== undefined);
}
