/** `bundle_cli`: the program is in every wheel of a row, for the row's platform, and pip makes it executable. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { isBundled } from "../../../src/core/pypi/bundled_program.ts";
import { Failure } from "../../../src/error.ts";
import { prepareAll } from "../../../src/registry/pypi/prepare.ts";
import { makeElf } from "../../../src/rehearsal/synthesise/binary_elf.ts";
import { makeBinary } from "../../../src/rehearsal/synthesise/platform_artifact.ts";
import {
  makeSdist,
  makeWheel,
  type WheelInput,
} from "../../../src/rehearsal/synthesise/python_distribution.ts";
import { pypiRelease } from "../../support/pypi_release.ts";

const DEMO = { name: "demo", version: "1.0.0" };
const LINUX = "x86_64-unknown-linux-gnu";
const WINDOWS = "x86_64-pc-windows-msvc";
const TAGS = { [LINUX]: "py3-none-manylinux_2_28_x86_64", [WINDOWS]: "py3-none-win_amd64" };
const BUNDLE = { bin: "demo-cli", stageTo: "src/demo/bin", cratePath: "." };
const PATH = "demo/bin/demo-cli";

for (
  const [path, stageTo, is] of [
    ["demo/bin/demo-cli", "src/demo/bin", true],
    ["demo/bin/demo-cli", "demo/bin", true],
    ["demo/bin/demo-cli.exe", "demo/bin", true],
    ["bin/demo-cli", "src/demo/bin", true],
    ["demo-cli", ".", true],
    ["demo-1.0.0.data/scripts/demo-cli", "demo.data/scripts", true],
    ["demo-1.0.0.data/scripts/demo-cli", "python/demo.data/scripts", true],
    ["demo-1.0.0.data/data/demo-cli", "demo.data/scripts", false],
    ["other/demo/bin/demo-cli", "demo/bin", false],
    ["xdemo/bin/demo-cli", "demo/bin", false],
    ["demo/bin/demo-cli.d", "demo/bin", false],
  ] as const
) {
  test(`${path} is ${is ? "" : "not "}what is staged to ${stageTo}`, () => {
    assert.equal(isBundled(path, { bin: "demo-cli", stageTo, cratePath: "." }), is);
  });
}

/** The problems of a wheel in the row of a triple. */
async function problemsOf(
  triple: typeof LINUX | typeof WINDOWS,
  wheel: Partial<WheelInput>,
): Promise<readonly string[]> {
  const files = { [triple]: [makeWheel({ ...DEMO, tag: TAGS[triple], ...wheel })] };
  await using fixture = await pypiRelease({
    targets: [triple],
    bundleCli: BUNDLE,
    files: { ...files, sdist: [await makeSdist(DEMO)] },
  });
  try {
    await prepareAll([fixture.release], fixture.folder);
    return [];
  } catch (error) {
    assert.ok(error instanceof Failure);
    for (const { hint } of error.problems) assert.match(hint ?? "", /\S/);
    return error.problems.map(({ message }) => message.replace(/^Cannot publish "[^"]+": /, ""));
  }
}

const program = (triple: string): Uint8Array => makeBinary(triple, "program");

for (
  const [name, triple, wheel, says] of [
    ["one that is right", LINUX, { files: { [PATH]: program(LINUX) }, executables: [PATH] }, []],
    ["a static one, which runs with any C library", LINUX, {
      files: {
        [PATH]: makeElf({ triple: "x86_64-unknown-linux-musl", use: "program", isStatic: true }),
      },
      executables: [PATH],
    }, []],
    ["one for Windows, which knows no such bit", WINDOWS, {
      files: { [`${PATH}.exe`]: program(WINDOWS) },
    }, []],
    ["none", LINUX, { files: { "demo/x.so": makeBinary(LINUX, "addon") } }, [
      'it brings no program "demo-cli", which `bundle_cli` stages to "src/demo/bin"',
    ]],
    ["one in another folder", LINUX, { files: { "demo/demo-cli": program(LINUX) } }, [
      'it brings no program "demo-cli", which `bundle_cli` stages to "src/demo/bin"',
    ]],
    ["one that lost its bit", LINUX, { files: { [PATH]: program(LINUX) } }, [
      `its program "${PATH}" will not be executable once pip has installed it`,
    ]],
    ["a script", LINUX, {
      files: { [PATH]: "#!/bin/sh\n", "demo/x.so": makeBinary(LINUX, "addon") },
      executables: [PATH],
    }, [
      `its program "${PATH}" is a script (#!/bin/sh), and ${LINUX} needs an ELF file for linux x64 (glibc)`,
    ]],
    ["a library", LINUX, {
      files: { [PATH]: makeBinary(LINUX, "addon") },
      executables: [PATH],
    }, [
      `its program "${PATH}" is an ELF library for linux x64 (glibc), and cannot be run`,
    ]],
    ["one that is linked with musl's loader", LINUX, {
      files: {
        [PATH]: program("x86_64-unknown-linux-musl"),
        "demo/x.so": makeBinary(LINUX, "addon"),
      },
      executables: [PATH],
    }, [
      `"${PATH}" needs musl, and manylinux_2_28_x86_64 promises to run on systems with glibc 2.28 and GLIBCXX_3.4.24`,
      `its program "${PATH}" is an ELF program for linux x64 (musl), and ${LINUX} needs an ELF file for linux x64 (glibc)`,
    ]],
    ["one for another machine", LINUX, {
      files: {
        [PATH]: program("aarch64-unknown-linux-gnu"),
        "demo/x.so": makeBinary(LINUX, "addon"),
      },
      executables: [PATH],
    }, [
      `"${PATH}" is an ELF file for arm64, and manylinux_2_28_x86_64 stands for an ELF file for x64`,
      `its program "${PATH}" is an ELF program for linux arm64 (glibc), and ${LINUX} needs an ELF file for linux x64 (glibc)`,
    ]],
  ] as const
) {
  test(`a wheel that is to bring a program brings ${name}`, async () => {
    assert.deepEqual(await problemsOf(triple, wheel), says);
  });
}
