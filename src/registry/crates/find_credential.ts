/**
 * Finds what a crate is uploaded with: the token of trusted publishing that the environment holds, else one that the job's
 * identity is exchanged for, else a user's token, which alone can create a crate.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { Env } from "../../host/host.ts";
import { readToken } from "../../secret/token_shape.ts";
import { type Credential, ReleaseRefused } from "../registry.ts";
import type { CratesRelease } from "./crates_work.ts";
import type { HeldCrate } from "./held_crates.ts";
import { CRATES_READING } from "./exchange_refusal.ts";
import { publisherOf } from "../../core/release/identity_claims.ts";
import type { TrustedGrant } from "./trusted_exchange.ts";
import { GIVE_IDENTITY, type NoTrust, type TrustedTokens } from "./trusted_tokens.ts";

/** The right to upload one crate. */
export interface CratesCredential extends Credential {
  /** Whether this run exchanged an identity token for it, so that a younger one is to be had. */
  readonly isExchanged: boolean;
}

/** What was found, and of a user's token why it is no more than that. */
export interface FoundCredential extends Omit<CratesCredential, "proofs"> {
  readonly whyNoMore?: string;
}

/** What finding needs. */
export interface CredentialContext {
  readonly env: Env;
  readonly trust: TrustedTokens;
  /** Whether no token of a user may be used. */
  readonly oidcOnly: boolean;
}

interface Known {
  readonly release: CratesRelease;
  /** Undefined for a crate that is new. */
  readonly crate: HeldCrate | undefined;
}

/**
 * The credential for a crate, or why there is none: `PIOT_AUTH_MISSING`, `PIOT_OIDC_UNAVAILABLE`, `PIOT_OIDC_REFUSED`,
 * `PIOT_CRATES_TRUSTPUB_ONLY` for a token that the crate would refuse, `PIOT_AUTH_REFUSED` for one that cannot create it. Throws
 * `PIOT_AUTH_REFUSED` for what no token is.
 */
export async function findCredential(
  context: CredentialContext,
  known: Known,
): Promise<FoundCredential | Failure> {
  const { env, trust } = context;
  // Empty counts as unset, which is what a workflow makes of a secret that does not exist.
  const token = readToken(env, { variable: "CARGO_REGISTRY_TOKEN", code: "PIOT_AUTH_REFUSED" });
  if (known.crate === undefined) return forNewCrate(token, { ...context, ...known });
  if (token !== undefined && isTrusted(token)) {
    const why =
      "CARGO_REGISTRY_TOKEN, a token of trusted publishing as crates-io-auth-action leaves it";
    // An expired one is replaced, where the job has an identity.
    return { kind: "oidc", secret: token, why, isExchanged: false, revoke: trust.giveBack };
  }
  const found = await trust.grant();
  if ("secret" in found) return exchanged(found, trust);
  const refusal = whyNoToken(token, { ...context, ...known, found });
  if (refusal !== undefined) return refusal;
  const { isTried, why } = found;
  return {
    kind: "token",
    secret: token!,
    isExchanged: false,
    why: isTried ? `CARGO_REGISTRY_TOKEN; ${why}` : "CARGO_REGISTRY_TOKEN",
    whyNoMore: isTried ? why : "it goes out by a user's token",
  };
}

/** What crates-io-auth-action leaves: tokens of trusted publishing have a shape of their own. */
function isTrusted(token: string): boolean {
  return token.startsWith("cio_tp_");
}

function exchanged({ secret, claims }: TrustedGrant, { giveBack }: TrustedTokens): FoundCredential {
  const job = publisherOf(claims, CRATES_READING);
  const place = job?.environment === undefined ? "" : ` in environment ${job.environment}`;
  const who = job === undefined ? "" : ` of ${job.repository}, ${job.workflow}${place}`;
  const why = `trusted publishing${who}`;
  return { kind: "oidc", secret, why, isExchanged: true, revoke: giveBack };
}

function forNewCrate(
  token: string | undefined,
  { oidcOnly, release }: CredentialContext & Known,
): FoundCredential | Failure {
  if (token !== undefined && isTrusted(token)) return cannotCreate(release);
  if (oidcOnly) {
    const { name, registryName } = release.package;
    return new Failure(
      "PIOT_OIDC_UNAVAILABLE",
      `Cannot publish ${name} to crates.io with --oidc-only: ${registryName} is new, and only a user's token can create a crate`,
      { hint: `${firstRelease(registryName)}; or leave --oidc-only out` },
    );
  }
  if (token === undefined) return missing({ release, crate: undefined });
  const why =
    `CARGO_REGISTRY_TOKEN: ${release.package.registryName} is new, and only a token can create a crate`;
  const whyNoMore = "it is new, and only a user's token can create a crate";
  return { kind: "token", secret: token, why, whyNoMore, isExchanged: false };
}

/** Why a user's token does not stand in for trusted publishing; undefined when it does. */
function whyNoToken(
  token: string | undefined,
  { oidcOnly, release, crate, found }: CredentialContext & Known & { readonly found: NoTrust },
): Failure | undefined {
  const { name, registryName, trustPolicy } = release.package;
  const { failure, isTried, why } = found;
  if (oidcOnly) {
    if (isTried) return failure;
    const message = `Cannot publish ${name} to crates.io with --oidc-only: ${why}`;
    const hint = `${GIVE_IDENTITY}; or leave --oidc-only out`;
    return new Failure("PIOT_OIDC_UNAVAILABLE", message, { hint });
  }
  if (token === undefined) return isTried ? failure : missing({ release, crate });
  if (crate?.isTrustpubOnly === true) {
    return new ReleaseRefused(
      "PIOT_CRATES_TRUSTPUB_ONLY",
      `Cannot publish ${name} with a token: crates.io takes new versions of ${registryName} from trusted publishing only, and ${why}`,
      {
        hint:
          `Release from the workflow that is registered at https://crates.io/crates/${registryName}/settings, or allow tokens there`,
      },
    );
  }
  // Where `trust_policy` says that crates.io trusts this job, and it has not said otherwise, another run does better.
  if (trustPolicy === undefined || !isTried || failure.code === "PIOT_OIDC_REFUSED") {
    return undefined;
  }
  return new Failure(failure.code, failure.message, {
    hint: `${
      failure.hint ?? "Run again"
    }; the token in CARGO_REGISTRY_TOKEN is left unused, since \`trust_policy\` says that crates.io trusts this job: take it out of putitoutthere.toml to publish with the token`,
    cause: failure,
  });
}

/** How a crate comes to be, and to trust a workflow. */
function firstRelease(crate: string): string {
  return `Publish it once with a token that has the scope publish-new, from https://crates.io/settings/tokens/new, then register the workflow at https://crates.io/crates/${crate}/settings/new-trusted-publisher`;
}

function missing({ release: { package: { name, registryName } }, crate }: Known): Failure {
  const scope = crate === undefined ? "publish-new" : "publish-update";
  const isNew = crate === undefined
    ? ` (${registryName} is new: trusted publishing cannot create a crate)`
    : "";
  return new Failure(
    "PIOT_AUTH_MISSING",
    `Cannot publish ${name} to crates.io: CARGO_REGISTRY_TOKEN is not set${isNew}`,
    {
      hint:
        `Make a token with the scope ${scope} for ${registryName} at https://crates.io/settings/tokens/new and pass it as CARGO_REGISTRY_TOKEN${
          crate === undefined
            ? `; afterwards the workflow can be registered at https://crates.io/crates/${registryName}/settings/new-trusted-publisher`
            : `; or register the workflow at https://crates.io/crates/${registryName}/settings/new-trusted-publisher and give the job \`permissions: id-token: write\``
        }`,
    },
  );
}

/** crates.io's words to it would be "Trusted Publishing tokens do not support creating new crates". */
function cannotCreate({ package: { name, registryName } }: CratesRelease): Failure {
  return new ReleaseRefused(
    "PIOT_AUTH_REFUSED",
    `Cannot publish ${name} with a token of trusted publishing: ${registryName} is new, and those cannot create a crate`,
    { hint: firstRelease(registryName) },
  );
}
