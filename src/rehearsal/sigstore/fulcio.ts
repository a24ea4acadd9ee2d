/**
 * The local Fulcio: gives a certificate of ten minutes to whoever holds an identity token and the key that it is for.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createPublicKey, type KeyObject, verify } from "node:crypto";
import type { Clock } from "../../host/host.ts";
import { type Claims, type JwkSet, verifyIdToken } from "../identity/json_web_token.ts";
import type { LocalReply } from "../server/messages.ts";
import {
  type Authority,
  type Extension,
  issueCertificate,
  textExtension,
  toPem,
} from "./certificate.ts";
import type { LogKey } from "./transparency_log.ts";

/** What Fulcio works with. */
export interface FulcioOptions {
  readonly authority: Authority;
  /** The log that its certificates are listed in. */
  readonly log: LogKey;
  /** The keys of the identity provider that it believes. */
  readonly jwks: JwkSet;
  readonly clock: Pick<Clock, "now">;
}

/** The audience that tokens for Sigstore have. */
const SIGSTORE_AUDIENCE = "sigstore";

const LIFE = 600_000;

/** `POST /api/v2/signingCert` (sigstore/fulcio fulcio.proto). */
export async function signingCert(body: Uint8Array, options: FulcioOptions): Promise<LocalReply> {
  const request = readCertificateRequest(body);
  if (request === undefined) return refusal(400, 3, "invalid request");
  const { jwt, key, proof } = request;
  const { clock, jwks } = options;
  const expected = { audience: SIGSTORE_AUDIENCE, clock };
  const { claims, why } = await verifyIdToken(jwt, jwks, expected);
  if (claims === undefined) {
    return refusal(401, 16, `There was an error processing the identity token: ${why}`);
  }
  if (!verify("sha256", Buffer.from(claims.sub), key, proof)) {
    return refusal(400, 3, "The signature supplied in the request could not be verified");
  }
  const from = new Date(Math.floor(clock.now().getTime() / 1000) * 1000);
  const certificate = issueCertificate({
    spki: Buffer.from(key.export({ type: "spki", format: "der" })),
    identity: `https://github.com/${claims["job_workflow_ref"]}`,
    validity: { from, until: new Date(from.getTime() + LIFE) },
    extensions: actionsExtensions(claims),
  }, options);
  const certificates = [certificate, options.authority.certificate].map(toPem);
  return { status: 200, body: { signedCertificateEmbeddedSct: { chain: { certificates } } } };
}

function refusal(status: number, code: number, message: string): LocalReply {
  return { status, body: { code, message, details: [] } };
}

function readCertificateRequest(
  body: Uint8Array,
): { readonly jwt: string; readonly key: KeyObject; readonly proof: Buffer } | undefined {
  try {
    const { credentials, publicKeyRequest } = JSON.parse(Buffer.from(body).toString());
    return {
      jwt: String(credentials.oidcIdentityToken),
      key: createPublicKey(String(publicKeyRequest.publicKey.content)),
      proof: Buffer.from(String(publicKeyRequest.proofOfPossession), "base64"),
    };
  } catch {
    return undefined;
  }
}

/** What a certificate tells of a job of GitHub Actions (sigstore/fulcio docs/oid-info.md). */
function actionsExtensions(claims: Claims): readonly Extension[] {
  const github = "https://github.com";
  const run = `actions/runs/${claims["run_id"]}/attempts/${claims["run_attempt"]}`;
  const texts: readonly (readonly [number, unknown])[] = [
    [8, claims.iss],
    [9, `${github}/${claims["job_workflow_ref"]}`],
    [10, claims["job_workflow_sha"]],
    [11, claims["runner_environment"]],
    [12, `${github}/${claims["repository"]}`],
    [13, claims["sha"]],
    [14, claims["ref"]],
    [15, claims["repository_id"]],
    [16, `${github}/${claims["repository_owner"]}`],
    [17, claims["repository_owner_id"]],
    [18, `${github}/${claims["workflow_ref"]}`],
    [19, claims["workflow_sha"]],
    [20, claims["event_name"]],
    [21, `${github}/${claims["repository"]}/${run}`],
    [22, claims["repository_visibility"]],
  ];
  return texts.map(([number, text]) => textExtension(number, String(text)));
}
