import assert from "node:assert/strict";
import { test } from "node:test";
import type { Announce } from "../../../src/command/publish/announce.ts";
import { type Ending, releasePackage } from "../../../src/command/publish/release_package.ts";
import type { Ready } from "../../../src/command/publish/run.ts";
import { Failure } from "../../../src/error.ts";
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
  readonly release: (announce?: Announce) => Promise<Ending>;
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
  const release: Desk["release"] = (announce) =>
    releasePackage(world.run, ready!, { tag, announce });
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

const REASON = new Failure("PIOT_INTERRUPTED", "Cannot go on: the run was interrupted (SIGINT)", {
  hint: "Run the same command again",
});

/** Interrupts the run while a file is being sent. */
function interruptAt(file: string, { npm, world }: Desk, control: AbortController): void {
  const { upload } = npm;
  const interrupting: typeof upload = (prepared, sent, options) => {
    if (sent.name === file) control.abort(REASON);
    return upload(prepared, sent, options);
  };
  Object.assign(world.run.registries.npm, { upload: interrupting });
}

test("an interrupted run begins no other wave, and says what was not sent", async () => {
  const control = new AbortController();
  const own = await desk([0, 1], { signal: control.signal });
  interruptAt("a", own, control);
  await assert.rejects(own.release(), {
    code: "PIOT_INTERRUPTED",
    message: "Cannot go on: the run was interrupted (SIGINT); not sent: a-1",
    hint: "Run the same command again",
  });
  assert.deepEqual([...own.npm.held.keys()], ["a"]);
  assert.deepEqual(own.tagged, []);
});

test("of twelve files that wait for their turn none begins after an interruption", async () => {
  const control = new AbortController();
  const own = await desk([1, ...Array<number>(12).fill(0)], { signal: control.signal });
  interruptAt("a-4", own, control);
  await assert.rejects(own.release(), {
    code: "PIOT_INTERRUPTED",
    message: /not sent: a-5, .*, a$/,
  });
  // Four go side by side: these were under way.
  assert.deepEqual(uploads(own.npm), ["upload a-1", "upload a-2", "upload a-3", "upload a-4"]);
  assert.deepEqual([...own.npm.held.keys()], ["a-1", "a-2", "a-3", "a-4"], "and were finished");
});

test("what was being sent when the run was interrupted is looked for once, tagged, and not announced", async () => {
  const control = new AbortController();
  const own = await desk([0], { signal: control.signal });
  interruptAt("a", own, control);
  const announced: string[] = [];
  const { detail } = await own.release((release) => {
    announced.push(release.tag);
    return Promise.resolve({ state: "off" });
  });
  assert.equal(detail.status, "published");
  assert.deepEqual(own.npm.log, ["upload a", "answer a", "look", "tag"]);
  assert.deepEqual(announced, []);
  const [warning] = own.world.events.filter(({ type }) => type === "warning");
  assert.deepEqual(warning, {
    type: "warning",
    message: "No GitHub Release for a-v1.0.0: the run was interrupted",
    release: { name: "a", kind: "npm", version: "1.0.0" },
  });
});

test("what was being sent and is not shown at once is unconfirmed after an interruption", async () => {
  const control = new AbortController();
  const own = await desk([0], { signal: control.signal });
  own.npm.answers.set("a", "late");
  interruptAt("a", own, control);
  assert.deepEqual((await own.release()).detail, {
    status: "unconfirmed",
    unseen: ["a"],
    why: "the run was interrupted before npm showed it",
  });
  assert.deepEqual([own.tagged, own.world.host.waits], [[], []]);
});

test("a package of which nothing was sent begins nothing after an interruption", async () => {
  for (const held of [{}, { a: "sha256-a-0" }]) {
    const control = new AbortController();
    const own = await desk([0], { signal: control.signal, held });
    control.abort(REASON);
    assert.deepEqual(await own.release(), {
      detail: { status: "blocked", by: [] },
      isAvailable: false,
    });
    assert.deepEqual([own.npm.log, own.tagged], [[], []]);
  }
});

test("a package that was complete and looked at when the run was interrupted is not tagged", async () => {
  const control = new AbortController();
  const own = await desk([0], { signal: control.signal, held: { a: "sha256-a-0" } });
  const { look } = own.npm;
  const interrupting: typeof look = (prepared, options) => {
    control.abort(REASON);
    return look(prepared, options);
  };
  Object.assign(own.world.run.registries.npm, { look: interrupting });
  assert.deepEqual((await own.release()).detail, { status: "blocked", by: [] });
  assert.deepEqual(own.tagged, []);
});

test("an upload that the interruption kept from being sent is not looked for", async () => {
  const control = new AbortController();
  const own = await desk([0, 0], { signal: control.signal });
  const { upload } = own.npm;
  const stopping: typeof upload = (prepared, file, options) => {
    if (file.name === "a") return upload(prepared, file, options);
    // Between the exchange of its token and the upload itself.
    control.abort(REASON);
    return Promise.reject(REASON);
  };
  Object.assign(own.world.run.registries.npm, { upload: stopping });
  await assert.rejects(own.release(), { code: "PIOT_INTERRUPTED", message: /not sent: a-1$/ });
  assert.deepEqual(own.npm.log, ["upload a", "answer a"]);
});
