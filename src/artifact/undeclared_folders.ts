/**
 * Artifacts of platforms that nobody declared: folders that are named as a package's artifacts are, with a target behind
 * the name that the package does not have. A job that builds one more platform than the configuration knows leaves one.
 *
 * @module
 */

import type { PlannedPackage } from "../core/model/plan.ts";
import { canonicalTriple, isKnownTriple } from "../core/target/target.ts";

/** Of each folder that is a package's undeclared artifact, the package and its target. */
export interface UndeclaredFolder {
  readonly folder: string;
  readonly item: PlannedPackage;
  readonly target: string;
}

/** Looks for them among folders that belong to nothing that is planned. The package with the longest start has one. */
export function undeclaredFolders(
  folders: readonly string[],
  packages: readonly PlannedPackage[],
): readonly UndeclaredFolder[] {
  const starts = packages.flatMap((item) => startsOf(item).map((start) => ({ item, start })))
    .sort((left, right) => right.start.length - left.start.length);
  return folders.flatMap((folder) => {
    for (const { item, start } of starts) {
      const target = folder.startsWith(start) ? targetNamed(folder.slice(start.length)) : undefined;
      if (target !== undefined) return [{ folder, item, target }];
    }
    return [];
  });
}

/** What the names of a package's artifacts have before the target: `demo-`, `demo-wheel-`. */
function startsOf({ artifacts }: PlannedPackage): readonly string[] {
  const starts = artifacts.flatMap(({ target, artifact_name: name }) =>
    isKnownTriple(target) && name.endsWith(target) ? [name.slice(0, -target.length)] : []
  );
  return [...new Set(starts)];
}

function targetNamed(text: string): string | undefined {
  return text !== "" && isKnownTriple(text) ? text : undefined;
}

/** What is told about one. */
export function undeclaredWarning({ folder, item, target }: UndeclaredFolder): string {
  const same = item.artifacts.find((artifact) =>
    isKnownTriple(artifact.target) && canonicalTriple(artifact.target) === canonicalTriple(target)
  );
  return same === undefined
    ? `the artifact "${folder}" is left out: "${target}" is not in \`targets\` of ${item.name}, so nothing is published for it`
    : `the artifact "${folder}" is left out: \`targets\` of ${item.name} spells it "${same.target}", whose artifact is "${same.artifact_name}"`;
}
