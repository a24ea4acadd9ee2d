/**
 * The same signature in Sigstore's own format: an attestation has its parts under other names (PEP 740, "Attestation
 * objects"; Sigstore bundle v0.3).
 *
 * @module
 */

import type { Attestation } from "./state.ts";

/** An attestation as a Sigstore bundle. */
export function bundleOf({ verification_material: material, envelope }: Attestation): object {
  return {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: {
      certificate: { rawBytes: material.certificate },
      tlogEntries: material.transparency_entries,
    },
    dsseEnvelope: {
      payload: envelope.statement,
      payloadType: "application/vnd.in-toto+json",
      signatures: [{ sig: envelope.signature, keyid: "" }],
    },
  };
}
