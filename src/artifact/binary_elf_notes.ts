/**
 * The notes of an ELF file: who wrote them tells which system it is for (System V ABI, chapter 5, note section).
 *
 * @module
 */

import { type ElfFile, PT, readSegment } from "./binary_elf_file.ts";
import { Damage } from "./binary_source.ts";

/** Linkers and compilers leave a handful; probes for tracing are some hundred. */
const MOST_NOTES = 1024;
/** `Android`, `FreeBSD`, `stapsdt`: the owners that say anything are short, and a length is four bytes of anybody's. */
const LONGEST_OWNER = 64;

/** The owners of the file's notes, each once, such as `FreeBSD` and `Android`. Throws `Damage`. */
export async function readNotes(file: ElfFile): Promise<readonly string[]> {
  const owners = new Set<string>();
  let count = 0;
  for (const segment of file.segments.filter(({ type }) => type === PT.NOTE)) {
    for (const owner of noteOwners(await readSegment(file, segment), file.little)) {
      // Segments may overlap, and each may be long: what a file claims must not cost more than what it holds.
      if (++count > MOST_NOTES) throw new Damage("its list of notes has no end");
      if (owner !== undefined) owners.add(owner);
    }
  }
  return [...owners];
}

const NT_GNU_ABI_TAG = 1;

/** The owner of each note; undefined for a note that says nothing of the system. */
function* noteOwners(view: DataView, little: boolean): Generator<string | undefined> {
  for (let at = 0; at + 12 <= view.byteLength;) {
    const [nameSize, size] = [view.getUint32(at, little), view.getUint32(at + 4, little)];
    const nameEnd = at + 12 + nameSize;
    if (nameEnd > view.byteLength) return;
    const name = new Uint8Array(view.buffer, at + 12, Math.min(nameSize, LONGEST_OWNER));
    const owner = String.fromCharCode(...name).replace(/\0.*$/s, "");
    // GNU's build ids and properties say nothing of the system; its ABI tag is Linux when its first word is 0.
    if (owner !== "GNU") yield owner;
    else yield view.getUint32(at + 8, little) === NT_GNU_ABI_TAG ? "GNU ABI tag" : undefined;
    at = align(nameEnd) + align(size);
  }
}

function align(size: number): number {
  return Math.ceil(size / 4) * 4;
}
