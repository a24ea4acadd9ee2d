/**
 * JSON Web Tokens signed with RS256 (RFC 7515, RFC 7519), as GitHub's identity provider signs them: made with a key
 * pair, and verified with a JSON Web Key Set (RFC 7517) the way a registry verifies them.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Clock } from "../../host/host.ts";

/** What a token says. Times are whole seconds since 1970. */
export interface Claims {
  readonly iss: string;
  readonly aud: string;
  readonly sub: string;
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
  /** Differs from token to token; registries accept each value once. */
  readonly jti: string;
  readonly [claim: string]: string | number;
}

/** A public RSA key as a key set lists it. */
export interface PublicJwk {
  readonly kty: "RSA";
  readonly alg: "RS256";
  readonly use: "sig";
  readonly kid: string;
  readonly n: string;
  readonly e: string;
}

/** A set of public keys. */
export interface JwkSet {
  readonly keys: readonly PublicJwk[];
}

/** A key pair that signs tokens. */
export interface TokenSigner {
  readonly jwks: JwkSet;
  readonly sign: (claims: Claims) => Promise<string>;
}

const RS256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;

/** Makes a fresh 2048-bit key pair. */
export async function createTokenSigner(): Promise<TokenSigner> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(
    { ...RS256, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ["sign", "verify"],
  );
  const { n = "", e = "" } = await crypto.subtle.exportKey("jwk", publicKey);
  const kid = crypto.randomUUID();
  const header = encodePart({ typ: "JWT", alg: "RS256", kid });
  return {
    jwks: { keys: [{ kty: "RSA", alg: "RS256", use: "sig", kid, n, e }] },
    sign: async (claims) => {
      const signed = `${header}.${encodePart(claims)}`;
      const signature = await crypto.subtle.sign(RS256, privateKey, Buffer.from(signed));
      return `${signed}.${Buffer.from(signature).toString("base64url")}`;
    },
  };
}

function encodePart(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

/** What verifying a token came to: what it says, or a sentence that tells why it is not believed. */
export type VerifiedToken =
  | { readonly claims: Claims; readonly why?: never }
  | { readonly claims?: never; readonly why: string };

/** What a verifier insists on. */
export interface TokenExpectation {
  /** The audience that the token must have been made for. */
  readonly audience: string;
  /** The issuer; the one of GitHub Actions by default. */
  readonly issuer?: string;
  readonly clock: Pick<Clock, "now">;
  /** Seconds by which clocks may differ; 0 by default. */
  readonly leeway?: number;
}

/** The issuer of GitHub Actions' identity tokens. */
export const ACTIONS_ISSUER = "https://token.actions.githubusercontent.com";

/**
 * Verifies a token: one of the set's keys signed it, with RS256 and nothing else (RFC 8725 §3.1), it is for this
 * audience, from this issuer, and valid now.
 */
export async function verifyIdToken(
  jwt: string,
  jwks: JwkSet,
  expected: TokenExpectation,
): Promise<VerifiedToken> {
  const parts = jwt.split(".");
  const [header, claims] = [decodePart(parts[0]), decodePart(parts[1])];
  if (parts.length !== 3 || header === undefined || claims === undefined) {
    return { why: "the token is malformed" };
  }
  if (header.alg !== "RS256") return { why: `the token is signed with "${header.alg}"` };
  const jwk = jwks.keys.find((key) => key.kid === header.kid);
  if (jwk === undefined) return { why: `no key of the issuer is called "${header.kid}"` };
  const key = await crypto.subtle.importKey("jwk", { ...jwk }, RS256, false, ["verify"]);
  const signature = Buffer.from(parts[2]!, "base64url");
  const signed = Buffer.from(`${parts[0]}.${parts[1]}`);
  if (!await crypto.subtle.verify(RS256, key, signature, signed)) {
    return { why: "the signature of the token does not fit" };
  }
  const why = disbelief(claims as unknown as Claims, expected);
  return why === undefined ? { claims: claims as unknown as Claims } : { why };
}

function decodePart(part = ""): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    return typeof value === "object" && value !== null
      ? value as Record<string, unknown>
      : undefined;
  } catch {
    return undefined;
  }
}

function disbelief(claims: Claims, expected: TokenExpectation): string | undefined {
  const { audience, issuer = ACTIONS_ISSUER, leeway = 0 } = expected;
  const now = Math.floor(expected.clock.now().getTime() / 1000);
  if (claims.iss !== issuer) return `the issuer is "${claims.iss}", not "${issuer}"`;
  if (claims.aud !== audience) return `the audience is "${claims.aud}", not "${audience}"`;
  if (typeof claims.exp !== "number" || claims.exp + leeway <= now) return "the token has expired";
  if (typeof claims.nbf !== "number" || claims.nbf - leeway > now) {
    return "the token is not valid yet";
  }
  if (typeof claims.jti !== "string" || claims.jti === "") return "the token has no jti";
  return undefined;
}
