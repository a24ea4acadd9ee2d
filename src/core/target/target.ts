/**
 * Targets: the triples that packages are built for, in the one table of platforms, what npm calls those, and the runners
 * that build them.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { Target } from "../model/package.ts";
import { didYouMean } from "../words/phrases.ts";

/** A platform in npm's words; what is undefined is not restricted. */
export interface Platform {
  /** A value of `os` in package.json, which is Node's `process.platform`; undefined for WebAssembly. */
  readonly os: string | undefined;
  /** A value of `cpu`, which is Node's `process.arch`; undefined for a universal binary. */
  readonly cpu: string | undefined;
  /** A value of `libc`; npm looks at it on Linux only. */
  readonly libc: "glibc" | "musl" | undefined;
}

/** One platform ABI, and its spellings: the first is the canonical one. */
export interface TargetRow extends Platform {
  readonly spellings: readonly string[];
}

/**
 * `os cpu libc: spelling…`, with `-` for what is not restricted. The Rust triples are those of `rustc --print
 * target-list` for which Node, or a Python that PyPI takes wheels for, exists; the Node style is what napi-rs and
 * esbuild call their platform packages. Node calls both byte orders of 64-bit POWER `ppc64`.
 */
const TABLE = `
darwin x64 -: x86_64-apple-darwin darwin-x64
darwin arm64 -: aarch64-apple-darwin darwin-arm64
darwin ia32 -: i686-apple-darwin darwin-ia32
darwin - -: universal2-apple-darwin darwin-universal
ios arm64 -: aarch64-apple-ios ios-arm64
ios arm64 -: aarch64-apple-ios-sim
ios x64 -: x86_64-apple-ios ios-x64

win32 x64 -: x86_64-pc-windows-msvc win32-x64-msvc win32-x64
win32 x64 -: x86_64-pc-windows-gnu win32-x64-gnu
win32 x64 -: x86_64-pc-windows-gnullvm win32-x64-gnullvm
win32 x64 -: x86_64-win7-windows-msvc
win32 x64 -: x86_64-win7-windows-gnu
win32 ia32 -: i686-pc-windows-msvc win32-ia32-msvc win32-ia32
win32 ia32 -: i686-pc-windows-gnu win32-ia32-gnu
win32 ia32 -: i686-pc-windows-gnullvm win32-ia32-gnullvm
win32 ia32 -: i686-win7-windows-msvc
win32 ia32 -: i686-win7-windows-gnu
win32 arm64 -: aarch64-pc-windows-msvc win32-arm64-msvc win32-arm64
win32 arm64 -: aarch64-pc-windows-gnullvm win32-arm64-gnullvm
win32 arm -: thumbv7a-pc-windows-msvc win32-arm-msvc win32-arm
cygwin x64 -: x86_64-pc-cygwin cygwin-x64

linux x64 glibc: x86_64-unknown-linux-gnu linux-x64-gnu
linux x64 musl: x86_64-unknown-linux-musl linux-x64-musl
linux x64 -: linux-x64
linux ia32 glibc: i686-unknown-linux-gnu linux-ia32-gnu
linux ia32 glibc: i586-unknown-linux-gnu
linux ia32 musl: i686-unknown-linux-musl linux-ia32-musl
linux ia32 musl: i586-unknown-linux-musl
linux ia32 -: linux-ia32
linux arm64 glibc: aarch64-unknown-linux-gnu linux-arm64-gnu
linux arm64 musl: aarch64-unknown-linux-musl linux-arm64-musl
linux arm64 -: linux-arm64
linux arm glibc: armv7-unknown-linux-gnueabihf linux-arm-gnueabihf linux-arm-gnu
linux arm glibc: armv7-unknown-linux-gnueabi
linux arm glibc: arm-unknown-linux-gnueabihf
linux arm glibc: arm-unknown-linux-gnueabi linux-arm-gnueabi
linux arm glibc: armv5te-unknown-linux-gnueabi
linux arm glibc: thumbv7neon-unknown-linux-gnueabihf
linux arm musl: armv7-unknown-linux-musleabihf linux-arm-musleabihf linux-arm-musl
linux arm musl: armv7-unknown-linux-musleabi
linux arm musl: arm-unknown-linux-musleabihf
linux arm musl: arm-unknown-linux-musleabi linux-arm-musleabi
linux arm musl: armv5te-unknown-linux-musleabi
linux arm -: linux-arm
linux ppc64 glibc: powerpc64le-unknown-linux-gnu linux-ppc64-gnu linux-ppc64le-gnu
linux ppc64 glibc: powerpc64-unknown-linux-gnu
linux ppc64 musl: powerpc64le-unknown-linux-musl linux-ppc64-musl linux-ppc64le-musl
linux ppc64 musl: powerpc64-unknown-linux-musl
linux ppc64 -: linux-ppc64
linux ppc glibc: powerpc-unknown-linux-gnu linux-ppc-gnu
linux ppc musl: powerpc-unknown-linux-musl linux-ppc-musl
linux s390x glibc: s390x-unknown-linux-gnu linux-s390x-gnu
linux s390x musl: s390x-unknown-linux-musl linux-s390x-musl
linux s390x -: linux-s390x
linux riscv64 glibc: riscv64gc-unknown-linux-gnu linux-riscv64-gnu
linux riscv64 glibc: riscv64a23-unknown-linux-gnu
linux riscv64 musl: riscv64gc-unknown-linux-musl linux-riscv64-musl
linux riscv64 -: linux-riscv64
linux loong64 glibc: loongarch64-unknown-linux-gnu linux-loong64-gnu
linux loong64 musl: loongarch64-unknown-linux-musl linux-loong64-musl
linux loong64 -: linux-loong64
linux mips glibc: mips-unknown-linux-gnu linux-mips-gnu
linux mips musl: mips-unknown-linux-musl linux-mips-musl
linux mipsel glibc: mipsel-unknown-linux-gnu linux-mipsel-gnu
linux mipsel musl: mipsel-unknown-linux-musl linux-mipsel-musl
linux mips64 glibc: mips64-unknown-linux-gnuabi64 linux-mips64-gnu
linux mips64 musl: mips64-unknown-linux-muslabi64 linux-mips64-musl
linux mips64el glibc: mips64el-unknown-linux-gnuabi64 linux-mips64el-gnu
linux mips64el musl: mips64el-unknown-linux-muslabi64 linux-mips64el-musl

android arm64 -: aarch64-linux-android android-arm64
android arm -: armv7-linux-androideabi android-arm-eabi android-arm
android arm -: arm-linux-androideabi
android arm -: thumbv7neon-linux-androideabi
android x64 -: x86_64-linux-android android-x64
android ia32 -: i686-linux-android android-ia32
android riscv64 -: riscv64-linux-android android-riscv64
openharmony arm64 -: aarch64-unknown-linux-ohos openharmony-arm64
openharmony arm -: armv7-unknown-linux-ohos openharmony-arm
openharmony x64 -: x86_64-unknown-linux-ohos openharmony-x64
openharmony loong64 -: loongarch64-unknown-linux-ohos openharmony-loong64

freebsd x64 -: x86_64-unknown-freebsd freebsd-x64
freebsd arm64 -: aarch64-unknown-freebsd freebsd-arm64
freebsd ia32 -: i686-unknown-freebsd freebsd-ia32
freebsd arm -: armv7-unknown-freebsd freebsd-arm
freebsd arm -: armv6-unknown-freebsd
freebsd ppc64 -: powerpc64le-unknown-freebsd freebsd-ppc64
freebsd ppc64 -: powerpc64-unknown-freebsd
freebsd ppc -: powerpc-unknown-freebsd freebsd-ppc
freebsd riscv64 -: riscv64gc-unknown-freebsd freebsd-riscv64
openbsd x64 -: x86_64-unknown-openbsd openbsd-x64
openbsd arm64 -: aarch64-unknown-openbsd openbsd-arm64
openbsd ia32 -: i686-unknown-openbsd openbsd-ia32
openbsd ppc64 -: powerpc64-unknown-openbsd openbsd-ppc64
openbsd ppc -: powerpc-unknown-openbsd openbsd-ppc
openbsd riscv64 -: riscv64gc-unknown-openbsd openbsd-riscv64
netbsd x64 -: x86_64-unknown-netbsd netbsd-x64
netbsd arm64 -: aarch64-unknown-netbsd netbsd-arm64
netbsd ia32 -: i686-unknown-netbsd netbsd-ia32
netbsd ia32 -: i586-unknown-netbsd
netbsd arm -: armv7-unknown-netbsd-eabihf netbsd-arm
netbsd arm -: armv6-unknown-netbsd-eabihf
netbsd ppc -: powerpc-unknown-netbsd netbsd-ppc
netbsd mipsel -: mipsel-unknown-netbsd netbsd-mipsel
netbsd riscv64 -: riscv64gc-unknown-netbsd netbsd-riscv64
sunos x64 -: x86_64-unknown-illumos sunos-x64
sunos x64 -: x86_64-pc-solaris
sunos arm64 -: aarch64-unknown-illumos sunos-arm64
aix ppc64 -: powerpc64-ibm-aix aix-ppc64
haiku x64 -: x86_64-unknown-haiku haiku-x64
haiku ia32 -: i686-unknown-haiku haiku-ia32

- wasm32 -: wasm32-wasip1-threads wasm32-wasi wasm32-wasi-preview1-threads
- wasm32 -: wasm32-wasip1
- wasm32 -: wasm32-wasip2
- wasm32 -: wasm32-unknown-unknown
- wasm32 -: wasm32-unknown-emscripten
`;

function parseRow(line: string): TargetRow {
  const [platform = "", spellings = ""] = line.split(": ");
  const [os, cpu, libc] = platform.split(" ").map((word) => word === "-" ? undefined : word);
  return { os, cpu, libc: libc as Platform["libc"], spellings: spellings.split(" ") };
}

/** Every platform ABI that a target can name, in the order in which a list of them reads best. */
export const TARGET_ROWS: readonly TargetRow[] = TABLE.split("\n").filter((line) => line !== "")
  .map(parseRow);

const ROWS: ReadonlyMap<string, TargetRow> = new Map(
  TARGET_ROWS.flatMap((row) => row.spellings.map((spelling) => [spelling, row] as const)),
);

/** Every triple that is known, Rust style and Node style. */
export const KNOWN_TRIPLES: readonly string[] = [...ROWS.keys()];

/** What to do about a triple that is not known: the nearest one, and every machine of each system. */
export function tripleHint(triple: string): string {
  const systems = new Map<string, Set<string>>();
  for (const { os, cpu } of TARGET_ROWS) {
    const known = systems.get(os ?? "WebAssembly") ?? new Set();
    systems.set(os ?? "WebAssembly", known.add(cpu ?? "universal"));
  }
  const list = [...systems].map(([os, machines]) => `${os} (${[...machines].join(", ")})`);
  return [
    ...didYouMean(triple, KNOWN_TRIPLES),
    "Write a Rust triple, or system-machine as in linux-x64-gnu.",
    `Known targets: ${list.join(", ")}; docs/configuration.md has every spelling`,
  ].join(" ");
}

function rowOf(triple: string): TargetRow {
  const row = ROWS.get(triple);
  if (row !== undefined) return row;
  throw new Failure(
    "PIOT_TARGET_UNKNOWN",
    `Cannot build for ${JSON.stringify(triple)}: no such target is known`,
    { hint: tripleHint(triple) },
  );
}

/** Whether a triple is in the table. */
export function isKnownTriple(triple: string): boolean {
  return ROWS.has(triple);
}

/** The platform that a triple means, in npm's words. Throws `PIOT_TARGET_UNKNOWN`. */
export function platformOf(triple: string): Platform {
  const { os, cpu, libc } = rowOf(triple);
  return { os, cpu, libc };
}

/**
 * The spelling that all names of one target share: `linux-x64-gnu` → `x86_64-unknown-linux-gnu`. It is the Rust triple,
 * save where Rust has none for it: `linux-x64` runs on any libc. Throws `PIOT_TARGET_UNKNOWN`.
 */
export function canonicalTriple(triple: string): string {
  return rowOf(triple).spellings[0]!;
}

/**
 * Whether what is built for a target runs on a machine, however both are spelled: what the target does not restrict (a
 * universal binary, a static one) fits any. Throws `PIOT_TARGET_UNKNOWN` for a machine that is no target.
 */
export function runsOn(target: string, machine: string): boolean {
  if (!isKnownTriple(target)) return false;
  const [built, own] = [platformOf(target), platformOf(machine)];
  return built.os === own.os && (built.cpu ?? own.cpu) === own.cpu &&
    (built.libc ?? own.libc) === own.libc;
}

/** Every spelling of a target, the canonical one first. Throws `PIOT_TARGET_UNKNOWN`. */
export function spellingsOf(triple: string): readonly string[] {
  return rowOf(triple).spellings;
}

/** The GitHub-hosted runner that builds a target when the configuration names none. Throws `PIOT_TARGET_UNKNOWN`. */
export function defaultRunner(triple: string): string {
  const { os, cpu } = platformOf(triple);
  if (os === "darwin" || os === "ios") return "macos-latest";
  if (os === "win32" || os === "cygwin") return "windows-latest";
  if (os === "linux" && cpu === "arm64") return "ubuntu-24.04-arm";
  return "ubuntu-latest";
}

/** A target as the configuration may write it. */
export type TargetInput = string | {
  readonly triple: string;
  readonly runner?: string | undefined;
  /** The whole name of its platform package, of families on npm. */
  readonly package?: string | undefined;
};

/** Reads a target, and gives it its default runner. Throws `PIOT_TARGET_UNKNOWN`. */
export function parseTarget(input: TargetInput): Target {
  const { triple, runner = defaultRunner(triple), package: packageName } = asTable(input);
  rowOf(triple);
  return { triple, runner, ...(packageName === undefined ? {} : { packageName }) };
}

/** A target written as a table. */
export function asTable(input: TargetInput): Exclude<TargetInput, string> {
  return typeof input === "string" ? { triple: input } : input;
}
