/**
 * Makes ELF files without code: a header, segments, and what a loader would read (System V ABI, chapters 4 and 5).
 *
 * @module
 */

import type { BinaryUse } from "../../core/target/fits_triple.ts";
import { platformOf } from "../../core/target/target.ts";
import { tripleDetails } from "../../core/target/target_needs.ts";
import { runtimeOf } from "./binary_loaders.ts";
import { type Chunk, layOut } from "./binary_elf_layout.ts";

/** What a file is to be. */
export interface ElfInput {
  readonly triple: string;
  readonly use: BinaryUse;
  /** Makes a program that needs neither a loader nor a library. */
  readonly isStatic?: boolean;
  /** The version of glibc that it needs: `2.34`. */
  readonly glibc?: string;
}

interface Machine {
  readonly code: number;
  readonly wide: boolean;
  readonly little: boolean;
}

const machine = (code: number, bits: 32 | 64, order: "le" | "be"): Machine => ({
  code,
  wide: bits === 64,
  little: order === "le",
});

/** e_machine, the size of addresses and the byte order of each of Node's names. */
const MACHINES: Readonly<Record<string, Machine>> = {
  ia32: machine(3, 32, "le"),
  x64: machine(62, 64, "le"),
  arm: machine(40, 32, "le"),
  arm64: machine(183, 64, "le"),
  riscv64: machine(243, 64, "le"),
  ppc: machine(20, 32, "be"),
  ppc64: machine(21, 64, "be"),
  s390x: machine(22, 64, "be"),
  loong64: machine(258, 64, "le"),
  mips: machine(8, 32, "be"),
  mipsel: machine(8, 32, "le"),
  mips64: machine(8, 64, "be"),
  mips64el: machine(8, 64, "le"),
};

/** Systems whose files carry a note with their name. */
const NOTES: Readonly<Record<string, string>> = {
  android: "Android",
  freebsd: "FreeBSD",
  netbsd: "NetBSD",
  openbsd: "OpenBSD",
};

/** Makes a file. A target that runs on any libc gets a static program, or an addon that needs none. */
export function makeElf(input: ElfInput): Uint8Array<ArrayBuffer> {
  const { triple, use } = input;
  const { os = "", cpu = "", libc } = platformOf(triple);
  const usual = MACHINES[cpu];
  if (usual === undefined) throw new Error(`unreachable: no ELF machine is called ${cpu}`);
  const { order = usual.little ? "little" : "big", float } = tripleDetails(triple);
  const runtime = runtimeOf({ os, cpu, libc, order, float });
  const isStatic = input.isStatic ?? runtime === undefined;
  const chunks: Chunk[] = [];
  if (runtime !== undefined && !isStatic && use === "program") {
    chunks.push({ type: "interpreter", text: runtime.loader });
  }
  const note = NOTES[os];
  if (note !== undefined) chunks.push({ type: "note", owner: note });
  if (!isStatic || use === "addon") {
    chunks.push({
      type: "dynamic",
      needed: isStatic ? [] : [runtime!.libc],
      ...(libc === "glibc" && !isStatic ? { version: `GLIBC_${input.glibc ?? "2.17"}` } : {}),
    });
  }
  return layOut(chunks, {
    ...usual,
    little: order === "little",
    // Programs at a fixed address, and libraries.
    type: use === "program" ? 2 : 3,
    flags: float === undefined ? 0 : 0x05000000 | (float === "hard" ? 0x400 : 0x200),
  });
}
