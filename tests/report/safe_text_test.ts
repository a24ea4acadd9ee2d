import assert from "node:assert/strict";
import fc from "../support/property.ts";
import { test } from "node:test";
import { escapeLines, escapeText, guardCommands } from "../../src/report/safe_text.ts";
import { hostileText } from "../support/hostile.ts";
import { readRunnerLog } from "../support/runner.ts";

test("escapeText() shows what would not be seen", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["line breaks and tabs", "a\nb\r\nc\td", "a\\nb\\r\\nc\\td"],
    ["a colour", "\x1b[31mred", "\\x1b[31mred"],
    ["a C1 control", "\x9b31m", "\\x9b31m"],
    ["a direction override", "exe.\u202egnp", "exe.\\u202egnp"],
    ["a line separator", "a\u2028b", "a\\u2028b"],
    ["a tag character", "a\u{e0041}b", "a\\u{e0041}b"],
    ["half a surrogate pair", "a\ud800b", "a\\ud800b"],
    ["words of any script", "demo-日本-é 🎉", "demo-日本-é 🎉"],
  ];
  for (const [name, text, expected] of cases) assert.equal(escapeText(text), expected, name);
});

test("escapeText() gives one line without a control character, whatever the text", () => {
  fc.assert(fc.property(hostileText(), (text) => {
    assert.doesNotMatch(escapeText(text), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
  }));
});

test("escapeLines() keeps line breaks and nothing else", () => {
  assert.deepEqual(escapeLines("a\r\nb\n\rc"), ["a", "b", "\\rc"]);
});

test("guardCommands() leaves the runner nothing to obey", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["a command", "::error::x", ": :error::x"],
    ["a command after blanks", "a\n \t::error::x", "a\n \t: :error::x"],
    ["an older command anywhere", "a ##[error]x", "a # #[error]x"],
    ["a path of Rust", "use std::fs", "use std::fs"],
    ["three colons", ":::error::x", ": ::error::x"],
  ];
  for (const [name, text, expected] of cases) assert.equal(guardCommands(text), expected, name);
});

test("escaped and guarded, no text is a command", () => {
  fc.assert(
    fc.property(hostileText(), hostileText(), (first, second) => {
      const text = [...escapeLines(first), `${escapeText(second)}${escapeText(first)}`].join("\n");
      assert.deepEqual(readRunnerLog(guardCommands(text)), []);
    }),
    { numRuns: 500 },
  );
});
