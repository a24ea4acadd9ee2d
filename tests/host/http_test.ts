import { test } from "node:test";
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Failure } from "../../src/error.ts";
import { createHttp, retryAfter } from "../../src/host/http.ts";
import { isLoopback } from "../../src/host/loopback.ts";
import { type Handler, type LocalServer, serve } from "../../src/rehearsal/server/serve.ts";
import type { LocalReply } from "../../src/rehearsal/server/messages.ts";
import { testHost } from "../support/test_host.ts";

/** A server that knows only `/`, and answers each request there by what the handler makes of it. */
function served(handler: Handler = () => ({ status: 200, body: "ok" })): Promise<LocalServer> {
  return serve(() => (request) => request.path === "/" ? handler(request) : undefined);
}

const always = (): boolean => true;

function failure(code: string, message = /./): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof Failure, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}

for (const status of [408, 429, 500, 502, 503, 504]) {
  test(`a GET that is answered ${status} is sent again`, async () => {
    await using server = await served();
    server.breakNext({ matches: always, how: { status } });
    const host = testHost();
    const answer = await host.http(server.url);
    assert.equal(await answer.text(), "ok");
    assert.deepEqual(server.log.map((line) => line.status), [status, 200]);
    assert.deepEqual(host.waits, [500]);
  });
}

for (const status of [400, 401, 403, 404, 409, 422, 501]) {
  test(`a GET that is answered ${status} is not sent again`, async () => {
    await using server = await served(() => ({ status, body: "no" }));
    const host = testHost();
    assert.equal((await host.http(server.url)).status, status);
    assert.equal(server.log.length, 1);
    assert.deepEqual(host.waits, []);
  });
}

test("a GET whose connection drops is sent again", async () => {
  await using server = await served();
  server.breakNext({ matches: always, how: "lost-before" });
  server.breakNext({ matches: always, how: "lost-after" });
  assert.equal((await testHost().http(server.url)).status, 200);
  assert.equal(server.log.at(-1)?.status, 200);
});

test("a GET gives up after four answers, and the last of them is the answer", async () => {
  await using server = await served((_request) => ({ status: 503, body: "later" }));
  const host = testHost();
  const answer = await host.http(server.url);
  assert.equal(answer.status, 503);
  assert.equal(await answer.text(), "later");
  assert.equal(server.log.length, 4);
  assert.deepEqual(host.waits, [500, 2_000, 5_000]);
});

const WAITS = [
  { name: "seconds", header: "9", waits: [9_000] },
  { name: "a date", header: "Thu, 01 Jan 2026 00:00:12 GMT", waits: [12_000] },
  { name: "less than our own wait", header: "0", waits: [500] },
  { name: "a date that has passed", header: "Wed, 31 Dec 2025 00:00:00 GMT", waits: [500] },
  { name: "nonsense", header: "soon", waits: [500] },
];
for (const { name, header, waits } of WAITS) {
  test(`Retry-After with ${name} waits ${waits} ms`, async () => {
    await using server = await served();
    const how: LocalReply = { status: 429, headers: { "retry-after": header } };
    server.breakNext({ matches: always, how });
    const host = testHost({ now: "2026-01-01T00:00:00Z" });
    assert.equal((await host.http(server.url)).status, 200);
    assert.deepEqual(host.waits, waits);
  });
}

test("a Retry-After of more than a minute is answered at once, with the header", async () => {
  await using server = await served(() => ({ status: 429, headers: { "retry-after": "61" } }));
  const host = testHost();
  const answer = await host.http(server.url);
  assert.equal(retryAfter(answer.headers.get("retry-after"), host.clock), 61_000);
  assert.deepEqual(host.waits, []);
  assert.equal(server.log.length, 1);
});

for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
  test(`a ${method} that is answered 503 is not sent again`, async () => {
    await using server = await served(() => ({ status: 503 }));
    const host = testHost();
    assert.equal((await host.http(server.url, { method, body: "x" })).status, 503);
    assert.equal(server.log.length, 1);
  });
}

const BODIES: readonly { readonly name: string; readonly body: () => BodyInit }[] = [
  { name: "text", body: () => "x" },
  { name: "bytes", body: () => new Uint8Array([1, 2, 3]) },
  { name: "an ArrayBuffer", body: () => new Uint8Array([1, 2, 3]).buffer },
  { name: "form fields", body: () => new URLSearchParams({ a: "b" }) },
  { name: "a Blob", body: () => new Blob(["x"]) },
  {
    name: "a multipart form",
    body: () => {
      const form = new FormData();
      form.append("file", new Blob(["x"]), "x.txt");
      return form;
    },
  },
];
for (const { name, body } of BODIES) {
  test(`a POST of ${name} reaches the server once, though its connection drops`, async () => {
    await using server = await served();
    const { http } = testHost();
    // A connection that was used before: clients think that its loss says nothing about the request.
    await (await http(server.url)).text();
    const isPost = ({ method }: { method: string }): boolean => method === "POST";
    server.breakNext({ matches: isPost, how: "lost-after" });
    const sent = http(server.url, { method: "POST", body: body() });
    await assert.rejects(sent, failure("PIOT_NETWORK"));
    assert.equal(server.log.filter(isPost).length, 1);
  });

  test(`a POST of ${name} goes out whole, with its length`, async () => {
    const seen: { type: string | null; length: string | null; size: number }[] = [];
    await using server = await served(({ headers, body }) => {
      const [type, length] = [headers.get("content-type"), headers.get("content-length")];
      seen.push({ type: type?.split(";")[0] ?? null, length, size: body.length });
      return { status: 200 };
    });
    await testHost().http(server.url, { method: "POST", body: body() });
    const [{ type, length, size } = { type: null, length: null, size: 0 }] = seen;
    assert.equal(length, String(size));
    assert.ok(size > 0);
    const types: Readonly<Record<string, string>> = {
      "text": "text/plain",
      "form fields": "application/x-www-form-urlencoded",
      "a multipart form": "multipart/form-data",
    };
    assert.equal(type, types[name] ?? null);
  });
}

test("the caller's content type counts, and an empty body has the length 0", async () => {
  const seen: (string | null)[] = [];
  await using server = await served(({ headers }) => {
    seen.push(headers.get("content-type"), headers.get("content-length"));
    return { status: 200 };
  });
  const { http } = testHost();
  const headers = { "content-type": "application/json" };
  await http(server.url, { method: "PUT", body: "{}", headers });
  await http(server.url, { method: "PUT", body: new Uint8Array(), headers });
  assert.deepEqual(seen, ["application/json", "2", "application/json", "0"]);
});

test("a POST that is marked as harmless to repeat is sent again", async () => {
  await using server = await served();
  server.breakNext({ matches: always, how: { status: 502 } });
  const answer = await testHost().http(server.url, { method: "POST", body: "x", idempotent: true });
  assert.equal(answer.status, 200);
  assert.equal(server.log.length, 2);
});

const SECRETS = { authorization: "Bearer s", cookie: "s=1", "npm-otp": "1", accept: "text/plain" };

test("a redirect within the origin keeps the credential", async () => {
  await using server = await serve((url) => ({ path }) => {
    if (path === "/to") return { status: 200, body: "there" };
    return path === "/" ? { status: 302, headers: { location: `${url}/to` } } : undefined;
  });
  const answer = await testHost().http(server.url, { headers: SECRETS });
  assert.equal(await answer.text(), "there");
  assert.equal(server.log.at(-1)?.headers.get("authorization"), "Bearer s");
});

test("a redirect to another origin loses every credential, also on the way back", async () => {
  const locations: string[] = [];
  await using first = await serve(() => ({ path }) => {
    if (path === "/end") return { status: 200, body: "end" };
    return path === "/" ? { status: 307, headers: { location: locations[0]! } } : undefined;
  });
  await using second = await served(() => ({
    status: 301,
    headers: { location: `${first.url}/end` },
  }));
  locations.push(second.url);
  const answer = await testHost().http(first.url, { headers: SECRETS, crossOrigin: true });
  assert.equal(await answer.text(), "end");
  for (const { headers } of [second.log[0]!, first.log[1]!]) {
    assert.equal(headers.get("authorization"), null);
    assert.equal(headers.get("cookie"), null);
    assert.equal(headers.get("npm-otp"), null);
    assert.equal(headers.get("accept"), "text/plain");
  }
});

test("a relative redirect is followed from where it came", async () => {
  await using server = await serve(() => ({ path }) => {
    if (path === "/a/c") return { status: 200, body: "c" };
    return path === "/a/b" ? { status: 308, headers: { location: "c" } } : undefined;
  });
  assert.equal(await (await testHost().http(`${server.url}/a/b`)).text(), "c");
});

test("a redirected upload is left to the caller", async () => {
  await using server = await served(() => ({ status: 307, headers: { location: "/elsewhere" } }));
  const answer = await testHost().http(server.url, { method: "PUT", body: "x" });
  assert.equal(answer.status, 307);
  assert.equal(server.log.length, 1);
});

test("a read is not redirected to another origin unless the caller lets it", async () => {
  await using second = await served();
  await using first = await served(() => ({ status: 302, headers: { location: second.url } }));
  const sent = testHost().http(first.url, { headers: SECRETS });
  await assert.rejects(
    sent,
    failure("PIOT_ANSWER_REDIRECTED", /redirects to another server: "http/),
  );
  assert.deepEqual(second.log, []);
});

test("redirects end after five, and are the server's fault", async () => {
  await using server = await served(() => ({ status: 302, headers: { location: "/" } }));
  const sent = testHost().http(server.url);
  await assert.rejects(sent, failure("PIOT_ANSWER_REDIRECTED", /one redirect after 5 others$/));
  assert.equal(server.log.length, 6);
});

test("a redirect does not lead to plain HTTP off this machine", async () => {
  await using server = await served(() => ({
    status: 302,
    headers: { location: "http://registry.example/" },
  }));
  for (const crossOrigin of [false, true]) {
    const sent = testHost().http(server.url, { crossOrigin });
    await assert.rejects(sent, failure("PIOT_ANSWER_REDIRECTED", /another protocol: "http:/));
  }
});

const INSECURE = [
  "http://example.com/",
  "http://127.0.0.1.example.com/",
  "http://localhost.example.com/",
  "ftp://127.0.0.1/",
  "file:///etc/passwd",
];
for (const url of INSECURE) {
  test(`nothing is sent to ${url}`, async () => {
    const http = createHttp({
      fetch: () => assert.fail("a request went out"),
      clock: testHost().clock,
      userAgent: "test",
    });
    await assert.rejects(http(url), failure("PIOT_URL_INSECURE"));
  });
}

const HOSTS = [
  ["localhost", true],
  ["127.0.0.1", true],
  ["127.1.2.3", true],
  ["[::1]", true],
  ["127.0.0.1.nip.example", false],
  ["10.0.0.1", false],
  ["128.0.0.1", false],
] as const;
for (const [host, expected] of HOSTS) {
  test(`isLoopback("${host}") is ${expected}`, () => assert.equal(isLoopback(host), expected));
}

test("an answer that does not come in time is PIOT_NETWORK", async () => {
  await using server = await served(() => new Promise(() => {}));
  const { http } = testHost();
  const sent = http(server.url, { idempotent: false, timeout: 20 });
  await assert.rejects(sent, failure("PIOT_NETWORK", /no answer within 0\.02 s$/));
});

test("a server that is not there is PIOT_NETWORK, without the path or query of the request", async () => {
  const server = await served();
  await server.close();
  const host = testHost();
  const error = await host.http(`${server.url}/secret?token=s`).catch((reason: unknown) => reason);
  assert.ok(failure("PIOT_NETWORK", /^Cannot reach http:\/\/127\.0\.0\.1:\d+: .+/)(error));
  assert.deepEqual(host.waits, [500, 2_000, 5_000]);
});

test("a body that breaks off is PIOT_NETWORK", async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("half", () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const { http } = testHost();
    for (const read of ["text", "json", "arrayBuffer"] as const) {
      await assert.rejects(http(url).then((answer) => answer[read]()), failure("PIOT_NETWORK"));
    }
  } finally {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }
});

test("an interrupted run ends before a wait, with the reason of the interruption", async () => {
  await using server = await served(() => ({ status: 503 }));
  const controller = new AbortController();
  controller.abort(new Failure("PIOT_INTERRUPTED", "Cannot go on: the run was interrupted"));
  const host = testHost({ signal: controller.signal });
  await assert.rejects(host.http(server.url), failure("PIOT_INTERRUPTED"));
  assert.equal(server.log.length, 1);
});

test("a request in flight is finished when the run is interrupted", async () => {
  const controller = new AbortController();
  await using server = await served(() => {
    controller.abort(new Failure("PIOT_INTERRUPTED", "Cannot go on: the run was interrupted"));
    return { status: 201, body: "made" };
  });
  const host = testHost({ signal: controller.signal });
  const answer = await host.http(server.url, { method: "POST", body: "x" });
  assert.equal(await answer.text(), "made");
});

test("requests name this program unless the caller names another", async () => {
  await using server = await served();
  const { http } = testHost();
  await http(server.url);
  await http(server.url, { headers: { "User-Agent": "cargo/1.95" } });
  const agents = server.log.map(({ headers }) => headers.get("user-agent"));
  assert.match(agents[0]!, /^putitoutthere\/\d.*https:\/\//);
  assert.equal(agents[1], "cargo/1.95");
});
