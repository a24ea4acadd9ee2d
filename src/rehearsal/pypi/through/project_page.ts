/**
 * A project's page in the Simple API, of any index: as JSON (PEP 691) or as HTML (PEP 503).
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** A body, and what it says that it is. */
export interface FetchedPage {
  readonly bytes: Uint8Array;
  /** Empty where that is not known. */
  readonly type: string;
}

/** A file that a page leads to. */
export interface OutsideFile {
  readonly name: string;
  /** Absolute, without the fragment. */
  readonly url: string;
  /** `sha256=…`, or another algorithm; empty where the index gives none. */
  readonly digest: string;
  readonly requiresPython: string | undefined;
  /** The reason, which may be empty; undefined when it is not yanked. */
  readonly yanked: string | undefined;
}

/** Wheels and sdists, in all forms that pip takes (pip, `utils/filetypes.py`). */
const FILE = /\.(?:whl|zip|tar|tar\.gz|tgz|tar\.bz2|tbz|tar\.xz|txz|tlz|tar\.lz|tar\.lzma)$/i;

/** Reads the files of a page at an address. Throws for what is no page of a project: something may have answered in its place. */
export function readProjectPage(bytes: Uint8Array, url: string): readonly OutsideFile[] {
  const text = Buffer.from(bytes).toString("utf8");
  const files = (text.trimStart().startsWith("{") ? jsonFiles(text, url) : htmlFiles(text, url))
    .filter(({ name }) => FILE.test(name));
  if (files.length === 0) throw new Error(`the page at ${url} leads to no files`);
  return files;
}

interface JsonFile {
  readonly filename: string;
  readonly url: string;
  readonly hashes?: Readonly<Record<string, string>>;
  readonly "requires-python"?: string | null;
  readonly yanked?: boolean | string;
}

function jsonFiles(text: string, base: string): readonly OutsideFile[] {
  const { files } = JSON.parse(text) as { readonly files?: unknown };
  if (!Array.isArray(files)) throw new Error(`the page at ${base} has no files`);
  return (files as readonly JsonFile[]).map((file) => {
    const hashes = Object.entries(file.hashes ?? {});
    const [algorithm, hash] = hashes.find(([name]) => name === "sha256") ?? hashes[0] ?? [];
    return {
      name: file.filename,
      url: new URL(file.url, base).href,
      digest: algorithm === undefined ? "" : `${algorithm}=${hash}`,
      requiresPython: file["requires-python"] ?? undefined,
      yanked: file.yanked === true ? "" : file.yanked || undefined,
    };
  });
}

function htmlFiles(html: string, base: string): readonly OutsideFile[] {
  return [...html.matchAll(/<a\b([^>]*)>/gi)].flatMap(([, text = ""]) => {
    const attributes = attributesOf(text);
    const href = attributes.get("href");
    if (href === undefined || !URL.canParse(href, base)) return [];
    const url = new URL(href, base);
    const digest = url.hash.slice(1);
    url.hash = "";
    return [{
      name: decodeURIComponent(url.pathname.split("/").at(-1)!),
      url: url.href,
      digest: /^\w+=[\da-f]+$/i.test(digest) ? digest : "",
      requiresPython: attributes.get("data-requires-python"),
      yanked: attributes.get("data-yanked"),
    }];
  });
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const all = text.matchAll(/([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g);
  return new Map(
    [...all].map(([, name = "", a, b, c]) => [name.toLowerCase(), unescape(a ?? b ?? c ?? "")]),
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  "amp": "&",
  "lt": "<",
  "gt": ">",
  "quot": '"',
  "apos": "'",
};

function unescape(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|([a-z]+));/gi, (all, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? all;
    return String.fromCodePoint(decimal === undefined ? parseInt(hex, 16) : Number(decimal));
  });
}
