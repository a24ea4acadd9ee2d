import assert from "node:assert/strict";
import fc from "../support/property.ts";
import { test } from "node:test";
import { outputEntries, outputEntry, workflowCommand } from "../../src/report/runner_protocol.ts";
import { hostileText } from "../support/hostile.ts";
import { readRunnerFile, readRunnerLog } from "../support/runner.ts";
import { randomUUID } from "node:crypto";

test("workflowCommand() writes what the runner documents", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["no data", workflowCommand("endgroup"), "::endgroup::\n"],
    ["data", workflowCommand("group", { data: "50%\nand: more" }), "::group::50%25%0Aand: more\n"],
    [
      "properties",
      workflowCommand("error", {
        data: "x",
        properties: { file: "a,b:c.toml", line: 3, col: 7, title: "PIOT_USAGE" },
      }),
      "::error file=a%2Cb%3Ac.toml,line=3,col=7,title=PIOT_USAGE::x\n",
    ],
    [
      "empty properties",
      workflowCommand("warning", { data: "x", properties: { file: "", title: "" } }),
      "::warning::x\n",
    ],
  ];
  for (const [name, command, expected] of cases) assert.equal(command, expected, name);
});

test("the runner reads back any text, and sees one command", () => {
  const property = hostileText().filter((text) => text.trim() === text && text !== "");
  fc.assert(fc.property(hostileText(), property, property, fc.nat(), (data, file, title, line) => {
    const log = workflowCommand("error", { data, properties: { file, title, line } });
    assert.equal(log.indexOf("\n"), log.length - 1);
    assert.deepEqual(readRunnerLog(log), [
      { name: "error", properties: { file, title, line: String(line) }, data },
    ]);
  }));
});

const delimiter = (): string => `piot_${randomUUID()}`;

test("outputEntry() always writes the form with a delimiter", () => {
  assert.equal(
    outputEntry(["matrix", '{"include":[]}'], "piot_0123456789abcdef"),
    'matrix<<piot_0123456789abcdef\n{"include":[]}\npiot_0123456789abcdef\n',
  );
});

test("the runner reads back any value, and no value makes an output of its own", () => {
  const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,8}$/);
  const value = fc.oneof(hostileText(), fc.string({ unit: "binary" }));
  fc.assert(fc.property(fc.dictionary(name, value, { noNullPrototype: true }), (outputs) => {
    const file = outputEntries(outputs, delimiter);
    assert.deepEqual([...readRunnerFile(file)], Object.entries(outputs));
  }));
});

test("entries that follow what another step left behind do not mix with it", () => {
  const value = "a=b\nx<<EOF\n\nEOF";
  const file = `other<<E\n1\nE\n${
    outputEntries({ mine: value, released: "true" }, delimiter)
  }after=2\n`;
  assert.deepEqual([...readRunnerFile(file)], [
    ["other", "1"],
    ["mine", value],
    ["released", "true"],
    ["after", "2"],
  ]);
});

test("outputEntry() refuses what would break out of its entry", () => {
  const good = "piot_0123456789abcdef";
  const cases: readonly (readonly [string, string, string, string])[] = [
    ["the delimiter as a line of the value", "a", `x\n${good}\nb=c`, good],
    ["the delimiter within a line", "a", `x${good}x`, good],
    ["a short delimiter", "a", "x", "EOF"],
    ["a delimiter with a line break", "a", "x", `${good}\n${good}`],
    ["a name with a line break", "a\nb", "x", good],
    ["a name with an equals sign", "a=b", "x", good],
    ["a name that starts with a digit", "1a", "x", good],
    ["an empty name", "", "x", good],
  ];
  for (const [name, output, value, mark] of cases) {
    assert.throws(() => outputEntry([output, value], mark), /^Error: unreachable: /, name);
  }
});
