/**
 * Stage 2: every artifact of every package is found, checked, packed and hashed. Sends nothing, needs no credential,
 * and reports everything that is wrong in one go.
 *
 * @module
 */

import { relative } from "node:path";
import { findArtifacts, type FoundArtifacts } from "../../artifact/find_artifacts.ts";
import { rulesOf } from "../../core/model/kind.ts";
import type { Kind } from "../../core/model/package.ts";
import type { PlannedPackage } from "../../core/model/plan.ts";
import { combineFailures, type Failure } from "../../error.ts";
import type { Prepared, Release, Standing } from "../../registry/registry.ts";
import { beginStage, type Checked, refOf, releaseOf, type Run, settle } from "./run.ts";

/** Prepares every planned release, in the plan's order. Throws one failure with all problems of all packages. */
export async function prepareStage(run: Run): Promise<readonly Checked[]> {
  beginStage(run, "prepare");
  const shown = relative(run.host.cwd, run.artifacts) || ".";
  const found = await findArtifacts(run.plan, {
    directory: run.artifacts,
    shown,
    kinds: run.kinds,
  });
  const { prepared, failures } = await prepareAll(run, toReleases(run, found));
  const known = new Set(failures.flatMap(({ problems }) => problems));
  const missing = found.missing.filter(({ problems }) => !problems.some((row) => known.has(row)));
  const all = [...missing, ...failures];
  if (all.length > 0) throw combineFailures(all);
  return inPlanOrder(run, prepared).map((checked) => tell(run, checked));
}

function tell(run: Run, prepared: Prepared): Checked {
  const release = refOf(prepared.release);
  for (const message of prepared.warnings) run.emit({ type: "warning", message, release });
  const bytes = prepared.files.reduce((sum, file) => sum + file.size, 0);
  run.emit({ type: "package-checked", release, files: prepared.files.length, bytes });
  return { release: prepared.release, prepared };
}

/** A package whose artifact is missing is left out: what is missing is told already. A family has others to check. */
function toReleases(run: Run, found: FoundArtifacts): readonly Release[] {
  const planned = run.plan.packages.filter((pkg) =>
    rulesOf(run.kinds, pkg).isFamily(pkg) || isComplete(pkg, found)
  );
  return planned.map((pkg) =>
    releaseOf(run, { planned: pkg, artifacts: found.folders.get(pkg.name) ?? [] })
  );
}

function isComplete({ name, artifacts }: PlannedPackage, found: FoundArtifacts): boolean {
  const delivered = (found.folders.get(name) ?? []).filter(({ folder }) => folder !== undefined);
  const names = new Set(delivered.map((artifact) => artifact.name));
  return artifacts.every(({ required, artifact_name }) => !required || names.has(artifact_name));
}

async function prepareAll(
  run: Run,
  releases: readonly Release[],
): Promise<{ prepared: readonly Prepared[]; failures: readonly Failure[] }> {
  const standing = standingOf(run);
  const kinds = [...new Set(releases.map((release) => release.package.kind))];
  const prepareKinds = (some: readonly Kind[]): ReturnType<typeof settle<readonly Prepared[]>> =>
    settle(some.map((kind) => {
      const ofKind = releases.filter((release) => release.package.kind === kind);
      return run.registries[kind].prepare(ofKind, run.defer, { standing });
    }));
  // Packages of several kinds may share files: what one of them writes for a while, no other packs.
  const changesTree = (kind: Kind): boolean => run.registries[kind].changesTree === true;
  const readers = await prepareKinds(kinds.filter((kind) => !changesTree(kind)));
  const writers = await prepareKinds(kinds.filter(changesTree));
  return {
    prepared: [...readers.values, ...writers.values].flat(),
    failures: [...readers.failures, ...writers.failures],
  };
}

/** What stays as it was released: what siblings that ship depend on. */
function standingOf({ plan, packages }: Run): readonly Standing[] {
  const byName = new Map(packages.map((pkg) => [pkg.name, pkg]));
  return plan.left_out.flatMap(({ name, previous }) => {
    const declared = byName.get(name);
    return declared === undefined || previous === null
      ? []
      : [{ package: declared, version: previous }];
  });
}

function inPlanOrder(run: Run, prepared: readonly Prepared[]): readonly Prepared[] {
  const byName = new Map(prepared.map((checked) => [checked.release.package.name, checked]));
  return run.plan.packages.flatMap(({ name }) => byName.get(name) ?? []);
}
