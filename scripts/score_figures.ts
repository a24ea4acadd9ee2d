/**
 * Figures about the source's shape. Each is counted from the texts alone, the way that its comment tells.
 *
 * @module
 */

import { posix } from "node:path";
import { circlesAmong, roomCircles, roomsBelow, type SourceFile } from "./source_graph.ts";

/** One figure, and how it was counted. */
export interface Figure {
  readonly name: string;
  readonly value: number | string;
  readonly counted: string;
}

function linesOf(text: string): readonly string[] {
  return text.replace(/\n$/, "").split("\n");
}

/** The middle of sorted numbers at a share of them: 0.5 is the median. */
function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Lines of the leading comment and of import statements, with the blank lines between them. */
export function openingLines(text: string): number {
  const opening = /^(?:\/\*\*[^]*?\*\/\s*|import\s[^;]*;\s*)*/.exec(text)![0];
  return linesOf(opening).length;
}

/**
 * Lines of each function, by indentation: from its first line to the next line that closes at the same depth, which is
 * what `deno fmt` makes of every function that does not fit one line. Closures count as their parents' lines, too.
 */
export function functionLengths(text: string): readonly number[] {
  const lines = linesOf(text);
  const opens =
    /^(\s*)(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:function\*?\s+\w+|(?:const|let)\s+\w+[^=]*=\s*(?:async\s*)?(?:\([^)]*\)?|\w+)|(?:static\s+|private\s+|async\s+|get\s+|set\s+|\*)*#?\w+\([^)]*\)?)/;
  const lengths: number[] = [];
  lines.forEach((line, index) => {
    const opening = opens.exec(line);
    if (opening === null || /^\s*(?:if|for|while|switch|return|catch|await|throw)\b/.test(line)) {
      return;
    }
    const isFunction = /\bfunction\b/.test(line) || /=>\s*[{(]?$/.test(line) ||
      /^\s*(?:[\w*#]+\s+)*#?\w+\([^;]*(?:\{|\(|,)$/.test(line);
    if (!isFunction || !/[{(]$|=>$/.test(line)) return;
    const depth = opening[1]!;
    const end = lines.findIndex((other, at) => at > index && other.startsWith(`${depth}}`));
    if (end > index) lengths.push(end - index + 1);
  });
  return lengths;
}

/** Where a registry's own code lives: its rules with its descriptor, what talks to it, and what stands in for it. */
const OWN_ROOMS = /^src\/(?:registry\/|rehearsal\/|core\/(?:crates|npm|pypi)\/)/;

/** Lines outside the registries' own rooms that name one of them as a value. */
export function linesThatNameKinds(
  files: readonly SourceFile[],
): readonly { readonly path: string; readonly line: number }[] {
  return files.filter(({ path }) => !OWN_ROOMS.test(path)).flatMap(({ path, text }) =>
    linesOf(text).flatMap((line, index) =>
      /"(?:crates|npm|pypi)"|^\s*(?:readonly )?(?:crates|npm|pypi):/.test(line)
        ? [{ path, line: index + 1 }]
        : []
    )
  );
}

function sizes(files: readonly SourceFile[]): readonly Figure[] {
  const lengths = files.map(({ text }) => linesOf(text).length);
  const lines = lengths.reduce((sum, length) => sum + length, 0);
  const opening = files.reduce((sum, { text }) => sum + openingLines(text), 0);
  const importers = new Map<string, number>();
  for (const { imports } of files) {
    for (const to of imports) importers.set(to, (importers.get(to) ?? 0) + 1);
  }
  const once = files.filter(({ path }) => importers.get(path) === 1).length;
  const median = quantile(lengths, 0.5);
  return [
    { name: "files", value: files.length, counted: "*.ts below src/, with cli.ts and mod.ts" },
    { name: "lines", value: lines, counted: "of these files, blank ones and comments included" },
    { name: "median lines of a file", value: median, counted: "the middle of the sorted lengths" },
    { name: "90th percentile", value: quantile(lengths, 0.9), counted: "of the same lengths" },
    { name: "longest file", value: Math.max(...lengths), counted: "of the same lengths" },
    {
      name: "files under 35 lines",
      value: lengths.filter((length) => length < 35).length,
      counted: "of the same lengths",
    },
    { name: "files with one importer", value: once, counted: "among these files, not the tests" },
    {
      name: "headers and imports",
      value: `${Math.round((opening / lines) * 100)} %`,
      counted: "lines before the first that is neither comment nor import",
    },
  ];
}

function functions(files: readonly SourceFile[]): readonly Figure[] {
  const lengths = files.flatMap(({ text }) => functionLengths(text));
  return [
    { name: "functions over one line", value: lengths.length, counted: "by indentation" },
    { name: "median lines of a function", value: quantile(lengths, 0.5), counted: "of these" },
    { name: "90th percentile", value: quantile(lengths, 0.9), counted: "of these" },
    { name: "longest function", value: Math.max(0, ...lengths), counted: "of these" },
  ];
}

/** Every figure of the house, in the order in which they are printed. */
export function figuresOf(files: readonly SourceFile[]): readonly Figure[] {
  const core = roomsBelow(files, "src/core");
  const kinds = linesThatNameKinds(files);
  const named = new Set(kinds.map(({ path }) => path)).size;
  return [
    ...sizes(files),
    ...functions(files),
    { name: "files flat in src/core", value: core.flat.length, counted: "right below the folder" },
    { name: "rooms of src/core", value: core.rooms.length, counted: "folders and flat files" },
    { name: "arrows between them", value: core.arrows.length, counted: "pairs that import" },
    {
      name: "circles of files",
      value: circlesAmong(files).length,
      counted: "groups that import each other, types included",
    },
    {
      name: "circles of rooms in src/core",
      value: roomCircles(files, "src/core").length,
      counted: "the same among its folders",
    },
    {
      name: "lines that name a kind",
      value: `${kinds.length} in ${named} files`,
      counted:
        '"crates", "npm" or "pypi", and keys of these names, outside the registries\' own rooms',
    },
  ];
}

/** A walk through the source: files, each of which imports the next. */
export interface Walk {
  readonly name: string;
  readonly files: readonly string[];
}

/** The walks that a page lists: `- name: `a.ts` → `b.ts` …`. */
export function walksIn(page: string): readonly Walk[] {
  return [...page.matchAll(/^- `([\w-]+)`: ((?:[^\n]|\n {2})*)/gm)]
    .map(([, name, words]) => ({
      name: name!,
      files: [...words!.matchAll(/`([\w./]+\.ts)`/g)].map(([, file]) => file!),
    }))
    .filter(({ files }) => files.length > 1);
}

/** Steps of a walk that no import takes: `a.ts does not import b.ts`. */
export function brokenSteps(walk: Walk, files: readonly SourceFile[]): readonly string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return walk.files.slice(1).flatMap((to, index) => {
    const from = walk.files[index]!;
    if (byPath.get(from) === undefined) return [`${from} is not there`];
    return byPath.get(from)!.imports.includes(posix.normalize(to))
      ? []
      : [`${from} does not import ${to}`];
  });
}
