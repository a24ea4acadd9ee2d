/**
 * Attestations of files on a local PyPI (PEP 740): taken with an upload of a trusted publisher, held against the file, and
 * shown to everybody. An index that knows a Sigstore believes nothing but what that signed and logged.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { verify, X509Certificate } from "node:crypto";
import { type LocalReply, Refusal } from "../server/messages.ts";
import { certificateText } from "../sigstore/certificate.ts";
import { preAuthEncoding } from "../sigstore/rekor.ts";
import { bundleOf } from "./attestation_bundle.ts";
import type { CheckedForm } from "./form_checks.ts";
import {
  addressOfProvenance,
  type Attestation,
  type PublisherHolder,
  type PypiGrant,
  type PypiState,
  type TrustedSigstore,
} from "./state.ts";

/** The kinds of statements that are taken, one of each. */
const PREDICATES: readonly string[] = [
  "https://docs.pypi.org/attestations/publish/v1",
  "https://slsa.dev/provenance/v1",
];

/** The attestations of an upload; empty when it has none. Throws 400 in PyPI's words. */
export async function readAttestations(
  { field }: CheckedForm,
  { fileName, sha256, grant, state: { sigstore } }: {
    readonly fileName: string;
    readonly sha256: string;
    readonly grant: PypiGrant;
    readonly state: Pick<PypiState, "sigstore">;
  },
): Promise<readonly Attestation[]> {
  const text = field("attestations");
  if (text === undefined) return [];
  if (!("publisher" in grant.holder)) {
    throw invalid("Attestations are only supported when using Trusted Publishing");
  }
  const attestations = parse(text);
  const { holder } = grant;
  const kinds = attestations.map((attestation) => {
    try {
      checkIdentity(attestation, holder);
      return checkStatement(attestation, { fileName, sha256 });
    } catch (error) {
      // A certificate that is none, a statement that is no JSON.
      throw error instanceof Refusal ? error : invalid("Could not verify the uploaded artifact");
    }
  });
  if (new Set(kinds).size < kinds.length) {
    throw invalid("Multiple attestations for the same file with the same predicate type");
  }
  if (sigstore !== undefined) await requireLogged(attestations, sigstore);
  return attestations;
}

/** The certificates up to the trusted root, and the log, by Sigstore's own verifier, as PyPI asks pypi_attestations. */
async function requireLogged(
  attestations: readonly Attestation[],
  { trustedRoot }: TrustedSigstore,
): Promise<void> {
  // Loaded with the first attestation: most rehearsals have none.
  const { verifySigned } = await import("../sigstore/verify_signed.ts");
  for (const attestation of attestations) {
    const { why } = verifySigned(bundleOf(attestation), trustedRoot);
    if (why === undefined) continue;
    const words = "Could not verify the uploaded artifact using the included attestation";
    throw invalid(`${words}: ${why}`);
  }
}

function invalid(words: string): Refusal {
  return new Refusal(400, `Invalid attestations supplied during upload: ${words}`);
}

function parse(text: string): readonly Attestation[] {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    found = undefined;
  }
  if (!Array.isArray(found) || !found.every(isAttestation)) {
    throw invalid("Error while decoding the included attestation");
  }
  if (found.length === 0) throw invalid("an empty attestation set is not permitted");
  if (found.length > PREDICATES.length) {
    throw invalid(`A maximum of ${PREDICATES.length} attestations per file are supported`);
  }
  return found;
}

function isAttestation(value: unknown): value is Attestation {
  const { version, verification_material: material, envelope } = (value ?? {}) as Partial<
    Attestation
  >;
  return version === 1 && typeof material?.certificate === "string" &&
    Array.isArray(material.transparency_entries) && material.transparency_entries.length > 0 &&
    typeof envelope?.statement === "string" && typeof envelope.signature === "string";
}

/**
 * The certificate's source repository and the file of its calling workflow have to be the publisher's (pypi_attestations
 * `_impl.py`, `GitHubPublisher`).
 */
function checkIdentity(
  { verification_material: { certificate } }: Attestation,
  { repository, workflow }: PublisherHolder,
): void {
  if (repository === undefined) return;
  const bytes = Buffer.from(certificate, "base64");
  const [source, build] = [certificateText(bytes, 12), certificateText(bytes, 18)];
  if (source !== `https://github.com/${repository}`) {
    throw invalid(
      `Certificate's Source Repository URI (${source}) does not match expected Trusted Publisher (${repository})`,
    );
  }
  if (build?.startsWith(`https://github.com/${repository}/.github/workflows/${workflow}@`)) return;
  throw invalid(
    `Certificate's Build Config URI (${build}) does not match expected Trusted Publisher (${workflow} @ ${repository})`,
  );
}

/** Gives the statement's kind. */
function checkStatement(
  { verification_material: { certificate }, envelope }: Attestation,
  { fileName, sha256 }: { readonly fileName: string; readonly sha256: string },
): string {
  const statement = Buffer.from(envelope.statement, "base64");
  const { subject, predicateType } = JSON.parse(statement.toString()) as {
    subject: readonly { name: string; digest: { sha256?: string } }[];
    predicateType: string;
  };
  if (!PREDICATES.includes(predicateType)) {
    throw invalid(`Attestation with unsupported predicate type: ${predicateType}`);
  }
  const encoded = preAuthEncoding("application/vnd.in-toto+json", statement);
  const { publicKey } = new X509Certificate(Buffer.from(certificate, "base64"));
  const isSigned = verify(
    "sha256",
    encoded,
    publicKey,
    Buffer.from(envelope.signature, "base64"),
  );
  const [only, ...others] = subject;
  if (!isSigned || others.length > 0) throw invalid("Could not verify the uploaded artifact");
  if (only?.name !== fileName) throw invalid("subject does not match distribution name");
  if (only.digest.sha256 !== sha256) throw invalid("subject does not match distribution digest");
  return predicateType;
}

/** `/integrity/<project>/<version>/<file>/provenance`: what is known of a file's origin. */
export function integrityApi(state: PypiState, path: string): LocalReply | undefined {
  const name = /^\/integrity\/[^/]+\/[^/]+\/([^/]+)\/provenance$/.exec(path)?.[1];
  if (name === undefined) return undefined;
  const file = state.files.get(decodeURIComponent(name));
  if (file === undefined || addressOfProvenance("", file) !== path) {
    return {
      status: 404,
      body: { message: `No provenance available for ${decodeURIComponent(name)}` },
    };
  }
  const { attestations = [] } = file;
  return {
    status: 200,
    headers: { "content-type": "application/vnd.pypi.integrity.v1+json" },
    body: {
      version: 1,
      attestation_bundles: [{ publisher: publisherOf(attestations[0]!), attestations }],
    },
  };
}

/** Extensions 12 and 18 of the certificate: the source repository, and the file of the workflow with its ref. */
function publisherOf({ verification_material: { certificate } }: Attestation): object {
  const bytes = Buffer.from(certificate, "base64");
  const repository = certificateText(bytes, 12)?.replace(/^https:\/\/github\.com\//, "");
  const workflow = /\/([^/@]+)@[^/]*(?:\/.*)?$/.exec(certificateText(bytes, 18) ?? "")?.[1];
  return { kind: "GitHub", repository, workflow, environment: null, claims: null };
}
