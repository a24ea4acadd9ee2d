/**
 * Makes what a build job leaves for one target of an npm family: a program or an addon that holds headers and no code.
 *
 * @module
 */

import { baseName, platformName } from "../../core/npm/platform_package.ts";
import type { BinaryUse } from "../../core/target/fits_triple.ts";
import { platformOf } from "../../core/target/target.ts";
import { makeBinary } from "./binary.ts";

/** What is made up. */
export interface PlatformArtifact {
  /** The main package's name on npm. */
  readonly name: string;
  readonly version: string;
  readonly triple: string;
  readonly use: BinaryUse;
}

/** The files of the artifact, by path. Throws `PIOT_TARGET_UNKNOWN`. */
export function makePlatformArtifact(
  input: PlatformArtifact,
): Readonly<Record<string, string | Uint8Array>> {
  const { name, triple, use } = input;
  const { os } = platformOf(triple);
  const bytes = makeBinary(triple, use);
  if (os === undefined) return wasmPackage(input, bytes);
  const base = baseName(name);
  if (use === "addon") return { [`${base}.${triple}.node`]: bytes };
  return { [os === "win32" ? `${base}.exe` : base]: bytes };
}

/** WebAssembly needs scripts around it, so its packages are delivered ready. */
function wasmPackage(
  { name, version, triple }: PlatformArtifact,
  bytes: Uint8Array,
): Readonly<Record<string, string | Uint8Array>> {
  const manifest = { name: platformName(name, triple), version, cpu: ["wasm32"], main: "main.cjs" };
  return {
    "package.json": `${JSON.stringify(manifest, null, 2)}\n`,
    "main.cjs": `throw new Error("this package was made up for a rehearsal");\n`,
    [`${baseName(name)}.${triple}.wasm`]: bytes,
  };
}
