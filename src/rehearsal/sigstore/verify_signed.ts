/**
 * Whether a bundle is what it says, by Sigstore's own verifier: its signature, the certificate up to the trusted root with
 * the log's timestamp in it, the transparency log's promise, and its proof.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import crypto from "node:crypto";
import process from "node:process";
import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";

/** The certificate that signed, as DER, or why it is not believed; a clause. */
export type Signed =
  | { readonly certificate: Buffer; readonly why?: undefined }
  | { readonly certificate?: undefined; readonly why: string };

/** Verifies a bundle that was signed with a certificate. */
export function verifySigned(bundle: unknown, trustedRoot: object): Signed {
  if ("deno" in process.versions) nameDigest();
  try {
    const read = bundleFromJSON(bundle);
    const { content } = read.verificationMaterial;
    const certificate = content.$case === "certificate"
      ? content.certificate
      : content.$case === "x509CertificateChain"
      ? content.x509CertificateChain.certificates[0]
      : undefined;
    if (certificate === undefined) return { why: "it has no certificate" };
    const verifier = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(trustedRoot)), {
      ...{ ctlogThreshold: 1, tlogThreshold: 1 },
    });
    verifier.verify(toSignedEntity(read));
    return { certificate: certificate.rawBytes };
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message?: string };
    return { why: [code, message].filter((word) => word !== undefined).join(": ") };
  }
}

let isNamed = false;

/**
 * The verifier leaves the digest of a signature by ECDSA to `crypto.verify`, which is SHA-256 then on Node and an error on
 * Deno (2.9, "no default digest"): there Node's default is put in its place.
 */
function nameDigest(): void {
  if (isNamed) return;
  isNamed = true;
  const plain = crypto.verify.bind(crypto) as (...all: unknown[]) => boolean;
  crypto.verify =
    ((digest: string | undefined, ...rest: unknown[]) =>
      plain(digest ?? "sha256", ...rest)) as typeof crypto.verify;
}
