/**
 * Which of the files in a target's artifact is the one that the platform package is made for.
 *
 * @module
 */

import type { Binary, OtherFile } from "../target/binary.ts";
import type { BinaryUse } from "../target/fits_triple.ts";
import { spellingsOf } from "../target/target.ts";
import { someOf } from "../words/phrases.ts";

/** A file, and what its headers say. */
export interface ReadFile {
  /** `/`-separated. */
  readonly path: string;
  readonly binary: Binary | OtherFile;
}

/** What is looked for. */
export interface PayloadQuery {
  readonly use: BinaryUse;
  readonly triple: string;
  /** Names that the program may have, without `.exe`. */
  readonly names: readonly string[];
}

/** The file, or why there is none: a phrase that goes behind "holds". */
export type PayloadChoice = { readonly payload: ReadFile } | { readonly trouble: string };

/** Chooses the one file of the right sort; where there are several, the one with the right name. */
export function choosePayload(
  files: readonly ReadFile[],
  query: PayloadQuery,
): PayloadChoice {
  const sort = query.use === "addon" ? "addon (.node)" : "program";
  const candidates = query.use === "addon" ? addons(files) : programs(files);
  const named = candidates.filter(({ path }) => isNamed(path, query));
  const [payload] = candidates.length === 1 ? candidates : named;
  if (payload !== undefined && (candidates.length === 1 || named.length === 1)) return { payload };
  return {
    trouble: candidates.length === 0
      ? `no ${sort}${files.length === 0 ? "" : `, but ${list(files)}`}`
      : `${candidates.length} files that could be the ${sort}: ${list(candidates)}`,
  };
}

function addons(files: readonly ReadFile[]): readonly ReadFile[] {
  return files.filter(({ path }) => path.endsWith(".node"));
}

/** Compiled programs; where there is none, whatever is no known by-product, so that it is told what that is. */
function programs(files: readonly ReadFile[]): readonly ReadFile[] {
  const runnable = files.filter(({ binary }) => binary.format !== "other" && binary.runnable);
  if (runnable.length > 0) return runnable;
  const compiled = files.filter(({ binary }) => binary.format !== "other");
  return compiled.length > 0 ? compiled : files.filter(({ path }) => !isByProduct(path));
}

/** What lies beside programs without belonging to them: debug information, dependency lists, texts. */
export function isByProduct(path: string): boolean {
  return /\.(d|pdb|dwp|debug|map|json|md|txt|ts|[cm]?js|sha256|sig|asc|rlib|lib|exp|a)$|\.dSYM\//i
    .test(path) || /(^|\/)(licen[cs]e|copying|notice|readme)[^/]*$/i.test(path);
}

/** `demo`, `demo.exe`; `demo.linux-x64-gnu.node`, which is how napi-rs names addons. */
function isNamed(path: string, { use, triple, names }: PayloadQuery): boolean {
  const file = path.slice(path.lastIndexOf("/") + 1);
  if (use === "program") return names.includes(file.replace(/\.exe$/i, ""));
  return spellingsOf(triple).some((spelling) => file.endsWith(`.${spelling}.node`));
}

function list(files: readonly ReadFile[]): string {
  return someOf(files.map(({ path }) => `"${path}"`), 5);
}
