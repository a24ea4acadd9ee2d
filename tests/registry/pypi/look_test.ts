import assert from "node:assert/strict";
import { test } from "node:test";
import { pypiVersion } from "../../../src/core/pypi/spelling.ts";
import { Failure } from "../../../src/error.ts";
import { servePypi } from "../../../src/rehearsal/pypi/serve_pypi.ts";
import type { StoredFile } from "../../../src/rehearsal/pypi/state.ts";
import { makeSdist, makeWheel } from "../../../src/rehearsal/synthesise/python_distribution.ts";
import { attest } from "../../support/attest.ts";
import { ADA, publisherFor, states } from "../../support/pypi_publisher.ts";
import { pypiRelease, type PypiReleaseFixture } from "../../support/pypi_release.ts";

const DEMO = { name: "demo", version: "1.0.0" };
const START = "2026-01-01T00:00:00Z";

async function demo(input: { version?: string } = {}): Promise<PypiReleaseFixture> {
  const built = { ...DEMO, version: pypiVersion(input.version ?? DEMO.version) };
  return await pypiRelease({
    ...input,
    files: { any: [makeWheel(built)], sdist: [await makeSdist(built)] },
  });
}

function after(days: number): string {
  return new Date(Date.parse(START) + days * 86_400_000).toISOString();
}

/** Looks at a release whose wheel went up at `START`, so many days later. */
async function halfReleased(days: number): Promise<{ notes: readonly string[] }> {
  await using server = await servePypi({ tokens: ADA, clock: { now: () => new Date(START) } });
  await using fixture = await demo();
  const { prepare, uploadFirst } = publisherFor(server);
  const prepared = await prepare(fixture.release);
  await uploadFirst(prepared);
  const look = await publisherFor(server, { now: after(days) }).pypi.look(prepared);
  return { notes: look.notes ?? [] };
}

test("the window of a release that is half there is counted down", async () => {
  assert.deepEqual(await halfReleased(3.5), {
    notes: [
      "demo 1.0.0 is half there; PyPI takes its missing files until 2026-01-15 00:00 UTC (10 days left)",
    ],
  });
  assert.match((await halfReleased(13.75)).notes.join(), /\(6 hours left\)$/);
});

test("a release that is older than 14 days is refused before anything is sent", async () => {
  await assert.rejects(halfReleased(14), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, "PIOT_RELEASE_CLOSED");
    assert.match(error.message, /^Cannot add "demo-1\.0\.0\.tar\.gz" to demo 1\.0\.0: /);
    return true;
  });
});

for (const isAttested of [true, false]) {
  const what = isAttested ? "attestations" : "none";
  test(`what is sent to a release that is half there is held against its own files: ${what}`, async () => {
    await using server = await servePypi({ tokens: ADA });
    await using fixture = await demo();
    const { pypi, prepare, uploadFirst } = publisherFor(server);
    const prepared = await prepare(fixture.release);
    await uploadFirst(prepared);
    const [held] = [...server.state.files.values()];
    assert.ok(held !== undefined);
    const attestations = isAttested ? [attest({ fileName: held.name, bytes: held.bytes })] : [];
    server.state.files.set(held.name, { ...held, attestations });
    const { before } = await pypi.look(prepared);
    const evidence = isAttested ? ["attestations"] : [];
    assert.deepEqual(before, [{ version: "1.0.0", evidence, isHalfThere: true }]);
  });
}

test("a release that is complete may be as old as it likes", async () => {
  await using server = await servePypi({ tokens: ADA, clock: { now: () => new Date(START) } });
  await using fixture = await demo();
  await publisherFor(server).publish(fixture.release);
  const { pypi, prepare } = publisherFor(server, { now: after(1000) });
  const look = await pypi.look(await prepare(fixture.release));
  assert.deepEqual(new Set(Object.values(states(look))), new Set(["same"]));
  assert.deepEqual(look.notes, []);
});

test("versions come in Python's order, the newest last", async () => {
  await using server = await servePypi({ tokens: ADA });
  for (const version of ["1.10.0", "1.9.0", "2.0.0-rc.1"]) {
    await using fixture = await demo({ version });
    await publisherFor(server).publish(fixture.release);
  }
  await using fixture = await demo({ version: "2.0.0" });
  const { pypi, prepare } = publisherFor(server);
  const look = await pypi.look(await prepare(fixture.release));
  assert.deepEqual(look.versions, ["1.9.0", "1.10.0", "2.0.0rc1"]);
});

test("an old release of another version closes nothing", async () => {
  await using server = await servePypi({ tokens: ADA, clock: { now: () => new Date(START) } });
  await using first = await demo();
  await using second = await demo({ version: "1.0.1" });
  await publisherFor(server).publish(first.release);
  const { pypi, prepare } = publisherFor(server, { now: after(400) });
  const look = await pypi.look(await prepare(second.release));
  assert.deepEqual(look.versions, ["1.0.0"]);
  assert.deepEqual(look.notes, []);
});

for (const status of ["archived", "quarantined"] as const) {
  test(`a project that is ${status} is refused before anything is sent`, async () => {
    await using server = await servePypi({ tokens: ADA });
    await using first = await demo();
    await using second = await demo({ version: "1.0.1" });
    const { publish, pypi, prepare } = publisherFor(server);
    await publish(first.release);
    server.state.projects.get("demo")!.status = status;
    await assert.rejects(publish(second.release), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.code, "PIOT_PROJECT_CLOSED");
      assert.match(error.message, new RegExp(`it is ${status} on PyPI$`));
      return true;
    });
    const look = await pypi.look(await prepare(first.release));
    assert.equal(states(look)["demo-1.0.0.tar.gz"], "same");
  });
}

test("an sdist under its old name leaves no room for another one", async () => {
  await using server = await servePypi({ tokens: ADA });
  const built = { name: "my-demo", version: "1.0.0" };
  await using fixture = await pypiRelease({
    name: "my-demo",
    files: { any: [makeWheel(built)], sdist: [await makeSdist(built)] },
  });
  const { publish, pypi, prepare } = publisherFor(server);
  await publish(fixture.release);
  const { files } = server.state;
  const sdist = files.get("my_demo-1.0.0.tar.gz")!;
  files.delete(sdist.name);
  const old: StoredFile = { ...sdist, name: "My-Demo-1.0.0.tar.gz", sha256: "0".repeat(64) };
  files.set(old.name, old);
  const prepared = await prepare(fixture.release);
  await assert.rejects(pypi.look(prepared), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, "PIOT_VERSION_TAKEN");
    assert.match(error.message, /the release has "My-Demo-1\.0\.0\.tar\.gz"/);
    return true;
  });
});

test("a look after an upload never refuses, it only tells", async () => {
  await using server = await servePypi({ tokens: ADA, clock: { now: () => new Date(START) } });
  await using fixture = await demo();
  const { prepare, uploadFirst } = publisherFor(server);
  const prepared = await prepare(fixture.release);
  await uploadFirst(prepared);
  const look = await publisherFor(server, { now: after(20) }).pypi.look(prepared, { fresh: true });
  assert.deepEqual(Object.values(states(look)), ["same", "absent"]);
  assert.ok(server.log.some(({ headers }) => headers.get("cache-control") === "no-cache"));
});

test("an index that lists a file without its sha256 is unknown", async () => {
  await using server = await servePypi({ tokens: ADA });
  await using fixture = await demo();
  const { pypi, prepare } = publisherFor(server);
  const name = "demo-1.0.0-py3-none-any.whl";
  server.breakNext({
    matches: ({ path }) => path.startsWith("/simple/"),
    how: {
      status: 200,
      body: { meta: {}, name: "demo", files: [{ filename: name, hashes: {}, url: "x" }] },
    },
  });
  await assert.rejects(pypi.look(await prepare(fixture.release)), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, "PIOT_REGISTRY_UNKNOWN");
    return true;
  });
});

test("an index without PyPI's own JSON API is read through the Simple API alone", async () => {
  await using server = await servePypi({ tokens: ADA });
  await using fixture = await demo();
  const { publish, pypi, prepare } = publisherFor(server);
  await publish(fixture.release);
  const gone = { status: 404, body: "no such page" };
  server.breakNext({ matches: ({ path }) => path.startsWith("/pypi/"), how: gone, times: 2 });
  const look = await pypi.look(await prepare(fixture.release));
  assert.deepEqual(new Set(Object.values(states(look))), new Set(["same"]));
});

test("no answer at all is a network failure, after the reads were repeated", async () => {
  await using server = await servePypi({ tokens: ADA });
  await using fixture = await demo();
  const { host, pypi, prepare } = publisherFor(server);
  const prepared = await prepare(fixture.release);
  server.breakNext({ matches: () => true, how: "lost-before", times: 99 });
  await assert.rejects(pypi.look(prepared), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, "PIOT_NETWORK");
    return true;
  });
  assert.ok(host.waits.length >= 3);
});

test("an index whose two APIs show other bytes under one name is unknown", async () => {
  await using server = await servePypi({ tokens: ADA });
  await using fixture = await demo();
  const { publish, pypi, prepare } = publisherFor(server);
  await publish(fixture.release);
  const name = "demo-1.0.0-py3-none-any.whl";
  const digests = { sha256: "ab".repeat(32) };
  server.breakNext({
    matches: ({ path }) => path.startsWith("/pypi/"),
    how: { status: 200, body: { urls: [{ filename: name, digests }] } },
  });
  await assert.rejects(pypi.look(await prepare(fixture.release)), {
    code: "PIOT_REGISTRY_UNKNOWN",
    message: /two APIs show "demo-1\.0\.0-py3-none-any\.whl" with other bytes/,
  });
});
