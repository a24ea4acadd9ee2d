/**
 * Where the keys and values of a TOML text stand. Only failures need that, so the parser that knows it is loaded and run
 * for them alone.
 *
 * @module
 */

import { type AST, ParseError, parseTOML } from "toml-eslint-parser";
import type { Location } from "../../error.ts";
import { linesOf, type Path, type Position, toLocation, withoutMark } from "./toml_document.ts";

/**
 * Where a path's key (for a table, its header) or its value stands. What the text does not hold is looked for in the
 * table around it.
 */
export type Locate = (path: Path, part: "key" | "value") => Location;

/** {@link findPlaces}, or what stands for it. */
export type FindPlaces = (text: string, file: string) => Locate;

interface Places {
  readonly key: Position;
  readonly value: Position;
}

type Index = ReadonlyMap<string, Places>;

/** Finds places in a valid TOML text; `file` is what locations call it. */
export function findPlaces(text: string, file: string): Locate {
  const source = withoutMark(text);
  const [index, lines] = [indexPlaces(source), linesOf(source)];
  return (path, part) => {
    const found = lookUp(index, path);
    return found === undefined ? { file } : toLocation(lines, found[part], file);
  };
}

function lookUp(index: Index, path: Path): Places | undefined {
  for (let length = path.length; length >= 0; length--) {
    const places = index.get(JSON.stringify(path.slice(0, length)));
    if (places !== undefined) return places;
  }
  return undefined;
}

const START: Position = { line: 1, column: 1 };

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
