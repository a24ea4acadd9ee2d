import assert from "node:assert/strict";
import { test } from "node:test";
import { openSigner, type Sign } from "../../../src/registry/sigstore/sign.ts";
import { serveIdentity } from "../../../src/rehearsal/identity/serve_identity.ts";
import {
  type LocalSigstore,
  serveSigstore,
} from "../../../src/rehearsal/sigstore/serve_sigstore.ts";
import { type TestHost, testHost } from "../../support/test_host.ts";
import { verifyBundle } from "../../support/verify_bundle.ts";

const JOB = { repository: "ada/engine", workflow: "release.yml" } as const;
const MINUTE = 60_000;

interface Bench extends AsyncDisposable {
  readonly host: TestHost;
  readonly sigstore: LocalSigstore;
  readonly sign: Sign;
  /** How often the authority was asked for a certificate. */
  readonly certificates: () => number;
  /** How many identity tokens were asked for. */
  readonly tokens: () => number;
}

async function openBench(): Promise<Bench> {
  const host = testHost();
  const identity = await serveIdentity({ job: JOB, clock: host.clock });
  const sigstore = await serveSigstore({ jwks: identity.jwks, clock: host.clock });
  let tokens = 0;
  return {
    host,
    sigstore,
    sign: openSigner({
      ...host,
      fulcio: sigstore.url,
      rekor: sigstore.url,
      identityToken: () => {
        tokens++;
        return identity.mint("sigstore");
      },
    }),
    certificates: () => sigstore.log.filter(({ path }) => path === "/api/v2/signingCert").length,
    tokens: () => tokens,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([identity.close(), sigstore.close()]);
    },
  };
}

async function check(bench: Bench, texts: readonly string[]): Promise<void> {
  const bundles = await Promise.all(texts.map((text) => bench.sign({ type: "text/plain", text })));
  for (const { json } of bundles) {
    await verifyBundle(JSON.parse(json), bench.sigstore.trustedRoot);
  }
}

test("statements that are signed at once share one certificate, and each is verified by Sigstore's own code", async () => {
  await using bench = await openBench();
  await check(bench, ["a", "b", "c", "d"]);
  assert.equal(bench.certificates(), 1);
  assert.equal(bench.sigstore.entries.length, 4);
});

test("a certificate that is about to end is not used: another one is asked for, with a fresh identity token", async () => {
  await using bench = await openBench();
  await check(bench, ["a"]);
  await bench.host.clock.sleep(6 * MINUTE);
  await check(bench, ["b"]);
  assert.equal(bench.certificates(), 1, "six of its ten minutes are over");
  await bench.host.clock.sleep(2 * MINUTE);
  await check(bench, ["c", "d"]);
  assert.equal(bench.certificates(), 2);
  assert.equal(bench.tokens(), 2);
});

test("an authority that fails once is asked again, by the next signature too", async () => {
  await using bench = await openBench();
  bench.sigstore.breakNext({ matches: ({ method }) => method === "POST", how: { status: 503 } });
  await check(bench, ["a"]);
  await check(bench, ["b"]);
  assert.equal(bench.certificates(), 2);
  assert.equal(bench.tokens(), 2);
});
