/** What Sigstore's servers answer, good and bad: an entry that is not ours, or an answer that nobody can use, signs nothing. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { Failure } from "../../../src/error.ts";
import type { AnswerLimits } from "../../../src/host/answer.ts";
import { fulcioSigner, NoCertificate } from "../../../src/registry/sigstore/fulcio_signer.ts";
import { logWitness, NoEntry } from "../../../src/registry/sigstore/log_witness.ts";
import { BAD_ANSWERS, FOREIGN_ANSWERS } from "../../support/bad_answers.ts";
import { rawServer, reply } from "../../support/raw_server.ts";
import { testHost } from "../../support/test_host.ts";

const PAYLOAD = Buffer.from("a statement");
const SIGNED = {
  $case: "dsseEnvelope",
  dsseEnvelope: {
    payload: PAYLOAD,
    payloadType: "application/vnd.in-toto+json",
    signatures: [{ sig: Buffer.from("a signature"), keyid: "" }],
  },
} as const;

type Testify = ReturnType<typeof logWitness>["testify"];

function testify(
  { url, limits }: { url: string; limits?: Partial<AnswerLimits> | undefined },
): ReturnType<Testify> {
  const { http } = testHost({ limits });
  return logWitness({ http, rekor: url }).testify(structuredClone(SIGNED) as never, "a key");
}

/** An entry as the log answers with it. */
function entryOf(payload: Uint8Array, over: Record<string, unknown> = {}): string {
  const hash = createHash("sha256").update(payload).digest("hex");
  const body = { apiVersion: "0.0.1", kind: "dsse", spec: { payloadHash: { value: hash } } };
  const entry = {
    body: Buffer.from(JSON.stringify(body)).toString("base64"),
    integratedTime: 1,
    logID: "ab",
    logIndex: 7,
    verification: {
      signedEntryTimestamp: "c2V0",
      inclusionProof: { logIndex: 7, treeSize: 8, rootHash: "cd", hashes: ["ef"], checkpoint: "x" },
    },
    ...over,
  };
  return JSON.stringify({ [ID]: entry });
}

const ID = "0".repeat(80);
const json = { "content-type": "application/json" };

test("an entry of the log becomes what a bundle says of it", async () => {
  await using log = await rawServer(() =>
    reply(entryOf(PAYLOAD), { ...json, status: "201 Created" })
  );
  const { tlogEntries: [entry] = [] } = await testify(log);
  assert.equal(entry?.logIndex, "7");
  assert.deepEqual(entry?.kindVersion, { kind: "dsse", version: "0.0.1" });
  assert.equal(entry?.inclusionProof?.treeSize, "8");
  assert.equal(Buffer.from(entry!.inclusionPromise!.signedEntryTimestamp).toString(), "set");
});

test("an entry that the log has already is fetched from where it says, on this log alone", async () => {
  await using elsewhere = await rawServer(() => reply(entryOf(PAYLOAD), json));
  await using log = await rawServer(({ method }) =>
    method === "GET" ? reply(entryOf(PAYLOAD), json) : reply("{}", {
      status: "409 Conflict",
      location: `${elsewhere.url}/api/v1/log/entries/${ID}`,
    })
  );
  assert.equal((await testify(log)).tlogEntries?.length, 1);
  assert.deepEqual(log.requests.map(({ method, path }) => `${method} ${path}`), [
    "POST /api/v1/log/entries",
    `GET /api/v1/log/entries/${ID}`,
  ]);
  assert.deepEqual(elsewhere.requests, []);
});

const NOT_OURS: readonly { readonly name: string; readonly body: string }[] = [
  { name: "of another statement", body: entryOf(Buffer.from("another statement")) },
  { name: "whose body is no document", body: entryOf(PAYLOAD, { body: "????" }) },
  { name: "without a place in the log", body: entryOf(PAYLOAD, { logIndex: undefined }) },
  { name: "that is a list", body: "[[]]" },
];
for (const { name, body } of NOT_OURS) {
  test(`an entry ${name} is none of ours`, async () => {
    await using log = await rawServer(() => reply(body, { ...json, status: "201 Created" }));
    await assert.rejects(testify(log), (error) => {
      assert.ok(error instanceof NoEntry);
      assert.match(error.message, /^its log answers with no entry of ours/);
      return true;
    });
  });
}

test("what nobody can use of the log is told with its own code, and what is not the log's is no entry", async (t) => {
  for (const { name, say, code, limits } of BAD_ANSWERS) {
    await t.test(`an answer that ${name}`, async () => {
      await using log = await rawServer(() => say(log.url));
      const error = await testify({ url: log.url, limits }).catch((reason: unknown) => reason);
      if (code === "PIOT_ANSWER_REDIRECTED") return assert.ok(error instanceof NoEntry);
      assert.ok(error instanceof Failure, String(error));
      assert.equal(error.code, code);
      assert.equal(log.requests.length, 1);
    });
  }
  for (const { name, say } of FOREIGN_ANSWERS) {
    await t.test(`an answer that is ${name}`, async () => {
      await using log = await rawServer(say);
      await assert.rejects(testify(log), NoEntry);
    });
  }
});

test("what nobody can use of the certificate authority is told with its own code", async (t) => {
  const claims = Buffer.from(JSON.stringify({ sub: "a job" })).toString("base64url");
  const sign = (
    { url, limits }: { url: string; limits?: Partial<AnswerLimits> | undefined },
  ): Promise<unknown> => {
    const identityToken = (): Promise<string> => Promise.resolve(`e30.${claims}.c2ln`);
    const { http, clock } = testHost({ limits });
    return fulcioSigner({ http, clock, fulcio: url, identityToken }).sign(Buffer.from("x"));
  };
  for (const { name, say, code, limits } of BAD_ANSWERS) {
    await t.test(`an answer that ${name}`, async () => {
      await using authority = await rawServer(() => say(authority.url));
      const error = await sign({ url: authority.url, limits }).catch((reason: unknown) => reason);
      if (code === "PIOT_ANSWER_REDIRECTED") return assert.ok(error instanceof NoCertificate);
      assert.ok(error instanceof Failure, String(error));
      assert.equal(error.code, code);
      assert.equal(authority.requests.length, 1);
    });
  }
  for (const { name, say } of FOREIGN_ANSWERS) {
    await t.test(`an answer that is ${name}`, async () => {
      await using authority = await rawServer(say);
      await assert.rejects(sign(authority), NoCertificate);
    });
  }
});
