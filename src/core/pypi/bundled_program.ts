/**
 * `bundle_cli`: whether a wheel brings the program that the build job was to stage into it, for its row's platform and so
 * that it can be started.
 *
 * @module
 */

import type { BundleCli } from "../model/package.ts";
import type { Binary, OtherFile } from "../target/binary.ts";
import { fitsTriple } from "../target/fits_triple.ts";
import { EXECUTABLE_HINT } from "./native_code.ts";
import type { Misfit } from "./release_fit.ts";

/** A program that a wheel brings. */
export interface BundledProgram {
  readonly path: string;
  readonly binary: Binary | OtherFile;
  /** Whether pip makes an executable file of it. */
  readonly isExecutable: boolean;
}

/**
 * Whether a member of a wheel is the program: the wheel lacks the front folders of `stage_to`, such as `src`, and data of
 * `NAME.data` is in a folder of the wheel's own name and version.
 */
export function isBundled(path: string, { bin, stageTo }: BundleCli): boolean {
  const staged = stageTo === "." ? bin : `${stageTo}/${bin}`;
  const plain = withoutData(path.replace(/\.exe$/i, ""));
  const wanted = withoutData(staged);
  return plain === wanted || wanted.endsWith(`/${plain}`);
}

function withoutData(path: string): string {
  return path.replace(/^(?:.*\/)?[^/]+\.data\//, "data:");
}

/** What is wrong with the program for a row's triple; `programs` are the members that are it. */
export function bundleMisfits(
  programs: readonly BundledProgram[],
  { bundle: { bin, stageTo }, triple }: { readonly bundle: BundleCli; readonly triple: string },
): readonly Misfit[] {
  const [program] = programs;
  if (program === undefined) {
    return [{
      clause: `it brings no program "${bin}", which \`bundle_cli\` stages to "${stageTo}"`,
      hint:
        "Let the build job put the program there before it builds the wheel, and the project's " +
        "backend include it (for maturin `include` of `[tool.maturin]`)",
    }];
  }
  const name = `its program "${program.path}"`;
  const fit = fitsTriple(program.binary, { triple, use: "program" });
  const isWindows = program.binary.format === "pe";
  return [
    ...fit.misfits.map(({ message }) => ({
      clause: `${name} ${message}`,
      hint: `Let the build job of ${triple} build the program for ${triple} too`,
    })),
    ...(fit.misfits.length > 0 || isWindows || program.isExecutable ? [] : [{
      clause: `${name} will not be executable once pip has installed it`,
      hint: EXECUTABLE_HINT,
    }]),
  ];
}
