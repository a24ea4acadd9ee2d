import assert from "node:assert/strict";
import { test } from "node:test";
import type { VersionEvidence } from "../../../src/core/release/evidence.ts";
import { Failure } from "../../../src/error.ts";
import { authoriseWithToken } from "../../../src/registry/pypi/authorise.ts";
import type { PypiPrepared } from "../../../src/registry/pypi/pypi_prepared.ts";
import type { Credential } from "../../../src/registry/registry.ts";
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

function authorise(
  token: string | undefined,
  upload = "https://upload.pypi.org/legacy/",
  { before = [], ...options }: {
    readonly oidcOnly?: boolean;
    readonly before?: readonly VersionEvidence[];
  } = {},
): Credential {
  const host = testHost({ env: { PYPI_API_TOKEN: token }, now: "2026-01-01T00:00:00Z" });
  const endpoints = { pypi: "https://pypi.org", pypiUpload: upload };
  return authoriseWithToken({ host, endpoints, ...options }, PREPARED, { before });
}

const ACCOUNT = pypiToken({ caveats: [[3, "user"]] });
const PROJECT = pypiToken({ caveats: [[1, ["my-demo"]]] });

test("a token is taken from PYPI_API_TOKEN, without the blanks around it", () => {
  const credential = authorise(` ${PROJECT}\n`);
  assert.equal(credential.secret, PROJECT);
  assert.equal(credential.kind, "token");
  assert.equal(credential.why, "PYPI_API_TOKEN, limited to my-demo");
  assert.equal(authorise(ACCOUNT).why, "PYPI_API_TOKEN");
});

for (const token of [undefined, "", "  \n"]) {
  test(`${JSON.stringify(token) ?? "an unset variable"} is no credential`, () => {
    assert.throws(() => authorise(token), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.code, "PIOT_AUTH_MISSING");
      assert.match(error.hint ?? "", /PYPI_API_TOKEN/);
      return true;
    });
  });
}

const TEST_INDEX = "https://test.pypi.org/legacy/";
for (
  const { name, token, upload, says } of [
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
    },
  ]
) {
  test(`a token ${name} is refused offline, and never shown`, () => {
    assert.throws(() => authorise(token, upload), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.code, "PIOT_AUTH_REFUSED");
      assert.match(error.message, says);
      assert.ok(!error.message.includes(token.slice(10)));
      return true;
    });
  });
}

test("a token that cannot be read, and one for an index of one's own, are left to the server", () => {
  assert.equal(authorise("opaque").secret, "opaque");
  const test = pypiToken({ location: "test.pypi.org", caveats: [] });
  assert.equal(authorise(test, "https://pypi.example.com/legacy/").secret, test);
  assert.equal(
    authorise(pypiToken({ location: "test.pypi.org", caveats: [] }), TEST_INDEX).kind,
    "token",
  );
});

test("--oidc-only refuses PyPI's token, since piot knows no other way there", () => {
  assert.throws(() => authorise(PROJECT, undefined, { oidcOnly: true }), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, "PIOT_OIDC_UNAVAILABLE");
    assert.equal(
      error.message,
      "Cannot upload my-demo to PyPI with --oidc-only: piot publishes to PyPI with API tokens alone so far",
    );
    assert.match(error.hint ?? "", /^Leave --oidc-only out, or name the packages/);
    return true;
  });
});

test("a token proves nothing, and is held against the versions before", () => {
  const before: readonly VersionEvidence[] = [{ version: "0.9", evidence: ["attestations"] }];
  assert.deepEqual(authorise(ACCOUNT, undefined, { before }).proofs, [{
    name: "my-demo",
    kind: "token",
    evidence: [],
    before,
    whyNoMore: "piot publishes to PyPI with API tokens alone so far",
    hint:
      "Publish this package with pypa/gh-action-pypi-publish, from the workflow that PyPI has on file",
  }]);
});
