/** Releases that meet crates.io's limits, on a clock that moves when it is slept on: nobody has to be there. */

import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { Failure } from "../../src/error.ts";
import { serveIdentity } from "../../src/rehearsal/identity/serve_identity.ts";
import { servePypi } from "../../src/rehearsal/pypi/serve_pypi.ts";
import { makeSdist, makeWheel } from "../../src/rehearsal/synthesise/python_distribution.ts";
import {
  makeCrateFile,
  type ManyCrates,
  manyCrates,
  type ManyRun,
} from "../support/many_crates.ts";
import { writeTree } from "../support/temp.ts";

const MINUTE = 60_000;
const INTERRUPTED = new Failure(
  "PIOT_INTERRUPTED",
  "Cannot go on: the run was interrupted (SIGINT)",
);

function some(word: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `${word}-${at}`);
}

function statuses({ outcomes }: ManyRun): Readonly<Record<string, string>> {
  return Object.fromEntries(outcomes.map((outcome) => [outcome.name, outcome.status]));
}

/** How many uploads were answered with what. */
function answers(world: ManyCrates): Readonly<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (const status of world.puts()) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

function forecastOf({ warnings }: ManyRun): string | undefined {
  return warnings.find((warning) => warning.startsWith("crates.io takes so many"));
}

test("sixty crates by a token go out without anybody: thirty now, thirty as the registry's dates allow", async () => {
  await using world = await manyCrates({ updates: some("old", 60) });
  const run = await world.release();
  deepEqual(new Set(Object.values(statuses(run))), new Set(["published"]));
  deepEqual(answers(world), { 200: 60, 429: 30 });
  const end = world.host.clock.now();
  equal(end.toISOString(), "2026-01-01T00:32:01.000Z");
  equal(
    forecastOf(run),
    "crates.io takes so many uploads of one user at a time: 60 crates: 30 now, 30 over 30 minutes, the last at about 2026-01-01 00:31 UTC",
  );
  const waits = run.events.flatMap((event) => event.type === "waiting" ? [event] : []);
  equal(waits.length, 30);
  match(
    waits[0]!.reason,
    /^for crates\.io: .* Please try again after Thu, 01 Jan 2026 00:02:59 GMT/,
  );
});

test("questions to the API are few, and a second apart; the index is asked as often as it takes", async () => {
  await using world = await manyCrates({ updates: some("old", 40), fresh: some("new", 5) });
  world.server.state.rateLimit = false;
  await world.release();
  const paths = world.server.log.filter(({ method }) => method === "GET").map(({ path }) => path);
  const questions = paths.filter((path) => path.startsWith("/api/"));
  // Each crate once, and who uploaded the version before of those that have one.
  deepEqual([questions.length, new Set(questions).size], [85, 85]);
  const apart = world.asked.slice(1).map((at, index) => at - world.asked[index]!);
  ok(apart.every((pause) => pause >= 1000), `${Math.min(...apart)}`);
  // Before the upload, and after it.
  equal(paths.length - questions.length, 90);
});

test("what the API does not answer is asked again at the same pace", async () => {
  await using world = await manyCrates({ updates: some("old", 3) });
  world.server.breakNext({
    matches: ({ path }) => path.startsWith("/api/v1/crates/old-"),
    how: { status: 503 },
    times: 2,
  });
  deepEqual(new Set(Object.values(statuses(await world.release()))), new Set(["published"]));
  equal(world.asked.length, 8);
  const apart = world.asked.slice(1).map((at, index) => at - world.asked[index]!);
  ok(apart.every((pause) => pause >= 1000), apart.join(" "));
});

test("crates by trusted publishing wait for nothing, and no limit is told", async () => {
  const secret = `cio_tp_${"t".repeat(32)}`;
  await using world = await manyCrates({
    updates: some("old", 60),
    env: { CARGO_REGISTRY_TOKEN: secret },
  });
  const trustpubData = { provider: "github", repository: "ada/engine" };
  world.server.state.trusted.push({ secret, crates: some("old", 60), trustpubData });
  const run = await world.release();
  deepEqual(answers(world), { 200: 60 });
  equal(forecastOf(run), undefined);
});

test("new names have a limit of their own, ten minutes each, of which new versions know nothing", async () => {
  await using world = await manyCrates({ updates: some("old", 3), fresh: some("new", 7) });
  const run = await world.release();
  deepEqual(new Set(Object.values(statuses(run))), new Set(["published"]));
  deepEqual(answers(world), { 200: 10, 429: 2 });
  match(forecastOf(run)!, /: 10 crates \(7 new\): 8 now, 2 over 20 minutes, the last at about /);
});

test("while a crate waits for its limit, other registries go on", async () => {
  const token = "pypi-of-ada";
  const name = "wheel";
  await using pypi = await servePypi({ tokens: { [token]: { holder: { user: "ada" } } } });
  const wheel = makeWheel({ name, version: "1.0.0" });
  const sdist = await makeSdist({ name, version: "1.0.0" });
  await using world = await manyCrates({
    fresh: some("new", 6),
    config:
      `[[package]]\nname = "${name}"\nkind = "pypi"\npath = "${name}"\npaths = ["${name}/**"]\n`,
    files: {
      [`artifacts/${name}-wheel-any/${wheel.fileName}`]: wheel.bytes,
      [`artifacts/${name}-sdist/${sdist.fileName}`]: sdist.bytes,
    },
    env: {
      PIOT_PYPI_URL: pypi.url,
      PIOT_PYPI_UPLOAD_URL: pypi.uploadUrl,
      PYPI_API_TOKEN: token,
    },
  });
  // A limit's wait ends only once the wheel is out: if that waited too, neither would ever end.
  let tellOut = (): void => {};
  const isOut = new Promise<void>((resolve) => tellOut = resolve);
  const { clock } = world.host;
  const run = await world.release({
    names: [...some("new", 6), name],
    clock: {
      now: clock.now,
      sleep: async (milliseconds, signal) => {
        if (milliseconds > 5 * MINUTE) await isOut;
        await clock.sleep(milliseconds, signal);
      },
    },
    onEvent: (event) => {
      if (event.type === "outcome" && event.outcome.name === name) tellOut();
    },
  });
  deepEqual(new Set(Object.values(statuses(run))), new Set(["published"]));
  deepEqual(answers(world), { 200: 6, 429: 1 });
});

test("a crate's daily limit is its own trouble: it is told apart, the others go out, and the next day mends it", async () => {
  await using world = await manyCrates({ updates: some("old", 3) });
  world.server.state.mostDaily = 1;
  const [busy] = world.server.state.crates.get("old_1")!.versions;
  Object.assign(busy!, { createdAt: world.host.clock.now() });
  const first = await world.release();
  deepEqual(statuses(first), { "old-0": "published", "old-1": "failed", "old-2": "published" });
  const failed = first.outcomes[1]!;
  ok(failed.status === "failed");
  equal(failed.failure.code, "PIOT_REGISTRY_BUSY");
  match(failed.failure.hint!, /run again tomorrow from the same commit/);
  await world.host.clock.sleep(24 * 60 * MINUTE);
  const second = await world.release();
  deepEqual(statuses(second), { "old-0": "skipped", "old-1": "published", "old-2": "skipped" });
  deepEqual(answers(world), { 200: 3, 429: 1 });
});

test("a limit of what stands before crates.io is waited for by its header, and without one ends the upload", async () => {
  await using world = await manyCrates({ updates: some("old", 1) });
  const limit = (headers: Record<string, string>) =>
    world.server.breakNext({
      matches: ({ method }) => method === "PUT",
      how: { status: 429, headers, body: "Too Many Requests" },
    });
  limit({});
  const first = await world.release();
  const [failed] = first.outcomes;
  ok(failed?.status === "failed");
  match(failed.failure.hint!, /when the limit has passed/);
  limit({ "retry-after": "120" });
  const begin = world.host.clock.now().getTime();
  deepEqual(statuses(await world.release()), { "old-0": "published" });
  ok(world.host.clock.now().getTime() - begin >= 2 * MINUTE);
  deepEqual(answers(world), { 200: 1, 429: 2 });
});

const JOB = { repository: "ada/engine", workflow: "release.yml" };

test("an interruption while a crate waits for a limit gives the token back, and the next run goes on from there", async () => {
  const names = some("old", 3);
  let now = (): Date => new Date();
  await using identity = await serveIdentity({ job: JOB, clock: { now: () => now() } });
  const env = { ...identity.env, CARGO_REGISTRY_TOKEN: "" };
  await using world = await manyCrates({ updates: names, env });
  now = world.host.clock.now;
  const { state } = world.server;
  state.identity = identity;
  for (const name of names) state.publishers.set(name.replace("-", "_"), [JOB]);
  const date = new Date(world.host.clock.now().getTime() + 10 * MINUTE).toUTCString();
  let puts = 0;
  world.server.breakNext({
    matches: ({ method }) => method === "PUT" && ++puts === 2,
    how: { status: 429, body: { errors: [{ detail: `Please try again after ${date} and see` }] } },
  });
  const control = new AbortController();
  const first = await world.release({
    signal: control.signal,
    onEvent: ({ type }) => {
      if (type === "waiting") control.abort(INTERRUPTED);
    },
  });
  deepEqual(statuses(first), { "old-0": "published", "old-1": "blocked", "old-2": "blocked" });
  const asked = (): readonly string[] =>
    world.server.log.filter(({ path }) => path.endsWith("/tokens")).map(({ method }) => method);
  deepEqual(asked(), ["POST", "DELETE"]);
  deepEqual(state.trusted, []);
  deepEqual(statuses(await world.release()), {
    "old-0": "skipped",
    "old-1": "published",
    "old-2": "published",
  });
  deepEqual(asked(), ["POST", "DELETE", "POST", "DELETE"]);
  deepEqual(answers(world), { 200: 3, 429: 1 });
});

test("a ready crate over 10 MiB is refused before anything is sent", async () => {
  await using world = await manyCrates({ updates: some("old", 1) });
  const noise = Buffer.concat(
    Array.from({ length: 170 }, () => crypto.getRandomValues(new Uint8Array(65_536))),
  );
  const bytes = await makeCrateFile({
    name: "old-0",
    version: "1.0.0",
    more: { "noise.bin": noise },
  });
  await writeTree(world.root, { "artifacts/old-0-crate/old-0-1.0.0.crate": bytes });
  await rejects(world.release(), {
    code: "PIOT_CRATES_UNPUBLISHABLE",
    message:
      /^Cannot publish old-0: old-0-1\.0\.0\.crate has \d+ bytes, and crates\.io takes 10485760$/,
  });
  deepEqual(world.server.log, []);
});
