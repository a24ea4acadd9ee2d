/**
 * Makes compiled files that hold headers and no code: just enough for a reader to tell what they are for, and nothing
 * that could run.
 *
 * @module
 */

import type { BinaryUse } from "../../core/target/fits_triple.ts";
import { platformOf } from "../../core/target/target.ts";
import { binaryFormat } from "../../core/target/target_needs.ts";
import { makeElf } from "./binary_elf.ts";
import { makeMachO } from "./binary_mach.ts";

/** Makes a file for a target. Throws `PIOT_TARGET_UNKNOWN` for one that is none. */
export function makeBinary(triple: string, use: BinaryUse): Uint8Array<ArrayBuffer> {
  const { os, cpu } = platformOf(triple);
  switch (binaryFormat(os)) {
    case "elf":
      return makeElf({ triple, use });
    case "mach-o":
      return makeMachO({ cpus: cpu === undefined ? ["x64", "arm64"] : [cpu], system: os!, use });
    case "pe":
      return makePe({ cpu: cpu!, use });
    case "xcoff":
      return makeXcoff(use);
    case "wasm":
      return new Uint8Array([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  }
}

const PE_MACHINES: Readonly<Record<string, number>> = {
  ia32: 0x014c,
  x64: 0x8664,
  arm: 0x01c4,
  arm64: 0xaa64,
};

/** The DOS header, which points behind itself, the COFF header, and an optional header without anything in it. */
function makePe({ cpu, use }: { readonly cpu: string; readonly use: BinaryUse }): Uint8Array<
  ArrayBuffer
> {
  const wide = cpu === "x64" || cpu === "arm64";
  const [start, optional] = [64, wide ? 240 : 224];
  const view = new DataView(new ArrayBuffer(start + 24 + optional));
  view.setUint16(0, 0x4d5a);
  view.setUint32(0x3c, start, true);
  view.setUint32(start, 0x50450000);
  view.setUint16(start + 4, PE_MACHINES[cpu]!, true);
  view.setUint16(start + 20, optional, true);
  view.setUint16(start + 22, use === "program" ? 0x0002 : 0x2002, true);
  // PE32+ or PE32; IMAGE_SUBSYSTEM_WINDOWS_CUI.
  view.setUint16(start + 24, wide ? 0x020b : 0x010b, true);
  view.setUint16(start + 24 + 68, 3, true);
  return new Uint8Array(view.buffer);
}

/** The file header of 64-bit XCOFF. */
function makeXcoff(use: BinaryUse): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(24));
  view.setUint16(0, 0x01f7);
  view.setUint16(18, use === "program" ? 0x0002 : 0x2000);
  return new Uint8Array(view.buffer);
}
