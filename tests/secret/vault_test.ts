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

const TOKEN = "npm_a1B2c3D4e5F6g7H8i9J0kLmNoPqRsTuVwXyZ";

function hide(text: string, ...secrets: readonly string[]): string {
  const vault = createVault();
  for (const secret of secrets.length === 0 ? [TOKEN] : secrets) vault.add(secret);
  return vault.redact(text);
}

for (
  const { name, text, hidden } of [
    { name: "the first half", text: `got ${TOKEN.slice(0, 20)} here`, hidden: "got *** here" },
    { name: "the second half", text: `got ${TOKEN.slice(20)} here`, hidden: "got *** here" },
    { name: "ten characters", text: `got ${TOKEN.slice(5, 15)} here`, hidden: "got *** here" },
    { name: "eight and a mark", text: `got ${TOKEN.slice(0, 8)}… here`, hidden: "got ***… here" },
    { name: "eight and dots", text: `got ${TOKEN.slice(0, 8)}... here`, hidden: "got ***... here" },
    {
      name: "eight and stars",
      text: `got ${TOKEN.slice(0, 8)}**** here`,
      hidden: "got ******* here",
    },
    {
      name: "the last eight behind a mark",
      text: `got …${TOKEN.slice(-8)} here`,
      hidden: "got …*** here",
    },
    { name: "eight where a text ends", text: `got ${TOKEN.slice(0, 8)}`, hidden: "got ***" },
    {
      name: "half of its base64",
      text: `got ${btoa(`u:${TOKEN}`).slice(0, 30)} here`,
      hidden: "got dT*** here",
    },
    {
      name: "half of its hexadecimal",
      text: `got ${
        [...TOKEN].map((one) => one.charCodeAt(0).toString(16)).join("").slice(0, 30)
      }… here`,
      hidden: "got ***… here",
    },
    {
      name: "its kind",
      text: "a token begins with npm_ as a rule",
      hidden: "a token begins with npm_ as a rule",
    },
    {
      name: "a word behind a part",
      text: `got ${TOKEN.slice(0, 14)} Good`,
      hidden: "got *** Good",
    },
  ]
) {
  test(`a vault knows a part that a cut left: ${name}`, () => {
    assert.equal(hide(text), hidden);
  });
}

test("a part that is made of words is a word up to sixteen letters", () => {
  const secret = "pebble-python-release-token-1f2e3d4c5b6a";
  const text = '{"name":"pebble-python","tag":"pebble-python-v1.2.3"}';
  assert.equal(hide(text, secret), text);
  assert.equal(hide("pebble-python-release is out", secret), "*** is out");
  assert.equal(hide(`${secret}!`, secret), "***!");
});

test("a secret of one to five characters is left alone, with or without blanks", () => {
  for (const secret of ["a", "to", "abc", "test", "token"]) {
    const text = "a test of the token abc";
    assert.equal(hide(text, secret, ` ${secret}\n`), text);
  }
});

test("a short secret is looked for in one piece, so that words do not make it up", () => {
  assert.equal(hide("he redo es", "hered0", "heredo"), "he redo es");
  assert.equal(hide("x heredo y", "heredo"), "x *** y");
});

for (
  const { name, document } of [
    { name: "a text", document: { a: `x ${TOKEN} y`, b: [1, true, null, "kept"] } },
    {
      name: "an escape before it",
      document: { a: `\n${TOKEN}`, b: `\\${TOKEN}\\`, c: `"${TOKEN}"` },
    },
    { name: "its letter in an escape", document: { a: `\n${TOKEN.slice(1)}` } },
    { name: "a key", document: { [TOKEN]: 1 } },
    { name: "a list of bytes", document: [[...new TextEncoder().encode(TOKEN)]] },
    { name: "JSON in it", document: { a: JSON.stringify({ b: TOKEN }) } },
  ]
) {
  for (const indent of [0, 2]) {
    test(`a JSON document stays one when a secret leaves it: ${name}, indented by ${indent}`, () => {
      const text = `${JSON.stringify(document, null, indent)}\n`;
      const redacted = hide(text);
      assert.notEqual(redacted, text);
      assert.equal(`${JSON.stringify(JSON.parse(redacted), null, indent)}\n`, redacted);
      assert.ok(!redacted.includes(TOKEN.slice(5)), redacted);
    });
  }
}

test("a secret that is JSON leaves a document that holds it in its structure, and that stays JSON", () => {
  const secret = '{"private_key":"abcdefghij","id":12345}';
  const redacted = hide(`{"a":1,"b":[${secret}]}`, secret);
  assert.doesNotThrow(() => JSON.parse(redacted));
  assert.ok(!redacted.includes("abcdefghij"));
});

test("a document without a secret is the same text, byte for byte", () => {
  const text = '{ "b":1,\n\t"a" : "x",  "a": "\\u0041\\/" }';
  assert.equal(hide(text), text);
});

test("every line of a secret of many lines is one, and the whole of it", () => {
  const key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqh\nkiG9w0BAQEFAASC\n-----END KEY-----\n";
  assert.equal(hide("got MIIEvQIBADANBgkqh", key), "got ***");
  assert.equal(hide(JSON.stringify({ key }), key), '{"key":"***\\n"}');
});

test("a secret that is learned late leaves what is written from then on", () => {
  const vault = createVault();
  const heard: string[] = [];
  vault.add("first-of-all");
  vault.onSecret((line) => void heard.push(line));
  assert.equal(vault.redact(TOKEN), TOKEN);
  vault.add(`${TOKEN}\n`);
  vault.add(TOKEN);
  vault.add("one line\nanother line\nabc");
  assert.equal(vault.redact(TOKEN), "***");
  assert.deepEqual(heard, ["first-of-all", TOKEN, "one line", "another line"]);
});

test("hundreds of identity tokens that begin alike are told apart", () => {
  const vault = createVault();
  const token = (at: number): string =>
    `${btoa('{"alg":"RS256","typ":"JWT","kid":"k"}')}.${btoa(`{"sub":"repo:o/r","jti":"${at}"}`)}.${
      btoa(String.fromCharCode(...Array.from({ length: 256 }, (_, i) =>
        (i * i * 7 + at * 31 + i) % 256)))
    }`.replaceAll("=", "");
  for (let at = 0; at < 300; at++) vault.add(token(at));
  for (const at of [0, 1, 150, 299]) {
    assert.equal(vault.redact(`a ${token(at)} b`), "a *** b");
    assert.equal(vault.redact(`a ${token(at).slice(-60)} b`), "a *** b");
  }
});
