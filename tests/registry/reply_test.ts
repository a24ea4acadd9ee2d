import { test } from "node:test";
import assert from "node:assert/strict";
import { readReply } from "../../src/registry/reply.ts";
import type { LocalReply } from "../../src/rehearsal/server/messages.ts";
import { serve } from "../../src/rehearsal/server/serve.ts";

/** What is made of an answer that went over the wire. */
async function replyTo(how: LocalReply): Promise<Awaited<ReturnType<typeof readReply>>> {
  await using server = await serve(() => () => how);
  return await readReply(await fetch(server.url));
}

const html = { "content-type": "text/html" };

const WORDS: readonly { name: string; how: LocalReply; words: string }[] = [
  { name: "error of JSON", how: { status: 403, body: { error: "no", message: "x" } }, words: "no" },
  { name: "message of JSON", how: { status: 404, body: { message: "gone" } }, words: "gone" },
  { name: "a JSON string", how: { status: 404, body: '"Not Found"' }, words: "Not Found" },
  {
    name: "plain text",
    how: { status: 413, body: "Payload Too Large" },
    words: "Payload Too Large",
  },
  {
    name: "the title of a page",
    how: { status: 403, headers: html, body: "<html><TITLE>\n Just a\tmoment </TITLE><p>…" },
    words: "Just a moment",
  },
  {
    name: "the text of a page without a title",
    how: { status: 502, headers: html, body: "<center><h1>502 Bad Gateway</h1></center>" },
    words: "502 Bad Gateway",
  },
  {
    name: "the reason phrase of an empty body",
    how: { status: 503 },
    words: "Service Unavailable",
  },
  {
    name: "the reason phrase of JSON without words, whose values may be secret",
    how: { status: 201, body: { access_token: "npm_secret", doneUrl: "https://x/secret" } },
    words: "Created",
  },
  {
    name: "nothing of JSON that breaks off, which may hold a secret",
    how: { status: 201, body: '{"token":"npm_secr' },
    words: "Created",
  },
  {
    name: "words without what could forge or turn round a line",
    how: { status: 400, body: { error: "a\r\n::error::b\u001b[31m\u202ec\u2028d" } },
    words: "a ::error::b [31m c d",
  },
  {
    name: "bytes that are no UTF-8",
    how: { status: 400, body: new Uint8Array([0x6e, 0x6f, 0xff, 0xfe]) },
    words: "no\ufffd\ufffd",
  },
];

for (const { name, how, words } of WORDS) {
  test(`readReply takes for words ${name}`, async () => {
    assert.equal((await replyTo(how)).words, words);
  });
}

test("readReply cuts words off without cutting a character in two", async () => {
  const { words } = await replyTo({ status: 400, body: { error: "😀".repeat(900) } });
  assert.equal(words, "😀".repeat(500));
});

test("readReply reads a page of a million opening brackets as fast as any other", async () => {
  const { words, json } = await replyTo({ status: 500, body: "<title".repeat(200_000) });
  assert.equal(json, undefined);
  assert.ok(words.length <= 500);
});
