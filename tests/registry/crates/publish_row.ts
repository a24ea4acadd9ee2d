/** A crate as a row of a table: its files, made of what is odd about it. */

import type { HeldDependency } from "../../support/recording_crates.ts";

/** What the crates depend on. */
export const DEPENDENCIES: Readonly<Record<string, HeldDependency>> = {
  alpha: [["0.3.4", "1.2.3", "2.0.0-rc.1"], ["std", "fast", "default"]],
  beta_two: [["0.1.0", "1.9.0"], ["derive"]],
  "gamma-ray": [["0.0.7", "3.4.5+linux"], []],
};

/** One crate, or the workspace that it lives in. */
export interface PublishRow {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** The folder of the crate; the top by default. */
  readonly at?: string;
}

export const HEAD = '[package]\nname = "demo"\nversion = "1.0.0"\nedition = "2021"\n';

/** A crate of one manifest: lines of `[package]`, then tables. */
export function crate(name: string, rest: string, files: PublishRow["files"] = {}): PublishRow {
  return { name, files: { "Cargo.toml": `${HEAD}${rest}\n`, "src/lib.rs": "", ...files } };
}

/** A crate of a workspace: lines of the root's manifest, then its own. */
export function member(
  name: string,
  ...[shared, own, files = {}]: [shared: string, own: string, files?: PublishRow["files"]]
): PublishRow {
  const root = `[workspace]\nmembers = ["demo"]\nresolver = "2"\n\n${shared}\n`;
  const text = own.startsWith("[package]") ? own : `${HEAD}${own}`;
  const all = { "Cargo.toml": root, "demo/Cargo.toml": `${text}\n`, "demo/src/lib.rs": "" };
  return { name, files: { ...all, ...files }, at: "demo" };
}
