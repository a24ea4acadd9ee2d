import assert from "node:assert/strict";
import { test } from "node:test";
import {
  circlesAmong,
  judgeCircle,
  readSources,
  roomCircles,
  roomsBelow,
  sourceFile,
  specifiersIn,
} from "../../scripts/source_graph.ts";

const SPECIFIERS = [
  { name: "one line", text: 'import { a } from "./a.ts";', found: ["./a.ts"] },
  { name: "a type", text: 'import type { A } from "./a.ts";', found: ["./a.ts"] },
  { name: "several lines", text: 'import {\n  a,\n  b,\n} from "../ab.ts";', found: ["../ab.ts"] },
  { name: "no names", text: 'import "./effect.ts";', found: ["./effect.ts"] },
  { name: "a re-export", text: 'export { a } from "./a.ts";', found: ["./a.ts"] },
  { name: "all of another file", text: 'export * from "./a.ts";', found: ["./a.ts"] },
  { name: "a lazy import", text: 'const { a } = await import("./a.ts");', found: ["./a.ts"] },
  {
    name: "a lazy import over several lines",
    text: 'const { a } = await import(\n  "./a.ts"\n);',
    found: ["./a.ts"],
  },
  { name: "the type of a module", text: 'type A = typeof import("./a.ts");', found: ["./a.ts"] },
  { name: "a package", text: 'import fc from "fast-check";', found: ["fast-check"] },
  { name: "none in a line of a comment", text: '// import { a } from "./a.ts";', found: [] },
  { name: "none in a doc comment", text: '/**\n * await import("./a.ts")\n */', found: [] },
  { name: "none in an exported string", text: 'export const a = "./a.ts";', found: [] },
];
for (const { name, text, found } of SPECIFIERS) {
  test(`specifiersIn() finds ${name}`, () => assert.deepEqual(specifiersIn(text), found));
}

test("sourceFile() resolves what stands beside, above and below, once each", () => {
  const text = ["./b.ts", "../c/d.ts", "./e/f.ts", "./b.ts"].map((to) => `import "${to}";`).join(
    "\n",
  );
  assert.deepEqual(sourceFile("src/a/a.ts", text).imports, [
    "src/a/b.ts",
    "src/c/d.ts",
    "src/a/e/f.ts",
  ]);
});

function graph(arrows: Readonly<Record<string, string>>): ReturnType<typeof sourceFile>[] {
  return Object.entries(arrows).map(([path, imports]) => ({
    path,
    text: "",
    imports: imports.split(" ").filter((to) => to !== ""),
  }));
}

const GRAPHS: readonly {
  readonly name: string;
  readonly arrows: Readonly<Record<string, string>>;
  readonly circles: readonly (readonly string[])[];
}[] = [
  { name: "none in a chain", arrows: { a: "b", b: "c", c: "" }, circles: [] },
  { name: "none in a diamond", arrows: { a: "b c", b: "d", c: "d", d: "" }, circles: [] },
  { name: "two files", arrows: { a: "b", b: "a" }, circles: [["a", "b"]] },
  { name: "a file that imports itself", arrows: { a: "a" }, circles: [["a"]] },
  {
    name: "three, and what only leads there is no part of it",
    arrows: { a: "b", b: "c", c: "d", d: "b e", e: "" },
    circles: [["b", "c", "d"]],
  },
  {
    name: "two that share no file",
    arrows: { a: "b", b: "a c", c: "d", d: "c" },
    circles: [["a", "b"], ["c", "d"]],
  },
  {
    name: "one of two rings that share a file",
    arrows: { a: "b c", b: "a", c: "a" },
    circles: [["a", "b", "c"]],
  },
  { name: "none over a file that is not there", arrows: { a: "x", b: "x" }, circles: [] },
];
for (const { name, arrows, circles } of GRAPHS) {
  test(`circlesAmong() finds ${name}`, () => {
    assert.deepEqual(circlesAmong(graph(arrows)), circles);
  });
}

test("readSources() reads the entries and everything below src/", () => {
  const paths = readSources().map(({ path }) => path);
  for (const path of ["cli.ts", "mod.ts", "src/error.ts", "src/core/plan/make_plan.ts"]) {
    assert.ok(paths.includes(path), path);
  }
});

const ROOMS = [
  sourceFile("src/core/plan/a.ts", 'import "../model/b.ts";\nconst kind = "npm";\n'),
  sourceFile("src/core/model/b.ts", 'import "../plan/c.ts";\n'),
  sourceFile("src/core/plan/c.ts", ""),
  sourceFile("src/core/flat.ts", 'import "./model/b.ts";\n'),
  sourceFile("src/core/npm/d.ts", 'const kind = "npm";\n'),
];

test("roomsBelow() tells folders, flat files and who imports whom", () => {
  const { rooms, arrows, flat } = roomsBelow(ROOMS, "src/core");
  assert.deepEqual(rooms, ["plan", "model", "flat.ts", "npm"]);
  assert.deepEqual(flat, ["flat.ts"]);
  assert.deepEqual(arrows, [["plan", "model"], ["model", "plan"], ["flat.ts", "model"]]);
});

test("roomCircles() finds folders that import each other where no files do", () => {
  assert.deepEqual(roomCircles(ROOMS, "src/core"), [["model", "plan"]]);
});

const RING = [
  sourceFile("src/a.ts", 'import type { B } from "./b.ts";'),
  sourceFile("src/b.ts", 'await import("./a.ts");\nimport "./c.ts";'),
  sourceFile("src/c.ts", ""),
];
const JUDGED = [
  {
    name: "into a ring of files",
    files: RING,
    path: "src/a.ts",
    specifier: "./b.ts",
    verdict: "a circle of files: src/a.ts, src/b.ts",
  },
  {
    name: "out of a ring of files",
    files: RING,
    path: "src/b.ts",
    specifier: "./c.ts",
    verdict: undefined,
  },
  { name: "of a package", files: RING, path: "src/a.ts", specifier: "zod", verdict: undefined },
  {
    name: "into a ring of rooms",
    files: ROOMS,
    path: "src/core/plan/a.ts",
    specifier: "../model/b.ts",
    verdict: "a circle of rooms in src/core: model, plan",
  },
  {
    name: "within a room of a ring",
    files: ROOMS,
    path: "src/core/plan/a.ts",
    specifier: "./c.ts",
    verdict: undefined,
  },
  {
    name: "from beside the ring of rooms",
    files: ROOMS,
    path: "src/core/npm/d.ts",
    specifier: "../plan/a.ts",
    verdict: undefined,
  },
];
for (const { name, files, verdict, ...place } of JUDGED) {
  test(`judgeCircle() of an import ${name}`, () => {
    assert.equal(judgeCircle(files, place), verdict);
  });
}

test("the source has no circle of files, and none of rooms in its core", () => {
  const files = readSources();
  assert.deepEqual([circlesAmong(files), roomCircles(files, "src/core")], [[], []]);
});
