/**
 * Compiled code inside a wheel, held against the platform that the wheel's tags name: pip installs by the tags alone, and
 * what was built for another machine fails when it is imported.
 *
 * @module
 */

import { someOf } from "../words/phrases.ts";

/** What a compiled file was built for, by its first bytes. */
export interface Machine {
  /** `ELF`, `Mach-O`, `PE`. */
  readonly format: string;
  /** Node's words for processors; a universal file has several. */
  readonly cpus: readonly string[];
}

/** A compiled member of a wheel. */
export interface NativeMember {
  readonly path: string;
  readonly machine: Machine;
}

/** Libraries that Python or its extension modules load, and programs that pip puts on the path. */
export function isNativePath(path: string): boolean {
  return /\.(?:so(?:\.\d+)*|pyd|dylib|dll)$/i.test(path) || /^[^/]+\.data\/scripts\//.test(path);
}

/** What a platform tag stands for. */
interface Expected {
  readonly format: string;
  readonly cpus: readonly string[];
  /** Whether one of several processors is enough: the tags of old universal builds of macOS. */
  readonly isAnyEnough?: boolean;
}

const ELF_CPUS: Readonly<Record<string, string>> = {
  x86_64: "x64",
  i686: "ia32",
  aarch64: "arm64",
  armv7l: "arm",
  armv6l: "arm",
  ppc64le: "ppc64",
  ppc64: "ppc64",
  s390x: "s390x",
  riscv64: "riscv64",
  loongarch64: "loong64",
  arm64_v8a: "arm64",
  armeabi_v7a: "arm",
  x86: "ia32",
};

const MAC_CPUS: Readonly<Record<string, readonly string[]>> = {
  x86_64: ["x64"],
  arm64: ["arm64"],
  universal2: ["x64", "arm64"],
  i386: ["ia32"],
};

/** Of before there was Apple silicon: more processors than anybody has (packaging's `tags.py`, `_mac_binary_formats`). */
const OLD_MAC = ["x64", "ia32", "ppc", "ppc64"];

const WINDOWS_CPUS: Readonly<Record<string, string>> = {
  win32: "ia32",
  win_amd64: "x64",
  win_arm64: "arm64",
};

/** Undefined for `any`, and for a tag that is none of those that PyPI takes, which is told elsewhere. */
function expectedOf(tag: string): Expected | undefined {
  const windows = WINDOWS_CPUS[tag];
  if (windows !== undefined) return { format: "PE", cpus: [windows] };
  const [, mac] = /^macosx_\d+_\d+_(.+)$/.exec(tag) ?? [];
  if (mac !== undefined) {
    const cpus = MAC_CPUS[mac];
    return cpus === undefined
      ? { format: "Mach-O", cpus: OLD_MAC, isAnyEnough: true }
      : { format: "Mach-O", cpus };
  }
  const [, ios] = /^ios_\d+_\d+_(arm64|x86_64)_/.exec(tag) ?? [];
  if (ios !== undefined) return { format: "Mach-O", cpus: [ios === "arm64" ? "arm64" : "x64"] };
  const [, word = ""] =
    /^(?:(?:many|musl)?linux(?:_\d+_\d+|\d*)|android_\d+)_([a-z].*)$/.exec(tag) ??
      [];
  const cpu = ELF_CPUS[word];
  return cpu === undefined ? undefined : { format: "ELF", cpus: [cpu] };
}

function fits({ format, cpus }: Machine, expected: Expected): boolean {
  if (format !== expected.format) return false;
  const has = (cpu: string): boolean => cpus.includes(cpu);
  return expected.isAnyEnough === true ? expected.cpus.some(has) : expected.cpus.every(has);
}

/** What is built for another machine than a tag of the wheel names, as clauses: one for each tag that something misses. */
export function nativeCodeProblems(
  platforms: readonly string[],
  members: readonly NativeMember[],
): readonly string[] {
  return platforms.flatMap((tag) => {
    const expected = expectedOf(tag);
    if (expected === undefined) return [];
    const misfits = members.filter(({ machine }) => !fits(machine, expected));
    if (misfits.length === 0) return [];
    const each = misfits.map(({ path, machine }) => `"${path}" is ${words(machine)}`);
    return [`${someOf(each, 3)}, and ${tag} stands for ${words(expected)}`];
  });
}

function words({ format, cpus, isAnyEnough }: Machine & Pick<Expected, "isAnyEnough">): string {
  const article = format === "ELF" ? "an" : "a";
  return `${article} ${format} file for ${cpus.join(isAnyEnough === true ? " or " : " and ")}`;
}
