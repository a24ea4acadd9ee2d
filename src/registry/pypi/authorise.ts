/**
 * Finds the credential for PyPI: trusted publishing first, the token of the environment when that is not to be had; and
 * refuses early what a token's own text shows to be useless.
 *
 * @module
 */

import { whyUnattested } from "../../core/pypi/attestation.ts";
import { type PypiToken, readPypiToken } from "../../core/pypi/macaroon.ts";
import { normaliseName } from "../../core/pypi/spelling.ts";
import { Failure } from "../../error.ts";
import { readToken } from "../../secret/token_shape.ts";
import { type Proof, ReleaseRefused } from "../registry.ts";
import type { PypiLook } from "./look.ts";
import type { PypiCredential, PypiPrepared } from "./pypi_prepared.ts";
import { tellJob } from "./trusted_publisher.ts";
import { type AuthoriseAccess, tryTrust, type Untrusted } from "./try_trust.ts";

/** A release, and what the index shows of it. */
interface Wanted {
  readonly prepared: PypiPrepared;
  readonly look: Pick<PypiLook, "before" | "isNew">;
}

/**
 * The credential for a release. Throws `PIOT_AUTH_MISSING` and `PIOT_OIDC_UNAVAILABLE` when there is none,
 * `PIOT_OIDC_REFUSED` and `PIOT_AUTH_REFUSED` for one that is not taken: no token, of another index, expired, or limited
 * to other projects; and what says that the identity provider or the index gave no answer, where one counts.
 */
export async function authorise(access: AuthoriseAccess, wanted: Wanted): Promise<PypiCredential> {
  const { prepared, look } = wanted;
  const attempt = await tryTrust(access, wanted);
  if ("minted" in attempt) return trustedCredential(access, wanted, attempt.minted);
  const secret = access.oidcOnly === true ? undefined : readToken(access.host.env, {
    variable: "PYPI_API_TOKEN",
    code: "PIOT_AUTH_REFUSED",
  });
  if (secret === undefined) throw attempt.failure;
  // Another run gets the attestations that this one would leave out for ever.
  const isForTrust = prepared.release.package.trustPolicy !== undefined && !look.isNew &&
    access.publisher.source !== undefined && attempt.failure.code !== "PIOT_OIDC_REFUSED";
  if (isForTrust) throw withoutToken(attempt.failure);
  return tokenCredential(access, wanted, { secret, untrusted: attempt });
}

function withoutToken(failure: Failure): Failure {
  const unused =
    "the token in PYPI_API_TOKEN is left unused, since `trust_policy` says that PyPI " +
    "trusts this job: take it out of putitoutthere.toml to publish with the token";
  return new Failure(failure.code, failure.message, {
    hint: `${failure.hint ?? "Run again"}; ${unused}`,
    cause: failure,
  });
}

function trustedCredential(
  { publisher }: AuthoriseAccess,
  { prepared: { project, release }, look: { before } }: Wanted,
  minted: { readonly secret: string; readonly claims: Readonly<Record<string, string>> },
): PypiCredential {
  const unattested = whyUnattested(minted.claims, release.package.trustPolicy);
  const proof: Proof = {
    name: project,
    kind: "oidc",
    evidence: unattested === undefined ? ["attestations"] : [],
    before,
    ...(unattested === undefined ? {} : { whyNoMore: unattested.why, hint: unattested.hint }),
  };
  return {
    kind: "oidc",
    secret: minted.secret,
    proofs: [proof],
    why: `trusted publishing${tellJob(minted.claims)}; ${
      unattested === undefined ? "with attestations" : `no attestations: ${unattested.why}`
    }`,
    youngSecret: publisher.youngToken,
    attested: new Set(),
    ...(unattested === undefined ? { attest: publisher.attest } : {}),
  };
}

function tokenCredential(
  access: AuthoriseAccess,
  { prepared: { project }, look: { before } }: Wanted,
  { secret, untrusted }: { readonly secret: string; readonly untrusted: Untrusted },
): PypiCredential {
  const token = readPypiToken(secret);
  const flaw = token === undefined ? undefined : flawOf(token, access);
  const limit = token === undefined ? undefined : limitOf(token, project);
  if (flaw !== undefined || limit !== undefined) {
    // A token of other projects may do for these; any other flaw is one for all.
    const Refusal = flaw === undefined ? ReleaseRefused : Failure;
    throw new Refusal(
      "PIOT_AUTH_REFUSED",
      `Cannot upload ${project} with PYPI_API_TOKEN: ${flaw ?? limit}`,
      {
        hint:
          `Make a token for ${project} on the index that is published to, and set PYPI_API_TOKEN`,
      },
    );
  }
  const { why, hint } = untrusted;
  const limits = token?.projects === undefined ? "" : `, limited to ${token.projects.join(", ")}`;
  return {
    kind: "token",
    secret,
    proofs: [{
      ...{ name: project, kind: "token", evidence: [], before },
      whyNoMore: `PyPI takes attestations from trusted publishers alone, and ${why}`,
      hint,
    }],
    why: `PYPI_API_TOKEN${limits}, since ${why}`,
    youngSecret: () => Promise.resolve(secret),
    attested: new Set(),
  };
}

function flawOf(
  token: PypiToken,
  { endpoints, host }: AuthoriseAccess,
): string | undefined {
  const index = indexOf(endpoints.pypiUpload);
  if (index !== undefined && token.location !== index) {
    return `it is a token of ${token.location}, the upload goes to ${index}`;
  }
  if (token.expires !== undefined && token.expires * 1000 <= host.clock.now().getTime()) {
    return `it expired at ${new Date(token.expires * 1000).toISOString()}`;
  }
  return undefined;
}

function limitOf({ projects }: PypiToken, project: string): string | undefined {
  return projects === undefined || projects.map(normaliseName).includes(project)
    ? undefined
    : `it is limited to ${projects.join(", ")}`;
}

/** The index that an upload address belongs to, as tokens name it; undefined for one that makes no such tokens. */
function indexOf(upload: string): string | undefined {
  const { hostname } = new URL(upload);
  if (hostname === "upload.pypi.org" || hostname === "pypi.org") return "pypi.org";
  return hostname === "test.pypi.org" ? hostname : undefined;
}
