/**
 * What Sigstore's certificate says of where something was made: the repository and the commit of the job that signed. A
 * module of its own, to be imported lazily: hardly a run needs it. Nothing is verified here: the registry did that when it
 * took the attestation, and it is the registry's word that counts.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { X509Certificate } from "@sigstore/core";
import { readCommitId } from "../core/release/commit_record.ts";
import type { AttestedSource } from "./attestation.ts";

/**
 * Fulcio's extensions: Source Repository URI and Source Repository Digest, of the calling workflow's repository where one
 * workflow calls another (sigstore/fulcio docs/oid-info.md).
 */
const [REPOSITORY, COMMIT] = ["1.3.6.1.4.1.57264.1.12", "1.3.6.1.4.1.57264.1.13"] as const;

/** Reads a certificate, as DER in base64; undefined when it is none or names no commit. */
export function sourceOfCertificate(certificate: unknown): AttestedSource | undefined {
  if (typeof certificate !== "string") return undefined;
  try {
    const parsed = X509Certificate.parse(Buffer.from(certificate, "base64"));
    const commit = readCommitId(textOf(parsed, COMMIT));
    const repository = textOf(parsed, REPOSITORY);
    if (commit === undefined) return undefined;
    return { commit, ...(repository === undefined ? {} : { repository }) };
  } catch (error) {
    // Whatever the parser stumbles over: it is no certificate.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** The UTF8String that an extension holds. */
function textOf(certificate: X509Certificate, id: string): string | undefined {
  return certificate.extension(id)?.valueObj.subs[0]?.value.toString("utf8");
}

/** A statement (in-toto), as far as it tells what it is about and where that comes from. */
export interface AttestedStatement {
  readonly predicateType: string;
  /** Digests in lower-case hex, by their algorithm, of everything that it is about. */
  readonly digests: readonly Readonly<Record<string, unknown>>[];
  /** What it says of that. */
  readonly predicate: unknown;
}

/** Reads a statement, as JSON in base64; undefined when it is none. */
export function readStatement(statement: unknown): AttestedStatement | undefined {
  if (typeof statement !== "string") return undefined;
  try {
    const { subject, predicateType, predicate } = JSON.parse(
      Buffer.from(statement, "base64").toString("utf8"),
    ) as { subject: readonly { digest?: object }[]; predicateType: unknown; predicate: unknown };
    return {
      predicateType: String(predicateType),
      digests: subject.map(({ digest }) => ({ ...digest })),
      predicate,
    };
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
