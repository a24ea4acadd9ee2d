/**
 * Whether a compiled file is what a target's package must hold: what a target asks for, beyond the words that npm has for
 * its platform, and how well a file fits that.
 *
 * @module
 */

import {
  type Binary,
  describeBinary,
  type ElfBinary,
  formatName,
  type MachBinary,
  type OtherFile,
} from "./binary.ts";
import { canonicalTriple, platformOf } from "./target.ts";
import type { Platform } from "./target_rows.ts";

/** What a file is for: started as a program, or loaded into Node. */
export type BinaryUse = "program" | "addon";

/** One reason why a file does not fit. */
export interface Misfit {
  /**
   * `content`: it is no compiled file, or none that can be run. `platform`: it was built for another one. `library`: it is
   * no shared library. `linkage`: it is one that has its own copy of the C library inside.
   */
  readonly sort: "content" | "platform" | "library" | "linkage";
  /** A phrase that goes behind the file's name: `is empty, and linux-x64-gnu needs …`. */
  readonly message: string;
}

/** How well a file fits. */
export interface Fit {
  readonly misfits: readonly Misfit[];
  /** Phrases that go behind the file's name, about what is odd but may be meant. */
  readonly warnings: readonly string[];
}

/** What a file is held against. */
export interface Wanted {
  readonly triple: string;
  readonly use: BinaryUse;
}

/** Judges a file against a target. Throws `PIOT_TARGET_UNKNOWN` for a triple that is none. */
export function fitsTriple(binary: Binary | OtherFile, wanted: Wanted): Fit {
  const { triple, use } = wanted;
  const needs = `${triple} needs ${needWords(triple)}`;
  const is = `is ${describeBinary(binary)}, and`;
  if (binary.format === "other") return misfit("content", `${is} ${needs}`);
  if (!isForPlatform(binary, triple)) return misfit("platform", `${is} ${needs}`);
  if (use === "program" && !binary.runnable) return misfit("content", `${is} cannot be run`);
  if (use === "addon" && !binary.loadable) {
    return misfit("library", `${is} Node cannot load it as an addon`);
  }
  if (use === "addon" && isCutOff(binary, platformOf(triple))) {
    return misfit("linkage", `names no C library that it needs, and ${triple} stands for one`);
  }
  return { misfits: [], warnings: warningsOf(binary, wanted) };
}

function misfit(sort: Misfit["sort"], message: string): Fit {
  return { misfits: [{ sort, message }], warnings: [] };
}

function isForPlatform(binary: Binary, triple: string): boolean {
  const platform = platformOf(triple);
  if (binary.format !== binaryFormat(platform.os)) return false;
  switch (binary.format) {
    case "elf":
      return elfFits(binary, triple);
    case "mach-o":
      return machFits(binary, platform);
    default:
      return binary.cpu === platform.cpu;
  }
}

function elfFits(binary: ElfBinary, triple: string): boolean {
  const platform = platformOf(triple);
  const { order = binary.order, float = binary.float } = tripleDetails(triple);
  return binary.cpu === platform.cpu && systemFits(binary, platform) &&
    libcFits(binary, platform) && order === binary.order &&
    (binary.float === undefined || float === binary.float);
}

/**
 * A static Linux program may carry no mark of its system. The kernels of the BSDs look for theirs, so files for them
 * always have one; OpenHarmony's files are those of Linux with musl.
 */
function systemFits({ system }: ElfBinary, { os }: Platform): boolean {
  if (system === os) return true;
  if (os === "openharmony") return system === undefined || system === "linux";
  return system === undefined && (os === "linux" || os === "android");
}

/** A file that names no libc runs with any, if it runs at all. */
function libcFits({ libc }: ElfBinary, { os, libc: wanted }: Platform): boolean {
  if (libc === undefined) return true;
  if (os === "android") return libc === "bionic";
  if (os === "openharmony") return libc === "musl";
  return libc !== "bionic" && (wanted === undefined || libc === wanted);
}

function machFits({ slices }: MachBinary, { os, cpu }: Platform): boolean {
  const cpus = slices.map((slice) => slice.cpu);
  const wanted = cpu === undefined ? ["x64", "arm64"] : [cpu];
  return wanted.every((cpu) => cpus.includes(cpu)) &&
    slices.every(({ system }) => system === undefined || system === os);
}

/** Whether a library was linked with its own copy of the C library, which cannot live beside Node's. */
function isCutOff(binary: Binary, { libc }: Platform): boolean {
  return binary.format === "elf" && libc !== undefined && binary.isStatic;
}

function warningsOf(binary: Binary, wanted: Wanted): readonly string[] {
  if (binary.format === "elf") return elfWarnings(binary, wanted);
  if (binary.format !== "mach-o") return [];
  const unsigned = binary.slices.some(({ cpu, signed }) => cpu === "arm64" && !signed);
  return unsigned
    ? [
      "has no code signature for arm64, and Apple silicon kills what has none; an ad-hoc one will do",
    ]
    : [];
}

/** Node's own builds for Linux ask for this glibc since version 18 (its BUILDING.md), so users have it. */
const NODE_FLOOR = 28;
/** The first glibc for a processor, where that is later: nothing can be built for an older one (glibc's NEWS). */
const FIRST_GLIBC: Readonly<Record<string, number>> = { loong64: 36 };

/** Where loaders are on every machine: `/lib…` for Linux, `/system` for Android. */
const USUAL_LOADER = /^\/(usr\/)?lib|^\/system\/|^\/boot\/system\/|^\/libexec\//;

function elfWarnings(binary: ElfBinary, { triple }: Wanted): string[] {
  const { glibcFloor, loader, libc, armVersion } = binary;
  const platform = platformOf(triple);
  const minor = Number(glibcFloor?.split(".")[1] ?? 0);
  const { armVersion: wanted } = tripleDetails(triple);
  return [
    ...(minor > (FIRST_GLIBC[binary.cpu] ?? NODE_FLOOR)
      ? [`needs glibc ${glibcFloor} or newer; Linux systems with an older one cannot use it`]
      : []),
    ...(loader !== undefined && !USUAL_LOADER.test(loader)
      ? [`is started by "${loader}", which other machines do not have`]
      : []),
    ...(platform.os === "linux" && platform.libc === undefined && libc !== undefined
      ? [`needs ${libc}, and ${triple} is installed on systems without it as well`]
      : []),
    ...(armVersion !== undefined && wanted !== undefined && armVersion > wanted
      ? [
        `has code for version ${armVersion} of ARM, and ${triple} is installed on version ${wanted}`,
      ]
      : []),
  ];
}

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
