import assert from "node:assert/strict";
import { test } from "node:test";
import { awaitArrival, sendFiles } from "../../../src/command/publish/send_files.ts";
import type { Ready } from "../../../src/command/publish/run.ts";
import { Failure } from "../../../src/error.ts";
import {
  type Answer,
  declare,
  type SmallRegistry,
  smallRegistry,
  type SmallRun,
  smallRun,
} from "./small_registry.ts";

interface Desk {
  readonly npm: SmallRegistry;
  readonly world: SmallRun;
  readonly ready: Ready;
  readonly send: () => Promise<readonly string[]>;
}

/** A release `a` with one file for each wave: `a`, `a-1`, `a-2` … */
async function desk(
  waves: readonly number[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<Desk> {
  const npm = smallRegistry();
  const world = smallRun(declare({ a: [] }), { registries: { npm }, ...options });
  const [ready] = await world.ready({ a: waves });
  npm.log.length = 0;
  const { prepared, credential } = ready!;
  const send = (): Promise<readonly string[]> =>
    sendFiles(world.run, ready!, { absent: prepared.files, credential: credential! });
  return { npm, world, ready: ready!, send };
}

test("files of a higher wave are sent once all of a lower one are answered", async () => {
  const { npm, send } = await desk([2, 0, 0, 1]);
  await send();
  const place = (line: string): number => npm.log.indexOf(line);
  for (const first of ["a-1", "a-2"]) assert.ok(place(`answer ${first}`) < place("upload a-3"));
  assert.ok(place("answer a-3") < place("upload a"));
});

test("after a failed file those of its wave go through, and no higher wave begins", async () => {
  const { npm, send } = await desk([1, 0, 0, 0]);
  npm.answers.set("a-1", "broken");
  await assert.rejects(send(), { code: "PIOT_REGISTRY_REFUSED" });
  assert.deepEqual([...npm.held.keys()], ["a-2", "a-3"]);
  assert.ok(!npm.log.includes("upload a"));
});

test("each file is sent once, whatever its answer", async () => {
  for (const answer of ["lost", "broken", "refused", "overtaken"] as const) {
    const { npm, send } = await desk([0]);
    npm.answers.set("a", answer);
    await send().catch(() => {});
    assert.deepEqual(npm.log.filter((line) => line === "upload a"), ["upload a"], answer);
  }
});

const FAILED: readonly {
  readonly name: string;
  readonly answer: Answer;
  readonly code: string;
  /** Milliseconds that were waited for the registry to show the file after all. */
  readonly waits: readonly number[];
}[] = [
  {
    name: "a refusal stands when the file stays absent",
    answer: "broken",
    code: "PIOT_REGISTRY_REFUSED",
    waits: [1000, 3000, 8000],
  },
  {
    name: "a refused credential is looked after once",
    answer: "refused",
    code: "PIOT_AUTH_REFUSED",
    waits: [],
  },
  {
    name: "another's bytes are not waited for to become ours",
    answer: "overtaken",
    code: "PIOT_VERSION_TAKEN",
    waits: [],
  },
];

for (const { name, answer, code, waits } of FAILED) {
  test(`an upload has failed: ${name}`, async () => {
    const { npm, world, send } = await desk([0]);
    npm.answers.set("a", answer);
    await assert.rejects(send(), { code });
    assert.deepEqual(world.host.waits, waits);
    assert.equal(npm.log.filter((line) => line === "look").length, waits.length + 1);
  });
}

test("a lost answer is a warning when the registry has the same bytes", async () => {
  const { npm, world, send } = await desk([0]);
  npm.answers.set("a", "lost");
  assert.deepEqual(await send(), []);
  const release = { name: "a", kind: "npm", version: "1.0.0" };
  assert.deepEqual(world.events, [
    { type: "upload-started", release, file: "a", bytes: 1 },
    {
      type: "warning",
      release,
      message: "a: the answer to its upload was not a success, and the registry has the same bytes",
      hint: "no answer came for a",
    },
    { type: "upload-finished", release, file: "a", bytes: 1 },
  ]);
});

test("a registry that does not answer after a lost upload is asked again", async () => {
  const { npm, send } = await desk([0]);
  npm.answers.set("a", "lost");
  npm.troubles.push(new Failure("PIOT_NETWORK", "down"), new Failure("PIOT_REGISTRY_UNKNOWN", "?"));
  assert.deepEqual(await send(), []);
  assert.equal(npm.log.filter((line) => line === "look").length, 3);
});

test("files that wait for approval are named, and the others are sent", async () => {
  const { npm, send } = await desk([0, 0, 1]);
  npm.answers.set("a-1", "staged");
  assert.deepEqual(await send(), ["a-1 waits for ada"]);
  assert.deepEqual([...npm.held.keys()], ["a", "a-2"]);
  assert.deepEqual(npm.log.filter((line) => line.startsWith("upload")), [
    "upload a",
    "upload a-1",
    "upload a-2 after what is staged",
  ]);
});

test("an interrupted run begins no other wave", async () => {
  const control = new AbortController();
  const { npm, send } = await desk([0, 1], { signal: control.signal });
  const sent = send();
  control.abort(new Error("interrupted"));
  await assert.rejects(sent, /interrupted/);
  assert.deepEqual([...npm.held.keys()], ["a"]);
});

test("arrival is waited for until the registry shows the file, and told once", async () => {
  const { npm, world, ready } = await desk([0]);
  const { files } = ready.prepared;
  const look: typeof npm.look = async (prepared, options) => {
    const found = await npm.look(prepared, options);
    assert.equal(options?.fresh, true);
    if (npm.log.length === 3) npm.held.set("a", files[0]!.digest);
    return found;
  };
  const run = { ...world.run, registries: { ...world.run.registries, npm: { ...npm, look } } };
  assert.equal(await awaitArrival(run, ready, files), true);
  assert.deepEqual(world.host.waits, [500, 1000, 2000]);
  assert.deepEqual(world.events.map(({ type }) => type), ["waiting"]);
});

test("arrival is given up after ten minutes", async () => {
  const { world, ready } = await desk([0]);
  assert.equal(await awaitArrival(world.run, ready, ready.prepared.files), false);
  const waited = world.host.waits.reduce((sum, wait) => sum + wait, 0);
  assert.ok(waited >= 600_000 && waited < 660_000, String(waited));
});
