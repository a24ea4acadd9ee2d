import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../src/error.ts";
import { createHttp } from "../../src/host/http.ts";
import { sendStreamed, type StreamedBody } from "../../src/host/streamed_body.ts";
import { type LocalServer, serve } from "../../src/rehearsal/server/serve.ts";
import { testHost } from "../support/test_host.ts";

function echo(): Promise<LocalServer> {
  return serve(() => ({ body, headers, method }) => ({
    status: 201,
    headers: { "x-seen": "yes" },
    body: {
      method,
      size: body.length,
      sum: body.reduce((sum, byte) => (sum + byte) % 65521, 0),
      length: headers.get("content-length"),
      encoding: headers.get("transfer-encoding"),
      type: headers.get("content-type"),
      agent: headers.get("user-agent"),
    },
  }));
}

function bodyOf(
  chunks: readonly number[],
  size = chunks.reduce((sum, one) => sum + one, 0),
): StreamedBody {
  return {
    size,
    chunks: async function* (): AsyncGenerator<Uint8Array> {
      for (const [index, length] of chunks.entries()) {
        yield await Promise.resolve(new Uint8Array(length).fill(index + 1));
      }
    },
  };
}

const CHUNKS = [1, 70_000, 0, 300_000, 5];

for (
  const { name, streams } of [{ name: "as a stream", streams: true }, {
    name: "through fetch alone",
    streams: false,
  }]
) {
  test(`a streamed body arrives whole and with its length, ${name}`, async () => {
    await using server = await echo();
    const http = createHttp({
      fetch,
      clock: testHost().clock,
      userAgent: "piot/1",
      ...(streams ? { sendStreamed } : {}),
    });
    const headers = { "content-type": "application/x-demo" };
    const answer = await http(`${server.url}/up`, {
      method: "POST",
      headers,
      body: bodyOf(CHUNKS),
    });
    assert.equal(answer.status, 201);
    assert.equal(answer.headers.get("x-seen"), "yes");
    assert.deepEqual(await answer.json(), {
      method: "POST",
      size: 370_006,
      sum: (1 + 140_000 + 4 * 300_000 + 25) % 65521,
      length: "370006",
      encoding: null,
      type: "application/x-demo",
      agent: "piot/1",
    });
  });
}

for (
  const { name, chunks, size } of [
    { name: "shorter", chunks: [10], size: 11 },
    { name: "longer", chunks: [10, 2], size: 11 },
  ]
) {
  test(`a body that turns out ${name} than it said is not taken for sent`, async () => {
    await using server = await echo();
    const { http } = testHost();
    await assert.rejects(
      http(`${server.url}/up`, { method: "POST", body: bodyOf(chunks, size) }),
      (error) => {
        assert.ok(error instanceof Failure);
        assert.equal(error.code, "PIOT_FILE_UNREADABLE");
        assert.match(error.message, /it no longer has the 11 bytes that it had before/);
        return true;
      },
    );
  });
}

test("a connection that drops without an answer is a network failure", async () => {
  await using server = await echo();
  server.breakNext({ matches: () => true, how: "lost-after" });
  await assert.rejects(
    testHost().http(`${server.url}/up`, { method: "POST", body: bodyOf(CHUNKS) }),
    (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.code, "PIOT_NETWORK");
      return true;
    },
  );
  assert.equal(server.log.length, 1);
});

test("a redirect is an answer, and the body is not sent on", async () => {
  await using server = await serve((url) => ({ path }) =>
    path === "/up" ? { status: 308, headers: { location: `${url}/elsewhere` } } : { status: 200 }
  );
  const answer = await testHost().http(`${server.url}/up`, { method: "POST", body: bodyOf([3]) });
  assert.equal(answer.status, 308);
  assert.deepEqual(server.log.map(({ path }) => path), ["/up"]);
});

test("an answer without a body is an answer", async () => {
  await using server = await serve(() => () => ({ status: 204 }));
  const answer = await testHost().http(`${server.url}/up`, { method: "PUT", body: bodyOf([3]) });
  assert.equal(answer.status, 204);
  assert.equal(await answer.text(), "");
});

test("nobody listening is a network failure that names the address", async () => {
  const server = await echo();
  await server.close();
  await assert.rejects(
    testHost().http(`${server.url}/up`, { method: "POST", body: bodyOf([3]) }),
    (error) => error instanceof Failure && error.message.startsWith(`Cannot reach ${server.url}: `),
  );
});
