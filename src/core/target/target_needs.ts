/**
 * What a target asks of a compiled file, beyond the words that npm has for its platform.
 *
 * @module
 */

import { type Binary, formatName } from "./binary.ts";
import { canonicalTriple, platformOf } from "./target.ts";

/** What a target asks for, as a phrase: `an ELF file for linux arm64 (musl)`. */
export function needWords(triple: string): string {
  const { os, cpu, libc } = platformOf(triple);
  const format = binaryFormat(os);
  const article = /^[AEX]/.test(formatName(format)) ? "an" : "a";
  const { order, float } = tripleDetails(triple);
  const notes = [
    ...(order === undefined ? [] : [`${order}-endian`]),
    ...(float === undefined ? [] : [`${float}-float`]),
    ...(libc === undefined ? [] : [libc]),
  ];
  const cpus = cpu ?? "x64 and arm64";
  const platform = format === "elf" || format === "mach-o" ? `${os} ${cpus}` : cpus;
  const note = notes.length === 0 ? "" : ` (${notes.join(", ")})`;
  return `${article} ${formatName(format)} file for ${platform}${note}`;
}

/** The format of the files that a system runs; undefined stands for WebAssembly. */
export function binaryFormat(os: string | undefined): Binary["format"] {
  switch (os) {
    case undefined:
      return "wasm";
    case "darwin":
    case "ios":
      return "mach-o";
    case "win32":
    case "cygwin":
      return "pe";
    case "aix":
      return "xcoff";
    default:
      return "elf";
  }
}

/** What the triple says and npm's three words do not. */
export interface TripleDetails {
  /** Asked for where one name of Node's stands for both orders. */
  readonly order?: "little" | "big";
  /** How 32-bit ARM code passes floating-point numbers. */
  readonly float?: "hard" | "soft";
  /** The version of the 32-bit ARM architecture. */
  readonly armVersion?: number;
}

/** Reads them off a triple. Throws `PIOT_TARGET_UNKNOWN`. */
export function tripleDetails(triple: string): TripleDetails {
  const canonical = canonicalTriple(triple);
  const { os, cpu } = platformOf(triple);
  if (cpu === "ppc64" && os !== "aix") {
    return { order: canonical.startsWith("powerpc64-") ? "big" : "little" };
  }
  if (cpu !== "arm" || os !== "linux") return {};
  const float = /eabi(hf)?$/.exec(canonical);
  const version = /^(?:arm|thumb)v(\d)/.exec(canonical)?.[1];
  return {
    ...(float === null ? {} : { float: float[1] === undefined ? "soft" : "hard" }),
    // `arm-unknown-…` is version 6 (rustc's platform support).
    ...(canonical.startsWith("linux-") ? {} : { armVersion: Number(version ?? 6) }),
  };
}
