/**
 * Fields that npm's client puts into the manifest that it publishes, from files beside package.json (`@npmcli/package-json`
 * `lib/normalize.js`, the steps `serverjs`, `authors`, `mans` and `fillTypes`). The package.json in the tarball stays as it
 * is.
 *
 * @module
 */

import { plainPath } from "./package_bin.ts";

/** What lies beside a package.json. */
export interface BesideManifest {
  /** Whether `server.js` is there. */
  readonly hasServer: boolean;
  /** The text of `AUTHORS`. */
  readonly authors: string | undefined;
  /** Whether the declarations of the main script are there, {@link typesOf}. */
  readonly hasTypes: boolean;
  /** The manual pages below {@link manFolder}, paths from the package's folder. */
  readonly pages: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Where the declarations of the main script would be; undefined when package.json names some itself. */
export function typesOf({ main, ...raw }: Fields): string | undefined {
  if ("types" in raw || "typings" in raw) return undefined;
  const index = main || "index.js";
  if (typeof index !== "string") return undefined;
  return `${plainPath(`/${index}`).replace(/\/$/, "").replace(/(?<=[^/])\.[^./]*$/, "")}.d.ts`;
}

/** The folder that `directories.man` names; undefined when `man` lists the pages. */
export function manFolder({ man, directories }: Fields): string | undefined {
  const folder = (directories as { readonly man?: unknown } | null | undefined)?.man;
  return !man && typeof folder === "string" && folder !== ""
    ? plainPath(`/${folder}`).replace(/\/$/, "")
    : undefined;
}

/** The path of what lies in that folder, which may be the package's own. */
export function inFolder(folder: string, path: string): string {
  return folder === "" ? path : `${folder}/${path}`;
}

/** Whether a file below that folder is a manual page. */
export function isManualPage(path: string): boolean {
  return /\.[0-9]$/.test(path) && !path.split("/").some((part) => part.startsWith("."));
}

/** Nothing lies beside a package.json that is made here. */
export const NOTHING_BESIDE: BesideManifest = {
  ...{ hasServer: false, authors: undefined, hasTypes: false, pages: [] },
};

/** The fields of a manifest with those that npm derives. */
export function withDerived(
  raw: Fields,
  { hasServer, authors, hasTypes, pages }: BesideManifest,
): Record<string, unknown> {
  const data: Record<string, unknown> = { ...raw };
  const { scripts } = raw as { readonly scripts?: Fields | null };
  if (hasServer && typeof (scripts ?? {}) === "object" && !scripts?.start) {
    data.scripts = { ...scripts, start: "node server.js" };
  }
  if (authors !== undefined && !raw.contributors) data.contributors = namesIn(authors);
  const mans = manFolder(raw) === undefined ? listOf(raw.man) : pages;
  if (mans.length > 0) data.man = mans.map((path) => plainPath(`/${path}`));
  else delete data.man;
  const types = typesOf(raw);
  if (hasTypes && types !== undefined) data.types = `./${types}`;
  return data;
}

/** A person on each line; what follows a `#` at the start of one is none. */
function namesIn(text: string): readonly string[] {
  return text.split(/\r?\n/).map((line) => line.replace(/^\s*#.*$/, "").trim())
    .filter((line) => line !== "");
}

function listOf(man: unknown): readonly string[] {
  return (Array.isArray(man) ? man : [man]).filter((one) => typeof one === "string");
}
