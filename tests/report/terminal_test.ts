import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import {
  alignColumns,
  createPalette,
  displayWidth,
  PLAIN,
  wantsColour,
} from "../../src/report/terminal.ts";

test("wantsColour() asks the flag, NO_COLOR, FORCE_COLOR and the terminal, in this order", () => {
  const cases: readonly (readonly [string, Parameters<typeof wantsColour>[0], boolean])[] = [
    ["a terminal", { isTTY: true, env: {} }, true],
    ["no terminal", { isTTY: false, env: {} }, false],
    ["a dumb terminal", { isTTY: true, env: { TERM: "dumb" } }, false],
    ["the flag", { isTTY: true, env: { FORCE_COLOR: "1" }, noColor: true }, false],
    ["NO_COLOR", { isTTY: true, env: { NO_COLOR: "1", FORCE_COLOR: "1" } }, false],
    ["an empty NO_COLOR", { isTTY: true, env: { NO_COLOR: "" } }, true],
    ["FORCE_COLOR", { isTTY: false, env: { FORCE_COLOR: "1" } }, true],
    ["FORCE_COLOR=0", { isTTY: true, env: { FORCE_COLOR: "0" } }, false],
    ["an empty FORCE_COLOR", { isTTY: false, env: { FORCE_COLOR: "" } }, false],
  ];
  for (const [name, facts, expected] of cases) assert.equal(wantsColour(facts), expected, name);
});

test("a palette colours, or leaves a text as it is", () => {
  assert.equal(createPalette(true).red("x"), "\x1b[31mx\x1b[39m");
  assert.equal(createPalette(true).red(""), "");
  assert.equal(PLAIN.red("x"), "x");
});

test("a palette colours whatever standard output is, since its caller has decided", () => {
  const { isTTY } = process.stdout;
  const { NO_COLOR } = process.env;
  try {
    process.env.NO_COLOR = "1";
    for (const terminal of [true, false]) {
      process.stdout.isTTY = terminal;
      const { bold, dim, red, green, yellow, cyan } = createPalette(true);
      const painted = [bold, dim, red, green, yellow, cyan].map((paint) => paint("x"));
      assert.deepEqual(
        painted,
        [[1, 22], [2, 22], [31, 39], [32, 39], [33, 39], [36, 39]]
          .map(([on, off]) => `\x1b[${on}mx\x1b[${off}m`),
      );
    }
  } finally {
    process.stdout.isTTY = isTTY;
    if (NO_COLOR === undefined) delete process.env.NO_COLOR;
    else process.env.NO_COLOR = NO_COLOR;
  }
});

test("alignColumns() lines columns up by what a terminal draws", () => {
  assert.deepEqual(
    alignColumns([["name", "kind", "why"], ["日本", "npm", ""], ["e\u0301x", "crates", "changed"]]),
    [
      "name  kind    why",
      "日本  npm",
      "e\u0301x    crates  changed",
    ],
  );
});

test("alignColumns() pads outside the colours", () => {
  const { red } = createPalette(true);
  assert.deepEqual(alignColumns([[["a", red], "b"], ["long", "c"]]), [
    "\x1b[31ma\x1b[39m     b",
    "long  c",
  ]);
});

test("alignColumns() takes rows of different lengths, and none", () => {
  assert.deepEqual(alignColumns([["a"], ["bb", "c"]]), ["a", "bb  c"]);
  assert.deepEqual(alignColumns([]), []);
});

test("displayWidth() counts wide characters twice and marks not at all", () => {
  assert.deepEqual(["", "ab", "日本", "🎉", "e\u0301"].map(displayWidth), [0, 2, 4, 2, 1]);
});
