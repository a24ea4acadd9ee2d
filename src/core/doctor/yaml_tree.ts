/**
 * YAML as GitHub reads it, with the place of everything: YAML 1.2's core schema, with anchors and without merge keys, which
 * GitHub's own parser refuses (actions/languageservices `workflow-parser`, github/docs "YAML anchors").
 *
 * Nothing is unfolded: an alias leads to its anchor when it is looked at, so that a small file which stands for a large one
 * costs no more than what is asked of it.
 *
 * @module
 */

import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLMap,
} from "yaml";
import { type Location, messageOf } from "../../error.ts";
import { linesOf, toLocation } from "../config/toml_document.ts";
import type { Found } from "./finding.ts";

/** A value of a YAML file. */
export interface Yaml {
  readonly kind: "map" | "list" | "text" | "empty";
  readonly at: Location;
  /** Of a text, a number or a boolean: as it is written. */
  readonly text: string | undefined;
  /** Of a map: what a key leads to; undefined when it has no such key. */
  get(key: string): Yaml | undefined;
  /** Of a map: its keys with their values, in order. */
  entries(): readonly (readonly [key: string, value: Yaml, key_at: Location])[];
  /** Of a list: its items, in order. */
  items(): readonly Yaml[];
}

/** A file that was read: what it holds, or what is wrong with it. */
export interface YamlFile {
  /** Undefined where it cannot be read. */
  readonly root: Yaml | undefined;
  /** Why GitHub does not take it. */
  readonly problems: readonly Found[];
}

/** Characters of a file that are read. */
const LONGEST = 1024 * 1024;

/** Reads a file; `file` is what places call it. Never throws. */
export function readYaml(text: string, file: string): YamlFile {
  if (text.length > LONGEST) {
    return unread(file, `${file} is larger than 1 MiB, and was not read`, "unknown");
  }
  try {
    return readWhole(text, file);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return unread(file, `${file} is nested too deeply to be read`, "unknown");
  }
}

function unread(file: string, message: string, weight: "failed" | "unknown"): YamlFile {
  return { root: undefined, problems: [{ message, location: { file }, weight }] };
}

function readWhole(text: string, file: string): YamlFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter,
    version: "1.2",
    merge: false,
    uniqueKeys: false,
  });
  const lines = linesOf(text);
  const place = (offset: number): Location => {
    const { line, col } = lineCounter.linePos(offset);
    return toLocation(lines, { line: Math.max(1, line), column: Math.max(1, col) }, file);
  };
  const [error] = document.errors;
  if (error !== undefined) {
    // The reader goes as deep as the file does.
    if (/call stack|recursion/i.test(error.message)) throw new RangeError(error.message);
    const why = messageOf(error).split("\n")[0]!.replace(/ at line \d+, column \d+:?$/, "");
    return {
      root: undefined,
      problems: [{ message: `${file} is no YAML: ${why}`, location: place(error.pos[0]) }],
    };
  }
  const { targets, merges, twice } = walk(document.contents);
  const problems = merges.map((offset) => ({
    message: "The merge key `<<` is no part of what GitHub reads: it refuses the whole file",
    mend: "Write the keys out, or use an anchor for a whole value",
    location: place(offset),
  }));
  const doubles = twice.map(([name, offset]) => ({
    message: `The key \`${name}\` is there twice, and GitHub refuses the whole file`,
    mend: "Remove one of the two",
    location: place(offset),
  }));
  return { root: wrap(document.contents, { place, targets }), problems: [...problems, ...doubles] };
}

interface Walked {
  /** What each alias leads to. */
  readonly targets: ReadonlyMap<Alias, Node>;
  /** Where merge keys stand. */
  readonly merges: readonly number[];
  /** Keys that are in one map already, and where. */
  readonly twice: readonly (readonly [name: string, offset: number])[];
}

function walk(contents: Node | null): Walked {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  const merges: number[] = [];
  const twice: (readonly [string, number])[] = [];
  visit(contents, {
    Node: (_key, node) => {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target !== undefined) targets.set(node, target);
      } else if (node.anchor !== undefined) anchors.set(node.anchor, node);
      if (isMap(node)) twice.push(...keysTwice(node));
    },
    Pair: (_key, { key }) => {
      const isMerge = isScalar(key) && key.value === "<<" && key.type === "PLAIN";
      if (isMerge) merges.push(key.range?.[0] ?? 0);
    },
  });
  return { targets, merges, twice };
}

/** The reader's own way of finding them compares every key with every other. */
function keysTwice({ items }: YAMLMap): readonly (readonly [string, number])[] {
  const seen = new Set<string>();
  return items.flatMap(({ key }): readonly (readonly [string, number])[] => {
    if (!isScalar(key)) return [];
    const name = textOf(key) ?? "";
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [[name, key.range?.[0] ?? 0]];
  });
}

interface Context {
  readonly place: (offset: number) => Location;
  readonly targets: ReadonlyMap<Alias, Node>;
}

function wrap(given: unknown, context: Context, fallback = 0): Yaml {
  const node = follow(given, context);
  const offset = (given as Node | null)?.range?.[0] ?? fallback;
  const list = (): readonly Yaml[] =>
    isSeq(node) ? node.items.map((item) => wrap(item, context, offset)) : [];
  const entries = (): ReturnType<Yaml["entries"]> => {
    if (!isMap(node)) return [];
    return node.items.map(({ key, value }) => {
      const at = (key as Node | null)?.range?.[0] ?? offset;
      return [textOf(follow(key, context)) ?? "", wrap(value, context, at), context.place(at)];
    });
  };
  return {
    kind: isMap(node)
      ? "map"
      : isSeq(node)
      ? "list"
      : textOf(node) === undefined
      ? "empty"
      : "text",
    get at() {
      return context.place(offset);
    },
    text: textOf(node),
    get: (wanted) => entries().find(([key]) => key === wanted)?.[1],
    entries,
    items: list,
  };
}

/** Where an alias leads, through others; nowhere where it leads back to itself. */
function follow(node: unknown, { targets }: Context): unknown {
  let at = node;
  for (let hops = 0; isAlias(at); hops++) {
    if (hops > 100) return undefined;
    at = targets.get(at);
  }
  return at;
}

/** A scalar as GitHub shows it: what is written, which keeps `1.10` and `True` what they are. */
function textOf(node: unknown): string | undefined {
  if (!isScalar(node) || node.value === null || node.value === undefined) return undefined;
  return typeof node.value === "string" ? node.value : node.source ?? String(node.value);
}
