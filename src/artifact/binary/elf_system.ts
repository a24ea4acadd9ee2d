/**
 * The system and the C library that an ELF file is for: no header field says it, so several signs are read, among them
 * who wrote its notes (System V ABI, chapter 5, note section).
 *
 * @module
 */

import type { ElfBinary } from "../../core/target/binary.ts";
import { Damage } from "./byte_source.ts";
import { type ElfFile, PT, readSegment } from "./elf_file.ts";

/** The signs. */
interface SystemSigns {
  /** The program that loads it. */
  readonly loader: string | undefined;
  /** The owners of its notes. */
  readonly notes: readonly string[];
  /** The libraries that it needs. */
  readonly needed: readonly string[];
  /** EI_OSABI. */
  readonly osAbi: number;
}

/** Owners of notes that the linkers of each system write, in Node's words for the systems. */
const NOTES: ReadonlyMap<string, string> = new Map([
  ["Android", "android"],
  ["FreeBSD", "freebsd"],
  ["NetBSD", "netbsd"],
  ["OpenBSD", "openbsd"],
]);

/** EI_OSABI; 0 says nothing, and 3 is GNU, which some Linux files have. */
const OS_ABIS: ReadonlyMap<number, string> = new Map([
  [2, "netbsd"],
  [3, "linux"],
  [6, "sunos"],
  [9, "freebsd"],
  [12, "openbsd"],
]);

/** Loaders and libraries by name; the first that fits counts. */
const LOADERS: readonly (readonly [RegExp, string])[] = [
  // `/lib64/ld64.so.1` is Linux on IBM machines, `/lib/ld.so.1` on MIPS and 32-bit POWER; Solaris has its own folders.
  [/^(\/usr)?\/lib\/(amd64|64|sparcv9)\/ld\.so\.1$|^\/usr\/lib\/ld\.so\.1$/, "sunos"],
  [/\/ld-linux[^/]*$|\/ld(64)?\.so\.[12]$|\/ld-musl-[^/]*$|\/ld-uClibc[^/]*$/, "linux"],
  [/^\/system\/bin\/linker(64)?$/, "android"],
  [/\/ld-elf(32)?\.so\.1$/, "freebsd"],
  [/\/ld\.elf_so$/, "netbsd"],
  [/^\/usr\/libexec\/ld\.so$/, "openbsd"],
  [/\/runtime_loader$/, "haiku"],
];

const LIBRARIES: readonly (readonly [RegExp, string])[] = [
  [/^libc\.so\.6(\.1)?$|^ld-linux|^libc\.musl-/, "linux"],
  [/^libc\.so\.7$/, "freebsd"],
  [/^libc\.so\.12$/, "netbsd"],
  [/^libc\.so\.\d+\.\d+$/, "openbsd"],
  [/^libc\.so\.1$/, "sunos"],
  [/^libroot\.so$/, "haiku"],
];

/** Node's `process.platform` of a file, when a sign tells it. */
export function systemOf({ loader = "", notes, needed, osAbi }: SystemSigns): string | undefined {
  const noted = notes.flatMap((owner) => NOTES.get(owner) ?? [])[0];
  const loaded = LOADERS.find(([pattern]) => pattern.test(loader))?.[1];
  const linked = LIBRARIES.find(([pattern]) => needed.some((name) => pattern.test(name)))?.[1];
  const tagged = notes.includes("GNU ABI tag") ? "linux" : undefined;
  return noted ?? loaded ?? linked ?? OS_ABIS.get(osAbi) ?? tagged;
}

/** The C library of a file. musl's is `libc.so` to its linkers, and `libc.musl-x86_64.so.1` on Alpine. */
export function libcOf(
  { loader = "", needed }: SystemSigns,
  system: string | undefined,
): ElfBinary["libc"] {
  if (system === "android") return "bionic";
  if (system !== "linux" && system !== undefined) return undefined;
  const names = [...needed, loader.slice(loader.lastIndexOf("/") + 1)];
  const has = (pattern: RegExp): boolean => names.some((name) => pattern.test(name));
  if (has(/^(ld-musl-|libc\.musl-)/)) return "musl";
  if (has(/^(libc\.so\.6|ld-linux|ld(64)?\.so\.)/)) return "glibc";
  if (has(/^libc\.so$/)) return "musl";
  // Libraries of glibc that may be named without libc itself.
  return has(/^lib(m\.so\.6|pthread\.so\.0|dl\.so\.2|rt\.so\.1)$/) ? "glibc" : undefined;
}

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
