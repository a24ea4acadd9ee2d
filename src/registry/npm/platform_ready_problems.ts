/**
 * What can be wrong with a platform package that was delivered ready, beyond what its compiled files say.
 *
 * @module
 */

import type { PackageJson } from "../../core/npm/package_json.ts";
import { platformFieldTrouble } from "../../core/npm/platform_package.ts";
import { Failure } from "../../error.ts";
import type { PlatformTask } from "./platform_checked.ts";

/** `os`, `cpu` or `libc` that are not the target's. */
export function fieldProblems(task: PlatformTask, manifest: PackageJson): readonly Failure[] {
  return platformFieldTrouble(manifest, task.triple).map((trouble) =>
    new Failure(
      "PIOT_NPM_MANIFEST",
      `Cannot publish "${task.name}": in its package.json ${trouble}`,
      { hint: `Mend it there, or leave package.json out of the artifact: one is made then` },
    )
  );
}

/** A version that is neither the planned one nor the main package's own comes from another build. */
export function staleVersion(
  { release, name, main }: PlatformTask,
  { version }: PackageJson,
): readonly Failure[] {
  if (version === undefined || [release.version, main.manifest.version].includes(version)) {
    return [];
  }
  return [
    new Failure(
      "PIOT_ARTIFACT_INVALID",
      `Cannot publish "${name}" at ${release.version}: its package.json says "${version}"`,
      {
        hint:
          "Write the planned version into it in the build job, or leave package.json out of the artifact: one is made then",
      },
    ),
  ];
}

/** A program that nobody could start. */
export function lostBit({ name, artifact }: PlatformTask, payload: string): Failure {
  return new Failure(
    "PIOT_ARTIFACT_INVALID",
    `Cannot publish "${name}": "${payload}" is not executable in the tarball of the artifact "${artifact.name}"`,
    {
      hint:
        "Set its executable bit before it is packed, or deliver the folder instead of a tarball",
    },
  );
}
