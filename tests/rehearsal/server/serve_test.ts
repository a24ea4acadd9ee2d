import { test } from "node:test";
import assert from "node:assert/strict";
import { connect } from "node:net";
import { type LocalServer, serve } from "../../../src/rehearsal/server/serve.ts";
import type { LocalReply } from "../../../src/rehearsal/server/messages.ts";

/** A service that counts up: `POST /count` adds one, `GET /count` tells, nothing else is known. */
function counter(): Promise<LocalServer & { readonly count: () => number }> {
  let count = 0;
  return serve(() => ({ method, path }) => {
    if (path !== "/count") return undefined;
    if (method === "POST") count++;
    return { status: 200, body: { count } };
  }).then((server) => ({ ...server, count: () => count }));
}

const isPost = ({ method }: { method: string }): boolean => method === "POST";

test("a request that the service does not know is 501, and disposing of the server tells of it", async () => {
  const server = await counter();
  const answer = await fetch(`${server.url}/other?x=1`, { method: "PUT", body: "x" });
  assert.equal(answer.status, 501);
  assert.match(await answer.text(), /does not know PUT \/other/);
  assert.deepEqual(server.unknown, ["PUT /other"]);
  await assert.rejects(
    async () => await server[Symbol.asyncDispose](),
    /^Error: requests that no service knows: PUT \/other$/,
  );
});

test("a server whose every request was known goes quietly, and is gone", async () => {
  const server = await counter();
  await (await fetch(`${server.url}/count`)).text();
  await server[Symbol.asyncDispose]();
  await assert.rejects(fetch(`${server.url}/count`));
});

test("the log holds what came and what was answered", async () => {
  await using server = await counter();
  const headers = { "x-mark": "a" };
  await (await fetch(`${server.url}/count?a=1&b=%20`, { headers })).text();
  await (await fetch(`${server.url}/count`, { method: "POST", body: "12345" })).text();
  const [read, write] = server.log;
  assert.deepEqual([read?.method, read?.path, read?.query], ["GET", "/count", "a=1&b=+"]);
  assert.deepEqual([read?.headers.get("x-mark"), read?.size, read?.status], ["a", 0, 200]);
  assert.deepEqual([write?.method, write?.size, write?.status], ["POST", 5, 200]);
  assert.ok(read!.at <= write!.at);
});

test("a path keeps its escapes", async () => {
  const paths: string[] = [];
  await using server = await serve(() => ({ path }) => {
    paths.push(path);
    return { status: 204 };
  });
  await fetch(`${server.url}/@ada%2fcore/%C3%BC`);
  assert.deepEqual(paths, ["/@ada%2fcore/%C3%BC"]);
});

test("a header that comes twice is seen twice", async () => {
  const seen: (string | null)[] = [];
  await using server = await serve(() => ({ headers }) => {
    seen.push(headers.get("x-mark"));
    return { status: 204 };
  });
  await fetch(server.url, { headers: [["x-mark", "a"], ["x-mark", "b"]] });
  assert.deepEqual(seen, ["a, b"]);
});

const REPLIES: readonly {
  readonly name: string;
  readonly reply: LocalReply;
  readonly text: string;
}[] = [
  { name: "text", reply: { status: 200, body: "ü" }, text: "ü" },
  { name: "bytes", reply: { status: 200, body: new Uint8Array([97, 98]) }, text: "ab" },
  { name: "an object", reply: { status: 200, body: { a: ["ü"] } }, text: '{"a":["ü"]}' },
  { name: "nothing", reply: { status: 200 }, text: "" },
];
for (const { name, reply, text } of REPLIES) {
  test(`a reply of ${name} arrives as such`, async () => {
    await using server = await serve(() => () => reply);
    const answer = await fetch(server.url);
    assert.equal(await answer.text(), text);
    const isJson = answer.headers.get("content-type") === "application/json";
    assert.equal(isJson, name === "an object");
  });
}

test("a reply's own content type counts, and its reason keeps to what a status line can hold", async () => {
  await using server = await serve(() => () => ({
    status: 400,
    reason: "Invalid – name\r\nX-Forged: 1",
    headers: { "content-type": "application/problem+json" },
    body: { title: "no" },
  }));
  // Read off the wire: Deno's fetch gives the usual phrase of the status, whatever was sent.
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
  let text = "";
  for await (const chunk of socket) text += chunk;
  const lines = text.split("\r\n");
  assert.equal(lines[0], "HTTP/1.1 400 Invalid  nameX-Forged: 1");
  assert.ok(lines.includes("content-type: application/problem+json"));
  assert.equal(lines.filter((line) => line.startsWith("X-Forged")).length, 0);
});

test("lost-before: the connection drops and nothing happened", async () => {
  await using server = await counter();
  server.breakNext({ matches: isPost, how: "lost-before" });
  // A Blob, since Deno's fetch would send text again.
  const body = new Blob(["x"]);
  await assert.rejects(fetch(`${server.url}/count`, { method: "POST", body }));
  assert.equal(server.count(), 0);
  assert.deepEqual(server.log.map(({ status }) => status), [0]);
});

test("lost-after: it happened, and the answer is lost", async () => {
  await using server = await counter();
  server.breakNext({ matches: isPost, how: "lost-after" });
  const body = new Blob(["x"]);
  await assert.rejects(fetch(`${server.url}/count`, { method: "POST", body }));
  assert.equal(server.count(), 1);
  assert.deepEqual(server.log.map(({ status }) => status), [0]);
});

test("a reply instead of the service's own: nothing happened", async () => {
  await using server = await counter();
  server.breakNext({ matches: isPost, how: { status: 503, headers: { "retry-after": "1" } } });
  const answer = await fetch(`${server.url}/count`, { method: "POST" });
  assert.equal(answer.status, 503);
  assert.equal(answer.headers.get("retry-after"), "1");
  assert.equal(server.count(), 0);
});

test("delay: the request arrives late, and happens", async () => {
  await using server = await counter();
  server.breakNext({ matches: isPost, how: { delay: 1 } });
  const answer = await fetch(`${server.url}/count`, { method: "POST" });
  assert.deepEqual([answer.status, server.count()], [200, 1]);
});

test("a fault hits what it matches, as often as it says, and faults come one after the other", async () => {
  await using server = await counter();
  server.breakNext({ matches: isPost, how: { status: 500 }, times: 2 });
  server.breakNext({ matches: isPost, how: { status: 429 } });
  const statusOf = async (method: string): Promise<number> => {
    const answer = await fetch(`${server.url}/count`, { method });
    await answer.body?.cancel();
    return answer.status;
  };
  const statuses: number[] = [];
  for (const method of ["GET", "POST", "GET", "POST", "POST", "POST"]) {
    statuses.push(await statusOf(method));
  }
  assert.deepEqual(statuses, [200, 500, 200, 500, 429, 200]);
  assert.equal(server.count(), 1);
});

test("faults count the requests that other faults break, and tell whether they broke any", async () => {
  await using server = await counter();
  let seen = 0;
  const met = [
    server.breakNext({ matches: isPost, how: { status: 500 } }),
    server.breakNext({
      matches: (request) => isPost(request) && ++seen === 2,
      how: { status: 429 },
    }),
    server.breakNext({ matches: ({ method }) => method === "PUT", how: "lost-before" }),
  ];
  const statuses: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const answer = await fetch(`${server.url}/count`, { method: "POST" });
    await answer.body?.cancel();
    statuses.push(answer.status);
  }
  assert.deepEqual(statuses, [500, 429, 200]);
  assert.deepEqual(met.map((isMet) => isMet()), [true, true, false]);
});

test("delay: the request arrives late by a clock that is given", async () => {
  await using server = await counter();
  const waits: number[] = [];
  const clock = { sleep: (wait: number) => Promise.resolve(void waits.push(wait)) };
  server.breakNext({ matches: isPost, how: { delay: 2000, clock } });
  const answer = await fetch(`${server.url}/count`, { method: "POST" });
  assert.deepEqual([answer.status, server.count(), waits], [200, 1, [2000]]);
});

test("a server with a list of routes knows no request beside them, whatever it could answer", async () => {
  await using server = await serve(() => () => ({ status: 200 }), [
    { method: "GET", path: /^\/known$/, place: "npm-read" },
  ]);
  const statuses: number[] = [];
  for (const [method, path] of [["GET", "/known"], ["HEAD", "/known"]] as const) {
    statuses.push((await fetch(`${server.url}${path}`, { method })).status);
  }
  assert.deepEqual(statuses, [200, 200]);
  assert.deepEqual(server.log.map(({ place }) => place), ["npm-read", "npm-read"]);
  const other = await serve(() => () => ({ status: 200 }), []);
  assert.equal((await fetch(`${other.url}/known`)).status, 501);
  await other.close();
  assert.deepEqual(other.unknown, ["GET /known"]);
});

test("the handler is told the server's own address", async () => {
  await using server = await serve((url) => () => ({ status: 200, body: url }));
  assert.equal(await (await fetch(server.url)).text(), server.url);
  assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/);
});

test("a handler that fails is 500, and disposing of the server tells of it", async () => {
  const server = await serve(() => () => {
    throw new Error("no shelf left");
  });
  const answer = await fetch(`${server.url}/a`);
  assert.equal(answer.status, 500);
  assert.match(await answer.text(), /no shelf left/);
  await assert.rejects(
    async () => await server[Symbol.asyncDispose](),
    /^Error: requests that a local server failed at: GET \/a: no shelf left$/,
  );
});

test("a handler that never answers is told as ours, with its request", async () => {
  const never = (): Promise<LocalReply> => new Promise(() => {});
  const server = await serve(() => never, undefined, { patience: 1 });
  const answer = await fetch(`${server.url}/a`, { method: "PUT", body: "x" });
  assert.equal(answer.status, 500);
  await answer.text();
  assert.deepEqual(server.failures, ["PUT /a: it had no answer after 1 ms"]);
  await assert.rejects(
    async () => await server[Symbol.asyncDispose](),
    /PUT \/a: it had no answer/,
  );
});
