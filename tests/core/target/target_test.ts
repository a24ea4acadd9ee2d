import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import {
  canonicalTriple,
  defaultRunner,
  isKnownTriple,
  KNOWN_TRIPLES,
  parseTarget,
  platformOf,
  runsOn,
  spellingsOf,
  tripleHint,
} from "../../../src/core/target/target.ts";
import { TARGET_ROWS } from "../../../src/core/target/target_rows.ts";
import { Failure } from "../../../src/error.ts";

type Row = readonly [
  triple: string,
  os: string | undefined,
  cpu: string | undefined,
  libc?: string,
];

const PLATFORMS: readonly Row[] = [
  ["x86_64-unknown-linux-gnu", "linux", "x64", "glibc"],
  ["aarch64-unknown-linux-musl", "linux", "arm64", "musl"],
  ["armv7-unknown-linux-gnueabihf", "linux", "arm", "glibc"],
  ["armv7-unknown-linux-musleabihf", "linux", "arm", "musl"],
  ["i686-unknown-linux-gnu", "linux", "ia32", "glibc"],
  ["powerpc64le-unknown-linux-gnu", "linux", "ppc64", "glibc"],
  ["s390x-unknown-linux-gnu", "linux", "s390x", "glibc"],
  ["riscv64gc-unknown-linux-gnu", "linux", "riscv64", "glibc"],
  ["loongarch64-unknown-linux-gnu", "linux", "loong64", "glibc"],
  ["mips64el-unknown-linux-gnuabi64", "linux", "mips64el", "glibc"],
  ["x86_64-apple-darwin", "darwin", "x64"],
  ["aarch64-apple-darwin", "darwin", "arm64"],
  ["universal2-apple-darwin", "darwin", undefined],
  ["x86_64-pc-windows-msvc", "win32", "x64"],
  ["x86_64-pc-windows-gnu", "win32", "x64"],
  ["aarch64-pc-windows-msvc", "win32", "arm64"],
  ["i686-pc-windows-msvc", "win32", "ia32"],
  ["aarch64-linux-android", "android", "arm64"],
  ["x86_64-unknown-freebsd", "freebsd", "x64"],
  ["x86_64-unknown-openbsd", "openbsd", "x64"],
  ["x86_64-unknown-netbsd", "netbsd", "x64"],
  ["x86_64-unknown-illumos", "sunos", "x64"],
  ["powerpc64-ibm-aix", "aix", "ppc64"],
  ["wasm32-wasip1-threads", undefined, "wasm32"],
  ["linux-x64-gnu", "linux", "x64", "glibc"],
  ["linux-arm64-musl", "linux", "arm64", "musl"],
  ["linux-arm-gnueabihf", "linux", "arm", "glibc"],
  ["linux-x64", "linux", "x64"],
  ["linux-mips64el", "linux", "mips64el"],
  ["darwin-arm64", "darwin", "arm64"],
  ["win32-x64-msvc", "win32", "x64"],
  ["win32-arm64", "win32", "arm64"],
  ["android-arm-eabi", "android", "arm"],
  ["freebsd-arm64", "freebsd", "arm64"],
  ["sunos-x64", "sunos", "x64"],
  ["aix-ppc64", "aix", "ppc64"],
  ["wasm32-wasi", undefined, "wasm32"],
];

for (const [triple, os, cpu, libc] of PLATFORMS) {
  test(`platformOf() says what npm calls ${triple}`, () => {
    deepEqual(platformOf(triple), { os, cpu, libc });
  });
}

/** Values of `process.platform` and `process.arch` (Node's documentation), and what only builds of it know. */
const OS = new Set(
  "aix android cygwin darwin freebsd haiku ios linux netbsd openbsd openharmony sunos win32".split(
    " ",
  ),
);
const CPU = new Set(
  "arm arm64 ia32 loong64 mips mipsel mips64 mips64el ppc ppc64 riscv64 s390x wasm32 x64".split(
    " ",
  ),
);

test("Every platform of the table is one that npm can name", () => {
  for (const { os, cpu, libc, spellings } of TARGET_ROWS) {
    const [name] = spellings;
    ok(os === undefined ? cpu === "wasm32" : OS.has(os), name);
    ok(cpu === undefined ? name === "universal2-apple-darwin" : CPU.has(cpu), name);
    ok(libc === undefined || os === "linux", name);
  }
});

test("No spelling stands in the table twice", () => {
  equal(new Set(KNOWN_TRIPLES).size, KNOWN_TRIPLES.length);
});

test("Node's spellings begin with the platform that they mean", () => {
  const nodeStyle = /^(aix|android|cygwin|darwin|freebsd|haiku|linux|netbsd|openbsd|sunos|win32)-/;
  const named = KNOWN_TRIPLES.filter((triple) => nodeStyle.test(triple));
  ok(named.length > 60);
  for (const triple of named) {
    const { os, cpu } = platformOf(triple);
    const [first, second] = triple.split("-");
    equal(first, os);
    equal(second === "universal" ? undefined : second?.replace("ppc64le", "ppc64"), cpu);
  }
});

test("Every Rust triple of the table is one that rustc knows", async () => {
  const list = await readFile("tests/fixtures/target/rust_triples.txt", "utf8");
  const rustc = new Set(list.split("\n"));
  // One is maturin's own, the others are names that rustc and napi-rs have given up.
  const others = ["universal2-apple-darwin", "wasm32-wasi-preview1-threads", "wasm32-wasi"];
  const rustStyle =
    /^(universal2|x86_64|i[56]86|aarch64|arm|thumb|powerpc|s390x|riscv|loongarch|mips|wasm32)/;
  const triples = KNOWN_TRIPLES.filter((triple) => rustStyle.test(triple));
  ok(triples.length > 90);
  deepEqual(triples.filter((triple) => !rustc.has(triple)).sort(), [...others].sort());
});

const RUNNERS: readonly (readonly [string, string])[] = [
  ["x86_64-apple-darwin", "macos-latest"],
  ["darwin-universal", "macos-latest"],
  ["aarch64-apple-ios", "macos-latest"],
  ["x86_64-pc-windows-msvc", "windows-latest"],
  ["win32-arm64-msvc", "windows-latest"],
  ["aarch64-unknown-linux-gnu", "ubuntu-24.04-arm"],
  ["linux-arm64-musl", "ubuntu-24.04-arm"],
  ["armv7-unknown-linux-gnueabihf", "ubuntu-latest"],
  ["aarch64-linux-android", "ubuntu-latest"],
  ["aarch64-unknown-freebsd", "ubuntu-latest"],
  ["x86_64-unknown-linux-gnu", "ubuntu-latest"],
  ["wasm32-wasi", "ubuntu-latest"],
];

for (const [triple, runner] of RUNNERS) {
  test(`defaultRunner() builds ${triple} on ${runner}`, () => equal(defaultRunner(triple), runner));
}

test("canonicalTriple() gives the spellings of one target one name", () => {
  equal(canonicalTriple("linux-x64-gnu"), "x86_64-unknown-linux-gnu");
  equal(canonicalTriple("win32-x64"), canonicalTriple("win32-x64-msvc"));
  equal(canonicalTriple("linux-x64"), "linux-x64");
});

test("parseTarget() keeps the triple as written, and a runner that is given", () => {
  deepEqual(parseTarget("linux-x64-gnu"), { triple: "linux-x64-gnu", runner: "ubuntu-latest" });
  deepEqual(parseTarget({ triple: "darwin-x64", runner: "macos-15-intel" }), {
    triple: "darwin-x64",
    runner: "macos-15-intel",
  });
});

test("parseTarget() refuses an unknown triple, with the nearest one and what there is", () => {
  for (const input of ["x86_64-unknown-linux-gun", { triple: "linux-x64-gnuu", runner: "big" }]) {
    throws(() => parseTarget(input), (error: unknown) => {
      ok(error instanceof Failure);
      equal(error.code, "PIOT_TARGET_UNKNOWN");
      match(error.message, /^Cannot build for ".+": no such target is known$/);
      match(error.hint ?? "", /^Did you mean "(x86_64-unknown-linux-gnu|linux-x64-gnu)"\? /);
      equal(error.hint, tripleHint(typeof input === "string" ? input : input.triple));
      return true;
    });
  }
  equal(isKnownTriple("toString"), false);
});

for (
  const [target, machine, runs] of [
    ["x86_64-unknown-linux-gnu", "linux-x64-gnu", true],
    ["linux-x64-gnu", "linux-x64-gnu", true],
    ["linux-x64", "linux-x64-gnu", true],
    ["x86_64-unknown-linux-musl", "linux-x64-gnu", false],
    ["aarch64-unknown-linux-gnu", "linux-x64-gnu", false],
    ["universal2-apple-darwin", "darwin-arm64", true],
    ["x86_64-pc-windows-gnu", "win32-x64-msvc", true],
    ["main", "linux-x64-gnu", false],
  ] as const
) {
  test(`what is built for ${target} ${runs ? "runs" : "does not run"} on ${machine}`, () => {
    equal(runsOn(target, machine), runs);
  });
}

test("the hint about a target that is not known is short, and names every system and machine", () => {
  const hint = tripleHint("linux-x64-gn");
  ok(hint.startsWith('Did you mean "linux-x64-gnu"? '), hint);
  ok(hint.length < 1000, `${hint.length}`);
  for (const { os = "WebAssembly", cpu = "universal" } of TARGET_ROWS) {
    const [, machines = ""] = hint.split(`${os} (`);
    ok(machines.split(")")[0]!.split(", ").includes(cpu), `${cpu} of ${os}`);
  }
});

for (
  const [written, meant] of [
    ["X86_64-Unknown-Linux-GNU", "x86_64-unknown-linux-gnu"],
    ["Linux-x64-GNU", "linux-x64-gnu"],
    ["DARWIN-ARM64", "darwin-arm64"],
  ] as const
) {
  test(`a triple matches in any case: ${written}`, () => {
    deepEqual(platformOf(written), platformOf(meant));
    deepEqual(spellingsOf(written), spellingsOf(meant));
    deepEqual(parseTarget(written), { triple: written, runner: defaultRunner(meant) });
  });
}

for (
  const [written, meant] of [
    ["linuxmusl-arm64", "linux-arm64-musl"],
    ["linux-musl-x64", "linux-x64-musl"],
    ["linuxglibc-x64", "linux-x64-gnu"],
    ["linux-amd64", "linux-x64"],
    ["linux-aarch64", "linux-arm64"],
    ["macos-arm64", "darwin-arm64"],
    ["osx-x86_64", "darwin-x64"],
    ["windows-amd64", "win32-x64"],
    ["win-x86", "win32-ia32"],
  ] as const
) {
  test(`what other tools call ${written} is ${meant}, not what its letters are nearest to`, () => {
    ok(tripleHint(written).startsWith(`Did you mean "${meant}"? `), tripleHint(written));
  });
}

test("the name that napi-rs has for a universal build is known", () => {
  deepEqual(platformOf("universal-apple-darwin"), platformOf("darwin-universal"));
});
