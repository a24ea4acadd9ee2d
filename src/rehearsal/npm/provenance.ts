/**
 * Holds an upload's provenance against the upload, as the real registry does: Sigstore's own verifier finds it signed, logged
 * and certified, it is of this very tarball, and the certificate is of a job of the repository that the package names. Then
 * it is shown to all.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { LocalReply } from "../server/messages.ts";
import { certificateText } from "../sigstore/certificate.ts";
import { errorReply, messageReply, type NpmRequest } from "./request.ts";
import type { Json, NpmState, PublishDocument, TrustedSigstore } from "./state.ts";

interface Statement {
  readonly predicateType: string;
  readonly subject: readonly { readonly name: string; readonly digest?: { sha512?: string } }[];
}

/** The refusal of an upload's provenance; undefined when it is true, or when there is none. */
export async function provenanceTrouble(
  document: PublishDocument,
  sigstore: TrustedSigstore | undefined,
): Promise<LocalReply | undefined> {
  if (document.provenance === undefined) return undefined;
  const words = await findTrouble(document, document.provenance, sigstore);
  return words === undefined
    ? undefined
    : errorReply(422, `Error verifying sigstore provenance bundle: ${words}`);
}

/** The kind of statement that a bundle holds; empty when it holds none. */
export function predicateTypeOf(bundle: Json): string {
  return readStatement(bundle)?.predicateType ?? "";
}

function readStatement(bundle: Json): Statement | undefined {
  try {
    const { dsseEnvelope } = bundle as { dsseEnvelope: { payload: string } };
    return JSON.parse(Buffer.from(dsseEnvelope.payload, "base64").toString());
  } catch {
    return undefined;
  }
}

async function findTrouble(
  document: PublishDocument,
  bundle: Json,
  sigstore: TrustedSigstore | undefined,
): Promise<string | undefined> {
  if (sigstore === undefined) return "this registry knows no Sigstore";
  // Loaded with the first provenance: most rehearsals have none.
  const { verifySigned } = await import("../sigstore/verify_signed.ts");
  const { certificate, why } = verifySigned(bundle, sigstore.trustedRoot);
  if (certificate === undefined) return why;
  const statement = readStatement(bundle);
  if (statement === undefined || !Array.isArray(statement.subject)) return "invalid statement";
  const [subject, ...others] = statement.subject;
  const sha512 = createHash("sha512").update(document.tarball).digest("hex");
  if (others.length > 0 || subject?.name !== purlOf(document)) {
    return "the subject is not the package";
  }
  if (subject.digest?.sha512 !== sha512) return "the subject's digest is not the tarball's";
  return originTrouble(document, certificate);
}

/** `pkg:npm/%40acme/demo@1.2.3`: the scope's mark is escaped, its slash is not (npm-package-arg, toPurl). */
export function purlOf({ name, version }: PublishDocument): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

/** The extensions 11, 12 and 22 of the certificate: runner environment, source repository and its visibility. */
function originTrouble({ manifest }: PublishDocument, certificate: Buffer): string | undefined {
  const visibility = certificateText(certificate, 22);
  if (visibility !== "public") {
    return `Unsupported GitHub Actions source repository visibility: "${visibility}". ` +
      "Only public source repositories are supported when publishing with provenance.";
  }
  const runner = certificateText(certificate, 11);
  if (runner !== "github-hosted") {
    return `Unsupported GitHub Actions runner environment: "${runner}". ` +
      'Only "github-hosted" runners are supported when publishing with provenance.';
  }
  const { url = "" } = (manifest["repository"] ?? {}) as { url?: string };
  const source = certificateText(certificate, 12);
  if (webAddress(url) === source) return undefined;
  return 'Failed to validate repository information: package.json: "repository.url" is ' +
    `"${url}", expected to match "${source}" from provenance`;
}

/** `git+https://github.com/ada/engine.git` and `git+ssh://git@github.com/ada/engine.git` → `https://github.com/ada/engine` */
function webAddress(url: string): string {
  return url.replace(/^(?:git\+)?(?:https?|ssh|git):\/\/(?:[^@/]*@)?/, "https://").replace(
    /\.git$/,
    "",
  );
}

/**
 * `GET /-/npm/v1/attestations/{name}@{version}`: the provenance, and the registry's own statement that it published this.
 */
export function attestationEndpoint(
  { method, plainPath }: NpmRequest,
  { packages }: NpmState,
): LocalReply | undefined {
  const [, name, version] = /^-\/npm\/v1\/attestations\/(@?[^@]+)@([^@]+)$/.exec(plainPath) ?? [];
  if (method !== "GET" || name === undefined || version === undefined) return undefined;
  const stored = packages.get(name)?.versions.get(version);
  if (stored?.provenance === undefined || stored.pending) {
    return messageReply(404, "Attestation not found");
  }
  const bundles = [stored.attestation, stored.provenance].filter((bundle) => bundle !== undefined);
  const attestations = bundles.map((bundle) => ({
    predicateType: predicateTypeOf(bundle),
    bundle,
  }));
  return { status: 200, body: { attestations } };
}
