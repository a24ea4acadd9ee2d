/**
 * A TOML text as values, together with the place where each of them stands.
 *
 * @module
 */

import { parse, TomlError } from "smol-toml";
import { type AST, ParseError, parseTOML } from "toml-eslint-parser";
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

/** A document that is valid TOML. */
export interface TomlDocument {
  readonly root: Table;
  /**
   * Where a path's key (for a table, its header) or its value stands. What the text does not hold is looked for in the
   * table around it.
   */
  readonly locate: (path: Path, part: "key" | "value") => Location;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

interface Places {
  readonly key: Position;
  readonly value: Position;
}

type Index = ReadonlyMap<string, Places>;

/** Reads a TOML 1.1 text; `file` is what locations call it. Throws `PIOT_CONFIG_SYNTAX` at the first broken place. */
export function readToml(text: string, file: string): TomlDocument {
  const source = text.replace(/^\uFEFF/, "");
  const lines = source.split(/\r?\n/);
  const place = ({ line, column }: Position): Location => {
    const excerpt = lines[line - 1] ?? "";
    return { file, line, column: Math.max(1, Math.min(column, excerpt.length + 1)), excerpt };
  };
  const root = parseValues(source, { file, place });
  let index: Index | undefined;
  const locate: TomlDocument["locate"] = (path, part) => {
    index ??= indexPlaces(source);
    const found = lookUp(index, path);
    return found === undefined ? { file } : place(found[part]);
  };
  return { root, locate };
}

function parseValues(
  source: string,
  { file, place }: { file: string; place: (position: Position) => Location },
): Table {
  try {
    return parse(source);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const why = error.message.split("\n")[0]!.replace(/^Invalid TOML document: /, "");
    throw new Failure("PIOT_CONFIG_SYNTAX", `Cannot read ${file} as TOML: ${why}`, {
      hint: "Mend that line; a string or bracket may have been left open above it",
      location: place(error),
      cause: error,
    });
  }
}

function lookUp(index: Index, path: Path): Places | undefined {
  for (let length = path.length; length >= 0; length--) {
    const places = index.get(JSON.stringify(path.slice(0, length)));
    if (places !== undefined) return places;
  }
  return undefined;
}

const START: Position = { line: 1, column: 1 };

/** Only failures need places, so the second parser runs for them alone. */
function indexPlaces(source: string): Index {
  const index = new Map<string, Places>();
  const program = parseTree(source);
  if (program === undefined) return index;
  index.set("[]", { key: START, value: START });
  for (const node of program.body[0].body) {
    if (node.type === "TOMLKeyValue") addKeyValue(index, [], node);
    else addTable(index, node);
  }
  return index;
}

/** A place helps the reader; where the two parsers disagree, there is none, and nothing worse. */
function parseTree(source: string): AST.TOMLProgram | undefined {
  try {
    return parseTOML(source, { tomlVersion: "latest" });
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}

/** `[a.b]` and `[[a.b]]` stand for the tables around them too, until these have a header of their own. */
function addTable(index: Map<string, Places>, node: AST.TOMLTable): void {
  node.resolvedKey.forEach((_, depth) => {
    add(index, node.resolvedKey.slice(0, depth + 1), { key: node, value: node });
  });
  for (const pair of node.body) addKeyValue(index, node.resolvedKey, pair);
}

function add(
  index: Map<string, Places>,
  path: Path,
  nodes: { readonly key: AST.TOMLNode; readonly value: AST.TOMLNode },
): void {
  const name = JSON.stringify(path);
  if (index.has(name)) return;
  const start = ({ loc }: AST.TOMLNode): Position => ({
    line: loc.start.line,
    column: loc.start.column + 1,
  });
  index.set(name, { key: start(nodes.key), value: start(nodes.value) });
}

function addKeyValue(index: Map<string, Places>, base: Path, pair: AST.TOMLKeyValue): void {
  const parts = pair.key.keys;
  let path = base;
  parts.forEach((part, depth) => {
    path = [...path, part.type === "TOMLBare" ? part.name : part.value];
    add(index, path, { key: part, value: depth === parts.length - 1 ? pair.value : part });
  });
  addContent(index, path, pair.value);
}

function addContent(index: Map<string, Places>, path: Path, node: AST.TOMLContentNode): void {
  if (node.type === "TOMLInlineTable") {
    for (const pair of node.body) addKeyValue(index, path, pair);
  }
  if (node.type === "TOMLArray") {
    node.elements.forEach((element, position) => {
      add(index, [...path, position], { key: element, value: element });
      addContent(index, [...path, position], element);
    });
  }
}
