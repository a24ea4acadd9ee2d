/** What the Linux tags of wheels promise, and what their files ask for, as pypa/auditwheel's policies judge it. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { promisify } from "node:util";
import { readWheel } from "../../src/artifact/wheel.ts";
import { type ElfNeeds, policyVerdict } from "../../src/core/pypi/linux_policy.ts";
import { makeElf } from "../../src/rehearsal/synthesise/binary_elf.ts";
import { makeBinary } from "../../src/rehearsal/synthesise/platform_artifact.ts";
import { makeWheel, type WheelInput } from "../../src/rehearsal/synthesise/python_distribution.ts";
import { tempFolder } from "../support/temp.ts";
import { needs } from "../support/tools.ts";

const run = promisify(execFile);
const GNU = "x86_64-unknown-linux-gnu";
const MUSL = "x86_64-unknown-linux-musl";

interface Said {
  readonly misfits: readonly string[];
  readonly warnings: readonly string[];
}

async function wheelWith(platform: string, more: Partial<WheelInput> = {}): Promise<Said> {
  const tag = `cp311-cp311-${platform}`;
  const { fileName, bytes } = makeWheel({ name: "demo", version: "1.0.0", tag, ...more });
  await using folder = await tempFolder({ [fileName]: bytes });
  const wheel = await readWheel(join(folder.path, fileName));
  assert.ok(typeof wheel !== "string", String(wheel));
  assert.deepEqual(wheel.problems, []);
  const { misfits, warnings } = wheel.native;
  for (const { hint } of misfits) assert.match(hint, /\S/);
  return { misfits: misfits.map(({ clause }) => clause), warnings };
}

const needing = (glibc: string) => ({
  files: { "demo/native.so": makeElf({ triple: GNU, use: "addon", glibc }) },
});

for (
  const [platform, glibc, fits] of [
    ["manylinux1_x86_64", "2.5", true],
    ["manylinux1_x86_64", "2.6", false],
    ["manylinux2010_x86_64", "2.12", true],
    ["manylinux2010_x86_64", "2.14", false],
    ["manylinux2014_x86_64", "2.17", true],
    ["manylinux2014_x86_64", "2.18", false],
    ["manylinux_2_28_x86_64", "2.28", true],
    ["manylinux_2_28_x86_64", "2.29", false],
    ["manylinux_2_34_x86_64", "2.34", true],
    // pip takes the file for whichever of its tags the system knows.
    ["manylinux_2_28_x86_64.manylinux2014_x86_64", "2.28", false],
  ] as const
) {
  test(`a file that needs glibc ${glibc} ${fits ? "fits" : "does not fit"} ${platform}`, async () => {
    const { misfits } = await wheelWith(platform, needing(glibc));
    assert.equal(misfits.length, fits ? 0 : 1, misfits.join("\n"));
    if (!fits) {
      assert.match(
        misfits[0]!,
        /^"demo\/native\.so" needs glibc 2\.\d+, and manylinux\w+ promises to run on systems with glibc 2\.\d+/,
      );
    }
  });
}

function elf(needs: Partial<ElfNeeds>): readonly { path: string; needs: ElfNeeds }[] {
  const none = {
    needed: [],
    soname: undefined,
    glibcFloor: undefined,
    versions: [],
    libc: undefined,
  };
  return [{ path: "demo/native.so", needs: { ...none, ...needs } }];
}

const stdcxx = (minor: number): Partial<ElfNeeds> => ({
  libc: "glibc",
  needed: ["libstdc++.so.6", "libc.so.6"],
  versions: [{ library: "libstdc++.so.6", name: `GLIBCXX_3.4.${minor}` }],
});

for (
  const [name, tag, needs, excess] of [
    ["libstdc++ of CentOS 7", "manylinux2014_x86_64", stdcxx(19), undefined],
    ["a newer libstdc++", "manylinux2014_x86_64", stdcxx(20), /GLIBCXX_3\.4\.20 of libstdc\+\+/],
    ["libstdc++ of GCC 8", "manylinux_2_28_x86_64", stdcxx(24), undefined],
    ["libstdc++ of GCC 9", "manylinux_2_28_x86_64", stdcxx(26), /GLIBCXX_3\.4\.26/],
    ["a policy without figures for it", "manylinux_2_34_x86_64", stdcxx(40), undefined],
    ["the one symbol of glibc 2.18 that CentOS 7 has on arm64", "manylinux2014_aarch64", {
      libc: "glibc",
      glibcFloor: "2.18",
    }, undefined],
    ["musl", "manylinux2014_x86_64", { libc: "musl" }, /needs musl, and .* with glibc 2\.17/],
    [
      "glibc",
      "musllinux_1_2_x86_64",
      { libc: "glibc", glibcFloor: "2.17" },
      /needs glibc, and .* musl$/,
    ],
    ["no C library at all", "musllinux_1_2_x86_64", {}, undefined],
    [
      "a floor on a tag without policy",
      "linux_armv7l",
      { libc: "glibc", glibcFloor: "2.39" },
      undefined,
    ],
  ] as const
) {
  test(`policies judge ${name} on ${tag}`, () => {
    const { misfits } = policyVerdict([tag], elf(needs), new Set());
    assert.equal(misfits.length, excess === undefined ? 0 : 1, JSON.stringify(misfits));
    if (excess !== undefined) assert.match(misfits[0]!.clause, excess);
  });
}

test("libraries that are neither in the wheel nor on every system are told, and stop nothing", () => {
  const needed = [
    ..."libc.so.6 libm.so.6 libpthread.so.0 libstdc++.so.6 libgcc_s.so.1 libz.so.1 ld-linux-x86-64.so.2"
      .split(" "),
    "libown-1a2b3c.so.2",
    "libssl.so.3",
  ];
  const { misfits, warnings } = policyVerdict(
    ["manylinux2014_x86_64"],
    elf({ libc: "glibc", needed }),
    new Set(["libown-1a2b3c.so.2"]),
  );
  assert.deepEqual(misfits, []);
  assert.deepEqual(warnings, [
    'needs libssl.so.3 ("demo/native.so"): it brings none, and systems of manylinux2014_x86_64 need not have it',
  ]);
});

test("a program of any name is judged as libraries are; code of a graphics card beside it is not", async () => {
  const program = makeElf({ triple: GNU, use: "program", glibc: "2.34" });
  const card = makeBinary("powerpc64le-unknown-linux-gnu", "addon");
  const files = { "demo/bin/tool": program, "demo/kernels/gfx90a.co": card };
  const { misfits, warnings } = await wheelWith("manylinux_2_28_x86_64", { files });
  assert.deepEqual(misfits.map((clause) => clause.slice(0, 34)), [
    '"demo/bin/tool" needs glibc 2.34, ',
  ]);
  assert.deepEqual(warnings, []);
});

test("a wheel for a platform without compiled code, and compiled code in one for all, are told", async () => {
  const pure = await wheelWith("manylinux2014_x86_64", { files: { "demo/__init__.py": "" } });
  assert.deepEqual(pure, {
    misfits: [],
    warnings: [
      "holds no compiled file, and is for manylinux2014_x86_64: see in the build's log whether an extension was left out",
    ],
  });
  const all = await wheelWith("any", { tag: "py3-none-any", ...needing("2.17") });
  assert.deepEqual(all, {
    misfits: [],
    warnings: ['is for every platform, and holds "demo/native.so" (an ELF file for x64)'],
  });
  const web = { "demo/x.so": makeBinary("wasm32-unknown-emscripten", "addon") };
  assert.deepEqual(await wheelWith("pyemscripten_2025_0_wasm32", { files: web }), {
    misfits: [],
    warnings: [],
  });
});

test("a program that pip puts on the path has to be executable in the archive", async () => {
  const path = "demo-1.0.0.data/scripts/demo";
  const files = { [path]: makeElf({ triple: MUSL, use: "program", isStatic: true }) };
  assert.deepEqual((await wheelWith("musllinux_1_2_x86_64", { files })).misfits, [
    `"${path}" will not be executable once pip has installed it`,
  ]);
  const { misfits } = await wheelWith("musllinux_1_2_x86_64", { files, executables: [path] });
  assert.deepEqual(misfits, []);
});

test("a library whose tables lie far behind is judged as any other", async () => {
  const small = makeElf({ triple: GNU, use: "addon", glibc: "2.34" });
  const far = 6_000_000;
  const view = new DataView(small.buffer);
  const move = (at: number): void =>
    view.setBigUint64(at, view.getBigUint64(at, true) + BigInt(far), true);
  move(32);
  for (let index = 0; index < view.getUint16(56, true); index++) move(64 + index * 56 + 8);
  const whole = new Uint8Array(far + small.length);
  whole.set(small.subarray(0, 64));
  whole.set(small.subarray(64), far + 64);
  const files = { "demo/native.so": whole };
  const { misfits, warnings } = await wheelWith("manylinux2014_x86_64", { files });
  assert.match(misfits[0] ?? "", /needs glibc 2\.34/);
  assert.deepEqual(warnings, []);
});

test("a library that claims tables which it does not have is told, not passed over", async () => {
  const whole = makeElf({ triple: GNU, use: "addon" });
  const files = { "demo/native.so": whole.subarray(0, whole.length - 60) };
  const { warnings } = await wheelWith("manylinux2014_x86_64", { files });
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /^holds "demo\/native\.so", whose needs cannot be read: /);
});

test(
  "what a compiler links here needs the symbols that it was told to use, and no older system is promised them",
  await needs("gcc"),
  async () => {
    if (process.platform !== "linux") return;
    await using folder = await tempFolder({
      "a.c": '#include <stdio.h>\n__asm__(".symver stat_of,stat@GLIBC_2.33");\n' +
        "int stat_of(const char *, void *);\nint a(void) { return stat_of(0, 0); }\n",
    });
    const at = (name: string): string => join(folder.path, name);
    const linked = await run("gcc", ["-shared", "-fPIC", "-o", at("a.so"), at("a.c")])
      .then(() => true, () => false);
    // An older glibc than that has no such symbol.
    if (!linked) return;
    const files = { "demo/a.so": await readFile(at("a.so")) };
    const cpu = process.arch === "arm64" ? "aarch64" : "x86_64";
    assert.deepEqual((await wheelWith(`manylinux_2_34_${cpu}`, { files })).misfits, []);
    const { misfits } = await wheelWith(`manylinux_2_28_${cpu}`, { files });
    assert.match(misfits[0] ?? "", /^"demo\/a\.so" needs glibc 2\.33, /);
  },
);
