/**
 * Makes the compiled library of a wheel for a platform: headers without code, of the machine that the wheel's tags name.
 *
 * @module
 */

import { makeElf } from "./binary_elf.ts";
import { makeBinary, makeMachO } from "./platform_artifact.ts";

/** Processors in the words of Linux tags, as triples begin and end with them. */
const LINUX: Readonly<Record<string, readonly [cpu: string, ending?: string]>> = {
  x86_64: ["x86_64"],
  i686: ["i686"],
  aarch64: ["aarch64"],
  armv7l: ["armv7", "eabihf"],
  armv6l: ["arm", "eabihf"],
  ppc64le: ["powerpc64le"],
  ppc64: ["powerpc64"],
  s390x: ["s390x"],
  riscv64: ["riscv64gc"],
};

const OTHERS: Readonly<Record<string, string>> = {
  win_amd64: "x86_64-pc-windows-msvc",
  win32: "i686-pc-windows-msvc",
  win_arm64: "aarch64-pc-windows-msvc",
  arm64_v8a: "aarch64-linux-android",
  armeabi_v7a: "armv7-linux-androideabi",
  x86_64: "x86_64-linux-android",
  x86: "i686-linux-android",
  arm64: "aarch64-apple-darwin",
};

/** A library for the first of a wheel's platform tags; undefined for `any`, and for a platform that loads none of ours. */
export function makeWheelLibrary(platforms: readonly string[]): Uint8Array | undefined {
  const [tag = "any"] = platforms;
  const macs = platforms.flatMap((one) => /^macosx_\d+_\d+_(\w+)$/.exec(one)?.[1] ?? []);
  if (macs.length > 0) {
    const isBoth = macs.length > 1 || !["x86_64", "arm64"].includes(macs[0]!);
    const cpus = isBoth ? ["x64", "arm64"] : [macs[0] === "arm64" ? "arm64" : "x64"];
    return makeMachO({ cpus, system: "darwin", use: "addon" });
  }
  const [, ios] = /^ios_\d+_\d+_(arm64|x86_64)_/.exec(tag) ?? [];
  if (ios !== undefined) {
    return makeMachO({ cpus: [ios === "arm64" ? "arm64" : "x64"], system: "ios", use: "addon" });
  }
  const [, musl, policy = "", word = ""] =
    /^(?:many|(musl))?linux(\d+|_\d+_\d+)?_(.+)$/.exec(tag) ?? [];
  const linux = LINUX[word];
  if (linux !== undefined) {
    const [cpu, ending = ""] = linux;
    const triple = `${cpu}-unknown-linux-${musl ?? "gnu"}${ending}`;
    // The oldest glibc for any of the tags.
    return makeElf({
      triple,
      use: "addon",
      glibc: /^(1|2010|_2_([5-9]|1[0-6]))$/.test(policy) ? "2.5" : "2.17",
    });
  }
  const other = OTHERS[tag.replace(/^android_\d+_/, "")];
  return other === undefined ? undefined : makeBinary(other, "addon");
}
