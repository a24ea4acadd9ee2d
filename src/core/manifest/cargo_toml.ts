/**
 * A Cargo.toml as text with marks in it: where each value stands, so that one can be replaced and every other byte kept.
 *
 * @module
 */

import { type AST, parseTOML } from "toml-eslint-parser";
import { Failure, type Location } from "../../error.ts";

/** Offsets into the text, in UTF-16 units, the end excluded. */
export type Range = readonly [number, number];

/** One value that is not a table, wherever and in whatever notation it stands. */
export interface CargoLeaf {
  /** Keys from the top: `["dependencies", "serde", "version"]`, for every notation that means that. */
  readonly path: readonly string[];
  readonly value: unknown;
  /** The values in it, of an array: tables and arrays among them are undefined. Comments are none. */
  readonly items?: readonly unknown[];
  /** Where the value stands, with its quotes. */
  readonly range: Range;
  /** Where the line's whole `key = value` stands, the outermost one for a value in an inline table. */
  readonly entry: Range;
  /** Keys of the table header above it. */
  readonly table: readonly string[];
}

/** A parsed Cargo.toml. */
export interface CargoToml {
  /** The whole text, byte order mark included. */
  readonly text: string;
  /** In the order of the text. Ranges count from the text's start. */
  readonly leaves: readonly CargoLeaf[];
}

const MARK = "\uFEFF";

/** Parses a manifest (TOML 1.1, as cargo does since 1.94). Throws `PIOT_CRATES_MANIFEST` with the place of a mistake. */
export function parseCargoToml(text: string, file: string): CargoToml {
  // The parser knows no byte order mark; cargo allows one.
  const offset = text.startsWith(MARK) ? MARK.length : 0;
  const leaves: CargoLeaf[] = [];
  const top = parse(text.slice(offset), file).body[0];
  for (const node of top.body) {
    if (node.type === "TOMLKeyValue") collect(node, { table: [], leaves, offset });
    else {
      const table = node.resolvedKey.map(String);
      for (const pair of node.body) collect(pair, { table, leaves, offset });
    }
  }
  return { text, leaves };
}

function parse(text: string, file: string): AST.TOMLProgram {
  try {
    return parseTOML(text, { tomlVersion: "1.1" });
  } catch (error) {
    throw new Failure("PIOT_CRATES_MANIFEST", `Cannot read ${file}: it is not valid TOML`, {
      hint: "Mend the line that is shown; `cargo metadata --no-deps` says more",
      location: locate(error, { text, file }),
      cause: error,
    });
  }
}

function locate(error: unknown, { text, file }: { text: string; file: string }): Location {
  const { lineNumber, column } = error as { lineNumber?: number; column?: number };
  if (lineNumber === undefined) return { file };
  const excerpt = text.split(/\r?\n/)[lineNumber - 1] ?? "";
  return {
    file,
    line: lineNumber,
    ...(column === undefined ? {} : { column: column + 1 }),
    excerpt,
  };
}

interface Collector {
  readonly table: readonly string[];
  readonly leaves: CargoLeaf[];
  readonly offset: number;
  readonly above?: { readonly keys: readonly string[]; readonly entry: Range };
}

function collect(node: AST.TOMLKeyValue, into: Collector): void {
  const own = node.key.keys.map((key) => key.type === "TOMLBare" ? key.name : key.value);
  const keys = [...into.above?.keys ?? into.table, ...own];
  const entry = into.above?.entry ?? moved(node.range, into.offset);
  const { value } = node;
  if (value.type === "TOMLInlineTable") {
    for (const pair of value.body) collect(pair, { ...into, above: { keys, entry } });
    return;
  }
  into.leaves.push({
    path: keys,
    value: value.type === "TOMLValue" ? value.value : undefined,
    ...(value.type === "TOMLArray" ? { items: value.elements.map(plainValue) } : {}),
    range: moved(value.range, into.offset),
    entry,
    table: into.table,
  });
}

function plainValue(node: AST.TOMLContentNode): unknown {
  return node.type === "TOMLValue" ? node.value : undefined;
}

function moved([start, end]: readonly [number, number], offset: number): Range {
  return [start + offset, end + offset];
}

/** The leaf at a path of keys. */
export function leafAt(toml: CargoToml, path: readonly string[]): CargoLeaf | undefined {
  return toml.leaves.find((leaf) => isSamePath(leaf.path, path));
}

function isSamePath(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((key, index) => key === right[index]);
}

/** A piece of text to put in place of another. */
export interface Splice {
  readonly range: Range;
  readonly text: string;
}

/** Puts pieces into a text; everything outside their ranges is kept. Ranges do not overlap. */
export function spliceText(text: string, splices: readonly Splice[]): string {
  const ordered = [...splices].sort((left, right) => right.range[0] - left.range[0]);
  return ordered.reduce(
    (held, { range, text: piece }) => held.slice(0, range[0]) + piece + held.slice(range[1]),
    text,
  );
}

/** A string value in the quotes that the old one had. The content is a version or a requirement: nothing to escape. */
export function requote(toml: CargoToml, leaf: CargoLeaf, content: string): Splice {
  const quote = toml.text[leaf.range[0]] === "'" ? "'" : '"';
  return { range: leaf.range, text: `${quote}${content}${quote}` };
}
