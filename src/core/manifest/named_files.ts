/**
 * The files that a project's own manifest names to be packaged, letter by letter: what stands there is meant to be
 * published.
 *
 * @module
 */

import { parse } from "smol-toml";

/** What `include` of a Cargo.toml names. cargo writes an inherited one out in the manifest that it packages. */
export function namedByCargo(manifest: string): readonly string[] {
  const { package: own } = tablesOf(manifest) as { package?: { include?: unknown } };
  const { include } = own ?? {};
  return Array.isArray(include) ? include.filter((path) => typeof path === "string") : [];
}

/** What is wrong with a file is its tool's to say; it names nothing then. */
function tablesOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return {};
  }
}

/** A Python project's own files, as far as they are there. */
export interface ProjectFiles {
  readonly pyproject: string | undefined;
  readonly manifestIn: string | undefined;
}

/**
 * What a Python project names. Every build backend has keys of its own for that, all of them below `[tool]`; so a path
 * counts wherever it is written out there, as it stands or below the package that it stands under, and in an `include` line
 * of MANIFEST.in.
 */
export function namedByPython({ pyproject, manifestIn }: ProjectFiles): ReadonlySet<string> {
  const { tool } = tablesOf(pyproject ?? "");
  return new Set([...textsOf(tool, ""), ...includeLines(manifestIn ?? "")]);
}

/** `package-data = { "demo.certs" = ["ca.pem"] }` is the file `demo/certs/ca.pem`. */
function textsOf(value: unknown, key: string): string[] {
  if (typeof value === "string") return [value, `${key.replaceAll(".", "/")}/${value}`];
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => textsOf(item, key));
  return Object.entries(value).flatMap(([name, item]) => textsOf(item, name));
}

/** https://setuptools.pypa.io/en/latest/userguide/miscellaneous.html#using-manifest-in */
function includeLines(text: string): string[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [command, ...paths] = line.trim().split(/\s+/);
    return command === "include" ? paths : [];
  });
}

/**
 * The names as a wheel spells them: a file of a package lies at the wheel's top there, wherever the project keeps the
 * package (`src/demo/ca.pem` becomes `demo/ca.pem`).
 */
export function namedInWheel(names: ReadonlySet<string>, paths: readonly string[]): string[] {
  const list = [...names].map((name) => name.normalize("NFC"));
  const isSource = (path: string): boolean =>
    list.some((name) => name.endsWith(`/${path.normalize("NFC")}`));
  return [...list, ...paths.filter(isSource)];
}
