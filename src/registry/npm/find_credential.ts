/**
 * Finds what a unit is uploaded with: trusted publishing first, the token of the environment when that is not to be had.
 *
 * @module
 */

import { publisherOf } from "../../core/release/identity_claims.ts";
import { Failure, messageOf } from "../../error.ts";
import type { Env } from "../../host/host.ts";
import { whyNoIdentity } from "../../host/identity_token.ts";
import { findToken, tokenCredential, type TokenOwners } from "./environment_token.ts";
import type { NpmLook } from "./look.ts";
import {
  exchange,
  type ExchangeContext,
  NPM_VARIABLE,
  npmAudience,
  npmIdentity,
  type OidcGrant,
} from "./oidc_exchange.ts";
import { exchangeFailure, mendOfExchange, NPM_READING, tellExchange } from "./oidc_refusal.ts";
import type { NpmPrepared, NpmUnit } from "./publish_unit.ts";
import type { UnitCredential } from "./unit_credential.ts";

/** What finding the credential for a unit needs. */
export interface CredentialContext extends ExchangeContext {
  readonly prepared: NpmPrepared;
  readonly look: NpmLook;
  /** Whether a token from the environment may not stand in for trusted publishing. */
  readonly oidcOnly: boolean;
  readonly owners: TokenOwners;
}

/**
 * Finds the credential for a unit: trusted publishing first, the token of the environment when that is not to be had.
 * Throws `PIOT_AUTH_MISSING` and `PIOT_OIDC_UNAVAILABLE` when there is none, `PIOT_OIDC_REFUSED` and `PIOT_AUTH_REFUSED` for
 * one that is not taken; and what says that the identity provider or npm gave no answer, where one counts.
 */
export async function findCredential(
  unit: NpmUnit,
  context: CredentialContext,
): Promise<UnitCredential> {
  const attempt = await tryTrustedPublishing(unit, context);
  if ("grant" in attempt) return oidcCredential(attempt.grant);
  const { failure, why, claims, hint } = attempt;
  const token = context.oidcOnly ? undefined : findToken(context.host.env);
  if (token === undefined) throw failure;
  if (isForTrust(unit, { ...context, failure })) throw withoutToken(failure, token.variable);
  context.onSecret(token.secret);
  const found = await tokenCredential(token, { ...context, http: context.host.http, why });
  const isTried = npmIdentity(context.host.env) !== undefined;
  return { ...found, claims, instead: { why, hint, isTried } };
}

/**
 * Whether a release waits for trusted publishing rather than going out by the token: where `trust_policy` says that npm
 * trusts this job, and npm has not said otherwise, another run gets the provenance that this one would leave out for ever,
 * and the approval that it would pass by.
 */
function isForTrust(
  { name }: NpmUnit,
  { prepared, look: { packuments }, host, failure }: CredentialContext & {
    readonly failure: Failure;
  },
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
    /** How it could be; says nothing of tokens. */
    readonly hint: string;
    readonly claims: UnitCredential["claims"];
  };

async function tryTrustedPublishing(unit: NpmUnit, context: CredentialContext): Promise<Attempt> {
  const { env } = context.host;
  const source = npmIdentity(env);
  if (source === undefined) {
    const why = whyNoIdentity(env, NPM_VARIABLE);
    const hint = `${
      identityHint(env, context.registry)
    } and register it as trusted publisher on npm`;
    return { failure: nothingFound({ ...context, why }), why, hint, claims: undefined };
  }
  try {
    const result = await exchange(unit.name, { ...context, source });
    if ("grant" in result) return result;
    const refused = {
      ...result,
      name: unit.name,
      policy: context.prepared.release.package.trustPolicy,
      isNew: context.look.packuments.get(unit.name)?.versions.size === 0,
      isRestricted: context.prepared.release.package.access === "restricted",
      registry: context.registry,
    };
    return {
      failure: exchangeFailure(refused),
      why: whyRefused(tellExchange(result)),
      hint: mendOfExchange(refused),
      claims: result.claims,
    };
  } catch (error) {
    if (!(error instanceof Failure) || error.code === "PIOT_INTERRUPTED") throw error;
    const { hint = "Run again" } = error;
    return { failure: error, why: whyRefused(messageOf(error)), hint, claims: undefined };
  }
}

function oidcCredential(grant: OidcGrant): UnitCredential {
  const job = publisherOf(grant.claims, NPM_READING);
  const place = job?.environment === undefined ? "" : ` in environment ${job.environment}`;
  const who = job === undefined ? "" : ` of ${job.repository}, ${job.workflow}${place}`;
  return { kind: "oidc", grant, claims: grant.claims, how: `trusted publishing${who}` };
}

function whyRefused(found: string): string {
  return `trusted publishing failed: ${found}`;
}

/** Told of the release, not of the name: it is the same for each. */
function nothingFound(
  { prepared, oidcOnly, why, registry, host: { env } }: CredentialContext & {
    readonly why: string;
  },
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
