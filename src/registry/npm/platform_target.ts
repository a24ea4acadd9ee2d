/**
 * One target of a family: what its platform package is checked by and what the checks come to, whether it is made here or
 * delivered ready; and its compiled files, held against the target.
 *
 * @module
 */

import { join } from "node:path";
import { readBinary } from "../../artifact/binary/binary.ts";
import type { NpmPackage } from "../../core/model/package.ts";
import type { PackageJson } from "../../core/npm/package_json.ts";
import { baseName } from "../../core/npm/platform_name.ts";
import { isByProduct, type ReadFile } from "../../core/npm/platform_payload.ts";
import { type BinaryUse, fitsTriple, type Misfit } from "../../core/target/fits_triple.ts";
import { platformOf } from "../../core/target/target.ts";
import { Failure } from "../../error.ts";
import type { ArtifactFolder, Release } from "../registry.ts";
import type { PackFile } from "./pack.ts";
import type { CheckContext, CheckedPackage } from "./package_check.ts";

/** One target of a family. */
export interface PlatformTarget {
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

/** Why a target's artifact is of no use. `found` goes behind "holds". */
export function noPayload(
  { name, triple, use, artifact, release }: PlatformTarget,
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

/** What is wrong, and what is odd. */
export interface Judgement {
  readonly problems: readonly Failure[];
  readonly warnings: readonly string[];
}

/** Where files lie on this machine, by their path in the package. */
export type Places = ReadonlyMap<string, string>;

/** The places of files below a folder. */
export function placesIn(folder: string, paths: readonly string[]): Places {
  return new Map(paths.map((path) => [path, join(folder, path)]));
}

/** Reads the headers of files. By-products of builds are left out, unless they are compiled themselves. */
export async function readHeaders(places: Places): Promise<readonly ReadFile[]> {
  const files: ReadFile[] = [];
  for (const [path, place] of places) {
    const binary = await readBinary(place);
    if (binary.format !== "other" || !isByProduct(path)) files.push({ path, binary });
  }
  return files;
}

/** Judges the file that the package is made for. */
export function judgePayload({ path, binary }: ReadFile, target: PlatformTarget): Judgement {
  const { misfits, warnings } = fitsTriple(binary, target);
  return {
    problems: misfits.map((misfit) => misfitFailure({ path, misfit, binary }, target)),
    warnings: warnings.map((warning) => `"${target.name}": "${path}" ${warning}`),
  };
}

/** Judges a file that lies beside it: only the platform has to be the same. */
export function judgeCompanion({ path, binary }: ReadFile, target: PlatformTarget): Judgement {
  if (binary.format === "other") return { problems: [], warnings: [] };
  const { misfits } = fitsTriple(binary, target);
  const wrong = misfits.filter(({ sort }) => sort === "platform");
  return {
    problems: wrong.map((misfit) => misfitFailure({ path, misfit, binary }, target)),
    warnings: [],
  };
}

/** What is started as a program: the payload, and compiled helpers beside it. */
export function programsOf(
  files: readonly ReadFile[],
  { payload, use }: { readonly payload: string | undefined; readonly use: BinaryUse },
): ReadonlySet<string> {
  const programs = files.filter(({ path, binary }) =>
    path === payload
      ? use === "program"
      : binary.format !== "other" && binary.runnable && !binary.loadable
  );
  return new Set(programs.map(({ path }) => path));
}

function misfitFailure(
  found: ReadFile & { readonly misfit: Misfit },
  target: PlatformTarget,
): Failure {
  const { path, misfit } = found;
  return new Failure(
    misfit.sort === "content" ? "PIOT_ARTIFACT_INVALID" : "PIOT_BINARY_MISMATCH",
    `Cannot publish "${target.name}": "${path}" in the artifact "${target.artifact.name}" ${misfit.message}`,
    { hint: hintFor(found, target) },
  );
}

function hintFor(
  { misfit, binary }: ReadFile & { readonly misfit: Misfit },
  target: PlatformTarget,
): string {
  const { triple, use, artifact, release } = target;
  switch (misfit.sort) {
    case "content":
      return `Make the build job for "${triple}" upload the ${use} that it built as the artifact "${artifact.name}"`;
    case "library":
      return "Build the addon as a shared library (crate type cdylib, or -shared)";
    case "linkage":
      return 'Link the C library dynamically (for musl, RUSTFLAGS="-C target-feature=-crt-static"), ' +
        "or name a target without a C library, such as linux-x64, when the addon needs none";
    case "platform": {
      const home = release.package.targets.find((other) =>
        other.triple !== triple && fitsTriple(binary, { ...other, use }).misfits.length === 0
      );
      return home === undefined
        ? `Build it for "${triple}", and upload that file as the artifact "${artifact.name}"`
        : `It would fit "${home.triple}": make each build job upload what it built for its own target`;
    }
  }
}
