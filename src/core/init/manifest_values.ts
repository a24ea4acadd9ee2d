/**
 * What is read from a manifest: values below keys, folders that it names, and what its version means for a first release.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import { isTable, type Table } from "../config/toml_document.ts";
import type { Kind } from "../model/package.ts";
import { compareVersions, isVersion } from "../model/version.ts";
import { pypiVersion } from "../pypi/spelling.ts";

/** A value's table below a key; empty when there is none. */
export function tableAt(table: Table, key: string): Table {
  const value = Object.hasOwn(table, key) ? table[key] : undefined;
  return isTable(value) ? value : {};
}

/** A value's string below a key. */
export function textAt(table: Table, key: string): string | undefined {
  const value = Object.hasOwn(table, key) ? table[key] : undefined;
  return typeof value === "string" ? value : undefined;
}

/** The strings of a list below a key; empty when there is none. */
export function textsAt(table: Table, key: string): readonly string[] {
  const value = Object.hasOwn(table, key) ? table[key] : undefined;
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** The folder of a path; `.` for the root. */
export function folderOf(path: string): string {
  const end = path.lastIndexOf("/");
  return end === -1 ? "." : path.slice(0, end);
}

/** A folder that a manifest names, relative to the root; undefined when it lies outside. */
export function folderFrom(folder: string, path: string): string | undefined {
  const parts = folder === "." ? [] : folder.split("/");
  const forward = path.replaceAll("\\", "/");
  if (forward.startsWith("/") || /^[A-Za-z]:/.test(forward)) return undefined;
  for (const part of forward.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/") || ".";
}

/** Whether a folder lies below another. */
export function isBelow(folder: string, above: string): boolean {
  return folder !== above && (above === "." || folder.startsWith(`${above}/`));
}

/** The version of a first release, unless the configuration says otherwise. */
const DEFAULT = "0.1.0";

/**
 * A manifest's version where it can be a first release and is above the default; undefined otherwise. Whether it is on
 * the registry already is not known here: then `publish` refuses, and says what to do.
 */
export function firstVersionOf(kind: Kind, version: string | undefined): string | undefined {
  if (version === undefined) return undefined;
  const whole = kind === "pypi" ? threeNumbers(version) : version;
  if (!isVersion(whole) || whole.includes("+")) return undefined;
  if (compareVersions(whole, DEFAULT) <= 0) return undefined;
  return kind === "pypi" && !isOfPypi(whole) ? undefined : whole;
}

/** Python's versions may have fewer numbers: `1.2` is `1.2.0` (PEP 440, "Final releases"). */
function threeNumbers(version: string): string {
  if (/^\d+$/.test(version)) return `${version}.0.0`;
  return /^\d+\.\d+$/.test(version) ? `${version}.0` : version;
}

function isOfPypi(version: string): boolean {
  try {
    pypiVersion(version);
    return true;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}
