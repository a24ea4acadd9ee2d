import { test } from "node:test";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  createTokenSigner,
  verifyIdToken,
} from "../../../src/rehearsal/identity/json_web_token.ts";
import { serveIdentity } from "../../../src/rehearsal/identity/serve_identity.ts";
import { testHost } from "../../support/test_host.ts";

const JOB = { repository: "ada/engine", workflow: "release.yml", environment: "release" } as const;

async function requestToken(
  env: Readonly<Record<string, string>>,
  audience?: string,
): Promise<Response> {
  const url = new URL(env.ACTIONS_ID_TOKEN_REQUEST_URL!);
  if (audience !== undefined) url.searchParams.set("audience", audience);
  const authorization = `Bearer ${env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}`;
  return await testHost().http(url, { headers: { authorization } });
}

test("a token from the request endpoint verifies for its audience and carries the job's claims", async () => {
  const { clock } = testHost();
  await using identity = await serveIdentity({ job: JOB, clock });
  const { value } = await (await requestToken(identity.env, "pypi")).json() as { value: string };
  const verified = await verifyIdToken(value, identity.jwks, { audience: "pypi", clock });
  const { claims } = verified;
  assert.equal(claims?.iss, "https://token.actions.githubusercontent.com");
  assert.equal(claims?.sub, "repo:ada/engine:environment:release");
  assert.equal(claims?.environment, "release");
  assert.equal(claims?.workflow_ref, "ada/engine/.github/workflows/release.yml@refs/heads/main");
  assert.equal(claims?.repository_owner, "ada");
  assert.equal(claims?.exp, clock.now().getTime() / 1000 + 300);
  assert.equal(claims?.nbf, clock.now().getTime() / 1000 - 600);
  assert.deepEqual(identity.issued, [value]);
});

test("without an audience the token is for the owner of the repository", async () => {
  const { clock } = testHost();
  await using identity = await serveIdentity({ job: JOB, clock });
  const { value } = await (await requestToken(identity.env)).json() as { value: string };
  const audience = "https://github.com/ada";
  assert.ok((await verifyIdToken(value, identity.jwks, { audience, clock })).claims);
});

test("a wrong request token gets 401 and no identity token", async () => {
  await using identity = await serveIdentity({ job: JOB, clock: testHost().clock });
  const env = { ...identity.env, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "guessed" };
  const answer = await requestToken(env, "pypi");
  assert.equal(answer.status, 401);
  assert.equal((await answer.text()).includes("value"), false);
  assert.deepEqual(identity.issued, []);
});

test("every token has a jti of its own", async () => {
  await using identity = await serveIdentity({ job: JOB, clock: testHost().clock });
  const jtis = new Set<unknown>();
  for (let round = 0; round < 3; round++) {
    const jwt = await identity.mint("pypi");
    jtis.add(JSON.parse(Buffer.from(jwt.split(".")[1]!, "base64url").toString()).jti);
  }
  assert.equal(jtis.size, 3);
});

test("the published key set is the one that verifies", async () => {
  const { clock, http } = testHost();
  await using identity = await serveIdentity({ job: JOB, clock });
  const discovery = await http(`${identity.url}/.well-known/openid-configuration`);
  const { issuer, jwks_uri } = await discovery.json() as { issuer: string; jwks_uri: string };
  const jwks = await (await http(jwks_uri)).json();
  const jwt = await identity.mint("pypi");
  assert.ok((await verifyIdToken(jwt, jwks, { audience: "pypi", issuer, clock })).claims);
});

const SUBJECTS = [
  { name: "a branch", job: {}, sub: "repo:ada/engine:ref:refs/heads/main" },
  { name: "a tag", job: { ref: "refs/tags/v1" }, sub: "repo:ada/engine:ref:refs/tags/v1" },
  { name: "a pull request", job: { event: "pull_request" }, sub: "repo:ada/engine:pull_request" },
  {
    name: "an environment with a colon",
    job: { environment: "eu:prod" },
    sub: "repo:ada/engine:environment:eu%3Aprod",
  },
];
for (const { name, job, sub } of SUBJECTS) {
  test(`the subject of ${name} is ${sub}`, async () => {
    const { clock } = testHost();
    const base = { repository: "ada/engine", workflow: "release.yml" };
    await using identity = await serveIdentity({ job: { ...base, ...job }, clock });
    const jwt = await identity.mint("npm:registry");
    const { claims } = await verifyIdToken(jwt, identity.jwks, {
      audience: "npm:registry",
      clock,
    });
    assert.equal(claims?.sub, sub);
    assert.equal(claims?.environment, "environment" in job ? job.environment : undefined);
  });
}

test("verifyIdToken() names what it does not believe", async () => {
  const host = testHost();
  const { clock } = host;
  await using identity = await serveIdentity({ job: JOB, clock });
  const jwt = await identity.mint("pypi");
  const why = async (token: string, over: object = {}): Promise<string | undefined> =>
    (await verifyIdToken(token, identity.jwks, { audience: "pypi", clock, ...over })).why;
  const [header, claims, signature] = jwt.split(".") as [string, string, string];
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const richer = {
    ...JSON.parse(Buffer.from(claims, "base64url").toString()),
    repository: "eve/x",
  };

  assert.equal(await why(jwt), undefined);
  assert.equal(await why("a.b"), "the token is malformed");
  assert.equal(
    await why(jwt, { audience: "crates.io" }),
    'the audience is "pypi", not "crates.io"',
  );
  assert.match((await why(jwt, { issuer: "https://gitlab.com" }))!, /^the issuer is /);
  assert.equal(
    await why(`${header}.${part(richer)}.${signature}`),
    "the signature of the token does not fit",
  );
  assert.equal(await why(`${part({ alg: "none" })}.${claims}.`), 'the token is signed with "none"');
  const stranger = await (await createTokenSigner()).sign(richer);
  assert.match((await why(stranger))!, /^no key of the issuer is called /);
  await clock.sleep(300_000);
  assert.equal(await why(jwt), "the token has expired");
  assert.equal(await why(jwt, { leeway: 1 }), undefined);
  const early = testHost({ now: "2025-12-31T23:00:00Z" }).clock;
  assert.equal(await why(jwt, { clock: early }), "the token is not valid yet");
});

const NOT_BELIEVED: readonly { name: string; claims: object; why: string }[] = [
  {
    name: "a list of audiences",
    claims: { aud: ["pypi", "npm"] },
    why: 'the audience is "pypi,npm", not "pypi"',
  },
  { name: "no jti", claims: { jti: undefined }, why: "the token has no jti" },
  { name: "an empty jti", claims: { jti: "" }, why: "the token has no jti" },
  { name: "no end", claims: { exp: undefined }, why: "the token has expired" },
  { name: "no beginning", claims: { nbf: undefined }, why: "the token is not valid yet" },
  { name: "an end that is no number", claims: { exp: "never" }, why: "the token has expired" },
];
for (const { name, claims, why } of NOT_BELIEVED) {
  test(`verifyIdToken() does not believe a token with ${name}`, async () => {
    const { clock } = testHost();
    const signer = await createTokenSigner();
    await using identity = await serveIdentity({ job: JOB, clock, signer });
    const said = Buffer.from((await identity.mint("pypi")).split(".")[1]!, "base64url").toString();
    const jwt = await signer.sign({ ...JSON.parse(said), ...claims });
    const verified = await verifyIdToken(jwt, signer.jwks, { audience: "pypi", clock });
    assert.equal(verified.why, why);
  });
}
