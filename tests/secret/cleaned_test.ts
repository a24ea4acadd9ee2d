import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../src/error.ts";
import { createVault, type Vault } from "../../src/secret/vault.ts";
import { inspect } from "node:util";

const TOKEN = "npm_a1B2c3D4e5F6g7H8i9J0kLmNoPqRsTuVwXyZ";

function vaultWithToken(): Vault {
  const vault = createVault();
  vault.add(TOKEN);
  return vault;
}

test("a value without a secret is the very same value", () => {
  const value = { a: ["b", 1, null, { c: undefined }], d: new Map([["e", TOKEN]]), f: [1, 2, 3] };
  assert.equal(vaultWithToken().clean(value), value);
});

test("every text of a value is cleaned, in lists, under keys, as bytes, and the keys as well", () => {
  const value = {
    a: [`x ${TOKEN}`, { b: TOKEN.toUpperCase() }],
    [`k ${TOKEN}`]: 1,
    bytes: [...new TextEncoder().encode(TOKEN)],
    kept: "kept",
  };
  assert.deepEqual(vaultWithToken().clean(value), {
    a: ["x ***", { b: "***" }],
    "k ***": 1,
    bytes: "***",
    kept: "kept",
  });
  assert.equal(value.a[0], `x ${TOKEN}`, "the caller's value is the caller's");
});

test("an error is the same error without its secret, and so is what caused it", () => {
  const answer = Object.assign(new Error(`401 ${TOKEN}`), {
    response: { headers: { authorization: `Bearer ${TOKEN}` }, data: { message: TOKEN } },
  });
  const failure = new Failure("PIOT_AUTH_REFUSED", `Cannot use ${TOKEN}`, {
    hint: `Look at ${btoa(`u:${TOKEN}`)}`,
    location: { file: "a.toml", line: 1, excerpt: `token = "${TOKEN}"` },
    cause: new AggregateError([answer], `several: ${TOKEN}`),
  });
  const stack = failure.stack!;
  const cleaned = vaultWithToken().clean(failure);
  assert.equal(cleaned, failure);
  assert.ok(cleaned instanceof Failure);
  assert.equal(cleaned.message, "Cannot use ***");
  assert.equal(cleaned.problems[0]!.message, "Cannot use ***");
  assert.equal(cleaned.location!.excerpt, 'token = "***"');
  assert.equal(cleaned.stack, stack.replace(TOKEN, "***"));
  const shown = inspect(failure, { depth: 20, showHidden: true });
  assert.ok(!shown.includes(TOKEN) && !shown.includes(btoa(TOKEN).slice(3, 20)), shown);
});

test("an error that leads back to itself, and one that cannot be changed, are no trouble", () => {
  const first = new Error(TOKEN);
  const second = new Error("b", { cause: first });
  first.cause = second;
  assert.equal(vaultWithToken().clean(second), second);
  assert.equal(first.message, "***");
  const frozen = Object.freeze(new Error(TOKEN));
  assert.equal(vaultWithToken().clean(frozen), frozen);
  const aborted = new DOMException(`timeout ${TOKEN}`, "AbortError");
  vaultWithToken().clean(aborted);
  assert.equal(aborted.message, "timeout ***");
  assert.equal(aborted.name, "AbortError");
});

test("a list that holds itself is no trouble", () => {
  const list: unknown[] = [TOKEN];
  list.push(list);
  assert.equal((vaultWithToken().clean(list) as unknown[])[0], "***");
});
