/** Sigstore's own verifier, with the local Sigstore for its trusted root. */

import crypto from "node:crypto";
import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import type * as Verify from "@sigstore/verify";

/** The signer as the verifier saw it. */
export interface Verified {
  /** The URI of the certificate. */
  readonly identity: string | undefined;
  readonly issuer: string | undefined;
}

let library: Promise<typeof Verify> | undefined;

/**
 * Loads the verifier. It leaves the digest of ECDSA signatures to `crypto.verify`, which takes SHA-256 then on Node and
 * throws on Deno (2.9): there the default is put in its place.
 */
function load(): Promise<typeof Verify> {
  if ("Deno" in globalThis && library === undefined) {
    const plain = crypto.verify.bind(crypto) as (...all: unknown[]) => boolean;
    crypto.verify = ((digest: string | undefined, ...rest: unknown[]) =>
      plain(digest ?? "sha256", ...rest)) as typeof crypto.verify;
  }
  library ??= import("@sigstore/verify");
  return library;
}

/** Verifies a bundle: its certificate, the log's promise and proof, and the signature. Throws when anything is wrong. */
export async function verifyBundle(bundle: unknown, trustedRoot: object): Promise<Verified> {
  const { toSignedEntity, toTrustMaterial, Verifier } = await load();
  const material = toTrustMaterial(TrustedRoot.fromJSON(trustedRoot));
  const verifier = new Verifier(material, { ctlogThreshold: 1, tlogThreshold: 1 });
  const { identity } = verifier.verify(toSignedEntity(bundleFromJSON(bundle)));
  return {
    identity: identity?.subjectAlternativeName,
    issuer: identity?.extensions?.issuer,
  };
}
