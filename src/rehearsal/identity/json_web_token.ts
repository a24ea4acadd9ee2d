/**
 * JSON Web Tokens signed with RS256 (RFC 7515, RFC 7519), as GitHub's identity provider signs them: made with a key
 * pair, and verified with a JSON Web Key Set (RFC 7517) the way a registry verifies them.
 *
 * @module
 */

import type { errors, JWTPayload, ProtectedHeaderParameters } from "jose";
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

/** Makes a fresh 2048-bit key pair. */
export async function createTokenSigner(): Promise<TokenSigner> {
  const { exportJWK, generateKeyPair, SignJWT } = await import("jose");
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const { n = "", e = "" } = await exportJWK(publicKey);
  const kid = crypto.randomUUID();
  const header = { typ: "JWT", alg: "RS256", kid };
  return {
    jwks: { keys: [{ kty: "RSA", alg: "RS256", use: "sig", kid, n, e }] },
    sign: (claims) => new SignJWT({ ...claims }).setProtectedHeader(header).sign(privateKey),
  };
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

/** Who says that a token is theirs, and which of their keys signed it; undefined for what is no token. Nothing is verified. */
export async function peekIdToken(
  jwt: string,
): Promise<{ readonly iss: string; readonly kid: string | undefined } | undefined> {
  const { decodeJwt, decodeProtectedHeader } = await import("jose");
  try {
    const { iss = "" } = decodeJwt(jwt);
    return { iss, kid: decodeProtectedHeader(jwt).kid };
  } catch {
    return undefined;
  }
}

/**
 * Verifies a token: one of the set's keys signed it, with RS256 and nothing else (RFC 8725 §3.1), it is for this
 * audience and no other, from this issuer, and valid now.
 */
export async function verifyIdToken(
  jwt: string,
  jwks: JwkSet,
  { audience, issuer = ACTIONS_ISSUER, clock, leeway = 0 }: TokenExpectation,
): Promise<VerifiedToken> {
  const { createLocalJWKSet, decodeProtectedHeader, errors, jwtVerify } = await import("jose");
  const findKey = createLocalJWKSet({ keys: [...jwks.keys] });
  try {
    const { payload } = await jwtVerify(jwt, (header) => {
      // A token that names no key would be tried with the only one that there is.
      if (header?.kid === undefined) throw new errors.JWKSNoMatchingKey();
      return findKey(header);
    }, {
      ...{ audience, issuer, clockTolerance: leeway, currentDate: clock.now() },
      algorithms: ["RS256"],
      requiredClaims: ["exp", "nbf"],
    });
    return believe(payload, audience);
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    if (isOfClaim(error)) return { why: doubtOf(error, { audience, issuer }) };
    const header = error.code in DOUBTS ? decodeProtectedHeader(jwt) : {};
    return { why: DOUBTS[error.code]?.(header) ?? "the token is malformed" };
  }
}

/** The registries take neither a list of audiences nor a token that they could not tell from another. */
function believe(payload: JWTPayload, audience: string): VerifiedToken {
  if (payload.aud !== audience) {
    return { why: `the audience is "${payload.aud}", not "${audience}"` };
  }
  if (typeof payload.jti !== "string" || payload.jti === "") return { why: "the token has no jti" };
  return { claims: payload as Claims };
}

/** What an error of the library means, by its code; all others mean that the token is no token. */
const DOUBTS: Readonly<Record<string, (header: ProtectedHeaderParameters) => string>> = {
  ERR_JOSE_ALG_NOT_ALLOWED: ({ alg }) => `the token is signed with "${alg}"`,
  ERR_JWKS_NO_MATCHING_KEY: ({ kid }) => `no key of the issuer is called "${kid}"`,
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: () => "the signature of the token does not fit",
};

type ClaimError = errors.JWTClaimValidationFailed | errors.JWTExpired;

function isOfClaim(error: errors.JOSEError): error is ClaimError {
  return ["ERR_JWT_CLAIM_VALIDATION_FAILED", "ERR_JWT_EXPIRED"].includes(error.code);
}

function doubtOf(
  { claim, payload }: ClaimError,
  { audience, issuer }: { readonly audience: string; readonly issuer: string },
): string {
  switch (claim) {
    case "iss":
      return `the issuer is "${payload.iss}", not "${issuer}"`;
    case "aud":
      return `the audience is "${payload.aud}", not "${audience}"`;
    case "nbf":
      return "the token is not valid yet";
    case "exp":
      return "the token has expired";
    default:
      return `the token's ${claim} is not what it should be`;
  }
}
