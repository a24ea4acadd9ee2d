import assert from "node:assert/strict";
import { test } from "node:test";
import { createVault } from "../../src/secret/vault.ts";

test("a vault takes secrets out, however they are spelled", () => {
  const vault = createVault();
  vault.add("pypi-A/b+c==\n");
  vault.add('first line\nsecond "line"');
  vault.add("pypi-A");
  vault.add("abc");
  vault.add("");
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
  for (const [name, text, expected] of cases) assert.equal(vault.redact(text), expected, name);
});

test("a vault takes no part in what its secrets mean to a pattern", () => {
  const vault = createVault();
  vault.add("a.b*$&c");
  assert.equal(vault.redact("axb a.b*$&c"), "axb ***");
});
