import { test } from "node:test";
import assert from "node:assert/strict";
import { Failure } from "../../src/error.ts";
import { PUBLIC_NPM_REGISTRY } from "../../src/host/npm_settings.ts";
import { type Endpoints, readableEndpoint, readEndpoints } from "../../src/registry/endpoints.ts";

/** Keeps this machine's own npm settings out of the tests. */
const NPM = { PIOT_NPM_URL: "https://npm.example.com" };

test("readEndpoints gives the public services by default", () => {
  const { npm: _npm, ...rest } = readEndpoints(NPM);
  assert.deepEqual(rest, {
    pypi: "https://pypi.org",
    pypiUpload: "https://upload.pypi.org/legacy/",
    crates: "https://crates.io",
    cratesIndex: "https://index.crates.io",
    fulcio: "https://fulcio.sigstore.dev",
    rekor: "https://rekor.sigstore.dev",
    github: "https://api.github.com",
  });
});

test("readEndpoints asks npm's own configuration where to publish", () => {
  const { npm } = readEndpoints({});
  assert.equal(npm, npm.replace(/\/+$/, ""));
  assert.ok(URL.canParse(npm));
  assert.equal(new URL(PUBLIC_NPM_REGISTRY).protocol, "https:");
});

const REPLACED: readonly { variable: string; key: keyof Endpoints; given: string; is: string }[] = [
  {
    variable: "PIOT_NPM_URL",
    key: "npm",
    given: "https://a.example/npm//",
    is: "https://a.example/npm",
  },
  {
    variable: "PIOT_PYPI_URL",
    key: "pypi",
    given: "http://127.0.0.1:1/",
    is: "http://127.0.0.1:1",
  },
  {
    variable: "PIOT_PYPI_UPLOAD_URL",
    key: "pypiUpload",
    given: "http://127.0.0.1:1/legacy/",
    is: "http://127.0.0.1:1/legacy/",
  },
  { variable: "PIOT_CRATES_URL", key: "crates", given: "http://[::1]:1", is: "http://[::1]:1" },
  {
    variable: "PIOT_CRATES_INDEX_URL",
    key: "cratesIndex",
    given: " http://localhost:1 ",
    is: "http://localhost:1",
  },
  {
    variable: "PIOT_FULCIO_URL",
    key: "fulcio",
    given: "https://f.example",
    is: "https://f.example",
  },
  { variable: "PIOT_REKOR_URL", key: "rekor", given: "https://r.example", is: "https://r.example" },
  {
    variable: "GITHUB_API_URL",
    key: "github",
    given: "https://github.example/api/v3",
    is: "https://github.example/api/v3",
  },
];

for (const { variable, key, given, is } of REPLACED) {
  test(`readEndpoints takes ${variable}, and its default when that is empty`, () => {
    assert.equal(readEndpoints({ ...NPM, [variable]: given })[key], is);
    if (key !== "npm") {
      assert.equal(readEndpoints({ ...NPM, [variable]: "" })[key], readEndpoints(NPM)[key]);
    }
  });
}

const REFUSED: readonly { name: string; given: string; code: string }[] = [
  {
    name: "plain HTTP to another machine",
    given: "http://mirror.example",
    code: "PIOT_URL_INSECURE",
  },
  {
    name: "a name that only starts like this machine's",
    given: "http://127.0.0.1.evil.example",
    code: "PIOT_URL_INSECURE",
  },
  { name: "another protocol", given: "file:///etc/passwd", code: "PIOT_URL_INSECURE" },
  {
    name: "a credential in the address",
    given: "https://ada:secret@npm.example",
    code: "PIOT_USAGE",
  },
  { name: "what is no address", given: "npm.example", code: "PIOT_USAGE" },
];

for (const { name, given, code } of REFUSED) {
  test(`readEndpoints refuses ${name}`, () => {
    assert.throws(() => readEndpoints({ PIOT_NPM_URL: given }), (error: Failure) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.code, code);
      assert.match(error.message, /PIOT_NPM_URL/);
      assert.ok(!error.message.includes("secret"));
      return true;
    });
  });
}

for (
  const [name, url, read] of [
    ["a password", "https://ada:s3cret@mirror.example.com/npm/", "https://mirror.example.com/npm"],
    ["a user alone", "https://ada@mirror.example.com", "https://mirror.example.com"],
    ["no https", "http://mirror.example.com/", "http://mirror.example.com"],
  ] as const
) {
  test(`an address with ${name} can be read from, without what is a secret`, () => {
    assert.equal(readableEndpoint({ PIOT_NPM_URL: url }, "npm"), read);
    assert.throws(() => readEndpoints({ PIOT_NPM_URL: url }), Failure);
  });
}

test("one service is read from whatever is set for the others, and what is no address is refused", () => {
  const env = { ...NPM, PIOT_FULCIO_URL: "nonsense" };
  assert.equal(readableEndpoint(env, "npm"), NPM.PIOT_NPM_URL);
  assert.throws(() => readableEndpoint(env, "fulcio"), /Cannot use PIOT_FULCIO_URL: "nonsense"/);
});
