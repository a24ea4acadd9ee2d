/**
 * The token of trusted publishing of one run: exchanged once for all crates, again when it has grown old or crates.io no
 * longer knows it, and given back at the end.
 *
 * @module
 */

import type { IdentityClaims } from "../../core/release/identity_claims.ts";
import { Failure, messageOf } from "../../error.ts";
import { whyNoIdentity } from "../../host/identity_token.ts";
import { exchangeFailure, tellExchange } from "./exchange_refusal.ts";
import {
  CRATES_VARIABLE,
  cratesIdentity,
  exchange,
  type ExchangeContext,
  revoke,
  type TrustedGrant,
} from "./trusted_exchange.ts";

/** Why there is no token of trusted publishing. */
export interface NoTrust {
  /** As a failure, for a run that can do nothing else. */
  readonly failure: Failure;
  /** What was tried and failed, or what is missing; a clause. */
  readonly why: string;
  /** Whether the job has an identity, so that it was tried. */
  readonly isTried: boolean;
}

/** The token of a run. */
export interface TrustedTokens {
  /** Exchanges, the first time that it is asked; the same answer from then on. After an interruption throws its reason. */
  readonly grant: () => Promise<TrustedGrant | NoTrust>;
  /** The token to send now; undefined when there never was one. */
  readonly young: () => Promise<string | undefined>;
  /** One that crates.io has not refused; undefined when none is to be had. */
  readonly renewed: () => Promise<string | undefined>;
  /** Gives every token back, once. Throws what the last refusal to take one back says. */
  readonly giveBack: () => Promise<void>;
  /** What the job says of itself, once it was asked. */
  readonly claims: () => IdentityClaims | undefined;
}

/** Makes the token of a run, which is asked for when it is needed. */
export function createTrustedTokens(context: ExchangeContext): TrustedTokens {
  let first: Promise<TrustedGrant | NoTrust> | undefined;
  let current: TrustedGrant | undefined;
  const given = new Set<string>();

  async function ask(): Promise<TrustedGrant | NoTrust> {
    const result = await attempt(context);
    if ("secret" in result) {
      given.add(result.secret);
      current = result;
    }
    return result;
  }

  async function renewed(): Promise<string | undefined> {
    const result = await ask();
    return "secret" in result ? result.secret : undefined;
  }

  return {
    grant: () => first ??= ask(),
    young: async () => {
      if (current === undefined || context.host.clock.now().getTime() < current.renewAt) {
        return current?.secret;
      }
      // It was given for the same claims before: let the upload itself show what is wrong with the old one.
      return await renewed() ?? current.secret;
    },
    renewed,
    giveBack: async () => {
      const secrets = [...given];
      given.clear();
      const results = await Promise.allSettled(secrets.map((secret) => revoke(context, secret)));
      const refused = results.find((result) => result.status === "rejected");
      if (refused !== undefined) throw refused.reason;
    },
    claims: () => current?.claims,
  };
}

async function attempt(context: ExchangeContext): Promise<TrustedGrant | NoTrust> {
  const { env } = context.host;
  const source = cratesIdentity(env);
  if (source === undefined) {
    const why = `there is no identity token: ${whyNoIdentity(env, CRATES_VARIABLE)}`;
    return { failure: nothingThere(why), why, isTried: false };
  }
  try {
    const result = await exchange(context, source);
    if ("secret" in result) return result;
    return {
      failure: exchangeFailure(result, context.api),
      why: `trusted publishing failed: ${tellExchange(result)}`,
      isTried: true,
    };
  } catch (error) {
    if (!(error instanceof Failure) || error.code === "PIOT_INTERRUPTED") throw error;
    return {
      failure: error,
      why: `trusted publishing failed: ${messageOf(error)}`,
      isTried: true,
    };
  }
}

function nothingThere(why: string): Failure {
  return new Failure(
    "PIOT_OIDC_UNAVAILABLE",
    `Cannot publish crates by trusted publishing: ${why}`,
    { hint: GIVE_IDENTITY },
  );
}

/** How a job comes by an identity. */
export const GIVE_IDENTITY: string =
  "Publish from a job with `permissions: id-token: write` (on GitLab `id_tokens: { CRATES_IO_ID_TOKEN: { aud: crates.io } }`) that the crate has on file as a trusted publisher";
