import assert from "node:assert/strict";
import { test } from "node:test";
import {
  brokenSteps,
  figuresOf,
  functionLengths,
  linesThatNameKinds,
  openingLines,
  walksIn,
} from "../../scripts/score_figures.ts";
import { readSources, roomsBelow, sourceFile } from "../../scripts/source_graph.ts";

const HEADER = '/**\n * What it is.\n *\n * @module\n */\n\nimport { a } from "./a.ts";\n\n';

test("openingLines() counts the header, the imports and the blank lines between", () => {
  assert.equal(openingLines(`${HEADER}/** A thing. */\nexport const b = 1;\n`), 9);
});

const FUNCTIONS = [
  { name: "a function", text: "function a(): void {\n  b();\n}\n", lengths: [3] },
  {
    name: "an exported one over many parameters",
    text: "export async function a(\n  b: B,\n): Promise<void> {\n  c();\n}\n",
    lengths: [5],
  },
  { name: "an arrow", text: "const a = (b: B): void => {\n  c();\n};\n", lengths: [3] },
  { name: "a method", text: "class A {\n  b(): void {\n    c();\n  }\n}\n", lengths: [3] },
  { name: "no condition", text: "if (a(b)) {\n  c();\n}\n", lengths: [] },
];
for (const { name, text, lengths } of FUNCTIONS) {
  test(`functionLengths() measures ${name}`, () => {
    assert.deepEqual(functionLengths(text), lengths);
  });
}

const FILES = [
  sourceFile("src/core/plan/a.ts", 'import "../model/b.ts";\nconst kind = "npm";\n'),
  sourceFile("src/core/model/b.ts", 'import "../plan/c.ts";\n'),
  sourceFile("src/core/plan/c.ts", ""),
  sourceFile("src/core/flat.ts", 'import "./model/b.ts";\n'),
  sourceFile("src/core/npm/d.ts", 'const kind = "npm";\n'),
];

test("linesThatNameKinds() leaves the registries' own rooms alone", () => {
  assert.deepEqual(linesThatNameKinds(FILES), [{ path: "src/core/plan/a.ts", line: 2 }]);
  const keys = sourceFile("src/command/a.ts", "const A = {\n  npm: 1,\n  npmrc: 2,\n};\n");
  assert.deepEqual(linesThatNameKinds([keys]), [{ path: "src/command/a.ts", line: 2 }]);
});

const PAGE =
  "Where to begin:\n\n- `plan`: `src/a.ts` →\n  `src/b.ts`, and then `c`.\n- `none`: words.\n";

test("walksIn() reads the walks of a page, over its line ends", () => {
  assert.deepEqual(walksIn(PAGE), [{ name: "plan", files: ["src/a.ts", "src/b.ts"] }]);
});

test("brokenSteps() names a step that no import takes, and a file that is not there", () => {
  const files = [sourceFile("src/a.ts", 'import "./b.ts";'), sourceFile("src/b.ts", "")];
  const walk = { name: "plan", files: ["src/a.ts", "src/b.ts", "src/c.ts", "src/d.ts"] };
  assert.deepEqual(brokenSteps(walk, files), [
    "src/b.ts does not import src/c.ts",
    "src/c.ts is not there",
  ]);
});

test("no file of the house is over 250 lines, and none lies flat in src/core", () => {
  const files = readSources();
  const long = files.filter(({ text }) => text.split("\n").length > 251).map(({ path }) => path);
  assert.deepEqual(long, []);
  assert.deepEqual(roomsBelow(files, "src/core").flat, []);
});

test("figuresOf() counts something of everything", () => {
  const figures = figuresOf(readSources());
  const byName = new Map(figures.map(({ name, value }) => [name, value]));
  assert.ok(Number(byName.get("files")) > 200);
  assert.ok(Number(byName.get("median lines of a file")) > 50);
  assert.ok(figures.every(({ counted }) => counted !== ""));
});
