/** Which commit PyPI's attestations name for the files that it holds. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Records } from "../../../src/core/release/commit_record.ts";
import { createPypi } from "../../../src/registry/pypi/create_pypi.ts";
import { type PypiServer, servePypi } from "../../../src/rehearsal/pypi/serve_pypi.ts";
import type { Attestation } from "../../../src/rehearsal/pypi/state.ts";
import { makeSdist, makeWheel } from "../../../src/rehearsal/synthesise/python_distribution.ts";
import { attest } from "../../support/attest.ts";
import { ADA, publisherFor } from "../../support/pypi_publisher.ts";
import { pypiRelease, type PypiReleaseFixture } from "../../support/pypi_release.ts";
import { testHost } from "../../support/test_host.ts";

const [WHEEL, SDIST] = ["demo-1.0.0-py3-none-any.whl", "demo-1.0.0.tar.gz"] as const;
const [EARLIER, OTHER] = ["a".repeat(40), "c".repeat(40)] as const;

async function demo(): Promise<PypiReleaseFixture> {
  const of = { name: "demo", version: "1.0.0" };
  return await pypiRelease({
    files: { any: [await makeWheel(of)], sdist: [await makeSdist(of)] },
  });
}

/** What a trusted publisher attested of a file: stored beside it, as PyPI does with what comes along with an upload. */
function attestHeld(
  { state }: PypiServer,
  name: string,
  attestations: (file: { fileName: string; bytes: Uint8Array }) => readonly Attestation[],
): void {
  const file = state.files.get(name)!;
  const made = attestations({ fileName: name, bytes: file.bytes });
  state.files.set(name, { ...file, attestations: made });
}

async function recordsOf(
  server: PypiServer,
  fixture: PypiReleaseFixture,
  env: Readonly<Record<string, string>> = {},
): Promise<Records> {
  const { prepare } = publisherFor(server);
  const prepared = await prepare(fixture.release);
  const host = testHost({ env });
  const endpoints = {
    ...{ pypi: server.url, pypiUpload: server.uploadUrl },
    ...{ fulcio: server.url, rekor: server.url },
  };
  const pypi = createPypi({ host, root: host.cwd, endpoints });
  return await pypi.records(prepared, await pypi.look(prepared));
}

const asked = ({ log }: PypiServer): readonly string[] =>
  log.flatMap(({ path }) => path.startsWith("/integrity/") ? [path] : []);

test("PyPI is asked for the attestations of the files that have some, and each names its commit", async () => {
  await using server = await servePypi({ tokens: ADA });
  await using fixture = await demo();
  await publisherFor(server).publish(fixture.release);
  attestHeld(server, WHEEL, (file) => [attest({ ...file, commit: EARLIER })]);
  const { commits, notes } = await recordsOf(server, fixture);
  assert.deepEqual([...commits], [[WHEEL, {
    commit: EARLIER,
    source: "its attestation",
    repository: "https://github.com/ada/engine",
  }]]);
  assert.deepEqual(notes, []);
  assert.deepEqual(asked(server), [`/integrity/demo/1.0.0/${WHEEL}/provenance`]);
});

test("a release without attestations, and one that is not there, have no records", async () => {
  await using server = await servePypi({ tokens: ADA });
  await using fixture = await demo();
  const nothing = { commits: new Map(), notes: [] };
  assert.deepEqual(await recordsOf(server, fixture), nothing);
  await publisherFor(server).publish(fixture.release);
  assert.deepEqual(await recordsOf(server, fixture), nothing);
  assert.deepEqual(asked(server), []);
});

test("a file that the Simple API does not show yet is asked about, and none of its attestations is definite", async () => {
  await using server = await servePypi({ tokens: ADA, staleReads: { simple: Infinity } });
  await using fixture = await demo();
  await publisherFor(server).publish(fixture.release);
  attestHeld(server, SDIST, (file) => [attest({ ...file, commit: EARLIER })]);
  const { commits } = await recordsOf(server, fixture);
  assert.deepEqual([...commits.keys()], [SDIST]);
  assert.equal(asked(server).length, 2);
});

test("a file of this version that the release does not have is among the records", async () => {
  await using server = await servePypi({ tokens: ADA });
  await using fixture = await demo();
  await publisherFor(server).publish(fixture.release);
  const old = "demo-1.0.0-py2-none-any.whl";
  server.state.files.set(old, { ...server.state.files.get(WHEEL)!, name: old });
  attestHeld(server, old, (file) => [attest({ ...file, commit: EARLIER })]);
  const { commits } = await recordsOf(server, fixture);
  assert.deepEqual([...commits.keys()], [old]);
});

const SLSA = "https://slsa.dev/provenance/v1";

const SILENT: readonly {
  readonly name: string;
  readonly attestations: Parameters<typeof attestHeld>[2];
  readonly env?: Readonly<Record<string, string>>;
  readonly note: RegExp;
}[] = [
  {
    name: "without a commit in its certificate",
    attestations: (file) => [attest(file)],
    note: /name no commit of these bytes/,
  },
  {
    name: "with a commit that is none",
    attestations: (file) => [attest({ ...file, commit: "main" })],
    note: /name no commit of these bytes/,
  },
  {
    name: "about other bytes",
    attestations: ({ fileName }) => [
      attest({ fileName, bytes: new Uint8Array(1), commit: EARLIER }),
    ],
    note: /name no commit of these bytes/,
  },
  {
    name: "that two statements contradict each other in",
    attestations: (file) => [
      attest({ ...file, commit: EARLIER }),
      attest({ ...file, commit: OTHER, predicateType: SLSA }),
    ],
    note: /name several commits, so they name none/,
  },
  {
    name: "of the commit that this very job was started for and has not checked out",
    attestations: (file) => [attest({ ...file, commit: EARLIER })],
    env: { GITHUB_SHA: EARLIER },
    note: new RegExp(`names ${EARLIER}, which this job was started for`),
  },
];

for (const { name, attestations, env, note } of SILENT) {
  test(`an attestation ${name} names no commit, and that is told`, async () => {
    await using server = await servePypi({ tokens: ADA });
    await using fixture = await demo();
    await publisherFor(server).publish(fixture.release);
    attestHeld(server, WHEEL, attestations);
    const { commits, notes } = await recordsOf(server, fixture, env);
    assert.deepEqual([...commits], []);
    assert.equal(notes.length, 1);
    assert.match(notes[0]!, note);
  });
}

for (
  const [name, how] of [
    ["a page", { status: 200, body: "<html>" }],
    ["503", { status: 503, body: "down" }],
    ["404, although the index lists them", { status: 404, body: { message: "Not Found" } }],
  ] as const
) {
  test(`attestations that are answered with ${name} are unknown, not silent`, async () => {
    await using server = await servePypi({ tokens: ADA });
    await using fixture = await demo();
    await publisherFor(server).publish(fixture.release);
    attestHeld(server, WHEEL, (file) => [attest({ ...file, commit: EARLIER })]);
    server.breakNext({
      matches: ({ path }) => path.startsWith("/integrity/"),
      how,
      times: Infinity,
    });
    await assert.rejects(recordsOf(server, fixture), { code: "PIOT_REGISTRY_UNKNOWN" });
  });
}
