/**
 * A TOML file as values, from its bytes on.
 *
 * @module
 */

import { parse, TomlError } from "smol-toml";
import { Failure, type Location } from "../../error.ts";

/** The way from the root of a document to one of its values: keys of tables, and indexes of arrays. */
export type Path = readonly (string | number)[];

/** A TOML table's values by key. */
export type Table = Readonly<Record<string, unknown>>;

/** Whether a TOML value is a table; dates are objects too. */
export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Date);
}

/** A place in a text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The text that TOML is about: what an editor may have put before it is left out. */
export function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, "");
}

/** The lines of a text, as editors count them. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/);
}

/** A place as failures tell it, from the lines of a text; `file` is what they call it. */
export function toLocation(
  lines: readonly string[],
  { line, column }: Position,
  file: string,
): Location {
  const excerpt = lines[line - 1] ?? "";
  return { file, line, column: Math.max(1, Math.min(column, excerpt.length + 1)), excerpt };
}

/** Reads a TOML 1.1 text; `file` is what locations call it. Throws `PIOT_CONFIG_SYNTAX` at the first broken place. */
export function readToml(text: string, file: string): Table {
  const source = withoutMark(text);
  try {
    return parse(source);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const why = error.message.split("\n")[0]!.replace(/^Invalid TOML document: /, "");
    throw new Failure("PIOT_CONFIG_SYNTAX", `Cannot read ${file} as TOML: ${why}`, {
      hint: "Mend that line; a string or bracket may have been left open above it",
      location: toLocation(linesOf(source), error, file),
      cause: error,
    });
  }
}

/**
 * The bytes of a TOML file as text, which is UTF-8 and nothing else (TOML 1.1, "Spec"); `file` is what the location calls
 * it. Throws `PIOT_CONFIG_SYNTAX` at the first byte that is not.
 */
export function decodeConfig(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw notUtf8(bytes, file);
  }
}

function notUtf8(bytes: Uint8Array, file: string): Failure {
  const [first = 0, second = 0] = bytes;
  const isWide = first + second === 0xff + 0xfe && Math.abs(first - second) === 1;
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  const at = lines.findIndex((line) => line.includes("\ufffd"));
  const excerpt = lines[at] ?? "";
  return new Failure(
    "PIOT_CONFIG_SYNTAX",
    `Cannot read ${file} as TOML: it is ${isWide ? "UTF-16" : "not UTF-8"}`,
    {
      hint: "Save it as UTF-8",
      location: isWide
        ? { file, line: 1, column: 1 }
        : { file, line: at + 1, column: excerpt.indexOf("\ufffd") + 1, excerpt },
    },
  );
}
