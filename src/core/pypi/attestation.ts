/**
 * Attestations of distributions (PEP 740): the statement that a trusted publisher signs about a file, and the form in which
 * PyPI takes it (index hosted attestations).
 *
 * @module
 */

import type { IdentityClaims } from "../release/identity_claims.ts";
import { publisherOf } from "../release/identity_claims.ts";
import type { TrustPolicy } from "../model/package.ts";

/** The media type of a statement. */
export const STATEMENT_TYPE = "application/vnd.in-toto+json";

/** That a trusted publisher published these bytes under this name. `sha256` is hex. */
export function publishStatement(
  { name, sha256 }: { readonly name: string; readonly sha256: string },
): string {
  return JSON.stringify({
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name, digest: { sha256 } }],
    predicateType: "https://docs.pypi.org/attestations/publish/v1",
    predicate: null,
  });
}

/** A Sigstore bundle, as far as an attestation has it (sigstore/protobuf-specs sigstore_bundle.proto, as JSON). */
interface Bundle {
  readonly verificationMaterial: {
    readonly certificate?: { readonly rawBytes: string };
    readonly x509CertificateChain?: {
      readonly certificates: readonly { readonly rawBytes: string }[];
    };
    readonly tlogEntries: readonly unknown[];
  };
  readonly dsseEnvelope: {
    readonly payload: string;
    readonly signatures: readonly { readonly sig: string }[];
  };
}

/** The value of the form's field `attestations`: a list with the one attestation that a bundle is. Nothing is encoded anew. */
export function attestationsField(bundle: string): string {
  const { verificationMaterial: material, dsseEnvelope: envelope } = JSON.parse(bundle) as Bundle;
  const certificate = material.certificate ?? material.x509CertificateChain?.certificates[0];
  return JSON.stringify([{
    version: 1,
    verification_material: {
      certificate: certificate?.rawBytes,
      transparency_entries: material.tlogEntries,
    },
    envelope: { statement: envelope.payload, signature: envelope.signatures[0]?.sig },
  }]);
}

/** The issuers whose certificates PyPI holds against a publisher (pypi_attestations `_impl.py`). */
const ISSUERS = [
  "https://token.actions.githubusercontent.com",
  "https://gitlab.com",
  "https://accounts.google.com",
];

/** Why files of a job get no attestation, as a clause, and how they would; undefined when they get one. */
export interface Unattested {
  readonly why: string;
  readonly hint: string;
}

/**
 * Decided before anything is signed: what is signed is in a public log for ever, and PyPI refuses a whole upload for an
 * attestation that does not fit.
 */
export function whyUnattested(
  claims: IdentityClaims,
  policy: TrustPolicy | undefined,
): Unattested | undefined {
  const issuer = claims["iss"] ?? "";
  if (!ISSUERS.includes(issuer)) {
    return {
      why: `PyPI takes no attestations of jobs whose identity is of ${issuer || "nobody"}`,
      hint: "Publish from GitHub Actions or GitLab.com",
    };
  }
  const visibility = claims["repository_visibility"] ?? claims["project_visibility"];
  if (visibility !== undefined && visibility !== "public") {
    return {
      why:
        `the repository is ${visibility}, and attestations would show its name in a public log for ever`,
      hint:
        "Make the repository public, or publish with pypa/gh-action-pypi-publish, which attests all the same",
    };
  }
  return reusable(claims, policy);
}

/**
 * The token is given for the file of the called workflow, the certificate names that of the caller: PyPI refuses what it
 * cannot match (pypi/warehouse#11096), unless the caller's is the one on file.
 */
function reusable(
  claims: IdentityClaims,
  policy: TrustPolicy | undefined,
): Unattested | undefined {
  const of = (workflowClaim: "workflow_ref" | "job_workflow_ref"): string | undefined =>
    publisherOf(claims, { workflowClaim, isEnvironmentExact: false })?.workflow;
  const [caller, called] = [of("workflow_ref"), of("job_workflow_ref")];
  if (caller === called || policy?.workflow === caller) return undefined;
  return {
    why: `the job is in a reusable workflow ("${called}", called from "${caller}"), ` +
      "and PyPI refuses attestations that name another workflow than the token",
    hint: "Publish from the calling workflow itself, and have PyPI trust that one",
  };
}
