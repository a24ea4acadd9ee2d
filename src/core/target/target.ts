/**
 * Targets: the triples that packages are built for, the platforms that they mean, and the runners that build them.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { Target } from "../model/package.ts";
import { didYouMean } from "../words/suggest.ts";
import { type Platform, TARGET_ROWS, type TargetRow } from "./target_table.ts";

export type { Platform };

const ROWS: ReadonlyMap<string, TargetRow> = new Map(
  TARGET_ROWS.flatMap((row) => row.spellings.map((spelling) => [spelling, row] as const)),
);

/** Every triple that is known, Rust style and Node style. */
export const KNOWN_TRIPLES: readonly string[] = [...ROWS.keys()];

/** What to do about a triple that is not known: the nearest one, and the whole list. */
export function tripleHint(triple: string): string {
  return [...didYouMean(triple, KNOWN_TRIPLES), `Known targets: ${KNOWN_TRIPLES.join(", ")}`]
    .join(" ");
}

function rowOf(triple: string): TargetRow {
  const row = ROWS.get(triple);
  if (row !== undefined) return row;
  throw new Failure(
    "PIOT_TARGET_UNKNOWN",
    `Cannot build for ${JSON.stringify(triple)}: no such target is known`,
    { hint: tripleHint(triple) },
  );
}

/** Whether a triple is in the table. */
export function isKnownTriple(triple: string): boolean {
  return ROWS.has(triple);
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
export type TargetInput = string | { readonly triple: string; readonly runner: string };

/** Reads a target, and gives it its default runner. Throws `PIOT_TARGET_UNKNOWN`. */
export function parseTarget(input: TargetInput): Target {
  const triple = typeof input === "string" ? input : input.triple;
  const runner = typeof input === "string" ? defaultRunner(triple) : input.runner;
  rowOf(triple);
  return { triple, runner };
}
