/**
 * A manifest's bytes as a table, or the place at which they stop being one.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import { decodeConfig, isTable, readToml, type Table } from "../config/toml_document.ts";
import type { Manifest, ManifestFile, Unreadable } from "./found.ts";
import { bareName } from "./manifest_files.ts";
import { folderOf } from "./manifest_values.ts";

/** Reads a manifest, or says where it stops being TOML or JSON. */
export function readManifest({ file, bytes }: ManifestFile): Manifest | Unreadable {
  if (bareName(file) === "package.json") return readJson(file, bytes);
  try {
    return { file, folder: folderOf(file), table: readToml(decodeConfig(bytes, file), file) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { message: error.message, location: error.location ?? { file } };
  }
}

function readJson(file: string, bytes: Uint8Array): Manifest | Unreadable {
  // npm reads a byte order mark over, as the decoder does.
  const text = new TextDecoder().decode(bytes);
  const mistake = jsonMistake(text);
  if (mistake !== undefined) {
    const lines = text.slice(0, mistake).split("\n");
    return {
      message: `Cannot read ${file} as JSON`,
      location: {
        file,
        line: lines.length,
        column: lines.at(-1)!.length + 1,
        excerpt: text.split(/\r?\n/)[lines.length - 1] ?? "",
      },
    };
  }
  const table: unknown = JSON.parse(text);
  return isTable(table)
    ? { file, folder: folderOf(file), table: table as Table }
    : { message: `Cannot read ${file}: it is not an object`, location: { file, line: 1 } };
}

/** One token of JSON (RFC 8259), or the blanks before one. */
const TOKEN =
  // deno-lint-ignore no-control-regex
  /[{}[\]:,]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const BLANKS = /[ \t\r\n]*/y;

/** What may come next. */
type State = "value" | "first-item" | "first-key" | "key" | "colon" | "after" | "end";

/** The offset, in UTF-16 units, of the first token that cannot stand where it does; undefined for a text that is JSON. */
export function jsonMistake(text: string): number | undefined {
  const open: ("{" | "[")[] = [];
  let state: State = "value";
  for (let at = 0;;) {
    BLANKS.lastIndex = at;
    at += BLANKS.exec(text)![0].length;
    if (at === text.length) return state === "end" ? undefined : at;
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    const next: State | undefined = token === undefined ? undefined : step(state, token, open);
    if (token === undefined || next === undefined) return at;
    state = next;
    at += token.length;
  }
}

/** The state after a token; undefined when it cannot stand here. `open` holds what is to be closed. */
function step(state: State, token: string, open: ("{" | "[")[]): State | undefined {
  const closed = (): State => open.length === 0 ? "end" : "after";
  switch (state) {
    case "first-item":
    case "value":
      if (token === "{" || token === "[") {
        open.push(token);
        return token === "{" ? "first-key" : "first-item";
      }
      if (token === "]" && state === "first-item") return open.pop() && closed();
      return "}]:,".includes(token) ? undefined : closed();
    case "first-key":
    case "key":
      if (token === "}" && state === "first-key") return open.pop() && closed();
      return token.startsWith('"') ? "colon" : undefined;
    case "colon":
      return token === ":" ? "value" : undefined;
    case "after":
      if (token === ",") return open.at(-1) === "{" ? "key" : "value";
      if (token !== (open.at(-1) === "{" ? "}" : "]")) return undefined;
      open.pop();
      return closed();
    case "end":
      return undefined;
  }
}
