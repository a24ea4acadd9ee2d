import assert from "node:assert/strict";
import { test } from "node:test";
import { createHost } from "../../../src/host/create_host.ts";
import { firstAnswer, openOutside, remember } from "../../../src/rehearsal/server/outside.ts";
import { serve } from "../../../src/rehearsal/server/serve.ts";
import { systemClock } from "../../../src/host/create_host.ts";

const ANSWERS: Readonly<Record<string, { status: number; headers?: Record<string, string> }>> = {
  "/there": { status: 200 },
  "/nothing": { status: 404 },
  "/gone": { status: 410 },
  "/proxy": { status: 404, headers: { "content-type": "text/html; charset=utf-8" } },
  "/locked": { status: 401 },
  "/broken": { status: 500 },
};

for (
  const [path, state] of [
    ["/there", "found"],
    ["/nothing", "absent"],
    ["/gone", "absent"],
    ["/proxy", "unanswered"],
    ["/locked", "unanswered"],
    ["/broken", "unanswered"],
  ] as const
) {
  test(`what the outside says at ${path} is ${state}`, async () => {
    await using server = await serve(() => ({ path }) => ANSWERS[path]);
    const outside = openOutside(createHost({ env: {} }).http);
    assert.equal((await outside.get(`${server.url}${path}`)).state, state);
    assert.equal(server.log.length, 1, "it is asked once, whatever it answers");
    assert.equal(server.log[0]?.headers.get("authorization"), null);
  });
}

test("a server that was silent once is not asked again", async () => {
  const gone = await serve(() => () => ({ status: 200 }));
  await gone.close();
  let asked = 0;
  const outside = openOutside((...args) => {
    asked++;
    return createHost({ env: {} }).http(...args);
  });
  const [first, second] = [await outside.get(`${gone.url}/a`), await outside.get(`${gone.url}/b`)];
  assert.equal(first.state, "unanswered");
  assert.deepEqual(second, first);
  assert.equal(asked, 1);
});

test("plain HTTP to another machine is not asked", async () => {
  const outside = openOutside(createHost({ env: {} }).http);
  const answer = await outside.get("http://registry.example.com/demo");
  assert.equal(answer.state, "unanswered");
});

test("of several places the first that has it answers, and an absence counts before a silence", async () => {
  const found = { state: "found", value: 1, from: "a" } as const;
  const absent = { state: "absent", from: "b" } as const;
  const silent = (why: string) => ({ state: "unanswered", why }) as const;
  const ask = (...answers: readonly (typeof found | typeof absent | ReturnType<typeof silent>)[]) =>
    firstAnswer(answers.map((answer) => () => Promise.resolve(answer)));
  assert.deepEqual(await ask(silent("x"), found, absent), found);
  assert.deepEqual(await ask(silent("x"), absent), absent);
  assert.deepEqual(await ask(silent("x"), silent("y"), silent("x")), silent("x, and y"));
});

test("an answer about a name is kept for some minutes", async () => {
  let asked = 0;
  let now = Date.parse("2026-01-01T00:00:00Z");
  const read = remember(
    () => Promise.resolve({ state: "found", value: ++asked, from: "a" } as const),
    { ...systemClock, now: () => new Date(now) },
  );
  await read("demo");
  await read("demo");
  await read("other");
  assert.equal(asked, 2);
  now += 3600_000;
  await read("demo");
  assert.equal(asked, 3);
});
