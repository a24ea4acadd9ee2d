import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../support/property.ts";
import { combineFailures, Failure, type Location } from "../../src/error.ts";
import { createPalette } from "../../src/report/terminal.ts";
import { renderFailure, renderProblem } from "../../src/report/render_problem.ts";
import { hostileText } from "../support/hostile.ts";
import { readRunnerLog } from "../support/runner.ts";

function rendered(location: Location): string {
  return renderProblem({ code: "PIOT_CONFIG_INVALID", message: "Cannot go on", location });
}

test("renderProblem() shows the message, the place, the line with a caret, and the way out", () => {
  const text = renderProblem({
    code: "PIOT_CONFIG_UNKNOWN_KEY",
    message: 'Cannot read the configuration: unknown key "pth"',
    hint: 'Did you mean "path"?',
    location: { file: "putitoutthere.toml", line: 12, column: 3, excerpt: '  pth = "py"' },
  });
  assert.equal(
    text,
    `error[PIOT_CONFIG_UNKNOWN_KEY]: Cannot read the configuration: unknown key "pth"
 --> putitoutthere.toml:12:3
   |
12 |   pth = "py"
   |   ^
help: Did you mean "path"?`,
  );
});

test("renderProblem() shows as much of a place as is known", () => {
  const head = "error[PIOT_CONFIG_INVALID]: Cannot go on\n";
  const cases: readonly (readonly [string, Location, string])[] = [
    ["a file", { file: "a.toml" }, " --> a.toml"],
    ["a column without a line", { file: "a.toml", column: 4 }, " --> a.toml"],
    ["a line", { file: "a.toml", line: 7 }, " --> a.toml:7"],
    [
      "a line with its text",
      { file: "a.toml", line: 7, excerpt: "x" },
      " --> a.toml:7\n  |\n7 | x",
    ],
    ["a place without its text", { file: "a.toml", line: 7, column: 2 }, " --> a.toml:7:2"],
    [
      "the end of a line",
      { file: "a", line: 1, column: 4, excerpt: "abc" },
      " --> a:1:4\n  |\n1 | abc\n  |    ^",
    ],
    [
      "a column beyond the line",
      { file: "a", line: 1, column: 99, excerpt: "abc" },
      " --> a:1:99\n  |\n1 | abc\n  |    ^",
    ],
    [
      "tabs and wide characters before the column",
      { file: "a", line: 1, column: 5, excerpt: "\t日本=x" },
      " --> a:1:5\n  |\n1 |   日本=x\n  |        ^",
    ],
    [
      "an empty line",
      { file: "a", line: 1, column: 1, excerpt: "" },
      " --> a:1:1\n  |\n1 |\n  | ^",
    ],
  ];
  for (const [name, location, expected] of cases) {
    assert.equal(rendered(location), head + expected, name);
  }
});

test("renderProblem() cuts a long line around the column", () => {
  const excerpt = `${"a".repeat(500)}X${"b".repeat(500)}`;
  const lines = rendered({ file: "a", line: 1, column: 501, excerpt }).split("\n");
  assert.equal(lines[3], `1 | …${"a".repeat(60)}X${"b".repeat(59)}…`);
  assert.equal(lines[4]!.indexOf("^"), lines[3]!.indexOf("X"));
});

test("renderProblem() indents what follows the first line of a message", () => {
  const text = renderProblem({
    code: "PIOT_GIT",
    message: "Cannot run git push: a\nb",
    hint: "c\nd",
  });
  assert.equal(text, "error[PIOT_GIT]: Cannot run git push: a\n  b\nhelp: c\n  d");
});

test("renderProblem() puts the subject before the message, and colours only labels", () => {
  const { red, bold } = createPalette(true);
  assert.equal(
    renderProblem({ code: "PIOT_GIT", message: "Cannot x" }, {
      palette: createPalette(true),
      subject: "demo 1.0.0 (npm)",
    }),
    `${red(bold("error[PIOT_GIT]"))}: demo 1.0.0 (npm): Cannot x`,
  );
});

test("no text of a problem forges a line, a colour or a command", () => {
  const texts = fc.tuple(hostileText(), hostileText(), hostileText(), hostileText(), fc.nat(40));
  fc.assert(
    fc.property(texts, ([message, hint, file, line, column]) => {
      const excerpt = line.replaceAll("\n", "");
      const text = renderProblem({
        code: "PIOT_GIT",
        message,
        hint,
        location: { file, line: 3, column: column + 1, excerpt },
      });
      assert.deepEqual(readRunnerLog(text), []);
      assert.doesNotMatch(text.replaceAll("\n", ""), /\p{Cc}/u);
      const unindented = text.split("\n").filter((line) => !/^ |^3 \|/.test(line));
      assert.deepEqual(unindented.map((line) => line.slice(0, 5)), ["error", "help:"]);
    }),
    { numRuns: 300 },
  );
});

test("renderFailure() shows every problem, a blank line between them", () => {
  const failure = combineFailures([
    new Failure("PIOT_USAGE", "Cannot do a", { hint: "Do b" }),
    new Failure("PIOT_GIT", "Cannot do c"),
  ]);
  assert.equal(
    renderFailure(failure),
    "error[PIOT_USAGE]: Cannot do a\nhelp: Do b\n\nerror[PIOT_GIT]: Cannot do c",
  );
});

test("renderFailure() shows what is underneath only when asked", () => {
  const socket = new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED\nagain") });
  const failure = new Failure("PIOT_NETWORK", "Cannot reach a", { cause: socket });
  assert.equal(renderFailure(failure), "error[PIOT_NETWORK]: Cannot reach a");
  assert.equal(
    renderFailure(failure, { verbose: true }),
    `error[PIOT_NETWORK]: Cannot reach a
caused by TypeError: fetch failed
caused by Error: connect ECONNREFUSED
  again`,
  );
});

test("renderFailure() of several failures does not show them again as causes", () => {
  const failure = combineFailures([
    new Failure("PIOT_USAGE", "Cannot do a", { cause: "a text" }),
    new Failure("PIOT_GIT", "Cannot do c", {
      cause: new Failure("PIOT_NETWORK", "Cannot reach d"),
    }),
  ]);
  assert.deepEqual(renderFailure(failure, { verbose: true }).split("\n").filter((line) => line), [
    "error[PIOT_USAGE]: Cannot do a",
    "error[PIOT_GIT]: Cannot do c",
    "caused by string: a text",
    "caused by PIOT_NETWORK: Cannot reach d",
  ]);
});

test("renderFailure() ends where causes go round in a circle", () => {
  const inner = new Error("inner");
  const failure = new Failure("PIOT_GIT", "Cannot x", { cause: inner });
  inner.cause = failure;
  assert.equal(
    renderFailure(failure, { verbose: true }),
    "error[PIOT_GIT]: Cannot x\ncaused by Error: inner",
  );
});
