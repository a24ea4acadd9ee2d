/**
 * Stage 2: every artifact of every package is found, checked, packed and hashed. Sends nothing, needs no credential,
 * and finds everything that is wrong in one go.
 *
 * @module
 */

import { relative } from "node:path";
import { findArtifacts, type FoundArtifacts } from "../../artifact/find_artifacts.ts";
import { rulesOf } from "../../core/model/kind.ts";
import type { Kind } from "../../core/model/package.ts";
import type { PlannedPackage } from "../../core/model/plan.ts";
import { combineFailures, type Failure } from "../../error.ts";
import type { Prepared, Refuse, Release, Standing } from "../../registry/registry.ts";
import { beginStage, type Checked, refOf, releaseOf, type Run, settle } from "./run.ts";

/**
 * Prepares every planned release, in the plan's order. Throws one failure with all problems of all packages: what can be
 * known before the first upload is known then, and no package goes out beside one that cannot.
 */
export async function prepareStage(run: Run): Promise<readonly Checked[]> {
  beginStage(run, "prepare");
  const shown = relative(run.host.cwd, run.artifacts) || ".";
  const found = await findArtifacts(run.plan, {
    directory: run.artifacts,
    shown,
    kinds: run.kinds,
  });
  const { prepared, refusals, failures } = await prepareAll(run, toReleases(run, found));
  const refused = withMissing(found, refusals);
  const all = [...refused.values(), ...failures].flat();
  if (all.length > 0) throw combineFailures(all);
  const byName = new Map(prepared.map((one) => [one.release.package.name, one]));
  return run.plan.packages.flatMap(({ name }) => byName.get(name) ?? [])
    .map((checked) => tell(run, checked, found.unread));
}

/** By package everything that is wrong with it: what it was refused for, and the artifacts that were not delivered. */
function withMissing(
  { folders }: FoundArtifacts,
  refusals: ReadonlyMap<string, readonly Failure[]>,
): ReadonlyMap<string, readonly Failure[]> {
  const known = new Set([...refusals.values()].flat().flatMap(({ problems }) => problems));
  const all = [...folders].map(([name, artifacts]) => {
    const missing = artifacts.flatMap(({ missing }) => missing ?? []);
    // A family tells of what it lacks beside everything else.
    const untold = missing.filter(({ problems }) => !problems.some((row) => known.has(row)));
    return [name, [...untold, ...refusals.get(name) ?? []]] as const;
  });
  return new Map(all.filter(([, failures]) => failures.length > 0));
}

function tell(run: Run, prepared: Prepared, unread: FoundArtifacts["unread"]): Checked {
  const release = refOf(prepared.release);
  const warnings = [...prepared.warnings, ...unread.get(release.name) ?? []];
  for (const message of warnings) run.emit({ type: "warning", message, release });
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

function isComplete({ name }: PlannedPackage, found: FoundArtifacts): boolean {
  return (found.folders.get(name) ?? []).every(({ missing }) => missing === undefined);
}

/** What preparing came to: what is ready, what is refused by package, and what is wrong with the whole. */
interface AllPrepared {
  readonly prepared: readonly Prepared[];
  readonly refusals: ReadonlyMap<string, readonly Failure[]>;
  readonly failures: readonly Failure[];
}

async function prepareAll(run: Run, releases: readonly Release[]): Promise<AllPrepared> {
  const refusals = new Map<string, readonly Failure[]>();
  const refuse: Refuse = ({ package: { name } }, failure) =>
    void refusals.set(name, [...refusals.get(name) ?? [], failure]);
  const options = { standing: standingOf(run), refuse };
  const kinds = [...new Set(releases.map((release) => release.package.kind))];
  const prepareKinds = (some: readonly Kind[]): ReturnType<typeof settle<readonly Prepared[]>> =>
    settle(some.map((kind) => {
      const ofKind = releases.filter((release) => release.package.kind === kind);
      return run.registries[kind].prepare(ofKind, run.defer, options);
    }));
  // Packages of several kinds may share files: what one of them writes for a while, no other packs.
  const changesTree = (kind: Kind): boolean => run.registries[kind].changesTree === true;
  const readers = await prepareKinds(kinds.filter((kind) => !changesTree(kind)));
  const writers = await prepareKinds(kinds.filter(changesTree));
  return {
    prepared: [...readers.values, ...writers.values].flat(),
    refusals,
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
