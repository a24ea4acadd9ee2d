import assert from "node:assert/strict";
import { test } from "node:test";
import { sendFiles, type Sent } from "../../../src/command/publish/send_files.ts";
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
  readonly send: () => Promise<Sent>;
}

/** A release `a` of so many files: `a`, `a-1`, `a-2` … */
async function desk(count: number, options: { readonly patience?: number } = {}): Promise<Desk> {
  const npm = smallRegistry();
  const world = smallRun(declare({ a: [] }), { registries: { npm }, ...options });
  const [ready] = await world.ready({ a: Array<number>(count).fill(0) });
  npm.log.length = 0;
  const { prepared: { files }, credential } = ready!;
  const send = (): Promise<Sent> =>
    sendFiles(world.run, ready!, { files, credential: credential!, afterStaged: false });
  return { npm, world, send };
}

const looks = ({ log }: SmallRegistry): number => log.filter((line) => line === "look").length;

test("each file is sent once, whatever its answer", async () => {
  for (const answer of ["lost", "broken", "refused", "overtaken", "claimed", "hidden"] as const) {
    const { npm, send } = await desk(1);
    npm.answers.set("a", answer);
    await send().catch(() => {});
    assert.deepEqual(npm.log.filter((line) => line === "upload a"), ["upload a"], answer);
  }
});

const FAILED: readonly {
  readonly name: string;
  readonly answer: Answer;
  readonly code: string;
  /** In milliseconds; ten minutes when left out. */
  readonly patience?: number;
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
    name: "nobody is waited for longer than the run's patience",
    answer: "broken",
    code: "PIOT_REGISTRY_REFUSED",
    patience: 2500,
    waits: [1000, 1500],
  },
  {
    name: "without patience the registry is looked at once",
    answer: "broken",
    code: "PIOT_REGISTRY_REFUSED",
    patience: 0,
    waits: [],
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

for (const { name, answer, code, waits, ...options } of FAILED) {
  test(`an upload has failed: ${name}`, async () => {
    const { npm, world, send } = await desk(1, options);
    npm.answers.set("a", answer);
    await assert.rejects(send(), { code });
    assert.deepEqual(world.host.waits, waits);
    assert.equal(looks(npm), waits.length + 1);
  });
}

test("a lost answer is a warning when the registry has the same bytes", async () => {
  const { npm, world, send } = await desk(1);
  npm.answers.set("a", "lost");
  const { staged, accepted, claims } = await send();
  assert.deepEqual([staged, accepted.map(({ name }) => name), claims.size], [[], ["a"], 0]);
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

test("what another run of this commit put there first is kept, and both digests are told", async () => {
  const { npm, world, send } = await desk(1);
  npm.answers.set("a", "overtaken");
  npm.ours.add("a");
  assert.deepEqual((await send()).accepted.map(({ name }) => name), ["a"]);
  const [warning] = world.events.flatMap((event) => event.type === "warning" ? event.message : []);
  assert.match(warning!, /kept as it is there \(sha256-of-another there, sha256-a-0 here\)$/);
});

test("a registry that does not answer after a lost upload is asked again", async () => {
  const { npm, send } = await desk(1);
  npm.answers.set("a", "lost");
  npm.troubles.push(new Failure("PIOT_NETWORK", "down"), new Failure("PIOT_REGISTRY_UNKNOWN", "?"));
  assert.deepEqual((await send()).staged, []);
  assert.equal(looks(npm), 3);
});

test("what a registry says it has already, and does not show, is not told as sent or taken", async () => {
  const { npm, world, send } = await desk(2);
  npm.answers.set("a", "claimed");
  const { accepted, claims } = await send();
  assert.deepEqual(accepted.map(({ name }) => name), ["a", "a-1"]);
  assert.deepEqual([...claims].map(([name, { message }]) => [name, message]), [
    ["a", "403 for a: it is there already"],
  ]);
  assert.deepEqual(world.host.waits, []);
});

test("files that wait for approval are named, and are none that the registry accepted", async () => {
  const { npm, send } = await desk(3);
  npm.answers.set("a-1", "staged");
  const { staged, accepted } = await send();
  assert.deepEqual(staged, ["a-1 waits for ada"]);
  assert.deepEqual(accepted.map(({ name }) => name), ["a", "a-2"]);
  assert.deepEqual([...npm.held.keys()], ["a", "a-2"]);
});

test("every file that failed is told of, and the others go through", async () => {
  const { npm, send } = await desk(4);
  npm.answers.set("a", "broken").set("a-2", "refused");
  await assert.rejects(send(), (error) => {
    assert.ok(error instanceof Failure);
    assert.deepEqual(error.problems.map(({ message }) => message), ["500 for a", "401 for a-2"]);
    return true;
  });
  assert.deepEqual([...npm.held.keys()], ["a-1", "a-3"]);
});
