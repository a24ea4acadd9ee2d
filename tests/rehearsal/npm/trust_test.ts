import { test } from "node:test";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import { signStatement } from "../../../src/registry/sigstore/sign.ts";
import { provenanceStatement } from "../../../src/core/npm/provenance_statement.ts";
import type { JobIdentity } from "../../../src/rehearsal/identity/actions_job.ts";
import { actionsVariables } from "../../../src/rehearsal/identity/actions_job.ts";
import {
  type LocalIdentity,
  serveIdentity,
} from "../../../src/rehearsal/identity/serve_identity.ts";
import {
  type NpmServer,
  type NpmServerOptions,
  serveNpm,
} from "../../../src/rehearsal/npm/serve_npm.ts";
import type { TrustConfig } from "../../../src/rehearsal/npm/state.ts";
import { createTokenSigner } from "../../../src/rehearsal/identity/json_web_token.ts";
import {
  type LocalSigstore,
  serveSigstore,
} from "../../../src/rehearsal/sigstore/serve_sigstore.ts";
import { heldPackage } from "../../registry/npm/world.ts";
import { testHost } from "../../support/test_host.ts";

/** One key for all: whoever believes one identity provider of these tests believes every one. */
const SIGNER = createTokenSigner();
const JOB: JobIdentity = { repository: "ada/engine", workflow: "release.yml" };
const CONFIG: TrustConfig = {
  repository: "ada/engine",
  workflow: "release.yml",
  permissions: ["createPackage", "createStagedPackage"],
};

interface Said {
  readonly status: number;
  // deno-lint-ignore no-explicit-any
  readonly body: any;
  readonly headers: Headers;
}

interface TestRegistry extends AsyncDisposable {
  readonly server: NpmServer;
  readonly identity: LocalIdentity;
  readonly sigstore: LocalSigstore;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly ask: (
    method: string,
    path: string,
    options?: { token?: string; body?: unknown; otp?: string },
  ) => Promise<Said>;
  /** Exchanges a token of the job for one of a package. */
  readonly exchange: (name: string, jwt?: string) => Promise<Said>;
}

async function openRegistry(options: Partial<NpmServerOptions> = {}): Promise<TestRegistry> {
  const { clock } = testHost();
  const identity = await serveIdentity({ job: JOB, clock, signer: await SIGNER });
  const sigstore = await serveSigstore({ jwks: identity.jwks, clock });
  const server = await serveNpm({
    tokens: { npm_ada: { user: "ada", otp: "123456" }, npm_grace: { user: "grace" } },
    trust: { demo: CONFIG, unborn: CONFIG },
    identity,
    sigstore,
    now: () => clock.now(),
    ...options,
  });
  server.state.packages.set("demo", heldPackage("demo"));
  const ask: TestRegistry["ask"] = async (method, path, { token, body, otp } = {}) => {
    const answer = await fetch(`${server.url}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(otp === undefined ? {} : { "npm-otp": otp }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get("content-type")?.includes("json") ?? false;
    return {
      status: answer.status,
      body: isJson ? JSON.parse(text) : text,
      headers: answer.headers,
    };
  };
  return {
    server,
    identity,
    sigstore,
    sleep: (milliseconds) => clock.sleep(milliseconds),
    ask,
    exchange: async (name, jwt) =>
      await ask("POST", `/-/npm/v1/oidc/token/exchange/package/${name}`, {
        token: jwt ?? await identity.mint("npm:127.0.0.1"),
      }),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await identity[Symbol.asyncDispose]();
      await sigstore[Symbol.asyncDispose]();
    },
  };
}

interface DocumentOptions {
  readonly version?: string;
  readonly repository?: string;
  readonly files?: number;
}

async function documentOf(upload: DocumentOptions = {}): Promise<Record<string, unknown>> {
  const { version = "1.0.0", repository = "git+https://github.com/ada/engine.git" } = upload;
  const manifest = { name: "demo", version, repository: { type: "git", url: repository } };
  const names = ["package.json", ...Array.from({ length: upload.files ?? 0 }, (_, at) => `${at}`)];
  const body = JSON.stringify(manifest);
  const tarball = gzipSync(
    await packTar(names.map((name) => ({
      header: { name: `package/${name}`, size: body.length, type: "file" as const },
      body,
    }))),
  );
  const shasum = createHash("sha1").update(tarball).digest("hex");
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  return {
    name: "demo",
    "dist-tags": { latest: version },
    versions: { [version]: { ...manifest, dist: { shasum, integrity } } },
    access: "public",
    _attachments: {
      [`demo-${version}.tgz`]: {
        content_type: "application/octet-stream",
        data: tarball.toString("base64"),
        length: tarball.length,
      },
    },
  };
}

test("an exchange gives a token of an hour, for one package", async () => {
  await using npm = await openRegistry();
  const { status, body } = await npm.exchange("demo");
  assert.equal(status, 201);
  assert.equal(body.token_type, "oidc");
  assert.equal(Date.parse(body.expires) - Date.parse(body.created), 3600_000);
  const published = await npm.ask("PUT", "/demo", { token: body.token, body: await documentOf() });
  assert.equal(published.status, 200);
  npm.server.state.packages.set("other", heldPackage("other"));
  const other = { ...await documentOf(), name: "other" };
  assert.equal((await npm.ask("PUT", "/other", { token: body.token, body: other })).status, 404);
});

test("a token of trusted publishing ends after its hour, and neither sets tags nor says who it is", async () => {
  await using npm = await openRegistry();
  const { token } = (await npm.exchange("demo")).body;
  const tagged = await npm.ask("PUT", "/-/package/demo/dist-tags/next", { token, body: "0.0.1" });
  assert.equal(tagged.status, 403);
  assert.equal(tagged.body.message, "OIDC permission denied for this action");
  assert.equal((await npm.ask("GET", "/-/stage", { token })).status, 403);
  await npm.sleep(3600_001);
  const late = await npm.ask("PUT", "/demo", { token, body: await documentOf() });
  assert.equal(late.status, 404);
});

const REFUSED: readonly {
  name: string;
  package?: string;
  jwt?: (identity: LocalIdentity) => string | Promise<string>;
  status: number;
  words: RegExp;
}[] = [
  { name: "a package that is not there", package: "unborn", status: 404, words: /not found/ },
  { name: "a package that trusts nobody", package: "untrusting", status: 404, words: /not found/ },
  {
    name: "a job of another repository",
    jwt: ({ mint }) => mint("npm:127.0.0.1", { ...JOB, repository: "eve/engine" }),
    status: 404,
    words: /package not found/,
  },
  {
    name: "a job of another workflow",
    jwt: ({ mint }) => mint("npm:127.0.0.1", { ...JOB, workflow: "Release.yml" }),
    status: 404,
    words: /package not found/,
  },
  {
    name: "a job in an environment that is not on file",
    jwt: ({ mint }) => mint("npm:127.0.0.1", { ...JOB, environment: "release" }),
    status: 404,
    words: /package not found/,
  },
  {
    name: "a token for another audience",
    jwt: ({ mint }) => mint("pypi"),
    status: 401,
    words: /OIDC token exchange error - invalid id token/,
  },
  { name: "no token at all", jwt: () => "nothing", status: 401, words: /invalid id token/ },
];

for (const { name, package: asked = "demo", jwt, status, words } of REFUSED) {
  test(`an exchange is refused for ${name}`, async () => {
    await using npm = await openRegistry();
    npm.server.state.packages.set("untrusting", heldPackage("untrusting"));
    const said = await npm.exchange(asked, await jwt?.(npm.identity));
    assert.equal(said.status, status);
    assert.match(said.body.message, words);
    assert.equal(npm.server.state.minted.size, 0);
  });
}

test("the identity token of somebody else's provider is refused", async () => {
  await using npm = await openRegistry();
  await using forger = await serveIdentity({ job: JOB, clock: testHost().clock });
  assert.equal((await npm.exchange("demo", await forger.mint("npm:127.0.0.1"))).status, 401);
});

test("an exchange takes no body and asks for a token", async () => {
  await using npm = await openRegistry();
  const path = "/-/npm/v1/oidc/token/exchange/package/demo";
  const token = await npm.identity.mint("npm:127.0.0.1");
  assert.equal((await npm.ask("POST", path, { token, body: {} })).status, 400);
  assert.equal((await npm.ask("POST", path)).status, 401);
});

test("staging asks for no second factor, approving does, and only of the owner", async () => {
  await using npm = await openRegistry();
  const { token } = (await npm.exchange("demo")).body;
  const staged = await npm.ask("POST", "/-/stage/package/demo", {
    token,
    body: await documentOf(),
  });
  assert.equal(staged.status, 201);
  const id: string = staged.body.stageId;
  const listed = await npm.ask("GET", "/-/stage?package=demo", { token: "npm_ada" });
  assert.equal(listed.body.total, 1);
  assert.equal(listed.body.items[0].id, id);
  assert.equal(listed.body.items[0].version, "1.0.0");
  const path = `/-/stage/${id}`;
  assert.equal((await npm.ask("GET", path, { token: "npm_ada" })).body.packageName, "demo");
  assert.equal((await npm.ask("GET", `${path}/tarball`, { token: "npm_ada" })).status, 200);
  assert.equal((await npm.ask("GET", path, { token: "npm_grace" })).status, 404);
  assert.equal((await npm.ask("GET", path)).status, 401);
  const approve = `${path}/approve`;
  const plain = await npm.ask("POST", approve, { token: "npm_ada" });
  assert.equal(plain.status, 401);
  assert.equal(plain.headers.get("www-authenticate"), "OTP");
  assert.equal((await npm.ask("POST", approve, { token: "npm_ada", otp: "0" })).status, 401);
  assert.equal((await npm.ask("POST", approve, { token, otp: "123456" })).status, 403);
  assert.equal((await npm.ask("GET", "/demo/1.0.0")).status, 404);
  assert.equal((await npm.ask("POST", approve, { token: "npm_ada", otp: "123456" })).status, 201);
  assert.equal((await npm.ask("GET", "/demo/1.0.0")).body.version, "1.0.0");
  assert.equal((await npm.ask("GET", path, { token: "npm_ada" })).status, 404);
});

test("a staged version takes its number, for staging and for publishing", async () => {
  await using npm = await openRegistry();
  const body = await documentOf();
  const stage = (): Promise<Said> =>
    npm.ask("POST", "/-/stage/package/demo", { token: "npm_ada", body });
  assert.equal((await stage()).status, 201);
  for (const said of [await stage(), await npm.ask("PUT", "/demo", { token: "npm_ada", body })]) {
    assert.equal(said.status, 409);
    assert.match(said.body.error, /already staged/);
  }
  const [id] = [...npm.server.state.staged.keys()];
  const rejected = await npm.ask("DELETE", `/-/stage/${id}`, { token: "npm_ada", otp: "123456" });
  assert.equal(rejected.status, 204);
  assert.equal((await npm.ask("PUT", "/demo", { token: "npm_ada", body })).status, 200);
});

test("a package that is not there cannot be staged", async () => {
  await using npm = await openRegistry();
  npm.server.state.packages.clear();
  const body = await documentOf();
  const said = await npm.ask("POST", "/-/stage/package/demo", { token: "npm_ada", body });
  assert.equal(said.status, 404);
});

test("the registry refuses what is too large, and too many files", async () => {
  await using npm = await openRegistry({ limits: { payload: 20_000, files: 3 } });
  const many = await npm.ask("PUT", "/demo", {
    token: "npm_ada",
    body: await documentOf({ files: 3 }),
  });
  assert.equal(many.status, 415);
  assert.equal(many.body.error, "Too many files");
  const large = await npm.ask("PUT", "/demo", {
    token: "npm_ada",
    body: { ...await documentOf(), padding: "x".repeat(20_000) },
  });
  assert.equal(large.status, 413);
  assert.equal(large.body, "Payload Too Large");
});

test("a write that fails after it was stored answers 409, and the version is there", async () => {
  await using npm = await openRegistry();
  const error = "Failed to save packument. A common cause is multiple simultaneous publishes.";
  npm.server.breakNext({
    matches: ({ method }) => method === "PUT",
    how: { after: { status: 409, body: { error } } },
  });
  const said = await npm.ask("PUT", "/demo", { token: "npm_ada", body: await documentOf() });
  assert.equal(said.status, 409);
  assert.equal((await npm.ask("GET", "/demo/1.0.0")).status, 200);
});

interface SignedOptions extends DocumentOptions {
  readonly job?: JobIdentity;
  /** The package that the statement is about. */
  readonly subject?: string;
  /** Changes the bundle before it is attached. */
  readonly change?: (bundle: Bundle) => void;
  /** Whether somebody else's Sigstore signs, whose certificates and log look the same. */
  readonly homeMade?: boolean;
}

// deno-lint-ignore no-explicit-any
type Bundle = any;

/** A document with provenance, signed by a registry's Sigstore. */
async function signedDocument(
  registry: Pick<TestRegistry, "sigstore">,
  upload: SignedOptions = {},
): Promise<Record<string, unknown>> {
  const { job = JOB, subject = "demo", change = (): void => {} } = upload;
  const host = testHost();
  await using identity = await serveIdentity({ job, clock: host.clock, signer: await SIGNER });
  await using other = await serveSigstore({ jwks: identity.jwks, clock: host.clock });
  const sigstore = upload.homeMade === true ? other : registry.sigstore;
  // deno-lint-ignore no-explicit-any
  const document: any = await documentOf(upload);
  const { integrity } = document.versions["1.0.0"].dist;
  const text = JSON.stringify(
    provenanceStatement({ name: subject, version: "1.0.0", integrity }, actionsVariables(job)),
  );
  const signed = await signStatement({ type: "application/vnd.in-toto+json", text }, {
    fulcio: sigstore.url,
    rekor: sigstore.url,
    identityToken: () => identity.mint("sigstore"),
    ...host,
  });
  const bundle = JSON.parse(signed.json);
  change(bundle);
  const data = JSON.stringify(bundle);
  document._attachments["demo-1.0.0.sigstore"] = {
    content_type: signed.mediaType,
    data,
    length: data.length,
  };
  return document;
}

test("provenance that fits is stored, told of in the manifest, and shown", async () => {
  await using npm = await openRegistry();
  const document = await signedDocument(npm);
  assert.equal((await npm.ask("PUT", "/demo", { token: "npm_ada", body: document })).status, 200);
  const { dist } = (await npm.ask("GET", "/demo/1.0.0")).body;
  assert.equal(dist.attestations.provenance.predicateType, "https://slsa.dev/provenance/v1");
  const path = new URL(dist.attestations.url).pathname;
  assert.equal(path, "/-/npm/v1/attestations/demo@1.0.0");
  const { attestations } = (await npm.ask("GET", path)).body;
  assert.deepEqual(attestations.map((one: { predicateType: string }) => one.predicateType), [
    "https://github.com/npm/attestation/tree/main/specs/publish/v0.1",
    "https://slsa.dev/provenance/v1",
  ]);
  assert.equal((await npm.ask("GET", "/-/npm/v1/attestations/demo@0.0.1")).status, 404);
});

const UNTRUE: readonly { name: string; upload: SignedOptions; status: number; words: RegExp }[] = [
  {
    name: "of another package",
    upload: { subject: "other" },
    status: 422,
    words: /the subject is not the package/,
  },
  {
    name: "of a repository that the manifest does not name",
    upload: { repository: "git+https://github.com/ada/other.git" },
    status: 422,
    words:
      /package.json: "repository.url" is "git\+https:\/\/github.com\/ada\/other.git", expected to match "https:\/\/github.com\/ada\/engine" from provenance/,
  },
  {
    name: "of a private repository",
    upload: { job: { ...JOB, extra: { repository_visibility: "private" } } },
    status: 422,
    words: /Unsupported GitHub Actions source repository visibility: "private"/,
  },
  {
    name: "of a runner that is not GitHub's",
    upload: { job: { ...JOB, extra: { runner_environment: "self-hosted" } } },
    status: 422,
    words: /Unsupported GitHub Actions runner environment: "self-hosted"/,
  },
  {
    name: "whose signature is of something else",
    upload: {
      change: (bundle) => {
        const { dsseEnvelope } = bundle as { dsseEnvelope: { payload: string } };
        const text = Buffer.from(dsseEnvelope.payload, "base64").toString();
        dsseEnvelope.payload = Buffer.from(`${text} `).toString("base64");
      },
    },
    status: 422,
    words: /TLOG_BODY_ERROR|SIGNATURE_ERROR/,
  },
  {
    name: "without a certificate",
    upload: { change: (bundle) => void delete bundle["verificationMaterial"] },
    status: 422,
    words: /invalid bundle/,
  },
  {
    name: "with a certificate that nobody but its maker believes",
    upload: { homeMade: true },
    status: 422,
    words: /CERTIFICATE_ERROR|TLOG/,
  },
  {
    name: "whose log entry is promised by nobody",
    upload: {
      change: (bundle) =>
        void (bundle.verificationMaterial.tlogEntries[0].inclusionPromise.signedEntryTimestamp =
          bundle.dsseEnvelope.signatures[0].sig),
    },
    status: 422,
    words: /TLOG_INCLUSION_PROMISE_ERROR/,
  },
  {
    name: "whose log entry has another number than was promised",
    upload: {
      change: (bundle) => void (bundle.verificationMaterial.tlogEntries[0].logIndex = "1"),
    },
    status: 422,
    words: /TLOG_INCLUSION_PROMISE_ERROR/,
  },
  {
    name: "whose proof leads to another root",
    upload: {
      change: (bundle) =>
        bundle.verificationMaterial.tlogEntries[0].inclusionProof.hashes.reverse(),
    },
    status: 422,
    words: /TLOG_INCLUSION_PROOF_ERROR/,
  },
  {
    name: "that is in no log",
    upload: { change: (bundle) => void (bundle.verificationMaterial.tlogEntries = []) },
    status: 422,
    words: /tlogEntries|TIMESTAMP_ERROR|TLOG/,
  },
  {
    name: "of another media type than it says",
    upload: { change: (bundle) => void (bundle["mediaType"] = "text/plain") },
    status: 400,
    words: /unexpected content type/,
  },
];

for (const { name, upload, status, words } of UNTRUE) {
  test(`provenance ${name} is refused`, async () => {
    await using npm = await openRegistry();
    const body = await signedDocument(npm, upload);
    const said = await npm.ask("PUT", "/demo", { token: "npm_ada", body });
    assert.equal(said.status, status);
    assert.match(said.body.error, words);
    if (status === 422) {
      assert.match(said.body.error, /^Error verifying sigstore provenance bundle/);
    }
  });
}
