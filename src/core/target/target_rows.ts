/**
 * The table of platforms that a target can name, with every spelling of each.
 *
 * @module
 */

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
darwin - -: universal2-apple-darwin universal-apple-darwin darwin-universal
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
linux mips64el -: linux-mips64el

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
