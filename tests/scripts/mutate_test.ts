import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { choose, groupsOf, heartOf, testsOf } from "../../scripts/mutate/choose.ts";
import { coveredLines, isCovered } from "../../scripts/mutate/covered_lines.ts";
import { type Mutant, mutantsIn, mutate, type Mutator } from "../../scripts/mutate/mutants_in.ts";
import { openLog, tell, type Verdict } from "../../scripts/mutate/mutant_log.ts";
import { openTypeCheck } from "../../scripts/mutate/type_check.ts";
import { sourceFile } from "../../scripts/source_graph.ts";
import { tempFolder } from "../support/temp.ts";

/** Every way in which a mutator changes a text. */
function changed(mutator: Mutator, text: string): readonly string[] {
  return mutantsIn("a.ts", text).filter((mutant) => mutant.mutator === mutator)
    .map((mutant) => mutate(text, mutant));
}

const CHANGES: readonly (readonly [Mutator, from: string, to: readonly string[]])[] = [
  ["negate", "if (is(a)) b();", ["if (!(is(a))) b();"]],
  ["negate", "while (a()) b();", ["while (!(a())) b();"]],
  ["negate", "const a = !b;", ["const a = b;"]],
  ["negate", "if (a === b) c();", []],
  ["never", "if (a) return;", ["if ((a) && false) return;"]],
  ["and-or", "a && b || c;", ["((a && b) && (c));", "((a) || (b)) || c;"]],
  ["equality", "const a = b === c;", ["const a = (b !== c);"]],
  ["equality", "const a = b !== c;", ["const a = (b === c);"]],
  ["bound", "const a = [b < c, b >= c];", [
    "const a = [(b <= c), b >= c];",
    "const a = [b < c, (b > c)];",
  ]],
  ["drop-statement", "await a();\nb = 1;", ["{}\nb = 1;", "await a();\n{}"]],
  ["drop-throw", 'throw new Error("a");', ["{}"]],
  ["drop-await", "const a = await b();", ["const a = b();"]],
  ["drop-await", "async () => { return await b(); };", []],
  ["drop-await", "async () => { try { return await b(); } catch {} };", [
    "async () => { try { return b(); } catch {} };",
  ]],
  ["drop-await", "async () => { return a ? await b() : c; };", []],
  ["drop-await", "async () => { await using a = c(); return await b(); };", [
    "async () => { await using a = c(); return b(); };",
  ]],
  ["drop-element", "const a = [b, ...c, d];", [
    "const a = [ ...c, d];",
    "const a = [b, d];",
    "const a = [b, ...c];",
  ]],
  ["empty", "const a = [b];", ["const a = [];"]],
  ["empty", "const a = [];", []],
  ["empty", "const a = () => ({ b });", ["const a = () => ({});"]],
  ["empty", "function a() { return `b${c}`; }", ['function a() { return ""; }']],
  ["empty", 'const a = () => "b";', ['const a = () => "";']],
  ["empty", "const a = () => [b, c];", ["const a = () => [];"]],
  ["drop-link", "const a = b.filter(c).map(d);", ["const a = b.map(d);"]],
  ["drop-link", "a.sort();", []],
  ["drop-fallback", "const a = b ?? c;", ["const a = b;"]],
  ["swap-branches", "const a = b ? c : d;", ["const a = b ? d : c;"]],
  ["swap-branches", "if (a) b(); else c();", ["if (!(a)) { b(); } else { c(); }"]],
  ["boolean", "const a = true, b = false;", [
    "const a = false, b = false;",
    "const a = true, b = true;",
  ]],
  ["some-every", "const a = b.some(c);", ["const a = b.every(c);"]],
];
for (const [mutator, from, to] of CHANGES) {
  test(`the mutator "${mutator}" makes ${to.length} of ${from}`, () => {
    assert.deepEqual(changed(mutator, from), to);
  });
}

test("types, interfaces and imports have no mutants: the compiler holds them", () => {
  const text =
    'import { a } from "./a.ts";\ninterface B {\n  readonly c: [1, 2];\n}\ntype D = true | false;\n';
  assert.deepEqual(mutantsIn("a.ts", text), []);
});

test("a mutant is named by what it changes, wherever that stands", () => {
  const ids = (text: string): readonly string[] => mutantsIn("a.ts", text).map(({ id }) => id);
  assert.deepEqual(ids("go();\ngo();"), [
    "a.ts drop-statement go(); #1",
    "a.ts drop-statement go(); #2",
  ]);
  assert.deepEqual(ids("const longer = 1;\n\n  go();"), ["a.ts drop-statement go(); #1"]);
  assert.deepEqual(mutantsIn("a.ts", "x;\ngo(\n  1,\n);").map(({ line }) => line), [1, 2]);
});

test("what is never done any more is noticed by who runs it, and all else by who runs what is changed", () => {
  const text = "if (\n  a()\n) {\n  b();\n  c();\n}\n";
  const runs = mutantsIn("a.ts", text).map(({ mutator, run }) =>
    `${mutator} ${run.first}-${run.last}`
  );
  assert.deepEqual(runs, ["negate 1-3", "never 4-4", "drop-statement 3-5", "drop-statement 4-6"]);
});

const many: readonly Mutant[] = mutantsIn(
  "a.ts",
  Array.from({ length: 50 }, (_, index) => `go(${index});`).join("\n"),
);

test("a seed always chooses the same mutants, and another seed others", () => {
  const ids = (seed: number, from = many): readonly string[] =>
    choose(from, seed).slice(0, 10).map(({ id }) => id);
  assert.deepEqual(ids(1), ids(1, [...many].reverse()));
  assert.notDeepEqual(ids(1), ids(2));
  assert.equal(new Set(ids(1)).size, 10);
  const [first, ...others] = ids(1);
  const without = many.filter(({ id }) => id !== first);
  assert.deepEqual(ids(1, without).slice(0, 9), others, "the others stay chosen");
});

test("the heart is what lies below src/command, and who knows the four verbs", () => {
  const files = [
    sourceFile("src/command/a.ts", ""),
    sourceFile("src/registry/npm/b.ts", 'import type { Look } from "../registry.ts";'),
    sourceFile("src/registry/npm/c.ts", 'import { b } from "./b.ts";'),
  ];
  assert.deepEqual(heartOf(files).map(({ path }) => path), [
    "src/command/a.ts",
    "src/registry/npm/b.ts",
  ]);
});

test("a file's tests are those that reach it by imports, the nearest first", () => {
  const files = [
    sourceFile("src/a.ts", ""),
    sourceFile("src/b.ts", 'import { a } from "./a.ts";'),
    sourceFile("tests/far_test.ts", 'import { help } from "./help.ts";'),
    sourceFile("tests/help.ts", 'const { b } = await import("../src/b.ts");'),
    sourceFile("tests/near_test.ts", 'import { a } from "../src/a.ts";'),
    sourceFile("tests/other_test.ts", 'import { c } from "../src/c.ts";'),
  ];
  assert.deepEqual(testsOf("src/a.ts", files), [
    { path: "tests/near_test.ts", distance: 1 },
    { path: "tests/far_test.ts", distance: 3 },
  ]);
});

test("a test in the folder that mirrors a file's own counts as nearer", () => {
  const files = [
    sourceFile("src/command/publish/a.ts", ""),
    sourceFile("tests/b_test.ts", 'import "./help.ts";'),
    sourceFile("tests/help.ts", 'import { a } from "../src/command/publish/a.ts";'),
    sourceFile("tests/command/publish/c_test.ts", 'import { help } from "../../help.ts";'),
  ];
  const near = testsOf("src/command/publish/a.ts", files).map(({ path }) => path);
  assert.deepEqual(near, ["tests/command/publish/c_test.ts", "tests/b_test.ts"]);
});

test("the lines that a test runs are read from lcov, as stretches of files below src/", () => {
  const lcov = [
    "SF:/copy/src/a.ts\nDA:1,1\nDA:2,4\nDA:3,0\nDA:7,2\nDA:6,1\nend_of_record",
    "SF:/copy/src/b.ts\nDA:1,0\nend_of_record",
    "SF:/copy/tests/help.ts\nDA:1,1\nend_of_record\n",
  ].join("\n");
  const covered = coveredLines(lcov, "/copy");
  assert.deepEqual(covered, { "src/a.ts": "1-2,6-7" });
  const is = (path: string, first: number, last = first): boolean =>
    isCovered(covered, { path, run: { first, last } });
  assert.deepEqual([1, 2, 3, 5, 6, 7, 8].filter((line) => is("src/a.ts", line)), [1, 2, 6, 7]);
  assert.ok(is("src/a.ts", 4, 6), "one that ends there");
  assert.ok(is("src/a.ts", 2, 3), "one that begins there");
  assert.ok(!is("src/b.ts", 1));
});

test("near and quick tests are tried first, in groups, and none beyond the budget", () => {
  const tests = [
    { path: "slow", distance: 1, seconds: 40 },
    { path: "far", distance: 5, seconds: 1 },
    { path: "near", distance: 1, seconds: 2 },
    { path: "next", distance: 2, seconds: 2 },
    { path: "too slow", distance: 1, seconds: 100 },
  ];
  const groups = groupsOf(tests, { group: 4, budget: 50 });
  assert.deepEqual(groups, [["near", "next"], ["far"], ["slow"]]);
});

test("a mutant counts where its file still type-checks, by the project's own settings", async () => {
  await using folder = await tempFolder({
    "deno.json": JSON.stringify({ compilerOptions: { strict: true, lib: ["es2023"] } }),
    "a.ts": "export const a: number = 1;\n",
    "b.ts": 'import { a } from "./a.ts";\nexport const b: number = a;\n',
  });
  const checks = openTypeCheck(folder.path, ["a.ts", "b.ts"]);
  const text = 'import { a } from "./a.ts";\nexport const b: number = ';
  assert.ok(checks("b.ts", `${text}a + 1;\n`));
  assert.ok(!checks("b.ts", `${text}a === 1;\n`));
  assert.ok(!checks("b.ts", `${text};\n`));
  assert.ok(checks("a.ts", "export const a: number = 2;\n"), "what was tried before is forgotten");
});

const VERDICT: Verdict = {
  ...{ id: "a", path: "src/a.ts", line: 3, from: "go();", to: ";", fate: "survived", seconds: 1 },
};

test("a log goes on where it was, a line that was cut short is forgotten, and the last word counts", async () => {
  await using folder = await tempFolder({
    "log.jsonl": `${JSON.stringify(VERDICT)}\n${
      JSON.stringify({ ...VERDICT, id: "b" }).slice(0, 9)
    }`,
  });
  const path = join(folder.path, "log.jsonl");
  assert.deepEqual([...openLog(path).verdicts.keys()], ["a"]);
  await rm(path);
  const log = openLog(path);
  await log.add(VERDICT);
  await log.add({ test: "a_test.ts", seconds: 2 });
  await log.add({ ...VERDICT, fate: "killed", by: "a test" });
  const again = openLog(path);
  assert.deepEqual([...again.verdicts.values()].map(({ fate }) => fate), ["killed"]);
  assert.equal(again.usual.get("a_test.ts")?.seconds, 2);
});

test("the figures count what type-checks, and name the survivors", () => {
  const fates = ["killed", "killed", "timeout", "survived", "invalid"] as const;
  assert.equal(
    tell(fates.map((fate, index) => ({ ...VERDICT, id: `${index}`, fate }))),
    "4 mutants: 2 killed, 1 out of time, 1 survived (75.0 %); 1 more do not type-check\n" +
      "  src/a.ts:3: go(); → ;",
  );
});
