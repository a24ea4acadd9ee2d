import assert from "node:assert/strict";
import { test } from "node:test";
import { type Ending, releasePackage } from "../../../src/command/publish/release_package.ts";
import type { Ready } from "../../../src/command/publish/run.ts";
import {
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
  /** What was tagged, with the files that the registry showed then. */
  readonly tagged: readonly string[][];
  readonly release: () => Promise<Ending>;
}

/** A release `a` with one file for each wave: `a`, `a-1`, `a-2` … */
async function desk(
  waves: readonly number[],
  options: {
    readonly signal?: AbortSignal;
    readonly patience?: number;
    readonly held?: Readonly<Record<string, string>>;
  } = {},
): Promise<Desk> {
  const npm = smallRegistry();
  for (const [name, digest] of Object.entries(options.held ?? {})) npm.held.set(name, digest);
  const world = smallRun(declare({ a: [] }), { registries: { npm }, ...options });
  const [ready] = await world.ready({ a: waves });
  npm.log.length = 0;
  const tagged: string[][] = [];
  const tag = (): Promise<boolean> => {
    npm.log.push("tag");
    tagged.push([...npm.held.keys()].sort());
    return Promise.resolve(true);
  };
  const release = (): Promise<Ending> =>
    releasePackage(world.run, ready!, { tag, announce: undefined });
  return { npm, world, ready: ready!, tagged, release };
}

const uploads = ({ log }: SmallRegistry): readonly string[] =>
  log.filter((line) => line.startsWith("upload"));

test("files of a higher wave are sent once all of a lower one are answered and shown", async () => {
  const { npm, release } = await desk([2, 0, 0, 1]);
  assert.equal((await release()).detail.status, "published");
  const place = (line: string): number => npm.log.indexOf(line);
  for (const first of ["a-1", "a-2"]) assert.ok(place(`answer ${first}`) < place("upload a-3"));
  assert.ok(place("answer a-3") < place("upload a"));
  assert.deepEqual(
    npm.log.slice(-3),
    ["answer a", "look", "tag"],
    "and all of it is looked at right before the tag",
  );
});

test("after a failed file those of its wave go through, and no higher wave begins", async () => {
  const { npm, tagged, release } = await desk([1, 0, 0, 0]);
  npm.answers.set("a-1", "broken");
  await assert.rejects(release(), { code: "PIOT_REGISTRY_REFUSED" });
  assert.deepEqual([...npm.held.keys()], ["a-2", "a-3"]);
  assert.ok(!npm.log.includes("upload a"));
  assert.deepEqual(tagged, []);
});

test("a main package does not go out before the registry shows what it brings along", async () => {
  const { npm, world, tagged, release } = await desk([1, 0, 0]);
  npm.answers.set("a-1", "hidden");
  assert.deepEqual(await release(), {
    detail: {
      status: "unconfirmed",
      unseen: ["a-1"],
      why: "npm does not show it after 600 s",
    },
    isAvailable: false,
  });
  assert.deepEqual(uploads(npm), ["upload a-1", "upload a-2"]);
  assert.deepEqual(tagged, []);
  assert.equal(world.host.waits.reduce((sum, wait) => sum + wait, 0), 600_000);
});

test("a file that is shown late is waited for, and then the next wave goes out", async () => {
  const { npm, world, tagged, release } = await desk([1, 0]);
  npm.answers.set("a-1", "late");
  assert.equal((await release()).detail.status, "published");
  assert.deepEqual(world.host.waits, [500, 1000]);
  assert.deepEqual(tagged, [["a", "a-1"]]);
});

test("what was there at the beginning and is gone before the tag is waited for, and not tagged", async () => {
  const { npm, tagged, release } = await desk([0, 0], { held: { a: "sha256-a-0" }, patience: 0 });
  npm.held.delete("a");
  const { detail } = await release();
  assert.deepEqual(detail, {
    status: "unconfirmed",
    unseen: ["a"],
    why: "npm does not show it after 0 s",
  });
  assert.deepEqual(tagged, []);
});

test("other bytes in place of what was there at the beginning are no release, and not tagged", async () => {
  const { npm, tagged, release } = await desk([0], { held: { a: "sha256-a-0" } });
  npm.held.set("a", "sha256-of-another");
  await assert.rejects(release(), {
    code: "PIOT_VERSION_TAKEN",
    message: /sha256-of-another there, sha256-a-0 here/,
  });
  assert.deepEqual(tagged, []);
});

test("what waits for approval is not waited for, what follows is told of it, and nothing is tagged", async () => {
  const { npm, world, tagged, release } = await desk([0, 0, 1]);
  npm.answers.set("a-1", "staged");
  assert.deepEqual((await release()).detail, { status: "staged", approval: "a-1 waits for ada" });
  assert.deepEqual([...npm.held.keys()], ["a", "a-2"]);
  assert.deepEqual(uploads(npm), ["upload a", "upload a-1", "upload a-2 after what is staged"]);
  assert.deepEqual(world.host.waits, []);
  assert.deepEqual(tagged, []);
});

test("what the registry says it has is published once it shows these bytes", async () => {
  const { npm, release, tagged, world } = await desk([0]);
  npm.answers.set("a", "claimed");
  const { look } = npm;
  let turn = 0;
  const late: typeof look = (prepared, options) => {
    if (++turn === 4) npm.held.set("a", "sha256-a-0");
    return look(prepared, options);
  };
  Object.assign(world.run.registries.npm, { look: late });
  assert.equal((await release()).detail.status, "published");
  assert.equal(tagged.length, 1);
});

test("what the registry says it has and never shows is unconfirmed, in its words", async () => {
  const { npm, release, tagged } = await desk([0]);
  npm.answers.set("a", "claimed");
  assert.deepEqual((await release()).detail, {
    status: "unconfirmed",
    unseen: ["a"],
    why: "npm says that it has it and does not show it after 600 s; 403 for a: it is there already",
  });
  assert.deepEqual(tagged, []);
});

test("what an accepted upload did not do is a warning with the way out", async () => {
  const { npm, world, release } = await desk([0]);
  Object.assign(
    world.run.registries.npm,
    {
      shortfalls: () => [{ message: "latest stands on 0.9.0", hint: "move it" }],
    } satisfies Partial<SmallRegistry>,
  );
  assert.equal((await release()).detail.status, "published");
  assert.deepEqual(world.events.filter(({ type }) => type === "warning"), [{
    type: "warning",
    message: "latest stands on 0.9.0",
    hint: "move it",
    release: { name: "a", kind: "npm", version: "1.0.0" },
  }]);
  assert.equal(npm.log.at(-1), "tag");
});

test("an interrupted run begins no other wave", async () => {
  const control = new AbortController();
  const { npm, release } = await desk([0, 1], { signal: control.signal });
  const sent = release();
  control.abort(new Error("interrupted"));
  await assert.rejects(sent, /interrupted/);
  assert.deepEqual([...npm.held.keys()], ["a"]);
});
