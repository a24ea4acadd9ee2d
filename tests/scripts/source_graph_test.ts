import assert from "node:assert/strict";
import { test } from "node:test";
import { circlesAmong, readSources, sourceFile, specifiersIn } from "../../scripts/source_graph.ts";

const SPECIFIERS = [
  { name: "one line", text: 'import { a } from "./a.ts";', found: ["./a.ts"] },
  { name: "a type", text: 'import type { A } from "./a.ts";', found: ["./a.ts"] },
  { name: "several lines", text: 'import {\n  a,\n  b,\n} from "../ab.ts";', found: ["../ab.ts"] },
  { name: "no names", text: 'import "./effect.ts";', found: ["./effect.ts"] },
  { name: "a re-export", text: 'export { a } from "./a.ts";', found: ["./a.ts"] },
  { name: "all of another file", text: 'export * from "./a.ts";', found: ["./a.ts"] },
  { name: "a lazy import", text: 'const { a } = await import("./a.ts");', found: ["./a.ts"] },
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
