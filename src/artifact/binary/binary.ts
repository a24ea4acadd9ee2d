/**
 * Reads what a compiled file says about itself, from the file: a few headers, whatever its size, and nothing is run. The
 * formats whose headers say little are read here: PE (Windows), XCOFF (AIX) and WebAssembly.
 *
 * @module
 */

import type { Binary, OtherFile, PlainBinary } from "../../core/target/binary.ts";
import { type ByteSource, Damage, withSource } from "./byte_source.ts";
import { readElf } from "./elf.ts";
import { readMachO } from "./mach_o.ts";

/** A format: how it begins, what it is called, and who reads it. */
interface Format {
  readonly name: string;
  readonly begins: (head: DataView) => boolean;
  readonly read: (source: ByteSource) => Promise<Binary>;
}

const word = (head: DataView): number => head.getUint32(0);

const FORMATS: readonly Format[] = [
  { name: "an ELF", begins: (head) => word(head) === 0x7f454c46, read: readElf },
  { name: "a Mach-O", begins: (head) => isMachO(head), read: readMachO },
  { name: "a PE", begins: (head) => head.getUint16(0) === 0x4d5a, read: readPe },
  { name: "a WebAssembly", begins: (head) => word(head) === 0x0061736d, read: readWasm },
  {
    name: "an XCOFF",
    begins: (head) => [0x01df, 0x01f7].includes(head.getUint16(0)),
    read: readXcoff,
  },
];

/** Thin: feedface, feedfacf in either byte order. Universal: cafebabe, cafebabf (mach-o/loader.h, mach-o/fat.h). */
function isMachO(head: DataView): boolean {
  const [big, little] = [head.getUint32(0), head.getUint32(0, true)];
  if ([0xfeedface, 0xfeedfacf].some((magic) => magic === big || magic === little)) return true;
  // Java classes begin so too; behind it is their version, from 45 on, where Mach-O counts a few processors.
  return big === 0xcafebabf || (big === 0xcafebabe && head.getUint32(4) < 45);
}

/** Reads a file's headers. Throws `PIOT_FILE_UNREADABLE` only; a file that is damaged or none of ours is an `OtherFile`. */
export async function readBinary(path: string): Promise<Binary | OtherFile> {
  return await withSource(path, readBinaryFrom);
}

/** The same, from an open file. */
export async function readBinaryFrom(source: ByteSource): Promise<Binary | OtherFile> {
  if (source.size === 0) return other("empty");
  const head = await headOf(source);
  const format = FORMATS.find(({ begins }) => begins(head));
  if (format === undefined) return other(nameOther(head));
  try {
    return await format.read(source);
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    return other(`${format.name} file that is damaged (${error.message})`);
  }
}

/** The first 64 bytes, filled up with NULs. */
async function headOf(source: ByteSource): Promise<DataView> {
  const there = await source.read(0, Math.min(64, source.size));
  const head = new Uint8Array(64);
  head.set(new Uint8Array(there.buffer));
  return new DataView(head.buffer);
}

function other(what: string): OtherFile {
  return { format: "other", what };
}

/** Says what a build job may have delivered instead. */
function nameOther(head: DataView): string {
  const text = String.fromCharCode(...new Uint8Array(head.buffer)).replace(/\0+$/, "");
  if (text.startsWith("#!")) return `a script (${text.split(/\r?\n/)[0]})`;
  if (text.startsWith("!<arch>\n")) return "a static library (an ar archive)";
  if (text.startsWith("PK\x03\x04")) return "a zip archive";
  if (text.startsWith("\x1f\x8b")) return "a gzip archive";
  if (text.startsWith("version https://git-lfs")) return "a pointer of Git LFS instead of the file";
  if (/^[\t\n\r\x20-\x7e]+$/.test(text)) return "a text file";
  return "no compiled file of a format that is known (ELF, Mach-O, PE, XCOFF, WebAssembly)";
}

/** IMAGE_FILE_HEADER.Machine, in Node's words (learn.microsoft.com/windows/win32/debug/pe-format). */
const PE_MACHINES: ReadonlyMap<number, string> = new Map([
  [0x014c, "ia32"],
  [0x8664, "x64"],
  [0xaa64, "arm64"],
  [0x01c4, "arm"],
]);

const PE_EXECUTABLE = 0x0002;
const PE_DLL = 0x2000;

/** Reads a PE file. Throws `Damage`. */
export async function readPe(source: ByteSource): Promise<PlainBinary> {
  const start = (await source.read(0x3c, 4)).getUint32(0, true);
  const header = await source.read(start, 24);
  if (header.getUint32(0) !== 0x50450000) throw new Damage("there is no PE header in it");
  const machine = header.getUint16(4, true);
  const flags = header.getUint16(22, true);
  return {
    format: "pe",
    cpu: PE_MACHINES.get(machine) ?? `machine 0x${machine.toString(16)}`,
    runnable: (flags & PE_EXECUTABLE) !== 0 && (flags & PE_DLL) === 0,
    loadable: (flags & PE_DLL) !== 0,
  };
}

/** Reads an XCOFF file (IBM's XCOFF Object File Format). */
async function readXcoff(source: ByteSource): Promise<PlainBinary> {
  const magic = (await source.read(0, 2)).getUint16(0);
  const flags = (await source.read(18, 2)).getUint16(0);
  return {
    format: "xcoff",
    cpu: magic === 0x01f7 ? "ppc64" : "ppc",
    runnable: (flags & 0x0002) !== 0 && (flags & 0x2000) === 0,
    loadable: (flags & 0x2000) !== 0,
  };
}

/** Reads a WebAssembly module or component; one format for every use (webassembly.github.io/spec/core/binary). */
async function readWasm(source: ByteSource): Promise<PlainBinary> {
  const version = (await source.read(4, 4)).getUint32(0, true);
  // 0x1000d is a component (the component model's Binary.md, preamble).
  if (version !== 1 && version !== 0x1000d) throw new Damage(`its version is ${version}`);
  return { format: "wasm", cpu: "wasm32", runnable: true, loadable: true };
}
