/**
 * Reads ELF files: processor, system and C library (System V ABI, chapters 4 and 5; elf.h).
 *
 * @module
 */

import type { ElfBinary } from "../core/target/binary.ts";
import { readArmAttributes } from "./binary_arm.ts";
import { type Dynamic, NO_DYNAMIC, readDynamic } from "./binary_elf_dynamic.ts";
import { type ElfFile, PT, readElfFile } from "./binary_elf_file.ts";
import { cpuOf } from "./binary_elf_machines.ts";
import { readNotes } from "./binary_elf_notes.ts";
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
