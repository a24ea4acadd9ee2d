/**
 * Holds the compiled files of a platform package against the target that the package is for.
 *
 * @module
 */

import { join } from "node:path";
import { readBinary } from "../../artifact/binary.ts";
import { type BinaryUse, fitsTriple, type Misfit } from "../../core/target/fits_triple.ts";
import { isByProduct, type ReadFile } from "../../core/npm/platform_payload.ts";
import { Failure } from "../../error.ts";

/** What the compiled files of one target are judged by. */
export interface PlatformPlace {
  /** The platform package's name on npm. */
  readonly name: string;
  readonly triple: string;
  /** Every target of the family, for telling where a file would fit. */
  readonly triples: readonly string[];
  readonly use: BinaryUse;
  /** The name of the target's artifact. */
  readonly artifact: string;
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
export function judgePayload({ path, binary }: ReadFile, place: PlatformPlace): Judgement {
  const { misfits, warnings } = fitsTriple(binary, place);
  return {
    problems: misfits.map((misfit) => misfitFailure({ path, misfit, binary }, place)),
    warnings: warnings.map((warning) => `"${place.name}": "${path}" ${warning}`),
  };
}

/** Judges a file that lies beside it: only the platform has to be the same. */
export function judgeCompanion({ path, binary }: ReadFile, place: PlatformPlace): Judgement {
  if (binary.format === "other") return { problems: [], warnings: [] };
  const { misfits } = fitsTriple(binary, place);
  const wrong = misfits.filter(({ sort }) => sort === "platform");
  return {
    problems: wrong.map((misfit) => misfitFailure({ path, misfit, binary }, place)),
    warnings: [],
  };
}

function misfitFailure(
  found: ReadFile & { readonly misfit: Misfit },
  place: PlatformPlace,
): Failure {
  const { path, misfit } = found;
  return new Failure(
    misfit.sort === "content" ? "PIOT_ARTIFACT_INVALID" : "PIOT_BINARY_MISMATCH",
    `Cannot publish "${place.name}": "${path}" in the artifact "${place.artifact}" ${misfit.message}`,
    { hint: hintFor(found, place) },
  );
}

function hintFor(
  { misfit, binary }: ReadFile & { readonly misfit: Misfit },
  place: PlatformPlace,
): string {
  const { triple, triples, use, artifact } = place;
  switch (misfit.sort) {
    case "content":
      return `Make the build job for "${triple}" upload the ${use} that it built as the artifact "${artifact}"`;
    case "library":
      return "Build the addon as a shared library (crate type cdylib, or -shared)";
    case "linkage":
      return 'Link the C library dynamically (for musl, RUSTFLAGS="-C target-feature=-crt-static"), ' +
        "or name a target without a C library, such as linux-x64, when the addon needs none";
    case "platform": {
      const home = triples.find((one) =>
        one !== triple && fitsTriple(binary, { triple: one, use }).misfits.length === 0
      );
      return home === undefined
        ? `Build it for "${triple}", and upload that file as the artifact "${artifact}"`
        : `It would fit "${home}": make each build job upload what it built for its own target`;
    }
  }
}
