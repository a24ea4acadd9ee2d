/**
 * The targets that are written where a manifest names none, in the spelling that each kind of package is used to.
 *
 * @module
 */

/** What most wheels are built for, as Rust spells it. */
export const USUAL_WHEELS: readonly string[] = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
];

/** The same, as Node spells it: what the loaders that napi-rs writes look for. */
export const USUAL_ADDONS: readonly string[] = [
  "linux-x64-gnu",
  "linux-arm64-gnu",
  "darwin-x64",
  "darwin-arm64",
  "win32-x64-msvc",
];
