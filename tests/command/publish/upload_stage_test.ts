import assert from "node:assert/strict";
import { test } from "node:test";
import pLimit from "p-limit";
import { uploadStage } from "../../../src/command/publish/upload_stage.ts";
import type { Package } from "../../../src/core/model/package.ts";
import { Failure } from "../../../src/error.ts";
import type { Release } from "../../../src/registry/registry.ts";
import type { Outcome } from "../../../src/report/outcome.ts";
import { crate } from "../../registry/crates/crates_world.ts";
import { type Answer, declare, smallRegistry, smallRun } from "./small_registry.ts";

/** `blocked b,c`, `failed PIOT_NETWORK`, `published`. */
function words(outcome: Outcome): string {
  switch (outcome.status) {
    case "failed":
      return `failed ${outcome.failure.code}`;
    case "blocked":
      return `blocked ${outcome.by.join(",")}`.trim();
    case "healed":
      return `healed ${outcome.made.join(",")}`;
    default:
      return outcome.status;
  }
}

function outcomesByName(outcomes: readonly Outcome[]): Record<string, string> {
  return Object.fromEntries(outcomes.map((outcome) => [outcome.name, words(outcome)]));
}

const ENDINGS: readonly {
  readonly name: string;
  /** Who depends on whom. */
  readonly packages: Readonly<Record<string, readonly string[]>>;
  readonly answers?: Readonly<Record<string, Answer>>;
  /** What is there before, by file name. */
  readonly held?: Readonly<Record<string, string>>;
  /** What is planned; everything when left out. */
  readonly planned?: readonly string[];
  readonly outcomes: Readonly<Record<string, string>>;
}[] = [
  {
    name: "everything that is absent is published",
    packages: { a: [], b: ["a"] },
    outcomes: { a: "published", b: "published" },
  },
  {
    name: "what is complete is skipped, and what needs it goes out",
    packages: { a: [], b: ["a"] },
    held: { a: "sha256-a-0" },
    outcomes: { a: "skipped", b: "published" },
  },
  {
    name: "a failure blocks what depends on it, directly or not, and nothing else",
    packages: { a: [], b: ["a"], c: ["b"], d: [] },
    answers: { a: "broken" },
    outcomes: {
      a: "failed PIOT_REGISTRY_REFUSED",
      b: "blocked a",
      c: "blocked b,a",
      d: "published",
    },
  },
  {
    name: "a failure at the end takes nothing back",
    packages: { a: [], b: ["a"] },
    answers: { b: "refused" },
    outcomes: { a: "published", b: "failed PIOT_AUTH_REFUSED" },
  },
  {
    name: "of two ways to a failure both are named",
    packages: { a: [], b: [], c: ["a", "b"] },
    answers: { a: "broken", b: "refused" },
    outcomes: {
      a: "failed PIOT_REGISTRY_REFUSED",
      b: "failed PIOT_AUTH_REFUSED",
      c: "blocked a,b",
    },
  },
  {
    name: "what was judged to be refused fails without an upload",
    packages: { a: [], b: ["a"] },
    held: { a: "sha256-of-another" },
    outcomes: { a: "failed PIOT_VERSION_TAKEN", b: "blocked a" },
  },
  {
    name: "what waits for approval blocks what depends on it",
    packages: { a: [], b: ["a"], c: [] },
    answers: { a: "staged" },
    outcomes: { a: "staged", b: "blocked a", c: "published" },
  },
  {
    name: "what is accepted and never shown is unconfirmed, and blocks what depends on it",
    packages: { a: [], b: ["a"], c: [] },
    answers: { a: "hidden" },
    outcomes: { a: "unconfirmed", b: "blocked a", c: "published" },
  },
  {
    name: "what is shown late is published, and then what depends on it",
    packages: { a: [], b: ["a"] },
    answers: { a: "late" },
    outcomes: { a: "published", b: "published" },
  },
  {
    name: "what is accepted and shown with other bytes fails, and blocks what depends on it",
    packages: { a: [], b: ["a"] },
    answers: { a: "swapped" },
    outcomes: { a: "failed PIOT_VERSION_TAKEN", b: "blocked a" },
  },
  {
    name: "a lost answer is no failure when the same bytes are there",
    packages: { a: [], b: ["a"] },
    answers: { a: "lost" },
    outcomes: { a: "published", b: "published" },
  },
  {
    name: "who depends on another through a package that does not ship waits for it too",
    packages: { a: [], b: ["a"], c: ["b"] },
    planned: ["a", "c"],
    answers: { a: "broken" },
    outcomes: { a: "failed PIOT_REGISTRY_REFUSED", c: "blocked a" },
  },
];

for (const { name, packages, answers = {}, held = {}, planned, outcomes } of ENDINGS) {
  test(`uploading ends so that ${name}`, async () => {
    const npm = smallRegistry();
    for (const [file, answer] of Object.entries(answers)) npm.answers.set(file, answer);
    for (const [file, digest] of Object.entries(held)) npm.held.set(file, digest);
    const world = smallRun(declare(packages), {
      registries: { npm },
      ...(planned === undefined ? {} : { names: planned }),
    });
    const ended = await uploadStage(world.run, await world.ready(), undefined);
    assert.deepEqual(outcomesByName(ended), outcomes);
    const told = world.events.flatMap((event) => event.type === "outcome" ? event.outcome : []);
    assert.deepEqual(new Set(told), new Set(ended), "each is told once");
  });
}

test("outcomes come in the plan's order, whatever the order of the uploads", async () => {
  const npm = smallRegistry();
  const world = smallRun(declare({ last: ["middle"], middle: ["first"], first: [] }), {
    registries: { npm },
  });
  const outcomes = await uploadStage(world.run, await world.ready(), undefined);
  assert.deepEqual(outcomes.map(({ name }) => name), ["last", "middle", "first"]);
  assert.deepEqual(npm.log.filter((line) => line.startsWith("upload")), [
    "upload first",
    "upload middle",
    "upload last",
  ]);
});

test("nobody is sent before what it depends on is shown", async () => {
  const npm = smallRegistry();
  const shownBefore = new Map<string, readonly string[]>();
  const upload: typeof npm.upload = (prepared, file, options) => {
    shownBefore.set(file.name, [...npm.held.keys()]);
    return npm.upload(prepared, file, options);
  };
  const packages = declare({ d: ["b", "c"], c: ["a"], b: ["a"], a: [] });
  const world = smallRun(packages, { registries: { npm: { ...npm, upload } } });
  await uploadStage(world.run, await world.ready(), undefined);
  assert.deepEqual([shownBefore.get("a"), shownBefore.get("b"), shownBefore.get("c")], [
    [],
    ["a"],
    ["a"],
  ]);
  assert.deepEqual(shownBefore.get("d")!.toSorted(), ["a", "b", "c"]);
});

test("independent packages go side by side: each is answered once all have begun", async () => {
  const npm = smallRegistry();
  const names = ["a", "b", "c"];
  let begun = 0;
  let open = (): void => {};
  const allBegun = new Promise<void>((resolve) => open = resolve);
  const upload: typeof npm.upload = async (prepared, file, options) => {
    if (++begun === names.length) open();
    await allBegun;
    return await npm.upload(prepared, file, options);
  };
  const packages = declare(Object.fromEntries(names.map((name) => [name, []])));
  const world = smallRun(packages, { registries: { npm: { ...npm, upload } } });
  const outcomes = await uploadStage(world.run, await world.ready(), undefined);
  assert.deepEqual(outcomes.map(words), ["published", "published", "published"]);
});

test("a registry that bears one release at a time gets the next when the last has arrived", async () => {
  const crates = smallRegistry();
  const npm = smallRegistry();
  const packages: readonly Package[] = [crate("x"), crate("y"), ...declare({ z: ["y"] })];
  const world = smallRun(packages, { registries: { crates, npm }, gates: { crates: pLimit(1) } });
  const ready = await world.ready();
  crates.log.length = 0;
  const outcomes = await uploadStage(world.run, ready, undefined);
  assert.deepEqual(outcomes.map(words), ["published", "published", "published"]);
  assert.deepEqual(crates.log, [
    ...["upload x", "answer x", "look"],
    ...["upload y", "answer y", "look"],
  ]);
});

test("who waits for another kind holds no place in the queue of its own", async () => {
  const crates = smallRegistry();
  const npm = smallRegistry();
  const first: Package = { ...crate("first"), dependsOn: ["z"] };
  const packages = [first, crate("second"), ...declare({ z: ["second"] })];
  const world = smallRun(packages, { registries: { crates, npm }, gates: { crates: pLimit(1) } });
  const outcomes = await uploadStage(world.run, await world.ready(), undefined);
  assert.deepEqual(outcomesByName(outcomes), {
    first: "published",
    second: "published",
    z: "published",
  });
});

test("an interrupted run finishes what it sends and begins nothing else", async () => {
  const npm = smallRegistry();
  const control = new AbortController();
  const upload: typeof npm.upload = (prepared, file, options) => {
    control.abort(new Failure("PIOT_INTERRUPTED", "Cannot go on"));
    return npm.upload(prepared, file, options);
  };
  const world = smallRun(declare({ a: [], b: ["a"] }), {
    registries: { npm: { ...npm, upload } },
    signal: control.signal,
  });
  const outcomes = await uploadStage(world.run, await world.ready(), undefined);
  assert.deepEqual(outcomesByName(outcomes), { a: "published", b: "blocked" });
  assert.ok(!npm.log.includes("upload b"));
});

test("what is shown is tagged, and neither what failed nor what waits for approval or is not shown", async () => {
  const npm = smallRegistry();
  npm.held.set("there", "sha256-there-0");
  npm.answers.set("failed", "broken").set("staged", "staged");
  npm.answers.set("late", "late").set("hidden", "hidden");
  const packages = { there: [], sent: [], failed: [], staged: [], late: [], hidden: [] };
  const world = smallRun(declare(packages), { registries: { npm } });
  const tagged: string[] = [];
  const tagRelease = ({ tag }: Release): Promise<boolean> => {
    tagged.push(tag);
    return Promise.resolve(true);
  };
  const outcomes = await uploadStage(world.run, await world.ready(), tagRelease);
  assert.deepEqual(tagged.sort(), ["late-v1.0.0", "sent-v1.0.0", "there-v1.0.0"]);
  assert.equal(outcomesByName(outcomes)["hidden"], "unconfirmed");
  assert.equal(outcomesByName(outcomes)["there"], "healed tag there-v1.0.0");
});

test("a tag that is refused fails its release, and what depends on it does not go out", async () => {
  const npm = smallRegistry();
  const world = smallRun(declare({ a: [], b: ["a"] }), { registries: { npm } });
  const tagRelease = (): Promise<boolean> =>
    Promise.reject(new Failure("PIOT_TAG_REFUSED", "Cannot tag"));
  const outcomes = await uploadStage(world.run, await world.ready(), tagRelease);
  assert.deepEqual(outcomesByName(outcomes), { a: "failed PIOT_TAG_REFUSED", b: "blocked a" });
  assert.ok(npm.held.has("a") && !npm.held.has("b"));
});
