/**
 * The processors of ELF files, in Node's words.
 *
 * @module
 */

import type { ElfFile } from "./binary_elf_file.ts";

/** A processor's names, by whether addresses have 64 bits and by byte order. */
interface Names {
  readonly narrow?: string;
  readonly wide?: string;
  /** In the byte order that is not the usual one. */
  readonly otherNarrow?: string;
  readonly otherWide?: string;
  /** The usual byte order. */
  readonly little: boolean;
}

/** e_machine (the gABI's registry of machines). What Node has no name for keeps one of its own, which fits no target. */
const MACHINES: ReadonlyMap<number, Names> = new Map<number, Names>([
  [3, { narrow: "ia32", little: true }],
  [62, { wide: "x64", narrow: "x32", little: true }],
  [40, { narrow: "arm", otherNarrow: "armeb", little: true }],
  [183, { wide: "arm64", narrow: "arm64ilp32", otherWide: "arm64be", little: true }],
  [243, { wide: "riscv64", narrow: "riscv32", little: true }],
  [20, { narrow: "ppc", otherNarrow: "ppcle", little: false }],
  // Node calls both orders `ppc64`.
  [21, { wide: "ppc64", otherWide: "ppc64", little: false }],
  [22, { wide: "s390x", narrow: "s390", little: false }],
  [258, { wide: "loong64", narrow: "loong32", little: true }],
  [8, {
    narrow: "mips",
    wide: "mips64",
    otherNarrow: "mipsel",
    otherWide: "mips64el",
    little: false,
  }],
]);

const EM_MIPS = 8;
/** The n32 ABI: 64-bit code with 32-bit addresses, which no target stands for. */
const EF_MIPS_ABI2 = 0x20;

/** The processor of a file. */
export function cpuOf(
  { machine, wide, little, flags }: Pick<ElfFile, "machine" | "wide" | "little" | "flags">,
): string {
  const names = MACHINES.get(machine);
  if (names === undefined) return `machine ${machine}`;
  if (machine === EM_MIPS && !wide && (flags & EF_MIPS_ABI2) !== 0) return "mipsn32";
  const usual = names.little === little;
  const name = wide
    ? usual ? names.wide : names.otherWide
    : usual
    ? names.narrow
    : names.otherNarrow;
  return name ?? `machine ${machine} (${wide ? 64 : 32} bits, ${little ? "little" : "big"}-endian)`;
}
