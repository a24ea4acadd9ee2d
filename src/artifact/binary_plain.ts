/**
 * The formats whose headers say little: PE (Windows), XCOFF (AIX) and WebAssembly.
 *
 * @module
 */

import type { PlainBinary } from "../core/target/binary.ts";
import { type ByteSource, Damage } from "./binary_source.ts";

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
export async function readXcoff(source: ByteSource): Promise<PlainBinary> {
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
export async function readWasm(source: ByteSource): Promise<PlainBinary> {
  const version = (await source.read(4, 4)).getUint32(0, true);
  // 0x1000d is a component (the component model's Binary.md, preamble).
  if (version !== 1 && version !== 0x1000d) throw new Damage(`its version is ${version}`);
  return { format: "wasm", cpu: "wasm32", runnable: true, loadable: true };
}
