import { test } from "node:test";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createPublicKey, verify } from "node:crypto";
import { derSignature } from "../../../src/registry/sigstore/fulcio_signer.ts";
import fc from "../../support/property.ts";

function rawOf(r: string, s: string): Uint8Array {
  return Buffer.from(r.padStart(64, "0") + s.padStart(64, "0"), "hex");
}

const FORMS: readonly (readonly [name: string, r: string, s: string, der: string])[] = [
  ["small numbers", "01", "7f", "300602010102017f"],
  ["numbers that would read as negative", "80", "ff", "30080202008002" + "0200ff"],
  ["zero", "00", "00", "3006020100020100"],
  ["a zero inside", "0100", "01", "3007020201000201" + "01"],
];

for (const [name, r, s, der] of FORMS) {
  test(`derSignature writes ${name} in the fewest bytes`, () => {
    assert.equal(Buffer.from(derSignature(rawOf(r, s))).toString("hex"), der);
  });
}

test("derSignature of what the web platform signs is what Node verifies", async () => {
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(curve, true, [
    "sign",
    "verify",
  ]);
  const spki = Buffer.from(await crypto.subtle.exportKey("spki", publicKey));
  const key = createPublicKey({ key: spki, format: "der", type: "spki" });
  await fc.assert(
    fc.asyncProperty(fc.uint8Array(), async (data) => {
      const hash = { name: "ECDSA", hash: "SHA-256" };
      const raw = await crypto.subtle.sign(hash, privateKey, new Uint8Array(data));
      return verify("sha256", data, key, derSignature(new Uint8Array(raw)));
    }),
  );
});
