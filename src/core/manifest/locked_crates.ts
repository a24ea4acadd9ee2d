/**
 * The crates that a Cargo.lock names, read as cargo reads it: one that a stranger wrote may look otherwise line by line.
 *
 * @module
 */

import { parse } from "smol-toml";

/** A crate of a lock. */
export interface LockedCrate {
  readonly name: string;
  readonly version: string;
  /** Where it comes from (`registry+https://…`); undefined for one that lies beside the lock. */
  readonly source: string | undefined;
  /** sha256 of its file, lower-case hex; undefined for one that comes from no registry. */
  readonly checksum: string | undefined;
}

/** Every crate that a lock names; undefined for what is no lock. */
export function readLockedCrates(text: string): readonly LockedCrate[] | undefined {
  const entries = packagesOf(text);
  if (!Array.isArray(entries)) return entries === undefined ? undefined : [];
  const crates = entries.map((entry) => {
    const { name, version, source, checksum } = entry as Record<string, unknown>;
    return typeof name === "string" && typeof version === "string"
      ? { name, version, source: textOf(source), checksum: textOf(checksum) }
      : undefined;
  });
  return crates.some((crate) => crate === undefined) ? undefined : crates as LockedCrate[];
}

/** Null for a lock without any, undefined for what is no TOML. */
function packagesOf(text: string): unknown {
  try {
    return parse(text.replace(/^\uFEFF/, "")).package ?? null;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** How cargo calls crates.io in a lock: its former index, or the present one. */
const CRATES_IO: readonly (string | undefined)[] = [
  "registry+https://github.com/rust-lang/crates.io-index",
  "sparse+https://index.crates.io/",
];

/** Whether a crate comes from crates.io, as all do that a crate there is built from; its index has the checksum, too. */
export function isOfCratesIo({ source }: LockedCrate): boolean {
  return CRATES_IO.includes(source);
}
