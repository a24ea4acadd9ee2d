import assert from "node:assert/strict";
import { test } from "node:test";
import type { VersionEvidence } from "../../../src/core/release/evidence.ts";
import { Failure } from "../../../src/error.ts";
import { authorise as authorisePypi } from "../../../src/registry/pypi/authorise.ts";
import { trustedPublisher } from "../../../src/registry/pypi/trusted_publisher.ts";
import type { PypiPrepared } from "../../../src/registry/pypi/pypi_prepared.ts";
import { type Credential, ReleaseRefused } from "../../../src/registry/registry.ts";
import { pypiPackage } from "../../support/pypi_release.ts";
import { pypiToken } from "../../support/pypi_token.ts";
import { testHost } from "../../support/test_host.ts";

const PREPARED: PypiPrepared = {
  release: {
    package: pypiPackage("my-demo"),
    version: "1.0.0",
    tag: "my-demo-v1.0.0",
    previous: null,
    commit: undefined,
    artifacts: [],
  },
  project: "my-demo",
  pypiVersion: "1.0.0",
  files: [],
  warnings: [],
};

/** Without an identity: nothing is asked anywhere. */
async function authorise(
  token: string | undefined,
  upload = "https://upload.pypi.org/legacy/",
  { before = [], ...options }: {
    readonly oidcOnly?: boolean;
    readonly before?: readonly VersionEvidence[];
  } = {},
): Promise<Credential> {
  const host = testHost({ env: { PYPI_API_TOKEN: token }, now: "2026-01-01T00:00:00Z" });
  const endpoints = { pypi: "https://pypi.org", pypiUpload: upload };
  const nowhere = { ...endpoints, fulcio: "http://127.0.0.1:9", rekor: "http://127.0.0.1:9" };
  const publisher = trustedPublisher({ host, endpoints: nowhere, onSecret: () => {} });
  const look = { before, isNew: false };
  return await authorisePypi({ host, endpoints, publisher, ...options }, {
    prepared: PREPARED,
    look,
  });
}

const NO_JOB = "this is no CI job with PYPI_ID_TOKEN, nor one of GitHub Actions";
const ACCOUNT = pypiToken({ caveats: [[3, "user"]] });
const PROJECT = pypiToken({ caveats: [[1, ["my-demo"]]] });

test("a token is taken from PYPI_API_TOKEN, without the blanks around it", async () => {
  const credential = await authorise(` ${PROJECT}\n`);
  assert.equal(credential.secret, PROJECT);
  assert.equal(credential.kind, "token");
  assert.equal(credential.why, `PYPI_API_TOKEN, limited to my-demo, since ${NO_JOB}`);
  assert.equal((await authorise(ACCOUNT)).why, `PYPI_API_TOKEN, since ${NO_JOB}`);
});

for (const token of [undefined, "", "  \n"]) {
  test(`${JSON.stringify(token) ?? "an unset variable"} is no credential`, async () => {
    await assert.rejects(authorise(token), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.code, "PIOT_AUTH_MISSING");
      assert.match(error.hint ?? "", /PYPI_API_TOKEN/);
      return true;
    });
  });
}

const TEST_INDEX = "https://test.pypi.org/legacy/";
for (
  const { name, token, upload, says, isOwn = false } of [
    {
      name: "of TestPyPI, for PyPI",
      token: pypiToken({ location: "test.pypi.org", caveats: [] }),
      upload: undefined,
      says: /a token of test\.pypi\.org, the upload goes to pypi\.org/,
    },
    {
      name: "of PyPI, for TestPyPI",
      token: ACCOUNT,
      upload: TEST_INDEX,
      says: /a token of pypi\.org, the upload goes to test\.pypi\.org/,
    },
    {
      name: "that expired",
      token: pypiToken({ caveats: [[0, Date.parse("2026-01-01") / 1000, 0]] }),
      upload: undefined,
      says: /it expired at 2026-01-01T00:00:00\.000Z/,
    },
    {
      name: "of other projects",
      token: pypiToken({ caveats: [[1, ["a", "b"]]] }),
      upload: undefined,
      says: /it is limited to a, b/,
      isOwn: true,
    },
  ]
) {
  test(`a token ${name} is refused offline, and never shown`, async () => {
    await assert.rejects(authorise(token, upload), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.code, "PIOT_AUTH_REFUSED");
      assert.match(error.message, says);
      assert.equal(error instanceof ReleaseRefused, isOwn);
      assert.ok(!error.message.includes(token.slice(10)));
      return true;
    });
  });
}

test("a token that cannot be read, and one for an index of one's own, are left to the server", async () => {
  assert.equal((await authorise("opaque")).secret, "opaque");
  const test = pypiToken({ location: "test.pypi.org", caveats: [] });
  assert.equal((await authorise(test, "https://pypi.example.com/legacy/")).secret, test);
  assert.equal(
    (await authorise(pypiToken({ location: "test.pypi.org", caveats: [] }), TEST_INDEX)).kind,
    "token",
  );
});

test("--oidc-only leaves PyPI's token unused, and says what trusted publishing lacks", async () => {
  await assert.rejects(authorise(PROJECT, undefined, { oidcOnly: true }), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, "PIOT_OIDC_UNAVAILABLE");
    assert.equal(
      error.message,
      `Cannot upload my-demo to PyPI with --oidc-only: ${NO_JOB}`,
    );
    assert.match(error.hint ?? "", /or leave --oidc-only out$/);
    return true;
  });
});

test("a token proves nothing, and is held against the versions before", async () => {
  const before: readonly VersionEvidence[] = [{ version: "0.9", evidence: ["attestations"] }];
  assert.deepEqual((await authorise(ACCOUNT, undefined, { before })).proofs, [{
    name: "my-demo",
    kind: "token",
    evidence: [],
    before,
    whyNoMore: `PyPI takes attestations from trusted publishers alone, and ${NO_JOB}`,
    hint:
      "Publish from a job with `permissions: id-token: write`, and register it as trusted publisher on PyPI",
  }]);
});
