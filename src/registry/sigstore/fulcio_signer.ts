/**
 * Signs with a key that lives for minutes and a certificate that Sigstore's authority gives for it (sigstore/fulcio
 * fulcio.proto). Written here and not taken from the library, whose client follows redirects and would take the identity
 * token along to another origin.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Signature, Signer } from "@sigstore/sign";
import { decodeClaims } from "../../core/release/identity_claims.ts";
import { messageOf } from "../../error.ts";
import { certificateEnd } from "../../host/certificate_end.ts";
import type { Clock, Http } from "../../host/host.ts";
import { isSilence } from "../../host/http.ts";
import { isSuccess, readReply, tellReply } from "../reply.ts";

/** What the signer needs. */
export interface FulcioContext {
  readonly http: Http;
  /** Sigstore's certificate authority, without a slash at the end. */
  readonly fulcio: string;
  readonly clock: Pick<Clock, "now">;
  /** Gives a fresh identity token for the audience `sigstore`. */
  readonly identityToken: () => Promise<string>;
}

/** The authority gave no certificate. */
export class NoCertificate extends Error {
  /** The HTTP status of its answer; 0 when there was none, undefined when it never was asked. */
  readonly status: number | undefined;

  /** Tells why. */
  constructor(why: string, status?: number) {
    super(why);
    this.status = status;
  }
}

const ECDSA = { name: "ECDSA", namedCurve: "P-256" } as const;

/** A key, and what says whose it is. */
interface Held {
  readonly privateKey: CryptoKey;
  /** PEM. */
  readonly certificate: string;
  /** Until when it is used, in milliseconds since 1970. */
  readonly until: number;
}

/** What is signed has to be in the log before the certificate ends: that may take as long as the log's slowest answers. */
const MARGIN = 3 * 60_000;

/**
 * A signer whose key and certificate serve every signature until the certificate is about to end; then it gets others.
 * Rejects with {@link NoCertificate} and with what `identityToken` throws.
 */
export function fulcioSigner(context: FulcioContext): Signer {
  // `until` is undefined while the authority is being asked: whoever signs then waits for the same answer.
  let latest: { readonly held: Promise<Held>; until: number | undefined } | undefined;
  const hold = (): Promise<Held> => {
    const now = context.clock.now().getTime();
    if (latest !== undefined && now < (latest.until ?? Infinity)) return latest.held;
    const asked: typeof latest = { held: obtain(context), until: undefined };
    latest = asked;
    asked.held.then(({ until }) => asked.until = until, () => asked.until = 0);
    return asked.held;
  };
  return {
    sign: async (data): Promise<Signature> => {
      const { privateKey, certificate } = await hold();
      const signature = await signWith(privateKey, data);
      return { key: { $case: "x509Certificate", certificate }, signature };
    },
  };
}

async function obtain(context: FulcioContext): Promise<Held> {
  const jwt = await context.identityToken();
  const subject = decodeClaims(jwt)?.["sub"];
  if (subject === undefined) throw new NoCertificate("the identity token cannot be read");
  const { privateKey, publicKey } = await crypto.subtle.generateKey(ECDSA, false, [
    "sign",
    "verify",
  ]);
  const certificate = await requestCertificate(context, {
    credentials: { oidcIdentityToken: jwt },
    publicKeyRequest: {
      publicKey: { algorithm: "ECDSA", content: await toPem(publicKey) },
      // That the key is ours (fulcio.proto, proof_of_possession).
      proofOfPossession: (await signWith(privateKey, Buffer.from(subject))).toString("base64"),
    },
  });
  // One whose end cannot be read serves once.
  const end = certificateEnd(certificate)?.getTime() ?? 0;
  return { privateKey, certificate, until: end - MARGIN };
}

/** The leaf certificate, as PEM. */
async function requestCertificate({ http, fulcio }: FulcioContext, body: object): Promise<string> {
  const reply = await http(`${fulcio}/api/v2/signingCert`, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify(body),
  }).then((response) => readReply(response)).catch((error: unknown) => {
    throw isSilence(error) ? new NoCertificate(messageOf(error), 0) : error;
  });
  const leaf = isSuccess(reply) ? leafOf(reply.json) : undefined;
  if (leaf === undefined) throw new NoCertificate(tellReply(reply), reply.status);
  return leaf;
}

/** The chain comes with the proof of its logging inside the certificate, or beside it. */
function leafOf(json: unknown): string | undefined {
  const { signedCertificateEmbeddedSct: inside, signedCertificateDetachedSct: beside } =
    (json ?? {}) as Readonly<Record<string, Chained | undefined>>;
  const leaf = (inside ?? beside)?.chain?.certificates?.[0];
  return typeof leaf === "string" ? leaf : undefined;
}

interface Chained {
  readonly chain?: { readonly certificates?: readonly unknown[] };
}

async function toPem(key: CryptoKey): Promise<string> {
  const base64 = Buffer.from(await crypto.subtle.exportKey("spki", key)).toString("base64");
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ["-----BEGIN PUBLIC KEY-----", ...lines, "-----END PUBLIC KEY-----", ""].join("\n");
}

async function signWith(key: CryptoKey, data: Uint8Array): Promise<Buffer> {
  const hash = { name: "ECDSA", hash: "SHA-256" };
  const raw = await crypto.subtle.sign(hash, key, new Uint8Array(data));
  return Buffer.from(derSignature(new Uint8Array(raw)));
}

/** `r` and `s` side by side, as the web platform signs, in the form of ASN.1 that Sigstore reads (RFC 3279 §2.2.3). */
export function derSignature(raw: Uint8Array): Uint8Array {
  const half = raw.length / 2;
  const numbers = [...derInteger(raw.subarray(0, half)), ...derInteger(raw.subarray(half))];
  return Uint8Array.from([0x30, numbers.length, ...numbers]);
}

/** The fewest bytes that hold the number, with a zero in front of one that would read as negative (X.690 §8.3). */
function derInteger(bytes: Uint8Array): readonly number[] {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start < 0 ? [0] : [...bytes.subarray(start)];
  const padded = digits[0]! >= 0x80 ? [0, ...digits] : digits;
  return [0x02, padded.length, ...padded];
}
