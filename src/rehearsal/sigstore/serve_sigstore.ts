/**
 * Sigstore on 127.0.0.1: a certificate authority and a transparency log behind one address, with keys of their own and
 * the trusted root that Sigstore's verifiers check signatures with.
 *
 * @module
 */

import type { Clock } from "../../host/host.ts";
import type { JwkSet } from "../identity/json_web_token.ts";
import { ROUTES } from "../server/routes.ts";
import { type LocalServer, serve } from "../server/serve.ts";
import { attest, type NamedKey } from "./attest.ts";
import { createAuthority } from "./certificate.ts";
import { signingCert } from "./fulcio.ts";
import { createRekor, type Rekor } from "./rekor.ts";
import { createLogKey, type LogKey } from "./transparency_log.ts";

/** How Sigstore is set up. */
export interface SigstoreOptions {
  /** The keys of the identity provider whose tokens get certificates. */
  readonly jwks: JwkSet;
  readonly clock: Pick<Clock, "now">;
}

/** A running Sigstore. */
export interface LocalSigstore extends LocalServer {
  /** The addresses, under the names that a run reads them from. */
  readonly env: Readonly<Record<"PIOT_FULCIO_URL" | "PIOT_REKOR_URL", string>>;
  /** Bodies of the entries that were sent to the transparency log, oldest first, as JSON. */
  readonly entries: readonly string[];
  /** What verifiers trust (sigstore/protobuf-specs sigstore_trustroot.proto, as JSON). */
  readonly trustedRoot: object;
  /** Signs a statement with a key of somebody else's, and logs it; gives the bundle. */
  readonly attest: (statement: object, key: NamedKey) => Record<string, unknown>;
}

/** Starts Sigstore with fresh keys and an empty log. */
export async function serveSigstore({ jwks, clock }: SigstoreOptions): Promise<LocalSigstore> {
  const [certificateLog, transparencyLog] = [createLogKey(), createLogKey()];
  const now = clock.now().getTime();
  const year = 365 * 24 * 3600_000;
  const authority = createAuthority(createLogKey(), {
    from: new Date(now - year),
    until: new Date(now + 10 * year),
  });
  const fulcio = { authority, log: certificateLog, jwks, clock };
  let rekor: Rekor | undefined;
  const server = await serve((url) => {
    const log = createRekor({ key: transparencyLog, clock, name: new URL(url).host });
    rekor = log;
    return (request) =>
      request.method === "POST" && request.path === "/api/v2/signingCert"
        ? signingCert(request.body, fulcio)
        : log.answer(request);
  }, ROUTES.Sigstore);
  if (rekor === undefined) throw new Error("unreachable: serve() makes the handler");
  const { url } = server;
  const trustedRoot = {
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: [trustedLog(transparencyLog, url)],
    certificateAuthorities: [{
      subject: { organization: "rehearsal", commonName: "rehearsal-sigstore" },
      uri: url,
      certChain: { certificates: [{ rawBytes: authority.certificate.toString("base64") }] },
      validFor: VALID,
    }],
    ctlogs: [trustedLog(certificateLog, url)],
    timestampAuthorities: [],
  };
  const env = { PIOT_FULCIO_URL: url, PIOT_REKOR_URL: url };
  const log = rekor;
  return {
    ...server,
    ...{ env, entries: log.entries, trustedRoot },
    attest: (statement, key) => attest(statement, key, log),
  };
}

const VALID = { start: "2000-01-01T00:00:00Z" };

function trustedLog(key: LogKey, baseUrl: string): object {
  return {
    baseUrl,
    hashAlgorithm: "SHA2_256",
    publicKey: {
      rawBytes: key.spki.toString("base64"),
      keyDetails: "PKIX_ECDSA_P256_SHA_256",
      validFor: VALID,
    },
    logId: { keyId: key.id.toString("base64") },
  };
}
