import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { test } from "node:test";
import { Failure } from "../../src/error.ts";
import { ANSWER_LIMITS, isNoAnswer, readAnswer } from "../../src/host/answer.ts";
import type { HttpRequest } from "../../src/host/host.ts";
import { BAD_ANSWERS, type BadAnswer } from "../support/bad_answers.ts";
import { type RawServer, rawServer, reply } from "../support/raw_server.ts";
import { testHost } from "../support/test_host.ts";

const WAYS: readonly { readonly name: string; readonly request: HttpRequest }[] = [
  { name: "a read", request: {} },
  { name: "a write", request: { method: "POST", body: "x" } },
  {
    name: "an upload",
    request: {
      method: "PUT",
      body: {
        size: 3,
        chunks: async function* (): AsyncGenerator<Uint8Array> {
          yield await Promise.resolve(new Uint8Array(3));
        },
      },
    },
  },
];

function isJudged({ code, found }: BadAnswer, server: RawServer): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof Failure, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, found);
    assert.ok(error.message.startsWith(`Cannot use the answer of ${server.url} to `));
    assert.equal(error.message.includes("secret"), false);
    assert.equal(error.exitCode, 1);
    assert.ok(error.hint !== undefined);
    assert.ok(isNoAnswer(error));
    return true;
  };
}

for (const { name, request } of WAYS) {
  for (const bad of BAD_ANSWERS) {
    // A write is not redirected: what it leads to is for its caller to tell.
    const isLeft = bad.code === "PIOT_ANSWER_REDIRECTED" && request.method !== undefined;
    // Uploads ask for no packing, so that any is unasked.
    const found = request.method === "PUT" && /unpack/.test(`${bad.name} ${bad.found}`)
      ? { ...bad, code: "PIOT_ANSWER_BROKEN", found: /unasked$/ } as const
      : bad;
    test(`an answer to ${name} that ${bad.name} is ${isLeft ? "left to the caller" : found.code}`, async () => {
      await using server = await rawServer(() => bad.say(server.url));
      const { http, waits } = testHost(bad);
      const sent = http(`${server.url}/a/b?secret=1`, request);
      if (isLeft) assert.ok((await sent).status < 400);
      else await assert.rejects(sent, isJudged(found, server));
      assert.deepEqual(waits, []);
    });
  }
}

test("an answer is read as far as it may be, packed bytes counted unpacked", async () => {
  const body = JSON.stringify({ versions: {}, readme: "x".repeat(100_000) });
  await using server = await rawServer(() => reply(gzipSync(body), { "content-encoding": "gzip" }));
  const { http } = testHost();
  assert.equal(await (await http(server.url, { limit: body.length })).text(), body);
  await assert.rejects(http(server.url, { limit: body.length - 1 }), (error: Failure) => {
    assert.equal(error.code, "PIOT_ANSWER_TOO_LARGE");
    return true;
  });
});

test("an answer of a few words is bounded by 4 MiB, unless the caller expects more", async () => {
  const body = new Uint8Array(4 * 2 ** 20 + 1).fill(32);
  await using server = await rawServer(() => reply(body));
  const { http } = testHost();
  await assert.rejects(http(server.url), { code: "PIOT_ANSWER_TOO_LARGE" });
  assert.equal(
    (await (await http(server.url, { limit: body.length })).arrayBuffer()).byteLength,
    body.length,
  );
});

test("a read whose answer breaks off is sent again", async () => {
  const answers = ["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", reply("whole")];
  await using server = await rawServer(() => answers.shift()!);
  const host = testHost();
  assert.equal(await (await host.http(server.url)).text(), "whole");
  assert.deepEqual(host.waits, [500]);
});

test("a status line may say anything, and its words are plain", async () => {
  await using server = await rawServer(() => reply("{}", { status: "200 \u0439\u00e9" }));
  const answer = await testHost().http(server.url);
  assert.match(answer.statusText, /^[\x20-\x7e]*$/);
});

for (const status of [204, 205]) {
  test(`an answer of ${status} has no body, whatever is sent`, async () => {
    await using server = await rawServer(() => reply("{}", { status: `${status} Nothing` }));
    assert.equal(await (await testHost().http(server.url)).text(), "");
  });
}

test("every request asks for the packings alone that both runtimes unpack", async () => {
  await using server = await rawServer(() => reply("{}"));
  const { http } = testHost();
  for (const { request } of WAYS) await http(server.url, request);
  await http(server.url, { headers: { "accept-encoding": "zstd" } });
  const asked = server.requests.map(({ text }) => /accept-encoding: ([^\r]*)/i.exec(text)?.[1]);
  assert.deepEqual(asked, ["gzip, br", "gzip, br", "identity", "gzip, br"]);
});

test("large answers come one at a time, and none of them keeps the others waiting for ever", async () => {
  const sizes = [5, 6, 5, 20, 5, 7].map((size) => size * 2 ** 20);
  await using server = await rawServer(({ path }) => {
    const index = Number(path.slice(1));
    const body = new Uint8Array(sizes[index]!).fill(index);
    // One of them breaks off behind its first half.
    return index === 2 ? reply(body).subarray(0, body.length - 1000) : reply(body);
  });
  const { http } = testHost();
  const asked = sizes.map(async (_, index) => {
    const answer = await http(`${server.url}/${index}`, { limit: 8 * 2 ** 20, idempotent: false });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    assert.ok(bytes.every((byte) => byte === index));
    return bytes.length;
  });
  const settled = await Promise.allSettled(asked);
  assert.deepEqual(
    settled.map((result) =>
      result.status === "fulfilled" ? result.value : (result.reason as Failure).code
    ),
    [sizes[0], sizes[1], "PIOT_NETWORK", "PIOT_ANSWER_TOO_LARGE", sizes[4], sizes[5]],
  );
});

test("what is kept of an answer's piece is the piece, and not the buffer that it was cut from", async () => {
  const buffer = new Uint8Array(1_000);
  let count = 0;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (count === 3) return controller.close();
      // A client may fill the same buffer again: whatever is kept of it changes.
      buffer.fill(0x61 + count++);
      controller.enqueue(buffer.subarray(0, 2));
    },
  }, { highWaterMark: 0 });
  const answer = await readAnswer(new Response(body), {
    ...{ asked: { method: "GET", url: new URL("http://127.0.0.1/") }, limits: ANSWER_LIMITS },
    ...{ stop: () => {}, codings: [] },
  });
  assert.equal(await answer.text(), "aabbcc");
});
