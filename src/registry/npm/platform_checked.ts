/**
 * What the checks of a platform package come to, whether the package was made here or delivered ready.
 *
 * @module
 */

import type { BinaryUse } from "../../core/target/fits_triple.ts";
import type { PackageJson } from "../../core/npm/package_json.ts";
import { baseName } from "../../core/npm/platform_package.ts";
import type { NpmPackage } from "../../core/model/package.ts";
import { platformOf } from "../../core/target/target.ts";
import { Failure } from "../../error.ts";
import type { ArtifactFolder, Release } from "../registry.ts";
import type { CheckContext, CheckedPackage } from "./checked_package.ts";
import type { PackFile } from "./pack.ts";
import type { PlatformPlace } from "./platform_binaries.ts";

/** One target of a family. */
export interface PlatformTask {
  readonly release: Release<NpmPackage>;
  readonly triple: string;
  /** The platform package's name on npm. */
  readonly name: string;
  readonly use: BinaryUse;
  /** The target's artifact, and the folder that it was delivered in. */
  readonly artifact: ArtifactFolder & { readonly folder: string };
  readonly context: CheckContext;
  /** A folder for whatever has to be unpacked. */
  readonly temp: string;
  /** The main package. */
  readonly main: MainFacts;
}

/** What platform packages take from their main package. */
export interface MainFacts {
  /** package.json as it was delivered. */
  readonly manifest: PackageJson;
  /** Its licence files. Asked for only when the main package has no problems. */
  readonly licences: () => Promise<readonly PackFile[]>;
}

/** A platform package after its checks. */
export interface CheckedPlatform extends Omit<CheckedPackage, "manifest" | "paths" | "readSome"> {
  readonly name: string;
  readonly triple: string;
  /** The program's or addon's path in the package; undefined when none was found, which is one of the problems. */
  readonly payload: string | undefined;
  /** Whether its `exports` keep other packages from reaching its files. */
  readonly isSealed: boolean;
}

/** What the judges of compiled files have to know. */
export function placeOf({ name, triple, use, artifact, release }: PlatformTask): PlatformPlace {
  const triples = release.package.targets.map((target) => target.triple);
  return { name, triple, triples, use, artifact: artifact.name };
}

/** Why a target's artifact is of no use. `found` goes behind "holds". */
export function noPayload(
  { name, triple, use, artifact, release }: PlatformTask,
  found: string,
): Failure {
  const isWasm = platformOf(triple).os === undefined;
  const base = baseName(release.package.registryName);
  const file = use === "program" ? `"${base}"` : `"${base}.${triple}.node"`;
  return new Failure(
    "PIOT_ARTIFACT_INVALID",
    `Cannot publish "${name}": its artifact "${artifact.name}" holds ${found}`,
    {
      hint: isWasm
        ? "Deliver a folder with a package.json: WebAssembly needs scripts around it"
        : `Make the build job for "${triple}" upload one ${use} (such as ${file}), or a folder with a package.json`,
    },
  );
}
