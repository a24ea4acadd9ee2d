import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { Failure } from "../../src/error.ts";
import { allowClosedPipe, createHost, systemClock } from "../../src/host/create_host.ts";
import { serve } from "../../src/rehearsal/server/serve.ts";
import { doesNotThrow, throws } from "node:assert/strict";
import { EventEmitter } from "node:events";

test("createHost() takes the process where the caller gives nothing", () => {
  const host = createHost();
  assert.equal(host.cwd, process.cwd());
  assert.equal(host.env.PATH, process.env.PATH);
  assert.equal(host.clock, systemClock);
  assert.equal(host.signal.aborted, false);
});

test("createHost() takes what the caller gives", async () => {
  const written: string[] = [];
  const controller = new AbortController();
  const host = createHost({
    cwd: "/somewhere",
    env: { A: "b" },
    stdout: (text) => void written.push(`out ${text}`),
    stderr: (text) => void written.push(`err ${text}`),
    stdin: () => Promise.resolve("input"),
    signal: controller.signal,
  });
  host.stdout("1");
  host.stderr("2");
  assert.deepEqual(written, ["out 1", "err 2"]);
  assert.deepEqual([host.cwd, host.env], ["/somewhere", { A: "b" }]);
  assert.equal(await host.stdin(), "input");
  controller.abort();
  assert.equal(host.signal.aborted, true);
});

test("the host's requests go out, stream uploads with their length, and are answers of", async () => {
  const seen: (string | null)[] = [];
  await using server = await serve(() => ({ method, headers, body, path }) => {
    if (path !== "/up") return undefined;
    seen.push(`${method} ${headers.get("content-length")} ${body.length}`);
    return { status: 201 };
  });
  const answers: unknown[] = [];
  const host = createHost({ onAnswer: (answer) => void answers.push(answer) });
  const body = {
    size: 6,
    chunks: async function* (): AsyncGenerator<Uint8Array> {
      for (const text of ["abc", "def"]) {
        yield await Promise.resolve(new TextEncoder().encode(text));
      }
    },
  };
  await host.http(`${server.url}/up?token=s`, { method: "PUT", body });
  assert.deepEqual(seen, ["PUT 6 6"]);
  assert.deepEqual(answers, [{ method: "PUT", url: `${server.url}/up`, status: 201 }]);
});

test("a caller's fetch carries every request", async () => {
  const asked: string[] = [];
  const host = createHost({
    fetch: (input) => {
      asked.push(String(input));
      return Promise.resolve(new Response("made up"));
    },
  });
  assert.equal(await (await host.http("https://example.com/x")).text(), "made up");
  assert.deepEqual(asked, ["https://example.com/x"]);
});

test("the system's clock sleeps, and wakes with the reason of an interruption", async () => {
  await systemClock.sleep(1);
  assert.ok(systemClock.now().getTime() > Date.parse("2026-01-01T00:00:00Z"));
  const reason = new Failure("PIOT_INTERRUPTED", "Cannot go on: the run was interrupted");
  const early = AbortSignal.abort(reason);
  await assert.rejects(systemClock.sleep(600_000, early), reason);
  const controller = new AbortController();
  const sleeping = systemClock.sleep(600_000, controller.signal);
  controller.abort(reason);
  await assert.rejects(sleeping, reason);
});

function fail(code: string): void {
  const stream = new EventEmitter();
  allowClosedPipe(stream);
  stream.emit("error", Object.assign(new Error(`write ${code}`), { code }));
}

test("allowClosedPipe() lets the reader of a stream leave early", () => {
  doesNotThrow(() => fail("EPIPE"));
  doesNotThrow(() => fail("EOF"));
});

test("allowClosedPipe() throws what else is wrong with a stream", () => {
  throws(() => fail("ENOSPC"), /write ENOSPC/);
});
