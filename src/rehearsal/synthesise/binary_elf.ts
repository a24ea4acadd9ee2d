/**
 * Makes ELF files without code: a header, segments, and what a loader would read (System V ABI, chapters 4 and 5), with
 * the names that each platform has for its loader and its C library.
 *
 * @module
 */

import { type BinaryUse, tripleDetails } from "../../core/target/fits_triple.ts";
import { platformOf } from "../../core/target/target.ts";
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

/** The two names. */
interface Runtime {
  /** The program that loads it, PT_INTERP. */
  readonly loader: string;
  /** The C library, DT_NEEDED. */
  readonly libc: string;
}

/** What a platform's names depend on. */
interface RuntimeKey {
  /** Node's `process.platform`. */
  readonly os: string;
  /** Node's `process.arch`. */
  readonly cpu: string;
  readonly libc: "glibc" | "musl" | undefined;
  readonly order: "little" | "big";
  /** How 32-bit ARM code passes floating-point numbers. */
  readonly float: "hard" | "soft" | undefined;
}

/** The names of a platform; undefined for Linux with any C library. */
function runtimeOf(key: RuntimeKey): Runtime | undefined {
  if (key.os !== "linux") return OTHERS[key.os];
  if (key.libc === "glibc") return { loader: glibcLoader(key), libc: "libc.so.6" };
  return key.libc === "musl" ? { loader: muslLoader(key), libc: "libc.so" } : undefined;
}

const OTHERS: Readonly<Record<string, Runtime>> = {
  android: { loader: "/system/bin/linker64", libc: "libc.so" },
  openharmony: { loader: "/lib/ld-musl-aarch64.so.1", libc: "libc.so" },
  freebsd: { loader: "/libexec/ld-elf.so.1", libc: "libc.so.7" },
  netbsd: { loader: "/libexec/ld.elf_so", libc: "libc.so.12" },
  openbsd: { loader: "/usr/libexec/ld.so", libc: "libc.so.100.0" },
  sunos: { loader: "/lib/amd64/ld.so.1", libc: "libc.so.1" },
  haiku: { loader: "/boot/system/runtime_loader", libc: "libroot.so" },
};

/** The ABI documents fix these paths (sourceware.org/glibc/wiki/ABIList). */
const GLIBC: Readonly<Record<string, string>> = {
  x64: "/lib64/ld-linux-x86-64.so.2",
  ia32: "/lib/ld-linux.so.2",
  arm64: "/lib/ld-linux-aarch64.so.1",
  riscv64: "/lib/ld-linux-riscv64-lp64d.so.1",
  loong64: "/lib64/ld-linux-loongarch-lp64d.so.1",
  s390x: "/lib/ld64.so.1",
  ppc: "/lib/ld.so.1",
  mips: "/lib/ld.so.1",
  mipsel: "/lib/ld.so.1",
  mips64: "/lib64/ld.so.1",
  mips64el: "/lib64/ld.so.1",
};

function glibcLoader({ cpu, order, float }: RuntimeKey): string {
  if (cpu === "arm") return float === "hard" ? "/lib/ld-linux-armhf.so.3" : "/lib/ld-linux.so.3";
  if (cpu === "ppc64") return order === "little" ? "/lib64/ld64.so.2" : "/lib64/ld64.so.1";
  return GLIBC[cpu]!;
}

/** Where musl's name of a processor is not Node's. */
const MUSL: Readonly<Record<string, string>> = {
  x64: "x86_64",
  ia32: "i386",
  arm64: "aarch64",
  loong64: "loongarch64",
  ppc: "powerpc",
};

function muslLoader({ cpu, order, float }: RuntimeKey): string {
  const arm = float === "hard" ? "armhf" : "arm";
  const power = order === "little" ? "powerpc64le" : "powerpc64";
  const name = cpu === "arm" ? arm : cpu === "ppc64" ? power : MUSL[cpu] ?? cpu;
  return `/lib/ld-musl-${name}.so.1`;
}
