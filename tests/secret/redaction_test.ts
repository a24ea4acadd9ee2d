import assert from "node:assert/strict";
import { test } from "node:test";
import { createVault } from "../../src/secret/vault.ts";
import { findCanary } from "../support/canary.ts";
import fc from "../support/property.ts";
import { SPELLINGS } from "../support/spelled.ts";

const TOKENS: Readonly<Record<string, string>> = {
  "a token of npm": "npm_a1B2c3D4e5F6g7H8i9J0kLmNoPqRsTuVwXyZ",
  "a token of PyPI": `pypi-AgEIcHlwaS5vcmcCJGY4${"Zj-_9".repeat(24)}`,
  "a token of crates.io": "ciowjxHDfs72LkmQ9bZtRy4NcVe81pAs",
  "a password with everything": `p&ss<w>"o'rd%41\\n-é😀-{}[]~+/=long`,
  "a short one": "cioWjx72",
};

for (const [name, secret] of Object.entries(TOKENS)) {
  test(`${name} leaves a text, however it is spelled, and nothing else does`, () => {
    const vault = createVault();
    vault.add(secret);
    for (const [how, spell] of Object.entries(SPELLINGS)) {
      const text = `begin ${spell(secret)} end`;
      assert.notDeepEqual(findCanary(text, secret), [], `the scanner sees it: ${how}`);
      const redacted = vault.redact(text);
      assert.deepEqual(findCanary(redacted, secret), [], `${how}: ${redacted}`);
      assert.match(redacted, /^begin [^]* end$/, how);
    }
  });
}

/** Words that no secret below has ten characters in common with. */
const WORDS = [
  "Cannot",
  "upload",
  "demo-1.2.3.tar.gz:",
  "403",
  "é",
  "日本",
  "&",
  "100%",
  "C:\\x",
  "|",
  '"ok"',
];

const words = fc.array(fc.constantFrom(...WORDS), { maxLength: 6 }).map((all) => all.join(" "));
const letter = fc.constantFrom(
  ..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
);
const any = fc.oneof(
  { arbitrary: letter, weight: 5 },
  { arbitrary: fc.constantFrom(..."-_.~+/=%&<>\"'\\:;,!?#@()[]{}^`*$é日😀"), weight: 1 },
);
/** Random, so that a part of one is no word; it has letters and digits as tokens have. */
const secrets = fc.array(any, { minLength: 12, maxLength: 80 })
  .map((all) => `k3Y${all.join("")}9z`);
const spells = fc.constantFrom(...Object.keys(SPELLINGS));
/** What a program on the way does to a text as a whole. */
const wraps = fc.constantFrom(
  (text: string) => text,
  (text: string) => JSON.stringify({ error: text }),
  (text: string) => encodeURIComponent(text),
  (text: string) => text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`),
);

test("nothing of any secret is left of any text, whoever spelled it and whatever came of that", () => {
  fc.assert(
    fc.property(secrets, spells, wraps, words, words, (secret, how, wrap, before, behind) => {
      const vault = createVault();
      vault.add(secret);
      const redacted = vault.redact(wrap(`${before} ${SPELLINGS[how]!(secret)} ${behind}`));
      assert.deepEqual(findCanary(redacted, secret), [], redacted);
    }),
    { numRuns: 1_000 },
  );
});

test("what stands around a secret stays as it is, byte for byte", () => {
  fc.assert(
    fc.property(secrets, spells, words, words, (secret, how, before, behind) => {
      const vault = createVault();
      vault.add(secret);
      const [start, end] = [`${before} `, ` ${behind}`];
      const redacted = vault.redact(`${start}${SPELLINGS[how]!(secret)}${end}`);
      assert.equal(redacted.slice(0, start.length), start);
      assert.equal(redacted.slice(-end.length), end);
    }),
    { numRuns: 1_000 },
  );
});

test("a text without a secret is the very same text", () => {
  const texts = fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), words, fc.json());
  fc.assert(
    fc.property(secrets, texts, (secret, text) => {
      fc.pre(findCanary(text, secret).length === 0);
      const vault = createVault();
      vault.add(secret);
      assert.equal(vault.redact(text), text);
    }),
    { numRuns: 1_000 },
  );
});
