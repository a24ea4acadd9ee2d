/**
 * The processors of ELF files, in Node's words; and what 32-bit ARM files say of their floating-point calls and of the ARM
 * version that they need (ELF for the Arm Architecture; Addenda to the ABI for the Arm Architecture, build attributes).
 *
 * @module
 */

import type { ElfBinary } from "../../core/target/binary.ts";
import { Damage } from "./byte_source.ts";
import type { ElfFile } from "./elf_file.ts";

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

const EM_ARM = 40;
const EF_ARM_ABI_FLOAT_SOFT = 0x200;
const EF_ARM_ABI_FLOAT_HARD = 0x400;
const SHT_ARM_ATTRIBUTES = 0x70000003;

/** The ARM part of an ELF file; nothing for other processors. */
export async function readArmAttributes(
  file: ElfFile,
): Promise<Pick<ElfBinary, "float" | "armVersion">> {
  if (file.machine !== EM_ARM) return { float: undefined, armVersion: undefined };
  const section = (await file.sections()).find(({ type }) => type === SHT_ARM_ATTRIBUTES);
  const attributes = section === undefined
    ? new Map<number, number>()
    : readAttributes(await file.source.read(section.offset, section.size), file.little);
  const architecture = attributes.get(TAG_CPU_ARCH);
  return {
    float: floatOf(file.flags),
    armVersion: architecture === undefined ? undefined : ARM_VERSIONS[architecture],
  };
}

/** Linkers write one of the two bits into programs and libraries of version 5 of the ABI. */
function floatOf(flags: number): ElfBinary["float"] {
  if ((flags & EF_ARM_ABI_FLOAT_HARD) !== 0) return "hard";
  return (flags & EF_ARM_ABI_FLOAT_SOFT) !== 0 ? "soft" : undefined;
}

const TAG_CPU_RAW_NAME = 4;
const TAG_CPU_NAME = 5;
const TAG_CPU_ARCH = 6;
const TAG_COMPATIBILITY = 32;

/** Tag_CPU_arch: v4, v4T, v5T, v5TE, v5TEJ, v6, v6KZ, v6T2, v6K, v7, v6-M, v6S-M, v7E-M, v8, … */
const ARM_VERSIONS: readonly number[] = [3, 4, 4, 5, 5, 5, 6, 6, 6, 6, 7, 6, 6, 7, 8, 8, 8, 8, 8];

/** The attributes that hold for the whole file: `A`, then sections by vendor, of which `aeabi` is the ABI's own. */
function readAttributes(view: DataView, little: boolean): ReadonlyMap<number, number> {
  const bytes = new Uint8Array(view.buffer);
  const vendor = "aeabi\0";
  const start = 5 + vendor.length;
  if (bytes[0] !== 0x41 || bytes.length < start + 5) return new Map();
  if (String.fromCharCode(...bytes.subarray(5, start)) !== vendor) return new Map();
  // Tag_File is 1, and its size counts its own five bytes.
  if (bytes[start] !== 1) return new Map();
  const end = Math.min(start + view.getUint32(start + 1, little), bytes.length);
  return readPairs(bytes.subarray(start + 5, end));
}

function readPairs(bytes: Uint8Array): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  const cursor = { at: 0 };
  while (cursor.at < bytes.length) {
    const tag = readUleb(bytes, cursor);
    const hasNumber = tag < TAG_COMPATIBILITY
      ? tag !== TAG_CPU_RAW_NAME && tag !== TAG_CPU_NAME
      : tag === TAG_COMPATIBILITY || tag % 2 === 0;
    const hasText = !hasNumber || tag === TAG_COMPATIBILITY;
    if (hasNumber) pairs.set(tag, readUleb(bytes, cursor));
    if (hasText) skipText(bytes, cursor);
  }
  return pairs;
}

function skipText(bytes: Uint8Array, cursor: { at: number }): void {
  const end = bytes.indexOf(0, cursor.at);
  if (end < 0) throw new Damage("an ARM attribute has no end");
  cursor.at = end + 1;
}

/** A number in pieces of seven bits, the lowest first. */
function readUleb(bytes: Uint8Array, cursor: { at: number }): number {
  let value = 0;
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = bytes[cursor.at++];
    if (byte === undefined) throw new Damage("an ARM attribute is cut off");
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  throw new Damage("an ARM attribute is too large");
}
