/**
 * package.json: what publishing needs to know of it, and the one edit that a release makes in it.
 *
 * @module
 */

import { Failure, messageOf } from "../../error.ts";
import { editJson, insertAfter } from "./json_text.ts";

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
    files: Array.isArray(files) ? files.filter((one) => typeof one === "string") : undefined,
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
  return value as Record<string, unknown>;
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
 * Commands as npm reads them (npm-normalize-package-bin): a list stands for its files' names, a command loses whatever
 * folder is in front of it, and a file is looked for in the package wherever its path leads.
 */
function binOf({ bin, name }: Record<string, unknown>): Record<string, string> {
  const entries = commandEntries(bin, name).flatMap(([command, file]) => {
    const plain = lastPart(command.replace(/[\\:]/g, "/"));
    const path = typeof file === "string" ? plainPath(`/${file.replaceAll("\\", "/")}`) : "";
    return plain === "" || path === "" ? [] : [[plain, path] as const];
  });
  return Object.fromEntries(entries);
}

function commandEntries(bin: unknown, name: unknown): readonly (readonly [string, unknown])[] {
  // The command of a scoped package is its name without the scope (npm's docs, package.json, bin).
  if (typeof bin === "string") return typeof name === "string" ? [[name, bin]] : [];
  if (typeof bin !== "object" || bin === null) return [];
  if (!Array.isArray(bin)) return Object.entries(bin);
  return bin.flatMap((file) => typeof file === "string" ? [[file, file]] : []);
}

/** `a/b` → `b`; empty for what names a folder. */
function lastPart(path: string): string {
  const last = path.replace(/\/+$/, "").split("/").at(-1) ?? "";
  return last === "." || last === ".." ? "" : last;
}

/**
 * The same package.json with the commands that `directories.bin` stands for: each file below that folder whose path
 * does not start with a dot, named after it (`@npmcli/package-json` lib/normalize.js, "binDir"). `bin` wins when both
 * are there. `files` are the package's, `/`-separated.
 */
export function withBinFolder(manifest: PackageJson, files: readonly string[]): PackageJson {
  const { directories } = manifest.raw as { directories?: { bin?: unknown } };
  if ("bin" in manifest.raw || typeof directories?.bin !== "string") return manifest;
  const folder = `${plainPath(directories.bin).replace(/\/+$/, "")}/`;
  const commands = files
    .filter((path) => path.startsWith(folder) && !path.slice(folder.length).startsWith("."))
    .map((path) => [path.slice(path.lastIndexOf("/") + 1), path] as const);
  return { ...manifest, bin: Object.fromEntries(commands) };
}

/**
 * `./dist/cli.js`, `/dist/cli.js` and `lib/../dist/cli.js` → `dist/cli.js`: all mean a file of the package. A slash at the
 * end stays; what climbs out of the package keeps its `..`, unless it starts with a slash.
 */
export function plainPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== ".." || (parts.length === 0 && !path.startsWith("/"))) parts.push(part);
    else if (parts.at(-1) === "..") parts.push(part);
    else parts.pop();
  }
  const plain = parts.join("/");
  return plain !== "" && path.endsWith("/") ? `${plain}/` : plain;
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
