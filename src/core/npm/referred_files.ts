/**
 * The files that a package.json promises: what `require`, `import`, TypeScript and npm's `bin` will look for.
 *
 * @module
 */

import { plainPath } from "./package_bin.ts";
import type { PackageJson } from "./package_json.ts";

/** One promise. */
export interface ReferredFile {
  /** The field, as a reader would name it: `main`, `bin.demo`, `exports["./x"].import`. */
  readonly field: string;
  /** What the field says. */
  readonly target: string;
  /** Paths that keep the promise, any one of them; a `*` stands for anything, a slash at the end for a folder. */
  readonly anyOf: readonly string[];
  /** Whether the package is broken without it. Otherwise only tools with conditions of their own would miss it. */
  readonly required: boolean;
}

/** Conditions of `exports` that Node, TypeScript, other runtimes and bundlers use by themselves. */
const KNOWN_CONDITIONS = new Set([
  ...["import", "require", "default", "node", "node-addons", "module-sync", "types", "browser"],
  ...["module", "deno", "bun", "worker", "workerd", "edge-light", "react-native", "production"],
]);

/** Every promise of a package.json, in the order of its fields. Negated and wildcard entries of `files` are none. */
export function referredFiles(manifest: PackageJson): readonly ReferredFile[] {
  const { raw } = manifest;
  return [
    ...entry("main", raw["main"], [".js", ".json", ".node", "/index.js", "/index.json"]),
    ...entry("module", raw["module"], [".js", ".mjs", "/index.js"]),
    ...entry("types", raw["types"], [".d.ts", "/index.d.ts"]),
    ...entry("typings", raw["typings"], [".d.ts", "/index.d.ts"]),
    ...entry("browser", raw["browser"], [".js", "/index.js"]),
    ...browserTable(raw["browser"]),
    ...manuals(raw["man"]),
    ...Object.entries(manifest.bin).map(([name, path]) => exact(`bin.${name}`, path)),
    ...exported(raw["exports"], { field: "exports", required: true }),
    ...exported(raw["imports"], { field: "imports", required: true }).filter(isOwnFile),
    ...(manifest.files ?? []).filter(isLiteral).map(listed),
  ];
}

function entry(field: string, value: unknown, endings: readonly string[]): ReferredFile[] {
  if (typeof value !== "string" || value === "") return [];
  const path = plainPath(value);
  // Node takes `.` and `./` for the folder itself, whose index file counts (nodejs.org/api/modules.html).
  if (path === "" || path === ".") {
    const anyOf = endings.filter((end) => end.startsWith("/")).map((end) => end.slice(1));
    return [{ field, target: value, anyOf, required: true }];
  }
  const stem = path.replace(/\/+$/, "");
  return [{
    field,
    target: value,
    anyOf: [...(path === stem ? [path] : []), ...endings.map((end) => stem + end)],
    required: true,
  }];
}

/** What bundlers take instead of a file or of another package; `false` leaves it out (the `browser` field spec). */
function browserTable(value: unknown): ReferredFile[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, target]) =>
    typeof target === "string" && target.startsWith("./")
      ? entry(`browser["${key}"]`, target, [".js", "/index.js"])
      : []
  );
}

/** One manual page, or several (npm's docs, package.json, man). */
function manuals(value: unknown): ReferredFile[] {
  const pages = Array.isArray(value) ? value : [value];
  return pages.flatMap((page) =>
    typeof page === "string" && page !== ""
      ? [{ ...exact("man", plainPath(`/${page}`)), target: page }]
      : []
  );
}

/** `imports` may lead to other packages as well; files of one's own start with `./` (Node's docs, subpath imports). */
function isOwnFile({ target }: ReferredFile): boolean {
  return target.startsWith("./");
}

function exact(field: string, path: string): ReferredFile {
  return { field, target: path, anyOf: [path], required: true };
}

function exported(
  value: unknown,
  at: { readonly field: string; readonly required: boolean },
): ReferredFile[] {
  if (typeof value === "string") {
    return [{ ...at, target: value, anyOf: [plainPath(value)] }];
  }
  if (Array.isArray(value)) {
    // Node takes the first that it can read; the others are for tools that it left behind.
    return exported(value.find((target) => target !== null), at);
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const isPath = key.startsWith(".") || key.startsWith("#");
    const known = isPath || KNOWN_CONDITIONS.has(key) || key.startsWith("types@");
    const field = /^[A-Za-z_]\w*$/.test(key) ? `${at.field}.${key}` : `${at.field}["${key}"]`;
    return exported(inner, { field, required: at.required && known });
  });
}

function isLiteral(pattern: string): boolean {
  return !/[*?[\]{}!()]/.test(pattern) && plainPath(pattern) !== "" && plainPath(pattern) !== ".";
}

function listed(pattern: string): ReferredFile {
  const path = plainPath(pattern).replace(/\/+$/, "");
  // npm takes these along wherever they are, listed or not (npm-packlist), so that nothing hangs on the entry.
  const required = !/^(?:readme|licen[cs]e|copying|changelog|history)(?:\.[^/]*)?$/i.test(path);
  return { field: "files", target: pattern, anyOf: [path, `${path}/`], required };
}

/** The promises that a list of files (relative, `/`-separated) does not keep. */
export function missingFiles(
  promises: readonly ReferredFile[],
  files: Iterable<string>,
): readonly ReferredFile[] {
  const all = [...files];
  const known = new Set(all);
  return promises.filter(({ anyOf }) => !anyOf.some((path) => isThere(path, { all, known })));
}

function isThere(
  path: string,
  { all, known }: { readonly all: readonly string[]; readonly known: ReadonlySet<string> },
): boolean {
  if (path.endsWith("/")) return all.some((file) => file.startsWith(path));
  if (!path.includes("*")) return known.has(path);
  const [head = "", ...rest] = path.split("*");
  const tail = rest.at(-1) ?? "";
  return all.some((file) =>
    file.length >= head.length + tail.length && file.startsWith(head) && file.endsWith(tail)
  );
}
