/**
 * The source as a graph: its files, what each imports, and the circles among them. Read with regular expressions, which
 * `deno fmt` makes reliable: every import statement begins a line, and ends with its specifier.
 *
 * @module
 */

import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";

/** One file of the source. */
export interface SourceFile {
  /** `/`-separated, relative to the root: `src/core/plan/make_plan.ts`. */
  readonly path: string;
  readonly text: string;
  /** The paths of the files that it imports, by value, by type or lazily; each once, in the order of the text. */
  readonly imports: readonly string[];
}

const STATEMENT = /^(?:import|export)\s+(?:[^;"'=]*?\sfrom\s+)?"([^"]+)";/gm;
const LAZY = /\bimport\(\s*"([^"]+)",?\s*\)/g;

/** What a text imports, as it is spelled: statements first, then `import()`. Comments and templates do not count. */
export function specifiersIn(text: string): readonly string[] {
  const code = text.replace(/\/\*[^]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  return [...code.matchAll(STATEMENT), ...code.matchAll(LAZY)].map(([, specifier]) => specifier!);
}

/** A source file from its text. Imports of packages and built-ins are left out. */
export function sourceFile(path: string, text: string): SourceFile {
  const relative = specifiersIn(text).filter((specifier) => specifier.startsWith("."));
  const imports = relative.map((to) => posix.join(posix.dirname(path), to));
  return { path, text, imports: [...new Set(imports)] };
}

/** Every file of `src/`, and the entries, in the order of their paths. */
export function readSources(root = "."): readonly SourceFile[] {
  const below = readdirSync(posix.join(root, "src"), { recursive: true, encoding: "utf8" })
    .map((name) => `src/${name.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".ts"));
  return ["cli.ts", "mod.ts", ...below].sort()
    .map((path) => sourceFile(path, readFileSync(posix.join(root, path), "utf8")));
}

/**
 * The circles: groups of files each of which reaches every other of its group by imports. In the order of their first
 * paths. Tarjan's algorithm (Tarjan 1972, "Depth-first search and linear graph algorithms").
 */
export function circlesAmong(files: readonly SourceFile[]): readonly (readonly string[])[] {
  const imports = new Map(files.map((file) => [file.path, file.imports]));
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (path: string): void => {
    order.set(path, order.size);
    low.set(path, order.get(path)!);
    open.push(path);
    for (const to of imports.get(path) ?? []) {
      if (!imports.has(to)) continue;
      if (!order.has(to)) visit(to);
      if (open.includes(to)) low.set(path, Math.min(low.get(path)!, low.get(to)!));
    }
    if (low.get(path) !== order.get(path)) return;
    const group = open.splice(open.indexOf(path));
    if (group.length > 1 || imports.get(path)!.includes(path)) circles.push(group.sort());
  };
  for (const { path } of files) if (!order.has(path)) visit(path);
  return circles.sort((a, b) => a[0]! < b[0]! ? -1 : 1);
}

/** The folders and files right below a folder that hold source, and the arrows between them: who imports whom. */
export function roomsBelow(files: readonly SourceFile[], folder: string): {
  readonly rooms: readonly string[];
  readonly arrows: readonly (readonly [string, string])[];
  readonly flat: readonly string[];
} {
  const roomOf = (path: string): string | undefined =>
    path.startsWith(`${folder}/`) ? path.slice(folder.length + 1).split("/", 1)[0] : undefined;
  const inside = files.filter(({ path }) => roomOf(path) !== undefined);
  const arrows = new Map<string, readonly [string, string]>();
  for (const file of inside) {
    for (const to of file.imports) {
      const [from, target] = [roomOf(file.path)!, roomOf(to)];
      if (target === undefined || target === from) continue;
      arrows.set(`${from} ${target}`, [from, target]);
    }
  }
  const rooms = [...new Set(inside.map(({ path }) => roomOf(path)!))];
  return { rooms, arrows: [...arrows.values()], flat: rooms.filter((room) => room.includes(".")) };
}

/** Circles among the rooms of a folder: groups of rooms that import each other in a loop. */
export function roomCircles(
  files: readonly SourceFile[],
  folder: string,
): readonly (readonly string[])[] {
  const { rooms, arrows } = roomsBelow(files, folder);
  return circlesAmong(rooms.map((path) => ({
    path,
    text: "",
    imports: arrows.filter(([from]) => from === path).map(([, to]) => to),
  })));
}

/**
 * What is wrong with an import that leads back to where it stands, over files or over the rooms of the core; undefined
 * when it does not.
 */
export function judgeCircle(
  files: readonly SourceFile[],
  { path, specifier }: { readonly path: string; readonly specifier: string },
): string | undefined {
  const [target] = sourceFile(path, `import ${JSON.stringify(specifier)};`).imports;
  if (target === undefined) return undefined;
  const circle = circlesAmong(files).find((group) => group.includes(path));
  if (circle?.includes(target)) return `a circle of files: ${circle.join(", ")}`;
  const [own, other] = [path, target].map((file) => /^src\/core\/([^/]+)\//.exec(file)?.[1] ?? "");
  if (own === other) return undefined;
  const rooms = roomCircles(files, "src/core").find((group) => group.includes(own!));
  return rooms?.includes(other!) ? `a circle of rooms in src/core: ${rooms.join(", ")}` : undefined;
}
