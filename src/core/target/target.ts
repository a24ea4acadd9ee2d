/**
 * Targets: the triples that packages are built for, in the one table of platforms, what npm calls those, and the runners
 * that build them.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { Target } from "../model/package.ts";
import { didYouMean } from "../words/phrases.ts";
import { type Platform, TARGET_ROWS, type TargetRow } from "./target_rows.ts";

const ROWS: ReadonlyMap<string, TargetRow> = new Map(
  TARGET_ROWS.flatMap((row) => row.spellings.map((spelling) => [spelling, row] as const)),
);

/** Every triple that is known, Rust style and Node style. */
export const KNOWN_TRIPLES: readonly string[] = [...ROWS.keys()];

/** Other tools' words for the same: what is nearest by its letters alone would be another libc or machine. */
function inOurWords(triple: string): string {
  return triple.toLowerCase().replace(/^linux-?musl-(.+)$/, "linux-$1-musl")
    .replace(/^linux-?(?:glibc|gnu)-(.+)$/, "linux-$1-gnu")
    .replace(/^(?:macos|osx|mac)-/, "darwin-").replace(/^(?:windows|win)-/, "win32-")
    .replace(/-(?:amd64|x86_64)\b/, "-x64").replace(/-(?:aarch64|armv8)\b/, "-arm64")
    .replace(/-(?:i[3-6]86|x86)\b/, "-ia32");
}

/** What to do about a triple that is not known: the nearest one, and every machine of each system. */
export function tripleHint(triple: string): string {
  const systems = new Map<string, Set<string>>();
  for (const { os, cpu } of TARGET_ROWS) {
    const known = systems.get(os ?? "WebAssembly") ?? new Set();
    systems.set(os ?? "WebAssembly", known.add(cpu ?? "universal"));
  }
  const list = [...systems].map(([os, machines]) => `${os} (${[...machines].join(", ")})`);
  return [
    ...didYouMean(inOurWords(triple), KNOWN_TRIPLES),
    "Write a Rust triple, or system-machine as in linux-x64-gnu.",
    `Known targets: ${list.join(", ")}; docs/configuration.md has every spelling`,
  ].join(" ");
}

/** Triples match in any case; the table is in lower case. */
function findRow(triple: string): TargetRow | undefined {
  return ROWS.get(triple) ?? ROWS.get(triple.toLowerCase());
}

function rowOf(triple: string): TargetRow {
  const row = findRow(triple);
  if (row !== undefined) return row;
  throw new Failure(
    "PIOT_TARGET_UNKNOWN",
    `Cannot build for ${JSON.stringify(triple)}: no such target is known`,
    { hint: tripleHint(triple) },
  );
}

/** Whether a triple is in the table. */
export function isKnownTriple(triple: string): boolean {
  return findRow(triple) !== undefined;
}

/** The platform that a triple means, in npm's words. Throws `PIOT_TARGET_UNKNOWN`. */
export function platformOf(triple: string): Platform {
  const { os, cpu, libc } = rowOf(triple);
  return { os, cpu, libc };
}

/**
 * The spelling that all names of one target share: `linux-x64-gnu` → `x86_64-unknown-linux-gnu`. It is the Rust triple,
 * save where Rust has none for it: `linux-x64` runs on any libc. Throws `PIOT_TARGET_UNKNOWN`.
 */
export function canonicalTriple(triple: string): string {
  return rowOf(triple).spellings[0]!;
}

/**
 * Whether what is built for a target runs on a machine, however both are spelled: what the target does not restrict (a
 * universal binary, a static one) fits any. Throws `PIOT_TARGET_UNKNOWN` for a machine that is no target.
 */
export function runsOn(target: string, machine: string): boolean {
  if (!isKnownTriple(target)) return false;
  const [built, own] = [platformOf(target), platformOf(machine)];
  return built.os === own.os && (built.cpu ?? own.cpu) === own.cpu &&
    (built.libc ?? own.libc) === own.libc;
}

/** Every spelling of a target, the canonical one first. Throws `PIOT_TARGET_UNKNOWN`. */
export function spellingsOf(triple: string): readonly string[] {
  return rowOf(triple).spellings;
}

/** The GitHub-hosted runner that builds a target when the configuration names none. Throws `PIOT_TARGET_UNKNOWN`. */
export function defaultRunner(triple: string): string {
  const { os, cpu } = platformOf(triple);
  if (os === "darwin" || os === "ios") return "macos-latest";
  if (os === "win32" || os === "cygwin") return "windows-latest";
  if (os === "linux" && cpu === "arm64") return "ubuntu-24.04-arm";
  return "ubuntu-latest";
}

/** A target as the configuration may write it. */
export type TargetInput = string | {
  readonly triple: string;
  readonly runner?: string | undefined;
  /** The whole name of its platform package, of families on npm. */
  readonly package?: string | undefined;
};

/** Reads a target, and gives it its default runner. Throws `PIOT_TARGET_UNKNOWN`. */
export function parseTarget(input: TargetInput): Target {
  const { triple, runner = defaultRunner(triple), package: packageName } = asTable(input);
  rowOf(triple);
  return { triple, runner, ...(packageName === undefined ? {} : { packageName }) };
}

/** A target written as a table. */
export function asTable(input: TargetInput): Exclude<TargetInput, string> {
  return typeof input === "string" ? { triple: input } : input;
}
