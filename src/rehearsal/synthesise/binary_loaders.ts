/**
 * What compiled files call their loader and their C library, by system and processor.
 *
 * @module
 */

/** The two names. */
export interface Runtime {
  /** The program that loads it, PT_INTERP. */
  readonly loader: string;
  /** The C library, DT_NEEDED. */
  readonly libc: string;
}

/** What a platform's names depend on. */
export interface RuntimeKey {
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
export function runtimeOf(key: RuntimeKey): Runtime | undefined {
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
