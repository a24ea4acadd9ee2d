/**
 * Reads ELF files: processor, system and C library (System V ABI, chapters 4 and 5; elf.h).
 *
 * @module
 */

import type { ElfBinary } from "../core/binary.ts";
import { readArmAttributes } from "./binary_arm.ts";
import { type Dynamic, NO_DYNAMIC, readDynamic } from "./binary_elf_dynamic.ts";
import { type ElfFile, PT, readElfFile, readSegment } from "./binary_elf_file.ts";
import { cpuOf } from "./binary_elf_machines.ts";
import { libcOf, systemOf } from "./binary_elf_system.ts";
import type { ByteSource } from "./binary_source.ts";

const ET_EXEC = 2;
const ET_DYN = 3;

/** Reads an ELF file. Throws `Damage`. */
export async function readElf(source: ByteSource): Promise<ElfBinary> {
  const file = await readElfFile(source);
  const interpreter = file.segments.find(({ type }) => type === PT.INTERP);
  const loader = interpreter === undefined ? undefined : await source.text(interpreter.offset);
  const dynamic = file.segments.some(({ type }) => type === PT.DYNAMIC)
    ? await readDynamic(file)
    : NO_DYNAMIC;
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

/** The owners of the file's notes, such as `GNU`, `FreeBSD`, `Android`. */
async function readNotes(file: ElfFile): Promise<readonly string[]> {
  const owners: string[] = [];
  for (const segment of file.segments.filter(({ type }) => type === PT.NOTE)) {
    owners.push(...noteOwners(await readSegment(file, segment), file.little));
  }
  return owners;
}

const NT_GNU_ABI_TAG = 1;

function noteOwners(view: DataView, little: boolean): string[] {
  const owners: string[] = [];
  for (let at = 0; at + 12 <= view.byteLength;) {
    const [nameSize, size] = [view.getUint32(at, little), view.getUint32(at + 4, little)];
    const nameEnd = at + 12 + nameSize;
    if (nameEnd > view.byteLength) break;
    const name = new Uint8Array(view.buffer, at + 12, nameSize);
    const owner = String.fromCharCode(...name).replace(/\0.*$/s, "");
    // GNU's build ids and properties say nothing of the system; its ABI tag is Linux when its first word is 0.
    if (owner !== "GNU") owners.push(owner);
    else if (view.getUint32(at + 8, little) === NT_GNU_ABI_TAG) owners.push("GNU ABI tag");
    at = align(nameEnd) + align(size);
  }
  return owners;
}

function align(size: number): number {
  return Math.ceil(size / 4) * 4;
}
