/**
 * Reads ELF files: processor, system and C library, and what they ask their loader for, libraries and versions of symbols
 * (System V ABI, chapters 4 and 5; elf.h; Drepper's ELF Symbol Versioning).
 *
 * @module
 */

import type { ElfNeeds, NeededVersion } from "../../core/pypi/linux_policy.ts";
import type { ElfBinary } from "../../core/target/binary.ts";
import { type ByteSource, Damage } from "./byte_source.ts";
import { type ElfFile, offsetOf, PT, readAddress, readElfFile, readSegment } from "./elf_file.ts";
import { cpuOf, readArmAttributes } from "./elf_processor.ts";
import { libcOf, readNotes, systemOf } from "./elf_system.ts";

const ET_EXEC = 2;
const ET_DYN = 3;

/** Reads what an ELF file asks for when it is loaded. Throws `Damage`. */
export async function readElfNeeds(source: ByteSource): Promise<ElfNeeds> {
  const file = await readElfFile(source);
  const loader = await readLoader(file);
  const dynamic = await readDynamicOf(file);
  const { needed, soname, glibcFloor, versions } = dynamic;
  const facts = { loader, notes: await readNotes(file), needed, osAbi: file.osAbi };
  return { needed, soname, glibcFloor, versions, libc: libcOf(facts, systemOf(facts)) };
}

async function readLoader({ segments, source }: ElfFile): Promise<string | undefined> {
  const interpreter = segments.find(({ type }) => type === PT.INTERP);
  return interpreter === undefined ? undefined : await source.text(interpreter.offset);
}

async function readDynamicOf(file: ElfFile): Promise<Dynamic> {
  return file.segments.some(({ type }) => type === PT.DYNAMIC)
    ? await readDynamic(file)
    : NO_DYNAMIC;
}

/** Reads an ELF file. Throws `Damage`. */
export async function readElf(source: ByteSource): Promise<ElfBinary> {
  const file = await readElfFile(source);
  const loader = await readLoader(file);
  const dynamic = await readDynamicOf(file);
  const notes = await readNotes(file);
  const facts = { loader, notes, needed: dynamic.needed, osAbi: file.osAbi };
  const system = systemOf(facts);
  return {
    format: "elf",
    cpu: cpuOf(file),
    order: file.little ? "little" : "big",
    system,
    libc: libcOf(facts, system),
    isStatic: loader === undefined && dynamic.needed.length === 0,
    loader,
    glibcFloor: dynamic.glibcFloor,
    ...sortOf(file, { loader, dynamic }),
    ...await readArmAttributes(file),
  };
}

/**
 * A shared object may be a program: those are position-independent too. dlopen refuses the ones that say so in DF_1_PIE
 * (glibc 2.26, elf/dl-load.c). Nothing starts without a loader when it needs libraries, and old linkers give libraries an
 * entry address.
 */
function sortOf(
  { type, entry }: ElfFile,
  { loader, dynamic }: { readonly loader: string | undefined; readonly dynamic: Dynamic },
): Pick<ElfBinary, "runnable" | "loadable"> {
  const shared = type === ET_DYN;
  const startsAlone = entry !== 0 && dynamic.needed.length === 0;
  const asksForLoader = loader !== undefined && dynamic.soname === undefined;
  return {
    runnable: type === ET_EXEC || (shared && (loader !== undefined || startsAlone)),
    loadable: shared && !dynamic.isPie && !asksForLoader,
  };
}

/** The dynamic section, as far as it matters here. */
interface Dynamic extends Omit<ElfNeeds, "libc"> {
  /** Whether it says that it is a position-independent program. */
  readonly isPie: boolean;
}

/** Of a file without a dynamic section. */
const NO_DYNAMIC: Dynamic = {
  needed: [],
  soname: undefined,
  isPie: false,
  glibcFloor: undefined,
  versions: [],
};

const DT = {
  NULL: 0,
  NEEDED: 1,
  STRTAB: 5,
  SONAME: 14,
  FLAGS_1: 0x6ffffffb,
  VERNEED: 0x6ffffffe,
  VERNEEDNUM: 0x6fffffff,
} as const;

const DF_1_PIE = 0x08000000;
const MOST_NAMES = 4096;

/** Reads the dynamic section. Throws `Damage`. */
async function readDynamic(file: ElfFile): Promise<Dynamic> {
  const entries = await readEntries(file);
  const valueOf = (tag: number): number | undefined =>
    entries.find((entry) => entry.tag === tag)?.value;
  const names = valueOf(DT.STRTAB);
  const nameAt = (offset: number): Promise<string> => {
    if (names === undefined) throw new Damage("it has names without a table of names");
    return file.source.text(offsetOf(file, names) + offset);
  };
  const needed: string[] = [];
  for (const { tag, value } of entries) {
    if (tag === DT.NEEDED) needed.push(await nameAt(value));
  }
  const soname = valueOf(DT.SONAME);
  const start = valueOf(DT.VERNEED);
  const versions = start === undefined ? [] : await neededVersions(file, {
    start: offsetOf(file, start),
    count: valueOf(DT.VERNEEDNUM) ?? 0,
    nameAt,
  });
  return {
    needed,
    soname: soname === undefined ? undefined : await nameAt(soname),
    isPie: ((valueOf(DT.FLAGS_1) ?? 0) & DF_1_PIE) !== 0,
    glibcFloor: highestGlibc(versions.map(({ name }) => name)),
    versions,
  };
}

async function readEntries(
  file: ElfFile,
): Promise<readonly { readonly tag: number; readonly value: number }[]> {
  const { wide, little } = file;
  const segment = file.segments.find(({ type }) => type === PT.DYNAMIC)!;
  const view = await readSegment(file, segment);
  const size = wide ? 8 : 4;
  const entries: { tag: number; value: number }[] = [];
  for (let at = 0; at + 2 * size <= view.byteLength; at += 2 * size) {
    const tag = readAddress(view, { at, wide, little });
    if (tag === DT.NULL) break;
    if (entries.length >= MOST_NAMES) throw new Damage("its dynamic section has no end");
    entries.push({ tag, value: readAddress(view, { at: at + size, wide, little }) });
  }
  return entries;
}

const VER_FLG_WEAK = 0x2;

/** The versions that must be there: a list of libraries, each with a list of names. */
async function neededVersions(
  { source, little }: ElfFile,
  list: { start: number; count: number; nameAt: (offset: number) => Promise<string> },
): Promise<readonly NeededVersion[]> {
  const names: NeededVersion[] = [];
  let seen = 0;
  let at = list.start;
  for (let turn = 0; turn < list.count; turn++) {
    if (turn >= MOST_NAMES) throw new Damage("its list of libraries has no end");
    const library = await source.read(at, 16);
    const file = await list.nameAt(library.getUint32(4, little));
    let version = at + library.getUint32(8, little);
    for (let left = library.getUint16(2, little); left > 0; left--) {
      if (++seen > MOST_NAMES) throw new Damage("its list of versions has no end");
      const entry = await source.read(version, 16);
      const isWeak = (entry.getUint16(4, little) & VER_FLG_WEAK) !== 0;
      if (!isWeak) {
        names.push({ library: file, name: await list.nameAt(entry.getUint32(8, little)) });
      }
      version += entry.getUint32(12, little);
    }
    const next = library.getUint32(12, little);
    if (next === 0) break;
    at += next;
  }
  return names;
}

/** `GLIBC_2.2.5` and `GLIBC_2.34` → `2.34`. Relative relocations in their short form came with 2.36 (its NEWS). */
function highestGlibc(names: readonly string[]): string | undefined {
  const minors = names.map((name) => name === "GLIBC_ABI_DT_RELR" ? "GLIBC_2.36" : name)
    .flatMap((name) => /^GLIBC_2\.(\d+)/.exec(name)?.[1] ?? []).map(Number);
  return minors.length === 0 ? undefined : `2.${Math.max(...minors)}`;
}
