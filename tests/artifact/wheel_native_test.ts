/** Compiled code in a wheel is for the machine that the wheel's tags name, and what pip reads as text is UTF-8. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { promisify } from "node:util";
import { readSdist } from "../../src/artifact/sdist.ts";
import { readWheel } from "../../src/artifact/wheel.ts";
import { makeBinary, makeMachO } from "../../src/rehearsal/synthesise/platform_artifact.ts";
import {
  makeWheel,
  type Members,
  record,
  tarGzMembers,
  wheelFileName,
  wheelMembers,
  zipMembers,
} from "../../src/rehearsal/synthesise/python_distribution.ts";
import { tempFolder } from "../support/temp.ts";
import { needs } from "../support/tools.ts";

const run = promisify(execFile);
const DEMO = { name: "demo", version: "1.0.0" };
const INFO = "demo-1.0.0.dist-info";

async function problemsOf(fileName: string, bytes: Uint8Array): Promise<readonly string[]> {
  await using folder = await tempFolder({ [fileName]: bytes });
  const wheel = await readWheel(join(folder.path, fileName));
  assert.ok(typeof wheel !== "string", String(wheel));
  return [...wheel.problems, ...wheel.native.misfits.map(({ clause }) => clause)];
}

async function withNative(
  platform: string,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<readonly string[]> {
  const wheel = makeWheel({ ...DEMO, tag: `cp311-cp311-${platform}`, files });
  return await problemsOf(wheel.fileName, wheel.bytes);
}

const addon = (triple: string): Uint8Array => makeBinary(triple, "addon");
const BOTH_MACS = makeMachO({ cpus: ["x64", "arm64"], system: "darwin", use: "addon" });

const FIT: readonly (readonly [platform: string, bytes: Uint8Array])[] = [
  ["manylinux_2_17_x86_64", addon("x86_64-unknown-linux-gnu")],
  ["manylinux2014_aarch64", addon("aarch64-unknown-linux-gnu")],
  ["manylinux2014_x86_64.manylinux_2_17_x86_64", addon("x86_64-unknown-linux-gnu")],
  ["manylinux2014_i686", addon("i686-unknown-linux-gnu")],
  ["manylinux_2_31_riscv64", addon("riscv64gc-unknown-linux-gnu")],
  ["manylinux2014_s390x", addon("s390x-unknown-linux-gnu")],
  ["musllinux_1_2_armv7l", addon("armv7-unknown-linux-musleabihf")],
  ["macosx_11_0_arm64", addon("aarch64-apple-darwin")],
  ["macosx_11_0_arm64", BOTH_MACS],
  ["macosx_10_12_x86_64", addon("x86_64-apple-darwin")],
  ["macosx_10_12_universal2", BOTH_MACS],
  ["macosx_10_12_x86_64.macosx_11_0_arm64.macosx_10_12_universal2", BOTH_MACS],
  ["macosx_10_6_intel", addon("x86_64-apple-darwin")],
  ["win_amd64", addon("x86_64-pc-windows-msvc")],
  ["win32", addon("i686-pc-windows-msvc")],
  ["win_arm64", addon("aarch64-pc-windows-msvc")],
  ["android_21_arm64_v8a", addon("aarch64-linux-android")],
];
for (const [platform, bytes] of FIT) {
  test(`a library for ${platform} is taken, and one for another machine is not`, async () => {
    assert.deepEqual(await withNative(platform, { "demo/native.so": bytes }), []);
    const other = addon("powerpc64le-unknown-linux-gnu");
    assert.ok((await withNative(platform, { "demo/native.so": other })).length > 0);
  });
}

const MISFIT: readonly {
  readonly name: string;
  readonly platform: string;
  readonly path?: string;
  readonly bytes: Uint8Array;
  readonly says: RegExp;
}[] = [
  {
    name: "x86-64 code in a wheel for ARM",
    platform: "manylinux_2_17_aarch64",
    bytes: addon("x86_64-unknown-linux-gnu"),
    says:
      /^"demo\/native\.so" is an ELF file for x64, and manylinux_2_17_aarch64 stands for an ELF file for arm64$/,
  },
  {
    name: "Linux code in a wheel for macOS",
    platform: "macosx_11_0_arm64",
    bytes: addon("aarch64-unknown-linux-gnu"),
    says: /is an ELF file for arm64, and macosx_11_0_arm64 stands for a Mach-O file for arm64$/,
  },
  {
    name: "one processor in a universal wheel",
    platform: "macosx_10_12_universal2",
    bytes: addon("aarch64-apple-darwin"),
    says: /is a Mach-O file for arm64, and .* stands for a Mach-O file for x64 and arm64$/,
  },
  {
    name: "one processor in a wheel of two tags",
    platform: "macosx_10_12_x86_64.macosx_11_0_arm64",
    bytes: addon("x86_64-apple-darwin"),
    says: /is a Mach-O file for x64, and macosx_11_0_arm64 stands for/,
  },
  {
    name: "32-bit code in a wheel for 64-bit Windows",
    platform: "win_amd64",
    path: "demo/native.pyd",
    bytes: addon("i686-pc-windows-msvc"),
    says: /^"demo\/native\.pyd" is a PE file for ia32, and win_amd64 stands for a PE file for x64$/,
  },
  {
    name: "a program that pip puts on the path",
    platform: "win_arm64",
    path: "demo-1.0.0.data/scripts/demo.exe",
    bytes: makeBinary("x86_64-pc-windows-msvc", "program"),
    says: /scripts\/demo\.exe" is a PE file for x64/,
  },
  {
    name: "a versioned library",
    platform: "musllinux_1_2_x86_64",
    path: "demo.libs/libz.so.1.2",
    bytes: addon("aarch64-unknown-linux-musl"),
    says: /libz\.so\.1\.2" is an ELF file for arm64/,
  },
];
for (const { name, platform, path = "demo/native.so", bytes, says } of MISFIT) {
  test(`code of another machine is told: ${name}`, async () => {
    const problems = await withNative(platform, {
      [path]: bytes,
      "demo/__init__.py": new Uint8Array(),
    });
    assert.equal(problems.length, 1, problems.join("\n"));
    assert.match(problems[0]!, says);
  });
}

test("what is no compiled file is none of another machine, whatever it is called", async () => {
  const script = new TextEncoder().encode("/* GNU ld script */\nINPUT(libx.so.1)\n");
  const files = {
    "demo/libx.so": script,
    "demo-1.0.0.data/scripts/demo": script,
    "demo/cut.so": new Uint8Array([0x7f, 0x45, 0x4c, 0x46]),
  };
  assert.deepEqual(await withNative("manylinux_2_17_aarch64", files), []);
});

test("a wheel for any machine may bring what it likes", async () => {
  const wheel = makeWheel({ ...DEMO, files: { "demo/win.dll": addon("x86_64-pc-windows-msvc") } });
  assert.deepEqual(await problemsOf(wheel.fileName, wheel.bytes), []);
});

test(
  "what a compiler makes here is for this machine, and for no other",
  await needs("gcc"),
  async () => {
    await using folder = await tempFolder({ "a.c": "int a(void) { return 1; }\n" });
    const at = (name: string): string => join(folder.path, name);
    await run("gcc", ["-shared", "-o", at("a.so"), at("a.c")]);
    const files = { "demo/a.so": await readFile(at("a.so")) };
    const [own, other] = process.arch === "arm64" ? ["aarch64", "x86_64"] : ["x86_64", "aarch64"];
    assert.deepEqual(await withNative(`manylinux_2_17_${own}`, files), []);
    assert.equal((await withNative(`manylinux_2_17_${other}`, files)).length, 1);
  },
);

function recorded(changes: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const members = new Map<string, Uint8Array>(wheelMembers(DEMO));
  members.delete(`${INFO}/RECORD`);
  for (const [path, bytes] of Object.entries(changes)) members.set(path, bytes);
  const whole: Members = new Map([
    ...members,
    [`${INFO}/RECORD`, new TextEncoder().encode(record(members, INFO))],
  ]);
  return zipMembers(whole);
}

test("a second .dist-info is told, since pip installs no such wheel", async () => {
  const bytes = recorded({ "other-1.0.0.dist-info/METADATA": new Uint8Array([0x0a]) });
  assert.deepEqual(await problemsOf(wheelFileName(DEMO), bytes), [
    `it has "other-1.0.0.dist-info" beside "${INFO}", and pip installs no wheel with two of these`,
  ]);
});

const LATIN = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const HEAD = "Metadata-Version: 2.1\nName: demo\nVersion: 1.0.0\n";

test("metadata in Latin-1 is told with its line, in a wheel and in an sdist", async () => {
  const text = LATIN(`${HEAD}Author: Andr\xe9\n`);
  const wheel = await problemsOf(wheelFileName(DEMO), recorded({ [`${INFO}/METADATA`]: text }));
  assert.deepEqual(wheel, [`"${INFO}/METADATA" is no UTF-8: line 4 has the byte 0xe9`]);
  await using folder = await tempFolder({
    "demo-1.0.0.tar.gz": await tarGzMembers(new Map([["demo-1.0.0/PKG-INFO", text]])),
  });
  const read = await readSdist(join(folder.path, "demo-1.0.0.tar.gz"));
  assert.ok(typeof read !== "string");
  assert.deepEqual(read.problems, ['"demo-1.0.0/PKG-INFO" is no UTF-8: line 4 has the byte 0xe9']);
});

test("metadata with letters, signs and a replacement character of its own is UTF-8", async () => {
  const text = new TextEncoder().encode(`${HEAD}Author: André 🐍 \ufffd\n`);
  assert.deepEqual(
    await problemsOf(wheelFileName(DEMO), recorded({ [`${INFO}/METADATA`]: text })),
    [],
  );
});
