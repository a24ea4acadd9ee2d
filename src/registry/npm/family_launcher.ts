/**
 * The launcher of a family of programs, as a file of the main package: when it is needed, and what stands in its way.
 *
 * @module
 */

import { join } from "node:path";
import { launcherText } from "../../core/npm/launcher.ts";
import type { PackageJson } from "../../core/npm/package_json.ts";
import { baseName } from "../../core/npm/platform_package.ts";
import type { NpmPackage } from "../../core/model/package.ts";
import { platformOf } from "../../core/target/target.ts";
import { Failure } from "../../error.ts";
import { kindOfPath } from "../../host/files.ts";
import type { Release } from "../registry.ts";
import type { CheckContext } from "./checked_package.ts";
import type { CheckedPlatform } from "./platform_checked.ts";
import type { Source } from "./source.ts";

/** What the main package is checked with. */
export interface MainCheck {
  readonly release: Release<NpmPackage>;
  readonly context: CheckContext;
  readonly source: Source;
  /** package.json as it was delivered. */
  readonly manifest: PackageJson;
  /** Those of its platform packages that could be read. */
  readonly platforms: readonly CheckedPlatform[];
}

/** A family of programs has a command; without one of its own it gets a launcher. */
export function needsLauncher(
  { release, manifest }: Pick<MainCheck, "release" | "manifest">,
): boolean {
  return release.package.build === "bundled-cli" && Object.keys(manifest.bin).length === 0;
}

/** The launcher's path in the package, and its text. It ends in `.cjs`, which is CommonJS in packages of either type. */
export function makeLauncher(
  { release, platforms }: Pick<MainCheck, "release" | "platforms">,
): { readonly path: string; readonly text: string } {
  const packages = platforms.flatMap(({ name, payload, triple }) => {
    const { os, cpu, libc } = platformOf(triple);
    return payload === undefined ? [] : [{ name, file: payload, os, cpu, libc }];
  });
  const name = release.package.registryName;
  return { path: `bin/${baseName(name)}.cjs`, text: launcherText({ name, packages }) };
}

/** Why the launcher cannot be added, or would not find its programs. */
export async function launcherProblems(check: MainCheck): Promise<readonly Failure[]> {
  if (!needsLauncher(check)) return [];
  const { source, release, platforms } = check;
  const { registryName } = release.package;
  if (source.kind === "tarball") return [noCommand(registryName)];
  const { path } = makeLauncher(check);
  const isTaken = await kindOfPath(join(source.path, path)) !== undefined;
  return [
    ...(isTaken ? [wouldReplace(registryName, path)] : []),
    ...platforms.filter(({ isSealed }) => isSealed).map(({ name, payload }) =>
      new Failure(
        "PIOT_NPM_MANIFEST",
        `Cannot publish "${registryName}": \`exports\` of "${name}" hides "${payload}" from the launcher`,
        { hint: "Remove `exports` from its package.json, or write a `bin` of your own" },
      )
    ),
  ];
}

function wouldReplace(registryName: string, path: string): Failure {
  return new Failure(
    "PIOT_NPM_MANIFEST",
    `Cannot publish "${registryName}": it has no command, and the launcher would replace its file "${path}"`,
    { hint: "Name the file in `bin` of package.json when it starts the program, or rename it" },
  );
}

function noCommand(registryName: string): Failure {
  return new Failure(
    "PIOT_ARTIFACT_INVALID",
    `Cannot publish "${registryName}": its tarball has no \`bin\``,
    { hint: "Deliver the package's folder instead of a tarball: it gets a launcher then" },
  );
}
