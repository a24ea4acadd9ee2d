/**
 * Signs a statement with a key that others know by its name, as a registry does, and enters it in the transparency log.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createPublicKey, sign } from "node:crypto";
import { preAuthEncoding, type Rekor } from "./rekor.ts";
import type { LogKey } from "./transparency_log.ts";

/** A key, and what it is called. */
export interface NamedKey {
  readonly key: LogKey;
  readonly keyid: string;
}

/** An entry as the log answers it. */
interface LoggedEntry {
  readonly body: string;
  readonly integratedTime: number;
  readonly logID: string;
  readonly logIndex: number;
  readonly verification: {
    readonly signedEntryTimestamp: string;
    readonly inclusionProof: {
      readonly logIndex: number;
      readonly treeSize: number;
      readonly rootHash: string;
      readonly hashes: readonly string[];
      readonly checkpoint: string;
    };
  };
}

const TYPE = "application/vnd.in-toto+json";

/** Makes a bundle (sigstore/protobuf-specs `sigstore_bundle.proto`, as JSON, version 0.3). */
export function attest(
  statement: object,
  { key, keyid }: NamedKey,
  rekor: Pick<Rekor, "enter">,
): Record<string, unknown> {
  const payload = Buffer.from(JSON.stringify(statement));
  const sig = sign("sha256", preAuthEncoding(TYPE, payload), key.privateKey).toString("base64");
  const dsseEnvelope = {
    payload: payload.toString("base64"),
    payloadType: TYPE,
    signatures: [{ sig, keyid }],
  };
  const pem = createPublicKey({ key: key.spki, format: "der", type: "spki" })
    .export({ type: "spki", format: "pem" }) as string;
  const proposedContent = {
    envelope: JSON.stringify(dsseEnvelope),
    verifiers: [Buffer.from(pem).toString("base64")],
  };
  const proposal = { apiVersion: "0.0.1", kind: "dsse", spec: { proposedContent } };
  const { body } = rekor.enter(Buffer.from(JSON.stringify(proposal)));
  const [entry] = Object.values(body as Record<string, LoggedEntry>);
  if (entry?.verification === undefined) {
    throw new Error("unreachable: the log takes what is signed");
  }
  return {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: {
      publicKey: { hint: keyid },
      tlogEntries: [entryOf(entry)],
      timestampVerificationData: { rfc3161Timestamps: [] },
    },
    dsseEnvelope,
  };
}

function entryOf({ body, integratedTime, logID, logIndex, verification }: LoggedEntry): object {
  const { signedEntryTimestamp, inclusionProof } = verification;
  const base64 = (hex: string): string => Buffer.from(hex, "hex").toString("base64");
  return {
    logIndex: String(logIndex),
    logId: { keyId: base64(logID) },
    kindVersion: { kind: "dsse", version: "0.0.1" },
    integratedTime: String(integratedTime),
    inclusionPromise: { signedEntryTimestamp },
    inclusionProof: {
      logIndex: String(inclusionProof.logIndex),
      rootHash: base64(inclusionProof.rootHash),
      treeSize: String(inclusionProof.treeSize),
      hashes: inclusionProof.hashes.map(base64),
      checkpoint: { envelope: inclusionProof.checkpoint },
    },
    canonicalizedBody: body,
  };
}
