import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { Readable } from "node:stream";
import { test } from "node:test";
import { Failure } from "../../src/error.ts";
import { readRequest } from "../../src/rehearsal/server/messages.ts";
import fc from "../support/property.ts";
import { bytesOf, inPieces, pieceSizes, type Reading, readings } from "../support/readings.ts";
import { testHost } from "../support/test_host.ts";

// A reader that hangs leaves nothing pending but the test: both runtimes end it as failed then, without any time limit.

interface Listening extends AsyncDisposable {
  readonly url: string;
}

async function listen(
  server: Pick<Server, "listen" | "address" | "close">,
  end: () => void,
): Promise<Listening> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((done) => {
        server.close(() => done());
        end();
      }),
  };
}

function serveHttp(listener: RequestListener): Promise<Listening> {
  const server = createServer(listener);
  return listen(server, () => server.closeAllConnections());
}

function isSilence(error: unknown): true {
  assert.ok(error instanceof Failure, String(error));
  assert.equal(error.code, "PIOT_NETWORK");
  return true;
}

/** Reads the body of one answer, and gives what is left to check when the server is gone. */
async function readOne(
  { way }: Reading,
  { answer, whole }: { readonly answer: Response; readonly whole: Uint8Array },
): Promise<() => Promise<void>> {
  const isWhole = (bytes: ArrayBuffer): void =>
    assert.ok(Buffer.compare(new Uint8Array(bytes), whole) === 0);
  switch (way) {
    case "whole":
      isWhole(await answer.arrayBuffer());
      return () => Promise.resolve();
    case "part": {
      const reader = answer.body!.getReader();
      const { value = new Uint8Array() } = await reader.read();
      assert.ok(Buffer.compare(value, whole.subarray(0, value.length)) === 0);
      await reader.cancel();
      return () => Promise.resolve();
    }
    case "not":
      return () => Promise.resolve();
    case "begun": {
      const begun = answer.arrayBuffer().then(isWhole);
      await begun;
      return () => begun;
    }
    case "late":
      // Its server is gone: what had arrived by then may be all of it.
      return () => answer.arrayBuffer().then(isWhole, (error) => void isSilence(error));
  }
}

test("an answer's body ends with the right bytes, whatever is read of it and however it comes", async () => {
  const property = fc.asyncProperty(readings(), pieceSizes(), async (entries, pieces) => {
    const rest: (() => Promise<void>)[] = [];
    {
      await using server = await serveHttp(({ url }, outgoing) => {
        const index = Number(url!.slice(1));
        Readable.from(inPieces(bytesOf(entries[index]!, index), pieces)).pipe(outgoing);
      });
      for (const [index, entry] of entries.entries()) {
        const answer = await testHost().http(`${server.url}/${index}`);
        rest.push(await readOne(entry, { answer, whole: bytesOf(entry, index) }));
      }
    }
    for (const check of rest) await check();
  });
  await fc.assert(property, { numRuns: 40 });
});

test("an answer's body that breaks off ends with a network failure, wherever it does", async () => {
  const property = fc.asyncProperty(fc.integer({ min: 1, max: 200_000 }), async (size) => {
    await using server = await serveHttp((_incoming, outgoing) => {
      outgoing.writeHead(200, { "content-length": size + 1 });
      outgoing.write(new Uint8Array(size), () => outgoing.destroy());
    });
    const reading = testHost().http(server.url, { idempotent: false }).then((answer) =>
      answer.bytes()
    );
    await assert.rejects(reading, isSilence);
  });
  await fc.assert(property, { numRuns: 20 });
});

test("a streamed body arrives with the right bytes, in whatever pieces it is sent", async () => {
  const property = fc.asyncProperty(readings(), pieceSizes(), async (entries, pieces) => {
    const arrived: Uint8Array[] = [];
    await using server = await serveHttp((incoming, outgoing) => {
      void readRequest(incoming).then(({ body }) => {
        arrived.push(body);
        outgoing.end("ok");
      });
    });
    for (const [index, entry] of entries.entries()) {
      const whole = bytesOf(entry, index);
      const body = { size: whole.length, chunks: () => inPieces(whole, pieces) };
      const answer = await testHost().http(server.url, { method: "POST", body });
      assert.equal(await answer.text(), "ok");
      assert.ok(Buffer.compare(arrived[index]!, whole) === 0);
    }
  });
  await fc.assert(property, { numRuns: 30 });
});

const BODY = { size: 30_000_000, chunks: () => inPieces(new Uint8Array(30_000_000), [65_536]) };

test("an upload ends with the answer of a server that reads none of it", async () => {
  await using server = await serveHttp((_incoming, outgoing) => {
    outgoing.writeHead(413, { connection: "close" });
    outgoing.end("too large");
  });
  const answer = await testHost().http(server.url, { method: "POST", body: BODY });
  assert.deepEqual([answer.status, await answer.text()], [413, "too large"]);
});

for (
  const { name, after, says } of [
    {
      name: "answers and reads no more",
      after: 1,
      says: "HTTP/1.1 413 No\r\ncontent-length: 2\r\n\r\nno",
    },
    { name: "hangs up at once", after: 0, says: undefined },
    { name: "hangs up halfway", after: 1_000_000, says: undefined },
    {
      name: "breaks off its answer",
      after: 1,
      says: "HTTP/1.1 413 No\r\ncontent-length: 9\r\n\r\nno",
    },
  ]
) {
  test(`an upload ends when the server ${name}`, async () => {
    const server = createTcpServer((socket) => {
      let seen = 0;
      socket.on("error", () => {});
      socket.on("data", ({ length }) => {
        seen += length;
        if (seen <= after) return;
        socket.pause();
        if (says === undefined) socket.destroy();
        else if (says.endsWith("9\r\n\r\nno")) socket.end(says);
        else socket.write(says);
        seen = -Infinity;
      });
    });
    const sockets = new Set<{ destroy: () => void }>();
    server.on("connection", (socket) => sockets.add(socket));
    await using local = await listen(server as unknown as Server, () => {
      for (const socket of sockets) socket.destroy();
    });
    const sending = testHost().http(local.url, { method: "POST", body: BODY });
    if (says?.endsWith("2\r\n\r\nno")) assert.equal(await (await sending).text(), "no");
    else await assert.rejects(sending, isSilence);
  });
}

test("an upload ends with its own failure when what is sent cannot be read", async () => {
  await using server = await serveHttp((incoming, outgoing) => {
    incoming.on("end", () => outgoing.end()).on("error", () => {}).resume();
  });
  const mine = new Failure("PIOT_FILE_UNREADABLE", "Cannot read it");
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(new Uint8Array(100_000));
    throw mine;
  }
  const body = { size: 200_000, chunks: broken };
  await assert.rejects(
    testHost().http(server.url, { method: "POST", body }),
    (error) => error === mine,
  );
});
