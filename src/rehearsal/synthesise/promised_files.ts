/**
 * Makes the files that a package.json promises and nobody built: each says what it is, and does nothing.
 *
 * @module
 */

import type { PackageJson } from "../../core/npm/package_json.ts";
import { missingFiles, type ReferredFile, referredFiles } from "../../core/npm/referred_files.ts";

/** The files by path, in the order of their names; `files` are those that are there. */
export function makePromisedFiles(
  manifest: PackageJson,
  files: Iterable<string>,
): Readonly<Record<string, string>> {
  const there = [...files];
  const made = new Map<string, string>();
  for (const promise of referredFiles(manifest)) {
    const [missing] = missingFiles([promise], [...there, ...made.keys()]);
    if (missing === undefined || !missing.required) continue;
    const path = choosePath(missing);
    made.set(path, contentOf(path, missing));
  }
  return Object.fromEntries([...made].sort(([left], [right]) => left < right ? -1 : 1));
}

/** `dist` of `main` is `dist.js` rather than a file without an ending, and `dist` of `files` is a folder. */
function choosePath({ field, anyOf }: ReferredFile): string {
  const hasEnding = (path: string): boolean => /\.[^./]+$/.test(path);
  const folder = anyOf.find((path) => path.endsWith("/"));
  const named = anyOf.find(hasEnding) ?? (field === "files" ? folder : undefined) ?? anyOf[0]!;
  const path = named.replaceAll("*", "made-up");
  return path.endsWith("/") ? `${path}made-up.txt` : path;
}

const WORDS = "made up for a rehearsal: nobody built this file";

function contentOf(path: string, { field }: ReferredFile): string {
  if (/\.d\.[cm]?ts$/.test(path)) return `// ${WORDS}\nexport {};\n`;
  if (/\.json$/.test(path)) return "{}\n";
  const start = field.startsWith("bin.") ? "#!/usr/bin/env node\n" : "";
  if (/\.[cm]?js$/.test(path) || start !== "") {
    return `${start}throw new Error(${JSON.stringify(WORDS)});\n`;
  }
  return /\.(?:css|mjs\.map|map)$/.test(path) ? "" : `${WORDS}\n`;
}
