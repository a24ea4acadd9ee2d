import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import fc from "../support/property.ts";
import { outputEntries, outputEntry } from "../../src/report/output_entry.ts";
import { hostileText } from "../support/hostile.ts";
import { readRunnerFile } from "../support/runner.ts";

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
