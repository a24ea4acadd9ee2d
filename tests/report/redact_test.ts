import assert from "node:assert/strict";
import { test } from "node:test";
import { createRedactor } from "../../src/report/redact.ts";

test("a redactor takes secrets out, however they are spelled", () => {
  const redactor = createRedactor();
  redactor.add("pypi-A/b+c==\n");
  redactor.add('first line\nsecond "line"');
  redactor.add("pypi-A");
  redactor.add("abc");
  redactor.add("");
  const cases: readonly (readonly [string, string, string])[] = [
    ["as it is", "token pypi-A/b+c== end", "token *** end"],
    ["in an address", "https://x/?t=pypi-A%2Fb%2Bc%3D%3D&", "https://x/?t=***&"],
    ["in JSON", JSON.stringify({ t: 'second "line"' }), '{"t":"***"}'],
    ["one line of several", "first line", "***"],
    ["the start of another secret", "pypi-A only", "*** only"],
    ["too short to be one", "abc", "abc"],
    ["twice", "pypi-Apypi-A", "******"],
    ["none", "nothing", "nothing"],
  ];
  for (const [name, text, expected] of cases) assert.equal(redactor.redact(text), expected, name);
});

test("a redactor takes no part in what its secrets mean to a pattern", () => {
  const redactor = createRedactor();
  redactor.add("a.b*$&c");
  assert.equal(redactor.redact("axb a.b*$&c"), "axb ***");
});
