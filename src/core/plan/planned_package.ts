/**
 * One package of a plan, once its version is known: its entry, the folders of built files that its release needs, and its
 * rows of the build matrix, which are the contract with the build job.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import { type ArtifactName, artifactNames } from "../model/artifact_name.ts";
import type { Package, Target } from "../model/package.ts";
import type { MatrixRow, PlannedArtifact, PlannedPackage } from "../model/plan.ts";
import { pypiVersion } from "../pypi/version.ts";
import { renderTag } from "../release/tag.ts";

/** What the package itself does not say. */
export type Ruling = Pick<PlannedPackage, "version" | "bump" | "previous" | "reason">;

/** Writes a package into a plan. */
export function planPackage(pkg: Package, ruling: Ruling): PlannedPackage {
  return {
    name: pkg.name,
    kind: pkg.kind,
    registry_name: pkg.registryName,
    path: pkg.path,
    version: ruling.version,
    previous: ruling.previous,
    bump: ruling.bump,
    tag: renderTag(pkg, ruling.version),
    depends_on: pkg.dependsOn,
    reason: ruling.reason,
    artifacts: plannedArtifacts(pkg),
  };
}

/** `PIOT_VERSION_UNMAPPABLE` when the package's registry cannot express the version; none otherwise. */
export function versionFailures(pkg: Package, version: string): readonly Failure[] {
  if (pkg.kind !== "pypi") return [];
  try {
    pypiVersion(version, pkg.name);
    return [];
  } catch (error) {
    if (error instanceof Failure) return [error];
    throw error;
  }
}

/** Where rows are built that no platform matters to. */
const ANY_RUNNER = "ubuntu-latest";

/** The artifacts of a package, in the order of its rows. */
export function plannedArtifacts(pkg: Package): readonly PlannedArtifact[] {
  const targets: readonly Target[] = pkg.kind === "crates" ? [] : pkg.targets;
  const triples = targets.map(({ triple }) => triple);
  return artifactNames({ name: pkg.name, kind: pkg.kind, triples }).map((artifact) => ({
    target: artifact.target,
    artifact_name: artifact.name,
    artifact_path: artifactPath(pkg, artifact),
    runs_on: targets.find(({ triple }) => triple === artifact.target)?.runner ?? ANY_RUNNER,
    required: isRequired(pkg, artifact),
  }));
}

function artifactPath(pkg: Package, { target }: ArtifactName): string {
  if (pkg.kind === "crates") return below(pkg.path, "target/package");
  if (pkg.kind === "pypi") return below(pkg.path, "dist");
  const isPlatform = target !== "noarch" && target !== "main";
  return isPlatform ? below(pkg.path, `build/${target}`) : pkg.path;
}

function below(folder: string, path: string): string {
  return folder === "." ? path : `${folder}/${path}`;
}

/** A crate, and a package or main package of npm, can be made from the checkout alone. */
function isRequired(pkg: Package, { target }: ArtifactName): boolean {
  if (pkg.kind === "crates") return false;
  return pkg.kind === "pypi" || (target !== "noarch" && target !== "main");
}

/** The rows of pkg planned package. */
export function matrixRows(pkg: Package, planned: PlannedPackage): readonly MatrixRow[] {
  return planned.artifacts.map((artifact) => ({
    name: planned.name,
    kind: planned.kind,
    version: planned.version,
    target: artifact.target,
    runs_on: artifact.runs_on,
    artifact_name: artifact.artifact_name,
    artifact_path: artifact.artifact_path,
    path: planned.path,
    ...buildKeys(pkg, artifact.target),
    tag: planned.tag,
    registry_name: planned.registry_name,
  }));
}

type BuildKeys = Pick<MatrixRow, "build" | "build_workflow" | "bundle_cli">;

function buildKeys(pkg: Package, target: string): BuildKeys {
  const build = pkg.kind === "crates" || pkg.build === "none" ? {} : { build: pkg.build };
  const workflow = pkg.buildWorkflow === undefined ? {} : { build_workflow: pkg.buildWorkflow };
  return { ...build, ...workflow, ...bundleKeys(pkg, target) };
}

/** The sdist holds sources, so no binary is staged for it. */
function bundleKeys(pkg: Package, target: string): BuildKeys {
  if (pkg.kind !== "pypi" || pkg.bundleCli === undefined || target === "sdist") return {};
  const { bin, stageTo, cratePath } = pkg.bundleCli;
  return { bundle_cli: { bin, stage_to: stageTo, crate_path: cratePath } };
}
