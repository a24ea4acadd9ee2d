import { test } from "node:test";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash, generateKeyPairSync, sign, X509Certificate } from "node:crypto";
import { signStatement } from "../../../src/registry/sigstore/sign.ts";
import {
  type LocalIdentity,
  serveIdentity,
} from "../../../src/rehearsal/identity/serve_identity.ts";
import { certificateText } from "../../../src/rehearsal/sigstore/certificate.ts";
import {
  inclusionProof,
  leafHash,
  rootOf,
} from "../../../src/rehearsal/sigstore/transparency_log.ts";
import {
  type LocalSigstore,
  serveSigstore,
} from "../../../src/rehearsal/sigstore/serve_sigstore.ts";
import { testHost } from "../../support/test_host.ts";
import { verifyBundle } from "../../support/verify_bundle.ts";

const JOB = { repository: "ada/engine", workflow: "release.yml" } as const;

interface TestSigstore extends AsyncDisposable {
  readonly identity: LocalIdentity;
  readonly sigstore: LocalSigstore;
  /** Signs a text, and gives the bundle. */
  readonly sign: (text: string) => Promise<unknown>;
  /** Asks for a certificate. */
  readonly certify: (
    request: { jwt: string; proofOf?: string },
  ) => Promise<{ status: number; certificates: readonly string[]; message: string }>;
}

async function openSigstore(): Promise<TestSigstore> {
  const host = testHost();
  const identity = await serveIdentity({ job: JOB, clock: host.clock });
  const sigstore = await serveSigstore({ jwks: identity.jwks, clock: host.clock });
  return {
    identity,
    sigstore,
    sign: async (text) => {
      const { json } = await signStatement({ type: "text/plain", text }, {
        fulcio: sigstore.url,
        rekor: sigstore.url,
        identityToken: () => identity.mint("sigstore"),
        ...host,
      });
      return JSON.parse(json);
    },
    certify: async ({ jwt, proofOf = "repo:ada/engine:ref:refs/heads/main" }) => {
      const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const content = publicKey.export({ type: "spki", format: "pem" });
      const proof = sign("sha256", Buffer.from(proofOf), privateKey).toString("base64");
      const answer = await fetch(`${sigstore.url}/api/v2/signingCert`, {
        method: "POST",
        body: JSON.stringify({
          credentials: { oidcIdentityToken: jwt },
          publicKeyRequest: {
            publicKey: { algorithm: "ECDSA", content },
            proofOfPossession: proof,
          },
        }),
      });
      const { signedCertificateEmbeddedSct, message } = await answer.json();
      const certificates = signedCertificateEmbeddedSct?.chain.certificates ?? [];
      return { status: answer.status, certificates, message };
    },
    [Symbol.asyncDispose]: async () => {
      await sigstore[Symbol.asyncDispose]();
      await identity[Symbol.asyncDispose]();
    },
  };
}

test("a certificate is of the authority, for ten minutes, and tells of the job", async () => {
  await using local = await openSigstore();
  const { status, certificates } = await local.certify({
    jwt: await local.identity.mint("sigstore"),
  });
  assert.equal(status, 200);
  const [leaf, root] = certificates.map((pem) => new X509Certificate(pem));
  assert.equal(leaf!.checkIssued(root!), true);
  assert.equal(leaf!.verify(root!.publicKey), true);
  assert.equal(root!.ca, true);
  assert.equal(Date.parse(leaf!.validTo) - Date.parse(leaf!.validFrom), 600_000);
  const workflow = "https://github.com/ada/engine/.github/workflows/release.yml@refs/heads/main";
  assert.equal(leaf!.subjectAltName, `URI:${workflow}`);
  assert.equal(certificateText(leaf!.raw, 12), "https://github.com/ada/engine");
  assert.equal(certificateText(leaf!.raw, 18), workflow);
  assert.equal(certificateText(leaf!.raw, 22), "public");
  assert.equal(certificateText(leaf!.raw, 23), undefined);
});

test("no certificate without a token for Sigstore from the provider that is believed", async () => {
  await using local = await openSigstore();
  await using forger = await serveIdentity({ job: JOB, clock: testHost().clock });
  for (const jwt of [await local.identity.mint("pypi"), await forger.mint("sigstore"), "x"]) {
    const { status, message } = await local.certify({ jwt });
    assert.equal(status, 401);
    assert.match(message, /error processing the identity token/);
  }
});

test("no certificate for a key that its owner cannot sign with", async () => {
  await using local = await openSigstore();
  const jwt = await local.identity.mint("sigstore");
  const { status, message } = await local.certify({ jwt, proofOf: "somebody else" });
  assert.equal(status, 400);
  assert.match(message, /signature supplied in the request could not be verified/);
});

test("every entry of a growing log verifies, whatever the size of the log", async () => {
  await using local = await openSigstore();
  for (const text of ["a", "b", "c", "d", "e"]) {
    await verifyBundle(await local.sign(text), local.sigstore.trustedRoot);
  }
  assert.equal(local.sigstore.entries.length, 5);
});

test("the log takes no envelope whose signature is not of its certificate", async () => {
  await using local = await openSigstore();
  const [own, other] = [await local.sign("a"), await local.sign("b")] as {
    dsseEnvelope: { payload: string };
    verificationMaterial: { certificate: { rawBytes: string } };
  }[];
  const pem = `-----BEGIN CERTIFICATE-----\n${
    other!.verificationMaterial.certificate.rawBytes
  }\n-----END CERTIFICATE-----\n`;
  const propose = async (envelope: unknown): Promise<Response> =>
    await fetch(`${local.sigstore.url}/api/v1/log/entries`, {
      method: "POST",
      body: JSON.stringify({
        apiVersion: "0.0.1",
        kind: "dsse",
        spec: {
          proposedContent: {
            envelope: JSON.stringify(envelope),
            verifiers: [Buffer.from(pem).toString("base64")],
          },
        },
      }),
    });
  assert.equal((await propose(own!.dsseEnvelope)).status, 400);
  // The very entry that is there already is pointed at.
  const again = await propose(other!.dsseEnvelope);
  assert.equal(again.status, 409);
  const entry = await fetch(`${local.sigstore.url}${again.headers.get("location")}`);
  assert.equal(Object.values(await entry.json() as object)[0].logIndex, 4100);
  assert.equal(local.sigstore.entries.length, 2);
});

/** RFC 9162 §2.1.3.2: the verifier's side, written from the specification. */
function rootFromProof(
  leaf: Buffer,
  { index, size, proof }: { index: number; size: number; proof: readonly Buffer[] },
): Buffer {
  const join = (left: Buffer, right: Buffer): Buffer =>
    createHash("sha256").update(Uint8Array.of(1)).update(left).update(right).digest();
  let [fn, sn, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    assert.notEqual(sn, 0);
    if (fn % 2 === 1 || fn === sn) {
      hash = join(sibling, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn >> 1, sn >> 1];
    } else hash = join(hash, sibling);
    [fn, sn] = [fn >> 1, sn >> 1];
  }
  assert.equal(sn, 0);
  return hash;
}

test("inclusion proofs lead to the root, for every entry of trees of 1 to 17 entries", () => {
  for (let size = 1; size <= 17; size++) {
    const leaves = Array.from({ length: size }, (_, at) => leafHash(Buffer.from(`${at}`)));
    const root = rootOf(leaves);
    for (const [index, leaf] of leaves.entries()) {
      const proof = inclusionProof(leaves, index);
      assert.deepEqual(rootFromProof(leaf, { index, size, proof }), root);
    }
  }
});
