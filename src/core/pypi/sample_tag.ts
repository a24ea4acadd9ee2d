/**
 * A platform tag that a wheel of a triple could have: for wheels that are made up.
 *
 * @module
 */

import { fitsTriple, judgePlatformTag } from "./platform_tag.ts";

const LINUX_CPUS = [
  "x86_64",
  "i686",
  "aarch64",
  "armv7l",
  "armv6l",
  "ppc64le",
  "ppc64",
  "s390x",
  "riscv64",
];

/** Common tags; the first that fits is taken. */
const CANDIDATES: readonly string[] = [
  ...LINUX_CPUS.flatMap((cpu) => [`manylinux_2_28_${cpu}`, `musllinux_1_2_${cpu}`, `linux_${cpu}`]),
  ...["arm64", "x86_64", "universal2"].map((cpu) => `macosx_11_0_${cpu}`),
  ...["win_amd64", "win32", "win_arm64"],
  ...["arm64_v8a", "armeabi_v7a", "x86_64", "x86"].map((cpu) => `android_24_${cpu}`),
  ...["arm64_iphoneos", "arm64_iphonesimulator", "x86_64_iphonesimulator"].map((one) =>
    `ios_13_0_${one}`
  ),
  "pyemscripten_2025_0_wasm32",
];

/** A tag that fits the triple and that PyPI takes; undefined when PyPI takes no wheels for it. */
export function sampleTag(triple: string): string | undefined {
  return CANDIDATES.find((tag) => fitsTriple([tag], triple) && judgePlatformTag(tag) === "taken");
}
