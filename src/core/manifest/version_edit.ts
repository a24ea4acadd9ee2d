/**
 * Manifests that differ from the commit by nothing but versions: a build job writes the planned one before it builds, and a
 * release writes it again. Every other difference is somebody's work.
 *
 * @module
 */

import { parsePackageJson, setPackageVersion } from "../npm/package_json.ts";
import { blankLockVersions } from "./cargo_lock.ts";
import { blankManaged } from "./cargo_sites.ts";
import { parseCargoToml } from "./cargo_toml.ts";
import { setPyprojectVersion } from "./pyproject.ts";

/** A manifest with its versions blanked, by the file's bare name. */
const BLANKS: Readonly<Record<string, (text: string, file: string) => string>> = {
  "Cargo.toml": (text, file) => blankManaged(parseCargoToml(text, file)),
  "Cargo.lock": blankLockVersions,
  "package.json": (text) => jsonTokens(setPackageVersion(text, ANY_VERSION)),
  "pyproject.toml": (text, file) => setPyprojectVersion(text, { version: ANY_VERSION, file }),
};

const ANY_VERSION = "0.0.0";

/** Whether a file is one that releases write versions into. */
export function hasVersion(path: string): boolean {
  return Object.hasOwn(BLANKS, bareName(path));
}

/** Whether two texts of such a file differ by versions alone. What cannot be read differs by more. */
export function isVersionEdit(
  path: string,
  { committed, now }: { readonly committed: string; readonly now: string },
): boolean {
  const blank = BLANKS[bareName(path)];
  if (blank === undefined) return false;
  try {
    return blank(committed, path) === blank(now, path);
  } catch {
    return false;
  }
}

function bareName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/**
 * A package.json without the space between its tokens and the order of its fields: tools that write a version or a pin set
 * the rest anew. Inside a field order can have a meaning, as in `exports`.
 */
export function jsonTokens(text: string): string {
  const fields = Object.entries(parsePackageJson(text).raw);
  return JSON.stringify(fields.sort(([left], [right]) => left < right ? -1 : 1));
}
