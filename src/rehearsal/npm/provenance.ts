/**
 * Holds an upload's provenance against the upload, as the real registry does: it is of this very tarball, signed by the key
 * of its certificate, and the certificate is of a job of the repository that the package names. Then it is shown to all.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash, verify, X509Certificate } from "node:crypto";
import type { LocalReply } from "../server/messages.ts";
import { certificateText } from "../sigstore/certificate.ts";
import { preAuthEncoding } from "../sigstore/rekor.ts";
import { errorReply, messageReply, type NpmRequest } from "./request.ts";
import type { Json, NpmState, PublishDocument } from "./state.ts";

/** The refusal of an upload's provenance; undefined when it is true, or when there is none. */
export function provenanceTrouble(document: PublishDocument): LocalReply | undefined {
  if (document.provenance === undefined) return undefined;
  const words = findTrouble(document, document.provenance);
  return words === undefined
    ? undefined
    : errorReply(422, `Error verifying sigstore provenance bundle: ${words}`);
}

/** The kind of statement that a bundle holds; empty when it holds none. */
export function predicateTypeOf(bundle: Json): string {
  return readBundle(bundle)?.statement.predicateType ?? "";
}

interface Statement {
  readonly predicateType: string;
  readonly subject: readonly { readonly name: string; readonly digest: { sha512?: string } }[];
}

interface ReadBundle {
  readonly statement: Statement;
  readonly certificate: Buffer;
  /** Whether the certificate's key made the signature. */
  readonly isSigned: boolean;
}

function readBundle(bundle: Json): ReadBundle | undefined {
  try {
    const { dsseEnvelope, verificationMaterial } = bundle as {
      dsseEnvelope: { payload: string; payloadType: string; signatures: [{ sig: string }] };
      verificationMaterial: { certificate: { rawBytes: string }; tlogEntries: [unknown] };
    };
    const payload = Buffer.from(dsseEnvelope.payload, "base64");
    const certificate = Buffer.from(verificationMaterial.certificate.rawBytes, "base64");
    const { publicKey } = new X509Certificate(certificate);
    const signature = Buffer.from(dsseEnvelope.signatures[0].sig, "base64");
    const encoded = preAuthEncoding(dsseEnvelope.payloadType, payload);
    return {
      statement: JSON.parse(payload.toString()),
      certificate,
      isSigned: verificationMaterial.tlogEntries.length === 1 &&
        verify("sha256", encoded, publicKey, signature),
    };
  } catch {
    return undefined;
  }
}

function findTrouble(document: PublishDocument, bundle: Json): string | undefined {
  const read = readBundle(bundle);
  if (read === undefined) return "invalid bundle";
  if (!read.isSigned) return "signature verification failed";
  const [subject, ...others] = read.statement.subject;
  const sha512 = createHash("sha512").update(document.tarball).digest("hex");
  if (others.length > 0 || subject?.name !== purlOf(document)) {
    return "the subject is not the package";
  }
  if (subject.digest.sha512 !== sha512) return "the subject's digest is not the tarball's";
  return originTrouble(document, read.certificate);
}

/** `pkg:npm/%40acme/demo@1.2.3`: the scope's mark is escaped, its slash is not (npm-package-arg, toPurl). */
function purlOf({ name, version }: PublishDocument): string {
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
 * `GET /-/npm/v1/attestations/{name}@{version}`. The real registry adds an attestation of its own, that it published; this
 * one has no key that anybody would trust, and shows the provenance alone.
 */
export function attestationEndpoint(
  { method, plainPath }: NpmRequest,
  { packages }: NpmState,
): LocalReply | undefined {
  const [, name, version] = /^-\/npm\/v1\/attestations\/(@?[^@]+)@([^@]+)$/.exec(plainPath) ?? [];
  if (method !== "GET" || name === undefined || version === undefined) return undefined;
  const stored = packages.get(name)?.versions.get(version);
  const bundle = stored?.pending === true ? undefined : stored?.provenance;
  if (bundle === undefined) return messageReply(404, "Attestation not found");
  const attestations = [{ predicateType: predicateTypeOf(bundle), bundle }];
  return { status: 200, body: { attestations } };
}
