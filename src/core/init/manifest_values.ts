/**
 * What every kind reads in its manifests: values below keys, folders that they name, and what a version means for a first
 * release.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import { decodeConfig, isTable, readToml, type Table } from "../config/toml_document.ts";
import { compareVersions, isVersion } from "../model/version.ts";
import type { Manifest, ManifestFile, Unreadable } from "./found.ts";

/** Reads a manifest that is TOML, or says where it stops being that. */
export function readTomlManifest({ file, bytes }: ManifestFile): Manifest | Unreadable {
  try {
    return { file, folder: folderOf(file), table: readToml(decodeConfig(bytes, file), file) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { message: error.message, location: error.location ?? { file } };
  }
}

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

/** The path of a file in a folder. */
export function fileIn(folder: string, name: string): string {
  return folder === "." ? name : `${folder}/${name}`;
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
 * The release that a version is on its way to: `0.23.2-dev.0` and `0.23.2.dev0` to 0.23.2. Every other one is itself: a
 * release candidate is a release of its own.
 */
export function releasedVersion(version: string): string {
  return /^(\d+\.\d+\.\d+)[-.]?(?:dev|snapshot|nightly)[-.]?\d*$/i.exec(version)?.[1] ?? version;
}

/**
 * A manifest's version where it can be a first release and is above the default; undefined otherwise. Whether it is on
 * the registry already is not known here: then `publish` refuses, and says what to do.
 */
export function firstVersionOf(declared: string | undefined): string | undefined {
  const version = declared === undefined ? undefined : releasedVersion(declared);
  if (version === undefined || !isVersion(version) || version.includes("+")) return undefined;
  return compareVersions(version, DEFAULT) <= 0 ? undefined : version;
}
