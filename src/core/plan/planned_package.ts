/**
 * One package of a plan, once its version is known: its entry, the folders of built files that its release needs, and its
 * rows of the build matrix, which are the contract with the build job.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import { artifactNames } from "../model/artifact_name.ts";
import type { KindRules } from "../model/kind.ts";
import { builtOf, type Package, type Target, targetsOf } from "../model/package.ts";
import type { MatrixRow, PlannedArtifact, PlannedPackage } from "../model/plan.ts";
import { renderTag } from "../release/tag.ts";

/** A package, and what is known of its kind. */
export interface Declared {
  readonly pkg: Package;
  readonly rules: KindRules;
}

/** What the package itself does not say. */
export type Ruling = Pick<PlannedPackage, "version" | "bump" | "previous" | "reason">;

/** Writes a package into a plan. */
export function planPackage(declared: Declared, ruling: Ruling): PlannedPackage {
  const { pkg } = declared;
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
    ...(pkg.lockstep === undefined ? {} : { lockstep: pkg.lockstep }),
    artifacts: plannedArtifacts(declared),
  };
}

/** `PIOT_VERSION_UNMAPPABLE` when the package's registry cannot express the version; none otherwise. */
export function versionFailures({ pkg, rules }: Declared, version: string): readonly Failure[] {
  try {
    rules.spelling(version, pkg.name);
    return [];
  } catch (error) {
    if (error instanceof Failure) return [error];
    throw error;
  }
}

/** Where rows are built that no platform matters to. */
const ANY_RUNNER = "ubuntu-latest";

/** The artifacts of a package, in the order of its rows. */
export function plannedArtifacts({ pkg, rules }: Declared): readonly PlannedArtifact[] {
  const targets = targetsOf(pkg);
  return artifactNames({ name: pkg.name, ...builtOf(pkg) }, rules).map(({ target, name }) => ({
    target,
    artifact_name: name,
    artifact_path: below(pkg.path, rules.artifacts.folder(target)),
    runs_on: targets.find(({ triple }) => triple === target)?.runner ?? ANY_RUNNER,
    required: rules.artifacts.isRequired(target),
    ...ownMemberName({ pkg, rules }, targets.find(({ triple }) => triple === target)),
  }));
}

/** The name of a target's package where it is another than families usually have. */
function ownMemberName(
  { pkg, rules }: Declared,
  target: Target | undefined,
): Pick<PlannedArtifact, "registry_name"> {
  const template = "platformName" in pkg ? pkg.platformName : undefined;
  if (target === undefined) return {};
  if (template === undefined && target.packageName === undefined) return {};
  const name = rules.memberName?.({ name: pkg.registryName, template }, target);
  return name === undefined ? {} : { registry_name: name };
}

function below(folder: string, path: string): string {
  if (path === ".") return folder;
  return folder === "." ? path : `${folder}/${path}`;
}

/** The rows of one planned package. */
export function matrixRows(
  { pkg, rules }: Declared,
  planned: PlannedPackage,
): readonly MatrixRow[] {
  const { buildWorkflow } = pkg;
  return planned.artifacts.map((artifact) => {
    const { target } = artifact;
    const { version } = planned;
    const { build, bundle_cli, version_env } = rules.artifacts.buildKeys(pkg, { target, version });
    return {
      name: planned.name,
      kind: planned.kind,
      version: planned.version,
      target: artifact.target,
      runs_on: artifact.runs_on,
      artifact_name: artifact.artifact_name,
      artifact_path: artifact.artifact_path,
      path: planned.path,
      ...(build === undefined ? {} : { build }),
      ...(version_env === undefined ? {} : { version_env }),
      ...(buildWorkflow === undefined ? {} : { build_workflow: buildWorkflow }),
      ...(bundle_cli === undefined ? {} : { bundle_cli }),
      tag: planned.tag,
      registry_name: planned.registry_name,
    };
  });
}
