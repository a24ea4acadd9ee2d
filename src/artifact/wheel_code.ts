/**
 * The compiled code in a wheel: which members are compiled, for which machine, and what they ask for when they are loaded.
 * Members are streamed, each as far as its tables, whatever their size.
 *
 * @module
 */

import { basename } from "node:path";
import type { BundledProgram } from "../core/pypi/bundled_program.ts";
import { type ElfMember, type ElfNeeds, policyVerdict } from "../core/pypi/linux_policy.ts";
import {
  fitsSome,
  isNativePath,
  type NativeMember,
  nativeVerdict,
  type WheelVerdict,
} from "../core/pypi/native_code.ts";
import { memberSource } from "./archive/member_source.ts";
import type { Zip, ZipEntry } from "./archive/zip.ts";
import { readBinaryFrom } from "./binary/binary.ts";
import { type ByteSource, Damage } from "./binary/byte_source.ts";
import { readElfNeeds } from "./binary/elf.ts";
import { readMachine } from "./binary/machine.ts";

/** What is known of a wheel's code. */
export interface WheelCode extends WheelVerdict {
  /** The members that are the program which the wheel is to bring. */
  readonly programs: readonly BundledProgram[];
}

/** Of a wheel that is not unpacked. */
export const NO_CODE: WheelCode = { misfits: [], warnings: [], programs: [] };

/** Reads a wheel's code and holds it against the wheel's platform tags. */
export async function readCode(
  zip: Zip,
  { platforms, isProgram = () => false }: {
    readonly platforms: readonly string[];
    readonly isProgram?: ((path: string) => boolean) | undefined;
  },
): Promise<WheelCode> {
  const named = zip.files.filter(({ path }) => isNativePath(path) || isProgram(path));
  const members = await nativeMembers(zip, named);
  if (!platforms.includes("any")) {
    // Programs that a package starts itself lie anywhere, under any name. Code for other processors, as that of graphics
    // cards, may lie beside them.
    const others = await nativeMembers(zip, zip.files.filter((file) => !named.includes(file)));
    members.push(...others.filter(({ machine }) => fitsSome(machine, platforms)));
  }
  const elf = await elfMembers(zip, members.map(({ entry }) => entry));
  const machines = nativeVerdict(platforms, members);
  const files = new Set(zip.files.map(({ path }) => basename(path)));
  const policy = policyVerdict(platforms, elf.members, files);
  return {
    misfits: [...machines.misfits, ...policy.misfits],
    warnings: [...machines.warnings, ...policy.warnings, ...elf.warnings],
    programs: await readPrograms(zip, zip.files.filter(({ path }) => isProgram(path))),
  };
}

type Found = NativeMember & { readonly entry: ZipEntry };

async function nativeMembers(zip: Zip, files: readonly ZipEntry[]): Promise<Found[]> {
  const members: Found[] = [];
  for (const entry of files) {
    const machine = await withMember(zip, entry, readMachine);
    if (machine === undefined) continue;
    members.push({ path: entry.path, machine, isExecutable: isExecutable(entry), entry });
  }
  return members;
}

/** pip's `utils/unpacking.py`, `zip_item_is_executable()`: a regular file that somebody may execute. */
function isExecutable({ mode }: ZipEntry): boolean {
  return (mode & 0o170000) === 0o100000 && (mode & 0o111) !== 0;
}

/** Opens a member for `use`, and ends its stream. */
async function withMember<T>(
  zip: Zip,
  entry: ZipEntry,
  use: (source: ByteSource) => Promise<T>,
): Promise<T> {
  const source = memberSource(entry.size, () => zip.read(entry));
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}

async function elfMembers(
  zip: Zip,
  entries: readonly ZipEntry[],
): Promise<{ readonly members: readonly ElfMember[]; readonly warnings: readonly string[] }> {
  const members: ElfMember[] = [];
  const warnings: string[] = [];
  for (const entry of entries) {
    try {
      const needs = await withMember(zip, entry, needsOf);
      if (needs !== undefined) members.push({ path: entry.path, needs });
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      warnings.push(`holds "${entry.path}", whose needs cannot be read: ${error.message}`);
    }
  }
  return { members, warnings };
}

async function needsOf(source: ByteSource): Promise<ElfNeeds | undefined> {
  const isElf = (await source.read(0, 4)).getUint32(0) === 0x7f454c46;
  return isElf ? await readElfNeeds(source) : undefined;
}

async function readPrograms(
  zip: Zip,
  entries: readonly ZipEntry[],
): Promise<readonly BundledProgram[]> {
  const programs: BundledProgram[] = [];
  for (const entry of entries) {
    const binary = await withMember(zip, entry, readBinaryFrom);
    programs.push({ path: entry.path, binary, isExecutable: isExecutable(entry) });
  }
  return programs;
}
