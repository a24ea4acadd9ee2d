import assert from "node:assert/strict";
import { test } from "node:test";
import {
  fitsTriple,
  judgePlatformTag,
  platformTagHint,
  tagPattern,
} from "../../../src/core/pypi/platform_tag.ts";

for (
  const tag of [
    ...["any", "win32", "win_amd64", "win_arm64", "manylinux1_x86_64", "manylinux2010_i686"],
    ...["manylinux2014_aarch64", "manylinux_2_17_x86_64", "manylinux_2_31_riscv64"],
    ...["musllinux_1_2_aarch64", "linux_armv6l", "linux_armv7l", "macosx_10_12_x86_64"],
    ...["macosx_11_0_arm64", "macosx_26_0_universal2", "ios_13_0_arm64_iphoneos"],
    ...["android_24_arm64_v8a", "pyemscripten_2025_0_wasm32"],
  ]
) {
  test(`PyPI takes ${tag}`, () => assert.equal(judgePlatformTag(tag), "taken"));
}

for (
  const tag of [
    ...["linux_x86_64", "linux_aarch64", "manylinux2014_riscv64", "musllinux_1_2_ppc64"],
    ...["manylinux_2_36_loongarch64", "macosx_11_1_arm64", "macosx_16_0_arm64", "freebsd_14_amd64"],
    ...["emscripten_3_1_58_wasm32", "win_x86", "any2", "manylinux1_aarch64"],
  ]
) {
  test(`PyPI refuses ${tag}`, () => assert.equal(judgePlatformTag(tag), "refused"));
}

test("a macOS that is newer than the list may be taken", () => {
  assert.equal(judgePlatformTag("macosx_27_0_arm64"), "unsure");
});

test("platformTagHint() tells what to build instead", () => {
  assert.match(platformTagHint("linux_x86_64"), /auditwheel repair/);
  assert.match(platformTagHint("macosx_11_3_arm64"), /MACOSX_DEPLOYMENT_TARGET/);
  assert.match(platformTagHint("freebsd_14_amd64"), /targets/);
});

for (
  const { triple, fits, foreign } of [
    {
      triple: "x86_64-unknown-linux-gnu",
      fits: ["manylinux_2_17_x86_64", "manylinux2014_x86_64", "manylinux1_x86_64"],
      foreign: [
        "manylinux_2_17_aarch64",
        "musllinux_1_2_x86_64",
        "linux_x86_64",
        "any",
        "win_amd64",
      ],
    },
    {
      triple: "linux-x64-gnu",
      fits: ["manylinux_2_28_x86_64"],
      foreign: ["manylinux_2_28_i686"],
    },
    {
      triple: "x86_64-unknown-linux-musl",
      fits: ["musllinux_1_2_x86_64", "manylinux_2_17_x86_64"],
      foreign: ["musllinux_1_2_aarch64"],
    },
    {
      triple: "aarch64-unknown-linux-gnu",
      fits: ["manylinux_2_17_aarch64"],
      foreign: ["manylinux_2_17_armv7l", "macosx_11_0_arm64"],
    },
    {
      triple: "armv7-unknown-linux-gnueabihf",
      fits: ["manylinux_2_17_armv7l", "linux_armv7l"],
      foreign: ["linux_armv6l"],
    },
    { triple: "arm-unknown-linux-gnueabihf", fits: ["linux_armv6l"], foreign: ["linux_armv7l"] },
    {
      triple: "powerpc64le-unknown-linux-gnu",
      fits: ["manylinux_2_17_ppc64le"],
      foreign: ["manylinux_2_17_ppc64"],
    },
    { triple: "s390x-unknown-linux-gnu", fits: ["manylinux2014_s390x"], foreign: ["any"] },
    { triple: "riscv64gc-unknown-linux-gnu", fits: ["manylinux_2_31_riscv64"], foreign: ["any"] },
    {
      triple: "x86_64-apple-darwin",
      fits: ["macosx_10_12_x86_64", "macosx_10_9_universal2", "macosx_10_6_intel"],
      foreign: ["macosx_11_0_arm64"],
    },
    {
      triple: "aarch64-apple-darwin",
      fits: ["macosx_11_0_arm64", "macosx_11_0_universal2"],
      foreign: ["macosx_10_12_x86_64"],
    },
    {
      triple: "universal2-apple-darwin",
      fits: ["macosx_10_12_universal2"],
      foreign: ["macosx_11_0_arm64"],
    },
    { triple: "x86_64-pc-windows-msvc", fits: ["win_amd64"], foreign: ["win32", "win_arm64"] },
    { triple: "win32-arm64-msvc", fits: ["win_arm64"], foreign: ["win_amd64"] },
    { triple: "i686-pc-windows-gnu", fits: ["win32"], foreign: ["win_amd64"] },
    {
      triple: "aarch64-apple-ios",
      fits: ["ios_13_0_arm64_iphoneos"],
      foreign: ["ios_13_0_arm64_iphonesimulator"],
    },
    {
      triple: "aarch64-linux-android",
      fits: ["android_24_arm64_v8a"],
      foreign: ["android_24_x86_64"],
    },
    {
      triple: "wasm32-unknown-emscripten",
      fits: ["pyemscripten_2025_0_wasm32"],
      foreign: ["any"],
    },
  ]
) {
  test(`the row of ${triple} takes its own platform tags only`, () => {
    for (const tag of fits) assert.ok(fitsTriple([tag], triple), tag);
    for (const tag of foreign) assert.ok(!fitsTriple([tag], triple), tag);
    assert.ok(fitsTriple([...foreign, ...fits], triple), "one fitting tag of several is enough");
  });
}

test("a triple that PyPI takes no wheels for has no tags", () => {
  for (const triple of ["loongarch64-unknown-linux-gnu", "x86_64-pc-cygwin", "wasm32-wasip1"]) {
    assert.equal(tagPattern(triple), undefined, triple);
  }
});

test("a bare linux tag fits no row, as PyPI refuses it", () => {
  for (const cpu of ["x86_64", "i686", "aarch64", "ppc64le", "s390x", "riscv64"]) {
    for (const triple of ["linux-x64", "linux-ia32", "linux-arm64", "linux-ppc64", "linux-s390x"]) {
      assert.ok(!fitsTriple([`linux_${cpu}`], triple), `${cpu} in ${triple}`);
    }
  }
});
