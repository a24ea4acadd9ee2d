/**
 * package.json: what publishing needs to know of it, and the one edit that a release makes in it.
 *
 * @module
 */

import { Failure, messageOf } from "../../error.ts";
import { editJson, insertAfter } from "./json_text.ts";
import { binFolder, binOf, commandsIn } from "./package_bin.ts";

/** A parsed package.json. Fields of a wrong type count as absent, except where a rule looks at `raw`. */
export interface PackageJson {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly private: boolean;
  /** Command → file, also when `bin` is one string; without `./` in front. */
  readonly bin: Readonly<Record<string, string>>;
  /** The strings of the `files` list; undefined when there is none. */
  readonly files: readonly string[] | undefined;
  /** Everything, as it stands in the file. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/**
 * Parses package.json; a byte order mark is allowed, as npm allows it. Throws `PIOT_NPM_MANIFEST` for anything else;
 * `file` is what the message calls it.
 */
export function parsePackageJson(text: string, file = "package.json"): PackageJson {
  const raw = parseObject(text, file);
  const { name, version, files } = raw;
  return {
    name: typeof name === "string" ? name : undefined,
    version: typeof version === "string" ? version : undefined,
    // npm's publish refuses whatever is truthy here (libnpmpublish lib/publish.js).
    private: Boolean(raw["private"]),
    bin: binOf(raw),
    files: Array.isArray(files) ? files.filter((path) => typeof path === "string") : undefined,
    raw,
  };
}

function parseObject(text: string, file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw notJson(file, { reason: messageOf(error), cause: error });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw notJson(file, { reason: "it is not an object" });
  }
  if (isDeep(value)) throw notJson(file, { reason: `it is nested deeper than ${DEEPEST} levels` });
  return value as Record<string, unknown>;
}

/** What reads the fields goes down level by level, and no manifest is anywhere near. */
const DEEPEST = 100;

function isDeep(value: object): boolean {
  let level: readonly object[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((value) =>
      Object.values(value).filter((inner) => typeof inner === "object" && inner !== null)
    );
  }
  return false;
}

function notJson(
  file: string,
  { reason, cause }: { readonly reason: string; readonly cause?: unknown },
): Failure {
  return new Failure("PIOT_NPM_MANIFEST", `Cannot read ${file}: ${reason}`, {
    hint: "package.json must be one JSON object, without comments",
    cause,
  });
}

/**
 * The same package.json with the commands that `directories.bin` stands for; `bin` wins when both are there. `files` are
 * the package's, `/`-separated.
 */
export function withBinFolder(manifest: PackageJson, files: readonly string[]): PackageJson {
  const folder = binFolder(manifest.raw);
  return folder === undefined ? manifest : { ...manifest, bin: commandsIn(folder, files) };
}

/**
 * Writes a version into package.json's text and leaves every other byte alone; a package.json without one gets it
 * behind its name. Throws `PIOT_NPM_MANIFEST` for a text that is no package.json.
 */
export function setPackageVersion(text: string, version: string): string {
  const { raw } = parsePackageJson(text);
  if ("version" in raw) return editJson(text, [{ path: ["version"], value: version }]);
  if ("name" in raw) return insertAfter(text, "name", { key: "version", value: version });
  throw new Failure("PIOT_NPM_MANIFEST", "Cannot write the version: package.json has no name", {
    hint: "Give package.json a `name`",
  });
}
