import { test } from "node:test";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Failure } from "../../../src/error.ts";
import type { FailureCode } from "../../../src/failure_codes.ts";
import type { TrustConfig } from "../../../src/rehearsal/npm/state.ts";
import { leafHash } from "../../../src/rehearsal/sigstore/transparency_log.ts";
import { serve } from "../../../src/rehearsal/server/serve.ts";
import { verifyBundle } from "../../support/verify_bundle.ts";
import { heldPackage, manifestText, npmRelease, npmWorld, TOKEN, type World } from "./world.ts";

const JOB = { repository: "ada/engine", workflow: "release.yml", commit: "c".repeat(40) } as const;
const TRUST: Readonly<Record<string, TrustConfig>> = {
  demo: { repository: "ada/engine", workflow: "release.yml", permissions: ["createPackage"] },
};
const REPOSITORY = "github:ada/engine";

function files(fields: Record<string, unknown> = {}): Record<string, string> {
  return { "packages/demo/package.json": manifestText({ repository: REPOSITORY, ...fields }) };
}

/** A world whose registry has `demo` at 0.0.1 and trusts the job. */
async function trustedWorld(
  fields: Record<string, unknown> = {},
  options: Parameters<typeof npmWorld>[1] = {},
): Promise<World> {
  const world = await npmWorld(files(fields), { job: JOB, trust: TRUST, ...options });
  world.server.state.packages.set("demo", heldPackage("demo"));
  return world;
}

async function attestations(world: World): Promise<{ predicateType: string; bundle: unknown }[]> {
  const answer = await fetch(`${world.server.url}/-/npm/v1/attestations/demo@1.0.0`);
  const shown = await answer.json() as {
    attestations?: { predicateType: string; bundle: unknown }[];
  };
  // The registry's own statement that it published this stands beside the provenance.
  return (shown.attestations ?? []).filter(({ predicateType }) =>
    predicateType.includes("slsa.dev")
  );
}

test("a release under trusted publishing carries provenance that Sigstore's verifier accepts", async () => {
  await using world = await trustedWorld();
  const prepared = await world.publish(npmRelease());
  const [attestation] = await attestations(world);
  assert.equal(attestation?.predicateType, "https://slsa.dev/provenance/v1");
  const verified = await verifyBundle(attestation.bundle, world.sigstore!.trustedRoot);
  assert.deepEqual(verified, {
    identity: "https://github.com/ada/engine/.github/workflows/release.yml@refs/heads/main",
    issuer: "https://token.actions.githubusercontent.com",
  });
  const { dsseEnvelope } = attestation.bundle as { dsseEnvelope: { payload: string } };
  const statement = JSON.parse(Buffer.from(dsseEnvelope.payload, "base64").toString());
  const sha512 = Buffer.from(prepared.units[0]!.integrity.slice(7), "base64").toString("hex");
  assert.deepEqual(statement.subject, [{ name: "pkg:npm/demo@1.0.0", digest: { sha512 } }]);
  assert.deepEqual(statement.predicate.buildDefinition.externalParameters.workflow, {
    ref: "refs/heads/main",
    repository: "https://github.com/ada/engine",
    path: ".github/workflows/release.yml",
  });
  assert.equal(
    statement.predicate.buildDefinition.resolvedDependencies[0].digest.gitCommit,
    JOB.commit,
  );
});

const TAMPERINGS: readonly { name: string; tamper: (bundle: Bundle) => void; words: RegExp }[] = [
  {
    name: "another subject",
    tamper: (bundle) => {
      const payload = Buffer.from(bundle.dsseEnvelope.payload, "base64").toString();
      const other = payload.replace("pkg:npm/demo@1.0.0", "pkg:npm/evil@1.0.0");
      assert.notEqual(other, payload);
      bundle.dsseEnvelope.payload = Buffer.from(other).toString("base64");
    },
    words: /hash mismatch|signature/,
  },
  {
    name: "a signature of something else",
    tamper: (bundle) => void (bundle.dsseEnvelope.signatures[0].sig = "MAYCAQECAQE="),
    words: /signature/,
  },
  {
    name: "another time of its log entry",
    tamper: (bundle) => {
      const [entry] = bundle.verificationMaterial.tlogEntries;
      entry.integratedTime = String(Number(entry.integratedTime) + 1);
    },
    words: /inclusion promise/,
  },
  {
    name: "another place in the log",
    tamper: (bundle) => {
      const { inclusionProof } = bundle.verificationMaterial.tlogEntries[0];
      inclusionProof.checkpoint.envelope = inclusionProof.checkpoint.envelope.replace(
        /\n4\n/,
        "\n5\n",
      );
    },
    words: /checkpoint/,
  },
];

interface Bundle {
  dsseEnvelope: { payload: string; signatures: [{ sig: string }] };
  verificationMaterial: {
    tlogEntries: [{
      integratedTime: string;
      inclusionProof: { checkpoint: { envelope: string } };
    }];
  };
}

for (const { name, tamper, words } of TAMPERINGS) {
  test(`provenance with ${name} is rejected by Sigstore's verifier`, async () => {
    await using world = await trustedWorld();
    await world.publish(npmRelease());
    const [attestation] = await attestations(world);
    const { trustedRoot } = world.sigstore!;
    await verifyBundle(attestation!.bundle, trustedRoot);
    tamper(attestation!.bundle as Bundle);
    await assert.rejects(verifyBundle(attestation!.bundle, trustedRoot), words);
  });
}

test("provenance of one Sigstore is rejected with the trusted root of another", async () => {
  await using world = await trustedWorld();
  await using other = await trustedWorld();
  await world.publish(npmRelease());
  const [attestation] = await attestations(world);
  await assert.rejects(
    verifyBundle(attestation!.bundle, other.sigstore!.trustedRoot),
    /certificate|trusted/,
  );
});

test("provenance is signed after every other request, right before the upload", async () => {
  await using world = await trustedWorld();
  await world.publish(npmRelease());
  const requests = [world.server, world.identity!, world.sigstore!].flatMap(({ log }) => log)
    .sort((one, other) => one.at - other.at)
    .map(({ method, path }) => `${method} ${path.replace(/^\/0.*idtoken$/, "idtoken")}`);
  assert.deepEqual(requests, [
    "GET /demo",
    "GET idtoken",
    "POST /-/npm/v1/oidc/token/exchange/package/demo",
    "GET idtoken",
    "POST /api/v2/signingCert",
    "POST /api/v1/log/entries",
    "PUT /demo",
  ]);
  assert.deepEqual(
    world.identity!.log.map(({ query }) => new URLSearchParams(query).get("audience")),
    ["npm:127.0.0.1", "sigstore"],
  );
});

test("a tarball that was delivered ready is signed all the same", async () => {
  await using first = await trustedWorld();
  const packed = (await first.prepare(npmRelease())).units[0]!;
  const tarball = await readFile(packed.tarball);
  await using world = await npmWorld({ ...files(), "out/demo-1.0.0.tgz": tarball }, {
    job: JOB,
    trust: TRUST,
  });
  world.server.state.packages.set("demo", heldPackage("demo"));
  const folder = join(world.root, "out");
  const artifacts = [{ target: "noarch", name: "demo-pkg", folder }];
  await world.publish(npmRelease({ artifacts }));
  const [attestation] = await attestations(world);
  await verifyBundle(attestation!.bundle, world.sigstore!.trustedRoot);
  const stored = world.server.state.packages.get("demo")!.versions.get("1.0.0")!;
  assert.deepEqual(Buffer.from(stored.tarball), tarball);
});

const isLogging = ({ method, path }: { method: string; path: string }): boolean =>
  method === "POST" && path === "/api/v1/log/entries";

test("an entry that the log has already is fetched and used", async () => {
  await using world = await trustedWorld();
  const sigstore = world.sigstore!;
  const headers = {
    get location(): string {
      const hash = leafHash(Buffer.from(sigstore.entries[0]!)).toString("hex");
      return `/api/v1/log/entries/00000000000004d2${hash}`;
    },
  };
  const body = { code: 409, message: "an equivalent entry already exists" };
  sigstore.breakNext({ matches: isLogging, how: { after: { status: 409, headers, body } } });
  await world.publish(npmRelease());
  assert.equal(sigstore.entries.length, 1);
  const statuses = sigstore.log.map(({ method, status }) => `${method} ${status}`);
  assert.deepEqual(statuses, ["POST 200", "POST 409", "GET 200"]);
  const [attestation] = await attestations(world);
  await verifyBundle(attestation!.bundle, sigstore.trustedRoot);
});

const isCertifying = ({ path }: { readonly path: string }): boolean =>
  path === "/api/v2/signingCert";

const isReading = ({ method, path }: { method: string; path: string }): boolean =>
  method === "GET" && path.startsWith("/api/v1/log/entries/");

for (const how of ["lost-before", "lost-after", { status: 429 }, { status: 503 }] as const) {
  test(`a log that fails for a moment is asked again for the same entry: ${JSON.stringify(how)}`, async () => {
    await using world = await trustedWorld();
    world.sigstore!.breakNext({ matches: isLogging, how });
    await world.publish(npmRelease());
    assert.deepEqual(world.host.waits, [500]);
    assert.equal(world.sigstore!.log.filter(isCertifying).length, 1, "signed once");
    assert.equal(world.sigstore!.entries.length, 1);
    const [attestation] = await attestations(world);
    await verifyBundle(attestation!.bundle, world.sigstore!.trustedRoot);
    assert.equal(world.server.log.filter(({ method }) => method === "PUT").length, 1);
  });

  test(`a log that fails again and again is asked four times, and nothing is signed anew: ${JSON.stringify(how)}`, async () => {
    await using world = await trustedWorld();
    world.sigstore!.breakNext({ matches: isLogging, how, times: 99 });
    await assert.rejects(
      world.publish(npmRelease()),
      (error: Failure) => error.code === "PIOT_PROVENANCE_SIGNING",
    );
    assert.deepEqual(world.host.waits, [500, 2000, 5000]);
    assert.equal(world.sigstore!.log.filter(isCertifying).length, 1, "signed once");
    assert.equal(world.server.log.filter(({ method }) => method === "PUT").length, 0);
  });
}

// Deno notices a dropped connection that was used before only when the time is up.
for (const status of [429, 503]) {
  test(`a log that does not show the entry that it has is asked again: ${status}`, async () => {
    await using world = await trustedWorld();
    world.sigstore!.breakNext({ matches: isLogging, how: "lost-after" });
    world.sigstore!.breakNext({ matches: isReading, how: { status } });
    await world.publish(npmRelease());
    assert.deepEqual(world.host.waits, [500, 2000]);
    assert.equal(world.sigstore!.entries.length, 1);
    const [attestation] = await attestations(world);
    await verifyBundle(attestation!.bundle, world.sigstore!.trustedRoot);
  });
}

test("a log that refuses an entry is not asked again", async () => {
  await using world = await trustedWorld();
  world.sigstore!.breakNext({ matches: isLogging, how: { status: 400 }, times: 99 });
  await assert.rejects(
    world.publish(npmRelease()),
    (error: Failure) => error.code === "PIOT_PROVENANCE_SIGNING",
  );
  assert.deepEqual(world.host.waits, []);
});

const WITHOUT: readonly {
  name: string;
  options: NonNullable<Parameters<typeof npmWorld>[1]>;
  fields?: Record<string, unknown>;
  why: RegExp;
}[] = [
  {
    name: "of a private repository",
    options: { job: { ...JOB, extra: { repository_visibility: "private" } } },
    why: /no provenance: the repository's visibility is "private"/,
  },
  {
    name: "on a runner that is not GitHub's",
    options: { job: { ...JOB, extra: { runner_environment: "self-hosted" } } },
    why: /no provenance: the runner is "self-hosted"/,
  },
  {
    name: "whose package.json switches it off",
    options: {},
    fields: { publishConfig: { provenance: false } },
    why: /no provenance: it is switched off/,
  },
  {
    name: "whose environment switches it off",
    options: { env: { npm_config_provenance: "false" } },
    why: /no provenance: it is switched off/,
  },
  {
    name: "with a token",
    options: { trust: {}, env: { NODE_AUTH_TOKEN: TOKEN } },
    why: /no provenance: it comes with trusted publishing/,
  },
  {
    name: "of another CI than GitHub Actions",
    options: { env: { GITHUB_ACTIONS: "" } },
    why: /no provenance: piot makes it on GitHub Actions alone/,
  },
  {
    name: "in a job without one of the variables",
    options: { env: { GITHUB_RUN_ID: "" } },
    why: /no provenance: GITHUB_RUN_ID is not set/,
  },
];

for (const { name, options, fields, why } of WITHOUT) {
  test(`a release ${name} goes out without provenance, and says why`, async () => {
    await using world = await trustedWorld(fields, options);
    const prepared = await world.prepare(npmRelease());
    const credential = await world.npm.authorise(prepared, await world.npm.look(prepared));
    assert.match(credential.why, why);
    await world.npm.upload(prepared, prepared.files[0]!, { credential });
    assert.deepEqual(await attestations(world), []);
    assert.equal(world.server.state.packages.get("demo")?.versions.has("1.0.0"), true);
    assert.deepEqual(world.sigstore!.log, []);
  });
}

const REQUIRED = { publishConfig: { provenance: true } };

const CONDITIONS: readonly {
  name: string;
  options?: NonNullable<Parameters<typeof npmWorld>[1]>;
  fields?: Record<string, unknown>;
  own?: { access: "restricted"; registryName: string };
  code: FailureCode;
  words: RegExp;
  hint: RegExp;
}[] = [
  {
    name: "another repository in package.json",
    fields: { repository: "github:ada/other" },
    code: "PIOT_PROVENANCE_REPOSITORY",
    words:
      /`repository` in its package.json is "git\+https:\/\/github.com\/ada\/other.git".*ada\/engine/,
    hint: /to "git\+https:\/\/github\.com\/ada\/engine\.git"/,
  },
  {
    name: "the repository in another case",
    fields: { repository: "github:Ada/engine" },
    code: "PIOT_PROVENANCE_REPOSITORY",
    words: /Ada\/engine/,
    hint: /to "git\+https:\/\/github\.com\/ada\/engine\.git"/,
  },
  ...[
    ["the page of a folder", "https://github.com/ada/engine/tree/main/packages/demo", "#main"],
    ["a place on the page", "https://github.com/ada/engine#readme", "#readme"],
    ["a branch", "github:ada/engine#v1", "#v1"],
  ].map(([name, repository, fragment]) => ({
    name: `${name} as the repository in package.json`,
    fields: { repository },
    code: "PIOT_PROVENANCE_REPOSITORY" as const,
    words: new RegExp(
      `is "git\\+https://github\\.com/ada/engine\\.git${fragment}", and this run is of`,
    ),
    hint: /without a branch or a place on the page; a folder goes into its `directory`$/,
  })),
  {
    name: "no repository in package.json",
    fields: { repository: undefined },
    code: "PIOT_PROVENANCE_REPOSITORY",
    words: /`repository` in its package.json is missing/,
    hint: /to "git\+https:\/\/github\.com\/ada\/engine\.git"/,
  },
  {
    name: "provenance required in a private repository",
    options: { job: { ...JOB, extra: { repository_visibility: "private" } } },
    fields: REQUIRED,
    code: "PIOT_PROVENANCE_VISIBILITY",
    words: /visibility is "private"/,
    hint: /^Make the repository public, /,
  },
  {
    name: "provenance required on a runner that is not GitHub's",
    options: { job: { ...JOB, extra: { runner_environment: "self-hosted" } } },
    fields: REQUIRED,
    code: "PIOT_PROVENANCE_RUNNER",
    words: /runner is "self-hosted"/,
    hint: /^Publish on a GitHub-hosted runner, /,
  },
  {
    name: "provenance required of a restricted package",
    fields: { ...REQUIRED, name: "@acme/demo" },
    own: { access: "restricted", registryName: "@acme/demo" },
    options: { trust: { "@acme/demo": TRUST["demo"]! } },
    code: "PIOT_PROVENANCE_ACCESS",
    words: /the package is restricted/,
    hint: /^Set `access = "public"` in putitoutthere\.toml, /,
  },
  {
    name: "provenance required by the environment, with a token and no identity",
    options: {
      env: {
        NODE_AUTH_TOKEN: TOKEN,
        NPM_CONFIG_PROVENANCE: "true",
        ACTIONS_ID_TOKEN_REQUEST_URL: "",
      },
    },
    code: "PIOT_PROVENANCE_IDENTITY",
    words: /id-token: write/,
    hint: /id-token: write/,
  },
];

for (const { name, options = {}, fields, own, code, words, hint } of CONDITIONS) {
  test(`authorise refuses ${name}, before anything is signed or sent`, async () => {
    await using world = await trustedWorld(fields, options);
    const held = heldPackage("@acme/demo", { access: "restricted" });
    world.server.state.packages.set("@acme/demo", held);
    const prepared = await world.prepare(npmRelease(own === undefined ? {} : { package: own }));
    const look = await world.npm.look(prepared);
    await assert.rejects(world.npm.authorise(prepared, look), (error: Failure) => {
      assert.equal(error.code, code);
      assert.match(error.message, words);
      assert.match(error.hint ?? "", hint);
      return true;
    });
    assert.deepEqual(world.sigstore!.log, []);
    assert.equal(world.server.log.some(({ method }) => method === "PUT"), false);
  });
}

test("provenance that package.json requires comes with a token too, where the job has an identity", async () => {
  const options = { trust: {}, env: { NODE_AUTH_TOKEN: TOKEN } };
  await using world = await trustedWorld(REQUIRED, options);
  const prepared = await world.prepare(npmRelease());
  const credential = await world.npm.authorise(prepared, await world.npm.look(prepared));
  assert.equal(credential.kind, "token");
  assert.match(credential.why, /with provenance$/);
  await world.npm.upload(prepared, prepared.files[0]!, { credential });
  const [attestation] = await attestations(world);
  await verifyBundle(attestation!.bundle, world.sigstore!.trustedRoot);
});

const SIGSTORE_FAILURES: readonly { name: string; path: RegExp; words: RegExp }[] = [
  {
    name: "gives no certificate",
    path: /signingCert/,
    words: /its certificate authority gives no certificate: .*not today/,
  },
  { name: "takes no log entry", path: /entries/, words: /its log takes no entry: .*not today/ },
];

for (const { name, path, words } of SIGSTORE_FAILURES) {
  test(`nothing is uploaded when Sigstore ${name}`, async () => {
    await using world = await trustedWorld();
    world.sigstore!.breakNext({
      matches: (request) => path.test(request.path),
      how: { status: 400, body: { code: 400, message: "not today" } },
    });
    await assert.rejects(world.publish(npmRelease()), (error: Failure) => {
      assert.equal(error.code, "PIOT_PROVENANCE_SIGNING");
      assert.match(error.message, words);
      return true;
    });
    assert.equal(world.server.log.some(({ method }) => method === "PUT"), false);
  });
}

test("a certificate authority that redirects gets no certificate out of us, and the identity token goes nowhere else", async () => {
  await using elsewhere = await serve(() => () => ({ status: 200, body: {} }));
  await using world = await trustedWorld();
  const how = { status: 307, headers: { location: `${elsewhere.url}/api/v2/signingCert` } };
  world.sigstore!.breakNext({ matches: isCertifying, how, times: 9 });
  await assert.rejects(world.publish(npmRelease()), (error: Failure) => {
    assert.equal(error.code, "PIOT_PROVENANCE_SIGNING");
    assert.match(error.message, /gives no certificate: 307 /);
    return true;
  });
  assert.deepEqual(elsewhere.log, []);
});

for (const how of ["lost-before", "lost-after", { status: 429 }, { status: 503 }] as const) {
  test(`a certificate is asked for again after ${JSON.stringify(how)}, with another identity token`, async () => {
    await using world = await trustedWorld();
    world.sigstore!.breakNext({ matches: isCertifying, how });
    await world.publish(npmRelease());
    assert.deepEqual(world.host.waits, [1000]);
    assert.equal(new Set(world.identity!.issued).size, 3);
    const [attestation] = await attestations(world);
    await verifyBundle(attestation!.bundle, world.sigstore!.trustedRoot);
    assert.equal(world.sigstore!.entries.length, 1);
  });
}

for (
  const [name, how] of [
    ["never answers", "lost-before"],
    ["answers a page", { status: 200, body: "<html><title>Maintenance</title></html>" }],
    ["answers without a certificate", { status: 200, body: { signedCertificateEmbeddedSct: {} } }],
  ] as const
) {
  test(`nothing is logged or uploaded when the certificate authority ${name}`, async () => {
    await using world = await trustedWorld();
    world.sigstore!.breakNext({ matches: isCertifying, how, times: 9 });
    await assert.rejects(
      world.publish(npmRelease()),
      (error: Failure) => error.code === "PIOT_PROVENANCE_SIGNING",
    );
    assert.deepEqual(world.sigstore!.entries, []);
    assert.equal(world.server.log.some(({ method }) => method === "PUT"), false);
  });
}

test("a failure to get the identity token for Sigstore stays what it is", async () => {
  await using world = await trustedWorld();
  const prepared = await world.prepare(npmRelease());
  const credential = await world.npm.authorise(prepared, await world.npm.look(prepared));
  world.identity!.breakNext({ matches: () => true, how: { status: 403, body: {} }, times: 9 });
  await assert.rejects(
    world.npm.upload(prepared, prepared.files[0]!, { credential }),
    (error: Failure) => {
      assert.equal(error.code, "PIOT_OIDC_UNAVAILABLE");
      assert.match(error.message, /identity token for "sigstore": GitHub answers 403/);
      return true;
    },
  );
});
