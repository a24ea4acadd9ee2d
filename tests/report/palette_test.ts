import assert from "node:assert/strict";
import { test } from "node:test";
import { createPalette, PLAIN, wantsColour } from "../../src/report/palette.ts";

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
