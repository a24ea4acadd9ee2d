/**
 * Makes what a build job leaves for one target of an npm family: a program or an addon that holds headers and no code, just
 * enough for a reader to tell what it is for, and nothing that could run.
 *
 * @module
 */

import { baseName } from "../../core/npm/platform_name.ts";
import { binaryFormat, type BinaryUse } from "../../core/target/fits_triple.ts";
import { platformOf } from "../../core/target/target.ts";
import { makeElf } from "./binary_elf.ts";

/** What is made up. */
export interface PlatformArtifact {
  /** The main package's name on npm. */
  readonly name: string;
  /** The platform package's. */
  readonly member: string;
  readonly version: string;
  readonly triple: string;
  readonly use: BinaryUse;
}

/** The files of the artifact, by path. Throws `PIOT_TARGET_UNKNOWN`. */
export function makePlatformArtifact(
  input: PlatformArtifact,
): Readonly<Record<string, string | Uint8Array>> {
  const { name, triple, use } = input;
  const { os } = platformOf(triple);
  const bytes = makeBinary(triple, use);
  if (os === undefined) return wasmPackage(input, bytes);
  const base = baseName(name);
  if (use === "addon") return { [`${base}.${triple}.node`]: bytes };
  return { [os === "win32" ? `${base}.exe` : base]: bytes };
}

/** WebAssembly needs scripts around it, so its packages are delivered ready. */
function wasmPackage(
  { name, member, version, triple }: PlatformArtifact,
  bytes: Uint8Array,
): Readonly<Record<string, string | Uint8Array>> {
  const manifest = { name: member, version, cpu: ["wasm32"], main: "main.cjs" };
  return {
    "package.json": `${JSON.stringify(manifest, null, 2)}\n`,
    "main.cjs": `throw new Error("this package was made up for a rehearsal");\n`,
    [`${baseName(name)}.${triple}.wasm`]: bytes,
  };
}

/** Makes a compiled file for a target. Throws `PIOT_TARGET_UNKNOWN` for one that is none. */
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

/** What a Mach-O file is to be. */
export interface MachInput {
  /** Node's names; several make a universal file. */
  readonly cpus: readonly string[];
  /** `darwin` or `ios`. */
  readonly system: string;
  readonly use: BinaryUse;
}

const CPUS: Readonly<Record<string, number>> = {
  ia32: 7,
  x64: 0x01000007,
  arm64: 0x0100000c,
};

/** Makes Mach-O headers: thin for one processor, universal for several (mach-o/loader.h, mach-o/fat.h). */
export function makeMachO(input: MachInput): Uint8Array<ArrayBuffer> {
  const slices = input.cpus.map((cpu) => thin(cpu, input));
  return slices.length === 1 ? slices[0]! : universal(slices);
}

/** Slices of universal files start at multiples of this (2^14, the page of arm64). */
const PAGE = 0x4000;

function universal(slices: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(PAGE * slices.length + slices.at(-1)!.length);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0xcafebabe);
  view.setUint32(4, slices.length);
  slices.forEach((slice, index) => {
    const [at, offset] = [8 + index * 20, PAGE * (index + 1)];
    // The fat header is big-endian, the slices are not.
    view.setUint32(at, new DataView(slice.buffer).getUint32(4, true));
    view.setUint32(at + 8, offset);
    view.setUint32(at + 12, slice.length);
    view.setUint32(at + 16, 14);
    file.set(slice, offset);
  });
  return file;
}

/** A header with two load commands: the platform, and a signature of no bytes. */
function thin(cpu: string, { system, use }: MachInput): Uint8Array<ArrayBuffer> {
  const wide = cpu !== "ia32";
  const start = wide ? 32 : 28;
  const [build, signature] = [24, 16];
  const view = new DataView(new ArrayBuffer(start + build + signature));
  const put = (at: number, value: number): void => view.setUint32(at, value, true);
  put(0, wide ? 0xfeedfacf : 0xfeedface);
  put(4, CPUS[cpu]!);
  put(12, use === "program" ? 2 : 6);
  put(16, 2);
  put(20, build + signature);
  put(start, 0x32);
  put(start + 4, build);
  put(start + 8, system === "darwin" ? 1 : 2);
  // The oldest system that it runs on, and the SDK: 11.0, as `xxxx.yy.zz`.
  put(start + 12, 0x000b0000);
  put(start + 16, 0x000b0000);
  put(start + build, 0x1d);
  put(start + build + 4, signature);
  put(start + build + 8, view.byteLength);
  return new Uint8Array(view.buffer);
}
