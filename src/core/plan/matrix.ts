/**
 * The build matrix: which folders of built files a release needs, and one row for each, the contract with the build job.
 *
 * @module
 */

import { type ArtifactName, artifactNames } from "../model/artifact_name.ts";
import type { Package, Target } from "../model/package.ts";
import type { MatrixRow, PlannedArtifact, PlannedPackage } from "../model/plan.ts";

/** Where rows are built that no platform matters to. */
const ANY_RUNNER = "ubuntu-latest";

/** The artifacts of a package, in the order of its rows. */
export function plannedArtifacts(one: Package): readonly PlannedArtifact[] {
  const targets: readonly Target[] = one.kind === "crates" ? [] : one.targets;
  const triples = targets.map(({ triple }) => triple);
  return artifactNames({ name: one.name, kind: one.kind, triples }).map((artifact) => ({
    target: artifact.target,
    artifact_name: artifact.name,
    artifact_path: artifactPath(one, artifact),
    runs_on: targets.find(({ triple }) => triple === artifact.target)?.runner ?? ANY_RUNNER,
    required: isRequired(one, artifact),
  }));
}

function artifactPath(one: Package, { target }: ArtifactName): string {
  if (one.kind === "crates") return below(one.path, "target/package");
  if (one.kind === "pypi") return below(one.path, "dist");
  const isPlatform = target !== "noarch" && target !== "main";
  return isPlatform ? below(one.path, `build/${target}`) : one.path;
}

function below(folder: string, path: string): string {
  return folder === "." ? path : `${folder}/${path}`;
}

/** A crate, and a package or main package of npm, can be made from the checkout alone. */
function isRequired(one: Package, { target }: ArtifactName): boolean {
  if (one.kind === "crates") return false;
  return one.kind === "pypi" || (target !== "noarch" && target !== "main");
}

/** The rows of one planned package. */
export function matrixRows(one: Package, planned: PlannedPackage): readonly MatrixRow[] {
  return planned.artifacts.map((artifact) => ({
    name: planned.name,
    kind: planned.kind,
    version: planned.version,
    target: artifact.target,
    runs_on: artifact.runs_on,
    artifact_name: artifact.artifact_name,
    artifact_path: artifact.artifact_path,
    path: planned.path,
    ...buildKeys(one, artifact.target),
    tag: planned.tag,
    registry_name: planned.registry_name,
  }));
}

type BuildKeys = Pick<MatrixRow, "build" | "build_workflow" | "bundle_cli">;

function buildKeys(one: Package, target: string): BuildKeys {
  const build = one.kind === "crates" || one.build === "none" ? {} : { build: one.build };
  const workflow = one.buildWorkflow === undefined ? {} : { build_workflow: one.buildWorkflow };
  return { ...build, ...workflow, ...bundleKeys(one, target) };
}

/** The sdist holds sources, so no binary is staged for it. */
function bundleKeys(one: Package, target: string): BuildKeys {
  if (one.kind !== "pypi" || one.bundleCli === undefined || target === "sdist") return {};
  const { bin, stageTo, cratePath } = one.bundleCli;
  return { bundle_cli: { bin, stage_to: stageTo, crate_path: cratePath } };
}
