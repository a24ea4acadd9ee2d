/**
 * Compiled code inside a wheel, held against the platform that the wheel's tags name: pip installs by the tags alone, and
 * what was built for another machine fails when it is imported.
 *
 * @module
 */

import { someOf } from "../words/phrases.ts";
import type { Misfit } from "./release_fit.ts";

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
  /** Whether pip makes an executable file of it: its entry is a regular file that somebody may execute. */
  readonly isExecutable: boolean;
}

/** What is made of compiled code in a wheel. */
export interface WheelVerdict {
  readonly misfits: readonly Misfit[];
  /** Clauses about the wheel: `holds …`. */
  readonly warnings: readonly string[];
}

const SCRIPTS = /^[^/]+\.data\/scripts\//;

/** Libraries that Python or its extension modules load, and programs that pip puts on the path. */
export function isNativePath(path: string): boolean {
  return /\.(?:so(?:\.\d+)*|pyd|dylib|dll)$/i.test(path) || SCRIPTS.test(path);
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

/** Holds compiled members of a wheel against its platform tags. */
export function nativeVerdict(
  platforms: readonly string[],
  members: readonly NativeMember[],
): WheelVerdict {
  const misplaced = nativeCodeProblems(platforms, members);
  return {
    misfits: [
      ...misplaced.map((clause) => ({
        clause,
        hint: "Let the build job of each platform build for it: pip goes by the tags alone",
      })),
      ...idlePrograms(members),
    ],
    warnings: [...missingCode(platforms, members), ...codeForAll(platforms, members)],
  };
}

/** Some are made so for the sake of their tag (headers, what differs by system alone); most are a build that left something out. */
function missingCode(
  platforms: readonly string[],
  members: readonly NativeMember[],
): readonly string[] {
  if (members.length > 0 || platforms.some((tag) => expectedOf(tag) === undefined)) return [];
  return [
    `holds no compiled file, and is for ${
      platforms.join(", ")
    }: see in the build's log whether an ` +
    "extension was left out",
  ];
}

/** Whether a machine is one of those that the tags name. */
export function fitsSome(machine: Machine, platforms: readonly string[]): boolean {
  return platforms.some((tag) => {
    const expected = expectedOf(tag);
    return expected !== undefined && fits(machine, expected);
  });
}

/** Programs that pip puts on the path, and that nobody can start: pip goes by the archive's entry (`zip_item_is_executable`). */
function idlePrograms(members: readonly NativeMember[]): readonly Misfit[] {
  const idle = members.filter(({ path, machine, isExecutable }) =>
    SCRIPTS.test(path) && machine.format !== "PE" && !isExecutable
  );
  return idle.length === 0 ? [] : [{
    clause: `${
      someOf(idle.map(({ path }) => `"${path}"`), 3)
    } will not be executable once pip has ` +
      "installed it",
    hint: EXECUTABLE_HINT,
  }];
}

/** What makes an entry of a wheel executable. */
export const EXECUTABLE_HINT: string =
  "Let the program be executable (`chmod +x`) when the wheel is built: artifacts of GitHub Actions " +
  "lose that bit on their way between jobs";

/** Such wheels exist, with a library for each system; most are a build that lost its tag. */
function codeForAll(
  platforms: readonly string[],
  members: readonly NativeMember[],
): readonly string[] {
  if (!platforms.includes("any") || members.length === 0) return [];
  const each = members.map(({ path, machine }) => `"${path}" (${words(machine)})`);
  return [`is for every platform, and holds ${someOf(each, 3)}`];
}

/** What is built for another machine than a tag of the wheel names, as clauses: one for each tag that something misses. */
function nativeCodeProblems(
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
