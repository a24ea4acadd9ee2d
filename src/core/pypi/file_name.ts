/**
 * The file names of distributions: `{name}-{version}.tar.gz` for sdists (PEP 625), and
 * `{name}-{version}(-{build})?-{python}-{abi}-{platform}.whl` for wheels (binary distribution format, "File name
 * convention").
 *
 * @module
 */

import { normalisePep440, parsePep440 } from "./pep440.ts";
import { fileNamePart, isProjectName } from "./spelling.ts";

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

/** A wheel's file name, taken apart. */
export interface WheelName {
  readonly fileName: string;
  /** The name part, as written. */
  readonly name: string;
  /** The version part, as written. */
  readonly version: string;
  /** The build number, as written; undefined when there is none. */
  readonly build: string | undefined;
  /** Python tags: `py2.py3` is two. */
  readonly pythons: readonly string[];
  readonly abis: readonly string[];
  readonly platforms: readonly string[];
  /** The python part as written, which is what the upload form calls `pyversion`. */
  readonly pythonTag: string;
}

/** Reads a wheel's file name; a text says what is wrong with it. */
export function parseWheelName(fileName: string): WheelName | string {
  if (!fileName.endsWith(".whl")) return "it does not end in .whl";
  const segments = fileName.slice(0, -".whl".length).split("-");
  if (segments.length !== 5 && segments.length !== 6) {
    return "it is not {name}-{version}-{python}-{abi}-{platform}.whl";
  }
  const [name = "", version = ""] = segments;
  const build = segments.length === 6 ? segments[2]! : undefined;
  const [pythonTag = "", abi = "", platform = ""] = segments.slice(-3);
  if (name.includes("__") || !isProjectName(name)) return `"${name}" is no project name`;
  if (parsePep440(version) === undefined) return `"${version}" is no version`;
  if (build !== undefined && !/^\d/.test(build)) {
    return `its build number "${build}" does not start with a digit`;
  }
  const odd = [pythonTag, abi, platform].find((tags) => !/^\w+(\.\w+)*$/.test(tags));
  if (odd !== undefined) return `"${odd}" is no tag`;
  return {
    fileName,
    name,
    version,
    build,
    pythons: pythonTag.split("."),
    abis: abi.split("."),
    platforms: platform.split("."),
    pythonTag,
  };
}
