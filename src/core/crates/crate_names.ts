/**
 * How crates.io compares names and versions.
 *
 * @module
 */

/**
 * The form in which two names are the same crate to crates.io: lower case, `-` for `_` (`canon_crate_name` in
 * rust-lang/crates.io's database schema).
 */
export function canonicalCrateName(name: string): string {
  return name.toLowerCase().replaceAll("_", "-");
}

/**
 * A version without its build metadata: crates.io lets `1.0.0+a` and `1.0.0` not stand side by side, so they are one
 * version to a publisher.
 */
export function withoutBuild(version: string): string {
  return version.split("+")[0]!;
}

/** Whether two versions are one to crates.io. */
export function isSameVersion(one: string, other: string): boolean {
  return withoutBuild(one) === withoutBuild(other);
}

/** The longest name that crates.io takes, in characters. */
const LONGEST_NAME = 64;

/**
 * What is wrong with a crate's name, as a clause; undefined for one that crates.io takes: an ASCII letter, then
 * letters, digits, `-` and `_` (rust-lang/crates.io, crates_io_validation).
 */
export function crateNameFault(name: string): string | undefined {
  if (name === "") return "it is empty";
  if (name.length > LONGEST_NAME) return `it is longer than ${LONGEST_NAME} characters`;
  if (!/^[A-Za-z]/.test(name)) return "its first character is not an ASCII letter";
  const odd = /[^A-Za-z0-9_-]/u.exec(name)?.[0];
  return odd === undefined ? undefined : `it has a "${odd}"`;
}
