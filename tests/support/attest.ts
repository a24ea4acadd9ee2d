/** Attestations (PEP 740) of files as a trusted publisher makes them, signed by a certificate authority of the test's own. */

import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { Buffer } from "node:buffer";
import {
  type Authority,
  createAuthority,
  issueCertificate,
  textExtension,
} from "../../src/rehearsal/sigstore/certificate.ts";
import { preAuthEncoding } from "../../src/rehearsal/sigstore/rekor.ts";
import { createLogKey, type LogKey } from "../../src/rehearsal/sigstore/transparency_log.ts";
import type { Attestation } from "../../src/rehearsal/pypi/state.ts";

const VALIDITY = { from: new Date("2026-01-01"), until: new Date("2027-01-01") };
const AUTHORITY: Authority = createAuthority(createLogKey(), VALIDITY);
const LOG: LogKey = createLogKey();

/** What an attestation says; by default that a file is what it is. */
export interface Attested {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly predicateType?: string;
  /** The commit that the job was started for; the certificate names none by default. */
  readonly commit?: string;
  readonly repository?: string;
}

export function attest(
  {
    fileName,
    bytes,
    predicateType = "https://docs.pypi.org/attestations/publish/v1",
    commit,
    repository = "ada/engine",
  }: Attested,
): Attestation {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const certificate = issueCertificate({
    spki: publicKey.export({ type: "spki", format: "der" }),
    identity: "https://github.com/ada/engine/.github/workflows/release.yml@refs/heads/main",
    validity: VALIDITY,
    extensions: [
      textExtension(12, `https://github.com/${repository}`),
      ...(commit === undefined ? [] : [textExtension(13, commit)]),
      textExtension(
        18,
        "https://github.com/ada/engine/.github/workflows/release.yml@refs/heads/main",
      ),
    ],
  }, { authority: AUTHORITY, log: LOG });
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const statement = Buffer.from(JSON.stringify({
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: fileName, digest: { sha256 } }],
    predicateType,
    predicate: null,
  }));
  const encoded = preAuthEncoding("application/vnd.in-toto+json", statement);
  return {
    version: 1,
    verification_material: {
      certificate: certificate.toString("base64"),
      transparency_entries: [{ logIndex: "1" }],
    },
    envelope: {
      statement: statement.toString("base64"),
      signature: sign("sha256", encoded, privateKey).toString("base64"),
    },
  };
}
