import assert from "node:assert/strict";
import { test } from "node:test";
import { serveIdentity } from "../../../src/rehearsal/identity/serve_identity.ts";
import type { PypiStateInput } from "../../../src/rehearsal/pypi/state.ts";
import { serveSigstore } from "../../../src/rehearsal/sigstore/serve_sigstore.ts";
import { type PypiServer, servePypi } from "../../../src/rehearsal/pypi/serve_pypi.ts";
import { makeWheel } from "../../../src/rehearsal/synthesise/python_distribution.ts";
import { attest } from "../../support/attest.ts";
import { post } from "../../support/pypi_form.ts";
import { ADA } from "../../support/pypi_publisher.ts";

const JOB = { repository: "ada/engine", workflow: "release.yml" };
const CLOCK = { now: () => new Date("2026-06-01T00:00:00Z") };
const WHEEL = makeWheel({ name: "demo", version: "1.1.0" });
const FIRST = makeWheel({ name: "demo", version: "1.0.0" });
const MINTED = "pypi-minted";
const HEADERS = { authorization: `Basic ${btoa(`__token__:${MINTED}`)}` };
const PUBLISH = "https://docs.pypi.org/attestations/publish/v1";

/** A PyPI with demo 1.0.0, by a user, and a trusted publisher of it. */
async function trusting(more: Pick<PypiStateInput, "sigstore"> = {}): Promise<PypiServer> {
  const server = await servePypi({
    ...more,
    tokens: { ...ADA, [MINTED]: { holder: { publisher: "ada/engine release.yml" } } },
  });
  assert.equal((await post(server, { content: FIRST })).status, 200);
  return server;
}

async function listed(server: PypiServer): Promise<Record<string, string | null>> {
  const headers = { accept: "application/vnd.pypi.simple.v1+json" };
  const answer = await fetch(`${server.url}/simple/demo/`, { headers });
  const { files } = await answer.json() as {
    files: { filename: string; provenance: string | null }[];
  };
  return Object.fromEntries(files.map(({ filename, provenance }) => [filename, provenance]));
}

test("attestations of a trusted publisher are kept, listed, and shown with who attested", async () => {
  await using server = await trusting();
  const attestation = attest(WHEEL);
  const fields = { version: "1.1.0", attestations: JSON.stringify([attestation]) };
  assert.equal((await post(server, { content: WHEEL, fields, headers: HEADERS })).status, 200);
  const url = `${server.url}/integrity/demo/1.1.0/${WHEEL.fileName}/provenance`;
  assert.deepEqual(await listed(server), { [FIRST.fileName]: null, [WHEEL.fileName]: url });
  const shown = await (await fetch(url)).json();
  assert.deepEqual(shown, {
    version: 1,
    attestation_bundles: [{
      publisher: {
        kind: "GitHub",
        repository: "ada/engine",
        workflow: "release.yml",
        environment: null,
        claims: null,
      },
      attestations: [attestation],
    }],
  });
  const html = await (await fetch(`${server.url}/simple/demo/`)).text();
  assert.ok(html.includes(` data-provenance="${url}"`), html);
});

test("a certificate that was made at home is refused by an index that knows a Sigstore", async () => {
  await using identity = await serveIdentity({ job: JOB, clock: CLOCK });
  await using sigstore = await serveSigstore({ jwks: identity.jwks, clock: CLOCK });
  await using server = await trusting({ sigstore });
  const fields = { version: "1.1.0", attestations: JSON.stringify([attest(WHEEL)]) };
  const answer = await post(server, { content: WHEEL, fields, headers: HEADERS });
  assert.equal(answer.status, 400);
  const words =
    /Could not verify the uploaded artifact using the included attestation: invalid bundle/;
  assert.match(answer.body, words);
  assert.deepEqual(await listed(server), { [FIRST.fileName]: null });
});

test("a file without attestations has no provenance to show", async () => {
  await using server = await trusting();
  const url = `${server.url}/integrity/demo/1.0.0/${FIRST.fileName}/provenance`;
  const answer = await fetch(url);
  assert.equal(answer.status, 404);
  assert.deepEqual(await answer.json(), {
    message: `No provenance available for ${FIRST.fileName}`,
  });
});

const ONE = attest(WHEEL);
const REFUSED: readonly { name: string; attestations: string; words: RegExp }[] = [
  { name: "no JSON", attestations: "[{", words: /Error while decoding/ },
  { name: "an object", attestations: JSON.stringify(ONE), words: /Error while decoding/ },
  {
    name: "one without a log entry",
    attestations: JSON.stringify([{
      ...ONE,
      verification_material: { ...ONE.verification_material, transparency_entries: [] },
    }]),
    words: /Error while decoding/,
  },
  {
    name: "one whose certificate is none",
    attestations: JSON.stringify([{
      ...ONE,
      verification_material: { ...ONE.verification_material, certificate: "AAAA" },
    }]),
    words: /Could not verify/,
  },
  { name: "none", attestations: "[]", words: /an empty attestation set is not permitted/ },
  {
    name: "three",
    attestations: JSON.stringify([ONE, ONE, ONE]),
    words: /A maximum of 2 attestations/,
  },
  {
    name: "two of a kind",
    attestations: JSON.stringify([ONE, attest(WHEEL)]),
    words: /same predicate type/,
  },
  {
    name: "one of another kind",
    attestations: JSON.stringify([attest({ ...WHEEL, predicateType: "https://example.com" })]),
    words: /unsupported predicate type: https:\/\/example.com/,
  },
  {
    name: "one of another file",
    attestations: JSON.stringify([attest({ ...WHEEL, fileName: FIRST.fileName })]),
    words: /subject does not match distribution name/,
  },
  {
    name: "one of other bytes",
    attestations: JSON.stringify([attest({ ...WHEEL, bytes: FIRST.bytes })]),
    words: /subject does not match distribution digest/,
  },
  {
    name: "one that another key signed",
    attestations: JSON.stringify([{ ...ONE, envelope: attest(WHEEL).envelope }]),
    words: /Could not verify the uploaded artifact/,
  },
];

for (const { name, attestations, words } of REFUSED) {
  test(`attestations are refused, and the file with them: ${name}`, async () => {
    await using server = await trusting();
    const answer = await post(server, {
      content: WHEEL,
      fields: { version: "1.1.0", attestations },
      headers: HEADERS,
    });
    assert.equal(answer.status, 400);
    assert.match(answer.words, /Invalid attestations supplied during upload: /);
    assert.match(answer.words, words);
    assert.equal(server.state.files.has(WHEEL.fileName), false);
  });
}

test("a file may have a publish attestation and one of SLSA", async () => {
  await using server = await trusting();
  const both = [PUBLISH, "https://slsa.dev/provenance/v1"].map((predicateType) =>
    attest({ ...WHEEL, predicateType })
  );
  const fields = { version: "1.1.0", attestations: JSON.stringify(both) };
  assert.equal((await post(server, { content: WHEEL, fields, headers: HEADERS })).status, 200);
});
