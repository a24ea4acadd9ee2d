import { test } from "node:test";
import assert from "node:assert/strict";
import type { Failure } from "../../src/error.ts";
import {
  findIdentity,
  type IdentitySource,
  requestIdentityToken,
  whyNoIdentity,
} from "../../src/host/identity_token.ts";
import { serveIdentity } from "../../src/rehearsal/identity/serve_identity.ts";
import { testHost } from "../support/test_host.ts";

const JOB = { repository: "ada/engine", workflow: "release.yml" } as const;
const REQUEST = {
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://example.com/token?api-version=2.0",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request",
};

const SOURCES: readonly {
  name: string;
  env: Record<string, string>;
  found: IdentitySource["from"] | undefined;
}[] = [
  { name: "nothing", env: {}, found: undefined },
  { name: "the two variables of GitHub", env: REQUEST, found: "github" },
  {
    name: "the address alone",
    env: { ACTIONS_ID_TOKEN_REQUEST_URL: REQUEST.ACTIONS_ID_TOKEN_REQUEST_URL },
    found: undefined,
  },
  { name: "a ready token", env: { NPM_ID_TOKEN: "a.b.c" }, found: "variable" },
  {
    name: "a ready token before GitHub",
    env: { ...REQUEST, NPM_ID_TOKEN: "a" },
    found: "variable",
  },
  { name: "an empty token and GitHub", env: { ...REQUEST, NPM_ID_TOKEN: " " }, found: "github" },
  { name: "the token of another registry", env: { PYPI_ID_TOKEN: "a.b.c" }, found: undefined },
];

for (const { name, env, found } of SOURCES) {
  test(`findIdentity with ${name} finds ${found ?? "nothing"}`, () => {
    assert.equal(findIdentity(env, "NPM_ID_TOKEN")?.from, found);
  });
}

for (
  const [env, words] of [
    [{ GITHUB_ACTIONS: "true" }, /permissions: id-token: write/],
    [{ GITLAB_CI: "true" }, /no NPM_ID_TOKEN under `id_tokens`/],
    [{}, /no CI job with NPM_ID_TOKEN/],
  ] as const
) {
  test(`whyNoIdentity with ${JSON.stringify(env)} says what is missing`, () => {
    assert.match(whyNoIdentity(env, "NPM_ID_TOKEN"), words);
  });
}

test("requestIdentityToken asks GitHub for an audience, keeps the address's query, and tells of the secret", async () => {
  const host = testHost();
  await using identity = await serveIdentity({ job: JOB, clock: host.clock });
  const source = findIdentity(identity.env, "NPM_ID_TOKEN")!;
  const secrets: string[] = [];
  const onSecret = (secret: string): void => void secrets.push(secret);
  const token = await requestIdentityToken(source, { ...host, audience: "npm:x", onSecret });
  assert.deepEqual(secrets, [token]);
  assert.deepEqual(identity.issued, [token]);
  const query = new URLSearchParams(identity.log[0]!.query);
  assert.equal(query.get("audience"), "npm:x");
  assert.equal(query.get("api-version"), "2.0");
});

test("a ready token is used as it is, and told of as a secret", async () => {
  const secrets: string[] = [];
  const source = findIdentity({ NPM_ID_TOKEN: " a.b.c\n" }, "NPM_ID_TOKEN")!;
  const onSecret = (secret: string): void => void secrets.push(secret);
  const token = await requestIdentityToken(source, { ...testHost(), audience: "npm:x", onSecret });
  assert.equal(token, "a.b.c");
  assert.deepEqual(secrets, ["a.b.c"]);
});

test("GitHub is asked again after an answer of its own failing", async () => {
  const host = testHost();
  await using identity = await serveIdentity({ job: JOB, clock: host.clock });
  identity.breakNext({ matches: () => true, how: { status: 503 }, times: 2 });
  const source = findIdentity(identity.env, "NPM_ID_TOKEN")!;
  await requestIdentityToken(source, { ...host, audience: "npm:x", onSecret: () => {} });
  assert.deepEqual(identity.log.map(({ status }) => status), [503, 503, 200]);
});

for (
  const [name, how, words] of [
    ["a refusal", { status: 403, body: "no" }, /GitHub answers 403$/],
    ["an answer without a token", { status: 200, body: {} }, /GitHub answers 200 without one$/],
    ["a page", { status: 200, body: "<html>" }, /GitHub answers 200 without one$/],
  ] as const
) {
  test(`requestIdentityToken fails for ${name}`, async () => {
    const host = testHost();
    await using identity = await serveIdentity({ job: JOB, clock: host.clock });
    identity.breakNext({ matches: () => true, how });
    const source = findIdentity(identity.env, "NPM_ID_TOKEN")!;
    await assert.rejects(
      requestIdentityToken(source, { ...host, audience: "npm:x", onSecret: () => {} }),
      (error: Failure) => {
        assert.equal(error.code, "PIOT_OIDC_UNAVAILABLE");
        assert.match(error.message, words);
        assert.match(error.hint ?? "", /id-token: write/);
        return true;
      },
    );
  });
}

for (const token of ["a.b\nc", "a b.c", "a.“b”.c"]) {
  test(`a ready token that no header can carry is told of, and not shown: ${JSON.stringify(token)}`, async () => {
    const source = findIdentity({ NPM_ID_TOKEN: token }, "NPM_ID_TOKEN")!;
    await assert.rejects(
      requestIdentityToken(source, { ...testHost(), audience: "npm:x", onSecret: () => {} }),
      (error: Failure) => {
        assert.equal(error.code, "PIOT_OIDC_UNAVAILABLE");
        assert.match(error.message, /NPM_ID_TOKEN holds a blank, a line break/);
        assert.equal(error.message.includes(token), false);
        return true;
      },
    );
  });
}

test("the request token is not sent in the clear", async () => {
  const env = { ...REQUEST, ACTIONS_ID_TOKEN_REQUEST_URL: "http://example.com/token" };
  const source = findIdentity(env, "NPM_ID_TOKEN")!;
  await assert.rejects(
    requestIdentityToken(source, { ...testHost(), audience: "npm:x", onSecret: () => {} }),
    (error: Failure) => error.code === "PIOT_URL_INSECURE",
  );
});
