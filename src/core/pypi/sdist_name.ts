/**
 * The names of source distributions: `{name}-{version}.tar.gz` (PEP 625).
 *
 * @module
 */

import { fileNamePart } from "./name.ts";
import { normalisePep440 } from "./pep440.ts";

/** The only name that PyPI takes for the sdist of a project at a version. */
export function sdistName(project: string, version: string): string {
  return `${fileNamePart(project)}-${normalisePep440(version) ?? version}.tar.gz`;
}

/** A source distribution's file name, taken apart at its last dash. */
export interface SdistName {
  readonly fileName: string;
  /** The name part, as written. */
  readonly name: string;
  /** The version part, as written. */
  readonly version: string;
}

/** Reads the name of a `.tar.gz`; a text says what is wrong with it. */
export function parseSdistName(fileName: string): SdistName | string {
  const [, name = "", version = ""] = /^(.+)-([^-]+)\.tar\.gz$/.exec(fileName) ?? [];
  if (name === "") return "it is not {name}-{version}.tar.gz";
  if (normalisePep440(version) === undefined) return `"${version}" is no version`;
  return { fileName, name, version };
}
