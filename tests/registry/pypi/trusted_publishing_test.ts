import assert from "node:assert/strict";
import { test } from "node:test";
import { bundleOf } from "../../../src/rehearsal/pypi/attestation_bundle.ts";
import { Failure } from "../../../src/error.ts";
import type { PypiState } from "../../../src/rehearsal/pypi/state.ts";
import { TOKEN } from "../../support/pypi_publisher.ts";
import { verifyBundle } from "../../support/verify_bundle.ts";
import {
  JOB,
  SDIST,
  statementOf,
  type TrustedOptions,
  trustedWorld,
  WHEEL,
} from "./trusted_world.ts";

const MINT = "/_/oidc/mint-token";
const CERTIFICATE = "/api/v2/signingCert";

test("a trusted job needs no token: every file goes up with an attestation that Sigstore's own verifier takes", async () => {
  await using world = await trustedWorld();
  const credential = await world.publish();
  assert.equal(credential.kind, "oidc");
  assert.equal(
    credential.why,
    "trusted publishing of ada/engine, release.yml; with attestations",
  );
  for (const name of [WHEEL, SDIST]) {
    const { attestations = [], sha256 } = world.server.state.files.get(name)!;
    assert.equal(attestations.length, 1);
    const verified = await verifyBundle(bundleOf(attestations[0]!), world.sigstore.trustedRoot);
    assert.equal(
      verified.identity,
      "https://github.com/ada/engine/.github/workflows/release.yml@refs/heads/main",
    );
    assert.deepEqual(statementOf(attestations[0]!), {
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name, digest: { sha256 } }],
      predicateType: "https://docs.pypi.org/attestations/publish/v1",
      predicate: null,
    });
  }
  // One token and one certificate for the release, one entry in the log for each file.
  assert.equal(world.asked(MINT), 1);
  assert.equal(world.sigstore.log.filter(({ path }) => path === CERTIFICATE).length, 1);
  assert.equal(world.sigstore.entries.length, 2);
});

test("every identity token and every minted token is told of as a secret", async () => {
  await using world = await trustedWorld();
  await world.publish();
  const minted = [...world.server.state.tokens.keys()].filter((token) => token !== TOKEN);
  for (const secret of [...world.identity.issued, ...minted]) {
    assert.ok(world.secrets.includes(secret));
  }
});

test("what was attested is read back: an index that lost it is told of", async () => {
  await using world = await trustedWorld();
  const { pypi, prepared, server } = world;
  const credential = await world.publish();
  const good = await pypi.look(prepared, { fresh: true });
  assert.deepEqual(good.shown?.get(WHEEL)?.evidence, ["attestations"]);
  assert.deepEqual(pypi.shortfalls!(prepared, good, credential), []);
  server.state.files.set(WHEEL, { ...server.state.files.get(WHEEL)!, attestations: [] });
  const lost = pypi.shortfalls!(prepared, await pypi.look(prepared, { fresh: true }), credential);
  assert.deepEqual(lost.map(({ message }) => message), [
    `PyPI has "${WHEEL}" of demo, and does not show the attestation that was sent with it`,
  ]);
});

test("a token that has grown old is minted again, with a fresh identity token, and so is the certificate", async () => {
  await using world = await trustedWorld();
  await world.publish(11);
  // The first at once, then before each file: ten of fifteen minutes are over.
  assert.equal(world.asked(MINT), 3);
  const forPypi = world.identity.issued.filter((jwt) => audienceOf(jwt) === "pypi");
  assert.equal(new Set(forPypi).size, 3);
  assert.equal(world.sigstore.log.filter(({ path }) => path === CERTIFICATE).length, 2);
  assert.equal(world.server.state.files.get(SDIST)?.attestations?.length, 1);
});

function audienceOf(jwt: string): unknown {
  return JSON.parse(atob(jwt.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/"))).aud;
}

test("a pending publisher makes the project, and the first release has attestations", async () => {
  await using world = await trustedWorld({ isKnown: false });
  const credential = await world.publish();
  assert.equal(credential.kind, "oidc");
  assert.equal(world.server.state.pending.length, 0);
  assert.equal(world.server.state.files.get(WHEEL)?.attestations?.length, 1);
});

interface Refusal {
  readonly name: string;
  readonly options?: TrustedOptions;
  readonly change?: (state: PypiState) => void;
  readonly code: string;
  readonly message: RegExp;
  readonly hint: RegExp;
}

const REFUSALS: readonly Refusal[] = [
  {
    name: "another environment than the one on file",
    options: {
      isTrusted: false,
      policy: { workflow: "release.yml", environment: "pypi" },
    },
    change: ({ publishers }) =>
      void publishers.push({ project: "demo", ...JOB, environment: "pypi" }),
    code: "PIOT_OIDC_REFUSED",
    message:
      /PyPI answers "invalid-publisher: valid token, but no corresponding publisher \(Publisher with matching claims was not found\)" \(the identity token says aud "pypi", repository "ada\/engine", .*repository_owner_id "65", event_name "push", no environment\)/,
    hint:
      /The trust policy declares environment "pypi", the job has none\. Register a publisher on http:\/\/127\.0\.0\.1:\d+\/manage\/project\/demo\/settings\/publishing\/: owner "ada", repository name "engine", workflow name "release\.yml", environment name empty/,
  },
  {
    name: "another workflow than the one that is declared",
    options: { isTrusted: false, policy: { workflow: "publish.yml" } },
    code: "PIOT_OIDC_REFUSED",
    message: /invalid-publisher/,
    hint: /The trust policy declares workflow "publish\.yml", the job's is "release\.yml"/,
  },
  {
    name: "a workflow that pull_request_target started",
    options: { job: { ...JOB, event: "pull_request_target" } },
    code: "PIOT_OIDC_REFUSED",
    message: /'pull_request_target' is not supported/,
    hint: /PyPI takes nothing from a workflow that pull_request_target started/,
  },
  {
    name: "a reusable workflow of another repository",
    options: {
      job: {
        ...JOB,
        extra: { job_workflow_ref: "ada/shared/.github/workflows/release.yml@refs/heads/main" },
      },
    },
    code: "PIOT_OIDC_REFUSED",
    message: /The job_workflow_ref claim does not match, expecting one of/,
    hint: /The job is in a reusable workflow .*publish from the calling workflow itself/,
  },
  {
    name: "a project that nobody made, and no pending publisher",
    options: { isKnown: false, isTrusted: false },
    change: ({ publishers }) => void publishers.push({ project: "other", ...JOB }),
    code: "PIOT_OIDC_REFUSED",
    message: /PyPI trusts this job, but has no project "demo", and no pending publisher made it/,
    hint:
      /Register a pending publisher for "demo" on http:\/\/127\.0\.0\.1:\d+\/manage\/account\/publishing\/.*one pending publisher per repository/,
  },
  {
    name: "an index that has switched it off",
    change: (state) => void Object.assign(state, { identity: undefined }),
    code: "PIOT_OIDC_UNAVAILABLE",
    message: /127\.0\.0\.1 has switched it off \(it answers 403/,
    hint: /or set PYPI_API_TOKEN/,
  },
  {
    name: "a job without an identity",
    options: { hasIdentity: false },
    code: "PIOT_AUTH_MISSING",
    message: /this is no CI job with PYPI_ID_TOKEN.*; and PYPI_API_TOKEN is unset or empty/,
    hint: /permissions: id-token: write.*or set PYPI_API_TOKEN to an API token/,
  },
  {
    name: "a job without an identity, and --oidc-only",
    options: { hasIdentity: false, oidcOnly: true, hasToken: true },
    code: "PIOT_OIDC_UNAVAILABLE",
    message: /with --oidc-only/,
    hint: /or leave --oidc-only out/,
  },
];

for (const { name, options, change, code, message, hint } of REFUSALS) {
  test(`${name}: refused before anything is sent, with what to do`, async () => {
    await using world = await trustedWorld(options);
    change?.(world.server.state);
    await assert.rejects(world.authorise(), (error) => {
      assert.ok(error instanceof Failure, String(error));
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.match(error.hint ?? "", hint);
      for (const jwt of world.identity.issued) assert.ok(!error.message.includes(jwt));
      return true;
    });
  });
}

for (
  const [code, hint] of [
    ["not-enabled", /PyPI has switched trusted publishing off for this CI/],
    ["invalid-token", /PyPI does not believe the identity token/],
    ["invalid-reuse-token", /PyPI takes each identity token once/],
    ["invalid-payload", /PyPI knows no publisher of the issuer/],
    ["invalid-pending-publisher", /Register a publisher on/],
    ["invalid-of-tomorrow", /Register a publisher on/],
  ] as const
) {
  test(`the code ${code} is a refusal with PyPI's words and its own hint`, async () => {
    await using world = await trustedWorld();
    const errors = [{ code, description: "its words" }];
    world.server.breakNext({
      matches: ({ path }) => path === MINT,
      how: { status: 422, body: { message: "Token request failed", errors } },
      times: 9,
    });
    await assert.rejects(world.authorise(), (error) => {
      assert.ok(error instanceof Failure, String(error));
      assert.equal(error.code, "PIOT_OIDC_REFUSED");
      assert.ok(error.message.includes(`${code}: its words`));
      assert.match(error.hint ?? "", hint);
      return true;
    });
  });
}

test("a stale pending publisher is dropped by PyPI as it refuses: a fresh identity token gets the token", async () => {
  await using world = await trustedWorld();
  world.server.state.pending.push({ project: "demo", ...JOB });
  assert.equal((await world.authorise()).kind, "oidc");
  assert.equal(world.asked(MINT), 2);
  assert.equal(new Set(world.identity.issued).size, 2);
});

for (const how of ["lost-before", "lost-after", { status: 503 }, { status: 429 }] as const) {
  test(`a mint that meets ${JSON.stringify(how)} is repeated with a fresh identity token`, async () => {
    await using world = await trustedWorld();
    world.server.breakNext({ matches: ({ path }) => path === MINT, how });
    assert.equal((await world.authorise()).kind, "oidc");
    assert.equal(new Set(world.identity.issued).size, 2);
  });
}

test("without a publisher the token stands in, says why, and its files get no attestation", async () => {
  await using world = await trustedWorld({ isTrusted: false, hasToken: true });
  const credential = await world.publish();
  assert.equal(credential.kind, "token");
  assert.match(credential.why, /^PYPI_API_TOKEN, since trusted publishing failed: PyPI answers/);
  assert.match(
    credential.proofs?.[0]?.whyNoMore ?? "",
    /^PyPI takes attestations from trusted publishers alone, and trusted publishing failed/,
  );
  assert.deepEqual(world.server.state.files.get(WHEEL)?.attestations, []);
  assert.equal(world.sigstore.entries.length, 0);
});

test("a declared trust policy keeps the token unused while PyPI gives no answer, since another run gets attestations", async () => {
  await using world = await trustedWorld({ hasToken: true, policy: { workflow: "release.yml" } });
  world.server.breakNext({ matches: ({ path }) => path === MINT, how: { status: 500 }, times: 9 });
  await assert.rejects(world.authorise(), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, "PIOT_REGISTRY_UNKNOWN");
    assert.match(error.hint ?? "", /the token in PYPI_API_TOKEN is left unused/);
    return true;
  });
});

for (
  const { name, extra, why } of [
    {
      name: "a private repository",
      extra: { repository_visibility: "private" },
      why: /no attestations: the repository is private/,
    },
    {
      name: "a reusable workflow of the same repository",
      extra: { workflow_ref: "ada/engine/.github/workflows/ci.yml@refs/heads/main" },
      why:
        /no attestations: the job is in a reusable workflow \("release\.yml", called from "ci\.yml"\)/,
    },
  ]
) {
  test(`${name} publishes without attestations, and says why; nothing is signed`, async () => {
    await using world = await trustedWorld({ job: { ...JOB, extra } });
    const credential = await world.publish();
    assert.equal(credential.kind, "oidc");
    assert.match(credential.why, why);
    assert.deepEqual(credential.proofs?.[0]?.evidence, []);
    assert.equal(world.sigstore.entries.length, 0);
    assert.equal(world.server.state.files.size, 3);
  });
}

for (const audience of ["sigstore", "npm:registry.example.com", "crates.io"]) {
  test(`an index that asks for an identity token for ${audience} gets none`, async () => {
    await using world = await trustedWorld();
    world.server.breakNext({
      matches: ({ path }) => path === "/_/oidc/audience",
      how: { status: 200, body: { audience } },
    });
    await assert.rejects(world.authorise(), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.code, "PIOT_OIDC_UNAVAILABLE");
      assert.match(error.message, /which another service would take/);
      return true;
    });
    assert.equal(world.identity.issued.length, 0);
  });
}

test("nothing is sent where Sigstore does not sign: a file never goes up without the attestation that it was to have", async () => {
  await using world = await trustedWorld();
  world.sigstore.breakNext({ matches: () => true, how: { status: 500 }, times: 99 });
  await assert.rejects(world.publish(), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, "PIOT_PROVENANCE_SIGNING");
    return true;
  });
  assert.equal(world.server.state.files.has(WHEEL), false);
});
