/**
 * A manifest's bytes as a table, or the place at which they stop being one.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import { decodeConfig, isTable, readToml, type Table } from "../config/toml_document.ts";
import { jsonMistake } from "../npm/json_text.ts";
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
