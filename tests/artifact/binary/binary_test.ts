import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { access, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { promisify } from "node:util";
import fc from "../../support/property.ts";
import { readBinary } from "../../../src/artifact/binary/binary.ts";
import type { Binary, ElfBinary, OtherFile } from "../../../src/core/target/binary.ts";
import { fitsTriple } from "../../../src/core/target/fits_triple.ts";
import { canonicalTriple, KNOWN_TRIPLES, platformOf } from "../../../src/core/target/target.ts";
import type { Platform } from "../../../src/core/target/target_rows.ts";
import { Failure } from "../../../src/error.ts";
import { makeBinary, makeMachO } from "../../../src/rehearsal/synthesise/platform_artifact.ts";
import { makeElf } from "../../../src/rehearsal/synthesise/binary_elf.ts";
import { tempFolder } from "../../support/temp.ts";
import { needs } from "../../support/tools.ts";

const run = promisify(execFile);
const withGcc = await needs("gcc", "readelf");

async function read(bytes: Uint8Array | string): Promise<Binary | OtherFile> {
  await using folder = await tempFolder({ file: bytes });
  return await readBinary(join(folder.path, "file"));
}

async function readElf(bytes: Uint8Array): Promise<ElfBinary> {
  const binary = await read(bytes);
  if (binary.format !== "elf") assert.fail(JSON.stringify(binary));
  return binary;
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(() => true, () => false);
}

test("readBinary tells the processor of a file for each known target", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "file");
  for (const triple of KNOWN_TRIPLES) {
    const { cpu = "x64 arm64" } = platformOf(triple);
    await writeFile(path, makeBinary(triple, "program"));
    const binary = await readBinary(path);
    if (binary.format === "other") assert.fail(`${triple}: ${binary.what}`);
    const found = binary.format === "mach-o"
      ? binary.slices.map((slice) => slice.cpu).join(" ")
      : binary.cpu;
    assert.equal(found, cpu, triple);
  }
});

const SYSTEMS: readonly (readonly [string, string | undefined, ElfBinary["libc"]])[] = [
  ["x86_64-unknown-linux-gnu", "linux", "glibc"],
  ["powerpc64le-unknown-linux-gnu", "linux", "glibc"],
  ["powerpc-unknown-linux-gnu", "linux", "glibc"],
  ["mips64el-unknown-linux-gnuabi64", "linux", "glibc"],
  ["aarch64-unknown-linux-musl", "linux", "musl"],
  ["aarch64-linux-android", "android", "bionic"],
  ["x86_64-unknown-freebsd", "freebsd", undefined],
  ["x86_64-unknown-netbsd", "netbsd", undefined],
  ["x86_64-unknown-openbsd", "openbsd", undefined],
  ["x86_64-unknown-illumos", "sunos", undefined],
  ["x86_64-unknown-haiku", "haiku", undefined],
];

for (const [triple, system, libc] of SYSTEMS) {
  test(`readBinary tells the system and the libc of a program for ${triple}`, async () => {
    const binary = await readElf(makeBinary(triple, "program"));
    assert.deepEqual([binary.system, binary.libc], [system, libc]);
    assert.deepEqual([binary.runnable, binary.loadable], [true, false]);
  });
}

test("readBinary tells the libc of an addon from the libraries that it needs", async () => {
  const glibc = await readElf(makeBinary("linux-arm64-gnu", "addon"));
  const musl = await readElf(makeBinary("linux-arm64-musl", "addon"));
  assert.deepEqual([glibc.libc, glibc.system, glibc.loader], ["glibc", "linux", undefined]);
  // Other systems call theirs libc.so too, so the name alone does not tell the system.
  assert.deepEqual([musl.libc, musl.system], ["musl", undefined]);
  assert.deepEqual([musl.runnable, musl.loadable], [false, true]);
});

test("readBinary tells a static program, which names neither loader nor library", async () => {
  const binary = await readElf(
    makeElf({ triple: "linux-x64-musl", use: "program", isStatic: true }),
  );
  assert.equal(binary.isStatic, true);
  assert.equal(binary.libc, undefined);
});

test("readBinary finds the glibc that a file needs", async () => {
  const triple = "s390x-unknown-linux-gnu";
  const binary = await readElf(makeElf({ triple, use: "addon", glibc: "2.39" }));
  assert.deepEqual([binary.glibcFloor, binary.order], ["2.39", "big"]);
});

test("readBinary tells the float calls of 32-bit ARM", async () => {
  const hard = await readElf(makeBinary("armv7-unknown-linux-gnueabihf", "program"));
  const soft = await readElf(makeBinary("armv7-unknown-linux-gnueabi", "program"));
  assert.deepEqual([hard.float, soft.float], ["hard", "soft"]);
});

/** An ARM program with build attributes, as linkers write them into a section. */
function withArmAttributes(pairs: readonly number[]): Uint8Array {
  const program = makeElf({ triple: "arm-unknown-linux-gnueabihf", use: "program" });
  const size = 5 + pairs.length;
  const attributes = [
    ...[0x41, 4 + 6 + size, 0, 0, 0],
    ...new TextEncoder().encode("aeabi\0"),
    ...[1, size, 0, 0, 0],
    ...pairs,
  ];
  const file = new Uint8Array(program.length + 40 + attributes.length);
  file.set(program);
  const view = new DataView(file.buffer);
  view.setUint32(32, program.length, true);
  view.setUint16(46, 40, true);
  view.setUint16(48, 1, true);
  view.setUint32(program.length + 4, 0x70000003, true);
  view.setUint32(program.length + 16, program.length + 40, true);
  view.setUint32(program.length + 20, attributes.length, true);
  file.set(attributes, program.length + 40);
  return file;
}

test("readBinary finds the ARM version behind other attributes", async () => {
  // Tag_CPU_name is text, Tag_CPU_arch a number.
  const cpuName = [5, ...new TextEncoder().encode("ARM v7\0")];
  const v7 = await readElf(withArmAttributes([...cpuName, 6, 10, 8, 1]));
  const v6 = await readElf(withArmAttributes([67, 0x32, 0x2e, 0x30, 0, 6, 6]));
  assert.deepEqual([v7.armVersion, v6.armVersion], [7, 6]);
});

test("readBinary tells thin, universal and wide universal Mach-O files", async () => {
  const thin = makeMachO({ cpus: ["arm64"], system: "darwin", use: "addon" });
  const fat = makeMachO({ cpus: ["x64", "arm64"], system: "darwin", use: "program" });
  const wide = new Uint8Array(8 + 32 + thin.length);
  const view = new DataView(wide.buffer);
  view.setUint32(0, 0xcafebabf);
  view.setUint32(4, 1);
  view.setBigUint64(16, 40n);
  wide.set(thin, 40);
  const slice = { cpu: "arm64", system: "darwin", signed: true, runnable: false, loadable: true };
  const expected = { format: "mach-o", slices: [slice], runnable: false, loadable: true };
  assert.deepEqual(await read(thin), expected);
  assert.deepEqual(await read(wide), expected);
  const universal = await read(fat);
  assert.ok(universal.format === "mach-o" && universal.runnable);
  assert.deepEqual(universal.slices.map(({ cpu }) => cpu), ["x64", "arm64"]);
});

const OTHERS: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
  ["an empty file", "", /^empty$/],
  ["a script", "#!/bin/sh\necho hi\n", /^a script \(#!\/bin\/sh\)$/],
  ["a text", "hello\n", /^a text file$/],
  ["a pointer of Git LFS", "version https://git-lfs.github.com/spec/v1\noid", /Git LFS/],
  ["a static library", "!<arch>\nmain.o/", /^a static library/],
  ["a zip", "PK\x03\x04rest", /^a zip archive$/],
  ["a gzip", new Uint8Array([0x1f, 0x8b, 8, 0]), /^a gzip archive$/],
  [
    "a Java class",
    new Uint8Array([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 65]),
    /^no compiled file of a format/,
  ],
  ["one byte", "\x7f", /^no compiled file of a format/],
  ["a header alone", "\x7fELF", /^an ELF file that is damaged/],
  ["a DOS program", "MZ".padEnd(64, "\0"), /^a PE file that is damaged/],
];

for (const [name, content, what] of OTHERS) {
  test(`readBinary says what ${name} is`, async () => {
    const binary = await read(content);
    if (binary.format !== "other") assert.fail(JSON.stringify(binary));
    assert.match(binary.what, what);
  });
}

test("readBinary fails for a file that cannot be read", async () => {
  await assert.rejects(
    readBinary("/nonexistent/file"),
    (error) => error instanceof Failure && error.code === "PIOT_FILE_UNREADABLE",
  );
});

test("readBinary takes any cut of a file for damage, or for what is left of it", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "file");
  for (const triple of ["linux-x64-gnu", "linux-arm-gnueabihf", "darwin-universal", "win32-x64"]) {
    const whole = makeBinary(triple, "program");
    for (let length = 0; length < Math.min(whole.length, 400); length += 7) {
      await writeFile(path, whole.subarray(0, length));
      await readBinary(path);
    }
  }
});

test("readBinary ends, without an error, on files that lie about themselves", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "file");
  const files = [
    makeElf({ triple: "linux-x64-gnu", use: "program" }),
    makeElf({ triple: "mips-unknown-linux-gnu", use: "addon" }),
    withArmAttributes([6, 10]),
    makeMachO({ cpus: ["arm64"], system: "darwin", use: "program" }),
    makeMachO({ cpus: ["x64", "arm64"], system: "ios", use: "addon" }).subarray(0, 0x4100),
    makeBinary("win32-arm64-msvc", "addon"),
  ];
  const edits = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...files), edits, async (file, changes) => {
      const lying = file.slice();
      for (const [at, value] of changes) lying[4 + at % (lying.length - 4)] = value;
      await writeFile(path, lying);
      await readBinary(path);
    }),
    { numRuns: 400 },
  );
});

/** Real files of this machine, where they are there, and what they are on every Linux with glibc that has them. */
const REAL = ["/usr/bin/node", "/bin/ls", process.execPath];

for (const path of REAL) {
  const skip = process.platform !== "linux" || !(await isThere(path)) ? `no ${path}` : false;
  test(`readBinary reads ${path} as this machine's own`, { skip }, async () => {
    const binary = await readBinary(path);
    if (binary.format !== "elf") assert.fail(JSON.stringify(binary));
    assert.equal(binary.cpu, process.arch);
    assert.equal(binary.runnable, true);
    assert.equal(binary.isStatic, false);
  });
}

const ESBUILD = "node_modules/.deno/esbuild@0.28.2/node_modules/@esbuild/linux-x64/bin/esbuild";
const noEsbuild = await isThere(ESBUILD) ? false : "no esbuild for linux-x64 in node_modules";

test("readBinary reads esbuild, which Go links statically", { skip: noEsbuild }, async () => {
  const binary = await readBinary(ESBUILD);
  assert.ok(binary.format === "elf" && binary.isStatic && binary.cpu === "x64");
});

const SOURCE = `#include <stdio.h>
#include <math.h>
int answer(void) { return printf("%f\\n", pow(2, 3)); }
int main(void) { return answer() < 0; }
`;

/** What gcc makes with each set of flags, and what it is. */
const COMPILED: readonly (readonly [string, readonly string[], Partial<ElfBinary>])[] = [
  ["a program", ["-lm"], { runnable: true, loadable: false, isStatic: false, libc: "glibc" }],
  ["a program at a fixed address", ["-no-pie", "-lm"], { runnable: true, loadable: false }],
  ["a static program", ["-static", "-lm"], { runnable: true, loadable: false, isStatic: true }],
  ["a static-pie program", ["-static-pie", "-fPIE", "-lm"], {
    runnable: true,
    loadable: false,
    isStatic: true,
  }],
  ["a library", ["-shared", "-fPIC", "-lm"], {
    runnable: false,
    loadable: true,
    libc: "glibc",
    loader: undefined,
  }],
  ["an object file", ["-c"], { runnable: false, loadable: false }],
];

for (const [name, flags, expected] of COMPILED) {
  test(`readBinary reads ${name} that gcc just made`, withGcc, async () => {
    await using folder = await tempFolder({ "a.c": SOURCE });
    await run("gcc", ["a.c", "-o", "out", ...flags], { cwd: folder.path });
    const binary = await readBinary(join(folder.path, "out"));
    if (binary.format !== "elf") assert.fail(JSON.stringify(binary));
    const found = Object.keys(expected).map((key) => [key, binary[key as keyof ElfBinary]]);
    assert.deepEqual(Object.fromEntries(found), expected);
  });
}

test(
  "readBinary finds the same glibc version that readelf lists as the highest",
  withGcc,
  async () => {
    await using folder = await tempFolder({ "a.c": SOURCE });
    await run("gcc", ["a.c", "-o", "out", "-lm"], { cwd: folder.path });
    const { stdout } = await run("readelf", ["-V", "-W", "out"], { cwd: folder.path });
    const minors = [...stdout.matchAll(/Name: GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
    const binary = await readElf(await readFile(join(folder.path, "out")));
    assert.ok(minors.length > 0);
    assert.equal(binary.glibcFloor, `2.${Math.max(...minors)}`);
  },
);

/** Pairs of platforms whose files nobody can tell apart, besides equal ones. */
function isAlike(one: Platform, other: Platform): boolean {
  const systems = [one.os, other.os].sort().join(" ");
  if (one.cpu !== other.cpu) {
    // A universal file runs on both processors of macOS.
    return systems === "darwin darwin" && one.cpu === undefined && other.cpu !== "ia32";
  }
  const free = (platform: Platform): boolean => platform.os === "linux" && !platform.libc;
  if (systems === "cygwin win32") return true;
  if (systems === "linux openharmony") return one.libc !== "glibc" && other.libc !== "glibc";
  if (free(one) && other.os === "android") return true;
  return one.os === other.os && (one.libc === other.libc || free(one) || free(other));
}

test("a file made for one target fits the targets of the same platform, and no others", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "file");
  // One spelling for each target; what npm's words leave out (float calls, byte order) is tested by itself.
  const triples = KNOWN_TRIPLES.filter((one) => one === canonicalTriple(one))
    .filter((one) => !["arm", "ppc64"].includes(platformOf(one).cpu ?? ""));
  for (const from of triples) {
    await writeFile(path, makeBinary(from, "program"));
    const binary = await readBinary(path);
    const fitting = triples.filter((to) =>
      fitsTriple(binary, { triple: to, use: "program" }).misfits.length === 0
    );
    const alike = triples.filter((to) => isAlike(platformOf(from), platformOf(to)));
    assert.deepEqual(fitting, alike, from);
  }
});

test("made-up files are what readelf takes them for", withGcc, async () => {
  await using folder = await tempFolder({ file: makeBinary("linux-arm64-gnu", "program") });
  const { stdout, stderr } = await run("readelf", ["-h", "-l", "-d", "-W", "file"], {
    cwd: folder.path,
  });
  assert.equal(stderr, "");
  assert.match(stdout, /Machine: +AArch64/);
  assert.match(stdout, /Requesting program interpreter: \/lib\/ld-linux-aarch64\.so\.1\]/);
  assert.match(stdout, /Shared library: \[libc\.so\.6\]/);
});
