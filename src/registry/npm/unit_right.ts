/**
 * The right to publish one package name: trusted publishing first, the token of the environment when that is not to be
 * had.
 *
 * @module
 */

import { publisherOf } from "../../core/release/identity_claims.ts";
import { Failure, messageOf } from "../../error.ts";
import type { Env } from "../../host/host.ts";
import { whyNoIdentity } from "../../host/identity_token.ts";
import { requirePublicAccess } from "./access.ts";
import type { NpmLook } from "./look.ts";
import {
  exchange,
  type ExchangeParts,
  NPM_VARIABLE,
  npmAudience,
  npmIdentity,
  type OidcGrant,
} from "./oidc_exchange.ts";
import { exchangeFailure, tellExchange } from "./oidc_refusal.ts";
import { secretOf, type UnitCredential } from "./unit_credential.ts";
import { NPM_READING } from "./publisher_form.ts";
import type { NpmPrepared, NpmUnit } from "./prepared.ts";
import { findToken, type TokenOwners, tokenRight } from "./token.ts";

/** What finding the right to a name needs. */
export interface UnitParts extends ExchangeParts {
  readonly prepared: NpmPrepared;
  readonly look: NpmLook;
  /** Whether a token from the environment may not stand in for trusted publishing. */
  readonly oidcOnly: boolean;
  readonly owners: TokenOwners;
}

/**
 * Finds the right to a name, and proves it as far as the registry lets us. Throws `PIOT_AUTH_MISSING` and
 * `PIOT_OIDC_UNAVAILABLE` when there is no credential, `PIOT_OIDC_REFUSED` and `PIOT_AUTH_REFUSED` for one that is not
 * taken, and `PIOT_NPM_ACCESS` for a package that the upload would lay open; and what says that the identity provider or
 * npm gave no answer, where one counts.
 */
export async function rightTo(unit: NpmUnit, parts: UnitParts): Promise<UnitCredential> {
  const right = await findRight(unit, parts);
  if (parts.prepared.release.package.access === "public") {
    const { registry, look: { packuments }, host: { http } } = parts;
    await requirePublicAccess(unit.name, { http, registry, packuments, token: secretOf(right) });
  }
  return right;
}

async function findRight(unit: NpmUnit, parts: UnitParts): Promise<UnitCredential> {
  const attempt = await tryTrust(unit, parts);
  if ("grant" in attempt) return trusted(attempt.grant);
  const { failure, why, claims } = attempt;
  const token = parts.oidcOnly ? undefined : findToken(parts.host.env);
  if (token === undefined) throw failure;
  if (isForTrust(unit, { ...parts, failure })) throw withoutToken(failure, token.variable);
  parts.onSecret(token.secret);
  return { ...await tokenRight(token, { ...parts, http: parts.host.http, why }), claims };
}

/**
 * Whether a release waits for trusted publishing rather than going out by the token: where `trust_policy` says that npm
 * trusts this job, and npm has not said otherwise, another run gets the provenance that this one would leave out for ever,
 * and the approval that it would pass by.
 */
function isForTrust(
  { name }: NpmUnit,
  { prepared, look: { packuments }, host, failure }: UnitParts & { readonly failure: Failure },
): boolean {
  const exists = (packuments.get(name)?.versions.size ?? 0) > 0;
  return prepared.release.package.trustPolicy !== undefined && exists &&
    npmIdentity(host.env) !== undefined && failure.code !== "PIOT_OIDC_REFUSED";
}

function withoutToken(failure: Failure, variable: string): Failure {
  const unused = `the token in ${variable} is left unused, since \`trust_policy\` says that npm ` +
    "trusts this job: take it out of putitoutthere.toml to publish with the token";
  return new Failure(failure.code, failure.message, {
    hint: `${failure.hint ?? "Run again"}; ${unused}`,
    cause: failure,
  });
}

/** What came of trusted publishing. */
type Attempt =
  | { readonly grant: OidcGrant }
  | {
    readonly failure: Failure;
    /** Why it could not be used, as a clause. */
    readonly why: string;
    readonly claims: UnitCredential["claims"];
  };

async function tryTrust(unit: NpmUnit, parts: UnitParts): Promise<Attempt> {
  const { env } = parts.host;
  const source = npmIdentity(env);
  if (source === undefined) {
    const why = whyNoIdentity(env, NPM_VARIABLE);
    return { failure: nothingFound({ ...parts, why }), why, claims: undefined };
  }
  try {
    const result = await exchange(unit.name, { ...parts, source });
    if ("grant" in result) return result;
    const failure = exchangeFailure({
      ...result,
      name: unit.name,
      policy: parts.prepared.release.package.trustPolicy,
      isNew: parts.look.packuments.get(unit.name)?.versions.size === 0,
      isRestricted: parts.prepared.release.package.access === "restricted",
      registry: parts.registry,
    });
    return { failure, why: whyRefused(tellExchange(result)), claims: result.claims };
  } catch (error) {
    if (!(error instanceof Failure) || error.code === "PIOT_INTERRUPTED") throw error;
    return { failure: error, why: whyRefused(messageOf(error)), claims: undefined };
  }
}

function trusted(grant: OidcGrant): UnitCredential {
  const found = publisherOf(grant.claims, NPM_READING);
  const place = found?.environment === undefined ? "" : ` in environment ${found.environment}`;
  const who = found === undefined ? "" : ` of ${found.repository}, ${found.workflow}${place}`;
  return { kind: "oidc", grant, claims: grant.claims, how: `trusted publishing${who}` };
}

function whyRefused(found: string): string {
  return `trusted publishing failed: ${found}`;
}

/** Told of the release, not of the name: it is the same for each. */
function nothingFound(
  { prepared, oidcOnly, why, registry, host: { env } }: UnitParts & { readonly why: string },
): Failure {
  const name = prepared.release.package.registryName;
  if (oidcOnly) {
    return new Failure(
      "PIOT_OIDC_UNAVAILABLE",
      `Cannot publish "${name}" to npm with --oidc-only: ${why}`,
      { hint: `${identityHint(env, registry)}; or leave --oidc-only out` },
    );
  }
  return new Failure(
    "PIOT_AUTH_MISSING",
    `Cannot publish "${name}" to npm: ${why}; and NODE_AUTH_TOKEN and NPM_TOKEN are unset, empty or a placeholder`,
    {
      hint: `${
        identityHint(env, registry)
      } and register it as trusted publisher on npm; or make a granular access token on npm's site (read and write for this package or scope, with bypass 2FA) and pass it to the publish step as NODE_AUTH_TOKEN`,
    },
  );
}

/** How this CI, or any, gives a job its identity. */
function identityHint(env: Env, registry: string): string {
  return env.GITLAB_CI === "true"
    ? `Give the publish job \`id_tokens: { ${NPM_VARIABLE}: { aud: "${npmAudience(registry)}" } }\``
    : "Publish from a job with `permissions: id-token: write`";
}
