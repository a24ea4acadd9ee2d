/**
 * Crates of crates.io that a workspace takes from a folder instead, by `[patch]` in its root manifest (The Cargo Book,
 * "Overriding Dependencies"). That holds on this machine alone: who downloads what depends on them gets crates.io's.
 *
 * @module
 */

import { isTable } from "../config/toml_document.ts";
import { readTomlManifest, tableAt, textAt } from "../init/manifest_values.ts";

/** What `[patch]` may call crates.io: its name, or the address of its first index. */
const CRATES_IO = ["crates-io", "https://github.com/rust-lang/crates.io-index"];

/** The folders of such crates as the manifest names them, by the crates' names; empty for what is no TOML. */
export function patchedCrates(bytes: Uint8Array): ReadonlyMap<string, string> {
  const manifest = readTomlManifest({ file: "Cargo.toml", bytes });
  if (!("table" in manifest)) return new Map();
  const patches = tableAt(manifest.table, "patch");
  const entries = CRATES_IO.flatMap((source) => Object.entries(tableAt(patches, source)));
  return new Map(entries.flatMap(([key, value]) => {
    const path = isTable(value) ? textAt(value, "path") : undefined;
    if (!isTable(value) || path === undefined) return [];
    return [[textAt(value, "package") ?? key, path] as const];
  }));
}
