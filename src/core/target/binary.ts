/**
 * What the headers of a compiled file say about it, in npm's words for systems and processors.
 *
 * @module
 */

/** What every compiled file says. */
interface Compiled {
  /** Whether a system would start it as a program. */
  readonly runnable: boolean;
  /** Whether a program can load it as a library, which is what Node does with an addon. */
  readonly loadable: boolean;
}

/** An ELF file: Linux, Android, the BSDs, illumos, Haiku. */
export interface ElfBinary extends Compiled {
  readonly format: "elf";
  /** Node's `process.arch` where it has a name for it, else a name like `x32` or `machine 43`. */
  readonly cpu: string;
  readonly order: "little" | "big";
  /** Node's `process.platform`, when the file says; static files often do not. */
  readonly system: string | undefined;
  /** The C library that it needs; undefined when it names none. */
  readonly libc: "glibc" | "musl" | "bionic" | undefined;
  /** Whether it asks for no loader and no library. */
  readonly isStatic: boolean;
  /** The program that loads it, as an absolute path (PT_INTERP); undefined for libraries and static programs. */
  readonly loader: string | undefined;
  /** The oldest glibc that has every symbol version it needs: `2.34`. */
  readonly glibcFloor: string | undefined;
  /** How 32-bit ARM code passes floating-point numbers; undefined when the file does not say. */
  readonly float: "hard" | "soft" | undefined;
  /** The version of the 32-bit ARM architecture that it was built for, such as 7; undefined when it does not say. */
  readonly armVersion: number | undefined;
}

/** One processor's part of a Mach-O file. */
export interface MachSlice extends Compiled {
  readonly cpu: string;
  /** `darwin` or `ios`, when it says. */
  readonly system: string | undefined;
  /** Whether it has a code signature. */
  readonly signed: boolean;
}

/** A Mach-O file: macOS and iOS. A thin one has one slice, a universal one several. */
export interface MachBinary extends Compiled {
  readonly format: "mach-o";
  readonly slices: readonly MachSlice[];
}

/** A PE file (Windows), an XCOFF file (AIX), a WebAssembly module. */
export interface PlainBinary extends Compiled {
  readonly format: "pe" | "xcoff" | "wasm";
  readonly cpu: string;
}

/** A file that is none of these. */
export interface OtherFile {
  readonly format: "other";
  /** What it is, behind "is": `empty`, `a script (#!/bin/sh)`, `a damaged ELF file: …`. */
  readonly what: string;
}

/** A compiled file, as its own headers tell it. */
export type Binary = ElfBinary | MachBinary | PlainBinary;

const FORMATS: Readonly<Record<Binary["format"], string>> = {
  elf: "ELF",
  "mach-o": "Mach-O",
  pe: "PE",
  xcoff: "XCOFF",
  wasm: "WebAssembly",
};

/** A phrase for people, behind "is": `an ELF program for linux x64 (glibc)`. */
export function describeBinary(binary: Binary | OtherFile): string {
  if (binary.format === "other") return binary.what;
  const article = binary.format === "elf" || binary.format === "xcoff" ? "an" : "a";
  const universal = binary.format === "mach-o" && binary.slices.length > 1 ? "universal " : "";
  const sort = binary.loadable ? "library" : binary.runnable ? "program" : "file";
  return `${article} ${universal}${FORMATS[binary.format]} ${sort} for ${platformWords(binary)}`;
}

function platformWords(binary: Binary): string {
  switch (binary.format) {
    case "elf":
      return elfWords(binary);
    case "mach-o": {
      const system = binary.slices[0]?.system;
      const cpus = binary.slices.map(({ cpu }) => cpu).join(" and ");
      return system === undefined ? cpus : `${system} ${cpus}`;
    }
    default:
      return binary.cpu;
  }
}

function elfWords({ cpu, order, system, libc, isStatic, float }: ElfBinary): string {
  const notes = [
    ...(cpu === "ppc64" ? [`${order}-endian`] : []),
    ...(float === undefined ? [] : [`${float}-float`]),
    ...(libc === undefined ? isStatic ? ["static"] : [] : [libc]),
  ];
  const platform = system === undefined ? cpu : `${system} ${cpu}`;
  return notes.length === 0 ? platform : `${platform} (${notes.join(", ")})`;
}

/** The name of a format: `ELF`, `Mach-O`. */
export function formatName(format: Binary["format"]): string {
  return FORMATS[format];
}
