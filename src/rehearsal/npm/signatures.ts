/**
 * What the registry signs: every version that it takes, and, beside a provenance, that it has published it. Both are under
 * one key, which is at `/-/npm/v1/keys` (npm's docs, "About registry signatures"; npm/attestation `specs/publish/v0.1`).
 *
 * @module
 */

import { createHash, sign } from "node:crypto";
import type { LocalReply } from "../server/messages.ts";
import type { LogKey } from "../sigstore/transparency_log.ts";
import { purlOf } from "./provenance.ts";
import type { NpmRequest } from "./request.ts";
import type { Json, NpmState, PublishDocument } from "./state.ts";

const PUBLISH = "https://github.com/npm/attestation/tree/main/specs/publish/v0.1";

/** An entry of `dist.signatures`: over name, version and integrity. */
export function signatureOf({ name, version, manifest }: SignedVersion, key: LogKey): Json {
  const { integrity } = (manifest["dist"] ?? {}) as { integrity?: unknown };
  const signed = new TextEncoder().encode(`${name}@${version}:${integrity}`);
  return { keyid: keyIdOf(key), sig: sign("sha256", signed, key.privateKey).toString("base64") };
}

/** What of a version is signed. */
type SignedVersion = Pick<PublishDocument, "name" | "version" | "manifest">;

/** `SHA256:` and the digest of the public key, as npm names its keys. */
function keyIdOf({ id }: LogKey): string {
  return `SHA256:${id.toString("base64").replace(/=+$/, "")}`;
}

/** `GET /-/npm/v1/keys`. */
export function keysEndpoint(
  { method, plainPath }: NpmRequest,
  { key }: NpmState,
): LocalReply | undefined {
  if (method !== "GET" || plainPath !== "-/npm/v1/keys") return undefined;
  const kind = "ecdsa-sha2-nistp256";
  const shown = {
    ...{ expires: null, keyid: keyIdOf(key), keytype: kind, scheme: kind },
    key: key.spki.toString("base64"),
  };
  return { status: 200, body: { keys: [shown] } };
}

/** The registry's own bundle about a version that it publishes; undefined where it has no log to enter it in. */
export function publishAttestation(
  document: PublishDocument,
  { url, key, sigstore }: NpmState,
): Json | undefined {
  const { name, version, tarball } = document;
  const sha512 = createHash("sha512").update(tarball).digest("hex");
  const statement = {
    _type: "https://in-toto.io/Statement/v0.1",
    subject: [{ name: purlOf(document), digest: { sha512 } }],
    predicateType: PUBLISH,
    predicate: { name, version, registry: url },
  };
  return sigstore?.attest(statement, { key, keyid: keyIdOf(key) });
}
