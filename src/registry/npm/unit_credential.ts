/**
 * What each unit of a release is uploaded with: a token for each package name, since npm's short-lived ones are good for
 * one name alone. They are proven before anything is uploaded, and exchanged again when they have grown old by then.
 *
 * @module
 */

import type { IdentityClaims } from "../../core/release/identity_claims.ts";
import type { Credential } from "../registry.ts";
import { exchange, type ExchangeContext, npmIdentity, type OidcGrant } from "./oidc_exchange.ts";

/** The right to upload one unit. */
export type UnitCredential =
  & (
    | { readonly kind: "token"; readonly secret: string }
    | { readonly kind: "oidc"; readonly grant: OidcGrant }
  )
  & {
    /** One clause for the report: which one, and why. */
    readonly how: string;
    /** What the job's identity token says; undefined when there is none. */
    readonly claims: IdentityClaims | undefined;
    /** Of a token: why trusted publishing was not to be had. */
    readonly instead?: Untrusted;
  };

/** Why trusted publishing was not to be had. */
export interface Untrusted {
  /** What was tried and failed, or what is missing; a clause. */
  readonly why: string;
  /** How it could be had. */
  readonly hint: string;
  /** Whether the job has an identity, so that it was tried. */
  readonly isTried: boolean;
}

/** All that was decided of a unit's upload. */
export type AuthorisedUnit = UnitCredential & {
  /** The dist-tag. */
  readonly tag: string;
  /** Whether it carries provenance. */
  readonly signs: boolean;
  /** The version before it that was approved: so is this one, and is handed in for that rather than published. */
  readonly stagesAfter?: string | undefined;
  /** The id of the version that waits for approval since an earlier run; undefined where none is known of. */
  readonly waitsAs?: string | undefined;
};

/** The credential of a release: one for the report, and behind it one for each unit that is uploaded. */
export interface NpmCredential extends Credential {
  /** By package name. */
  readonly units: ReadonlyMap<string, AuthorisedUnit>;
}

/** The secret of a credential. */
export function secretOf(credential: UnitCredential): string {
  return credential.kind === "oidc" ? credential.grant.secret : credential.secret;
}

/** The same with a token that is young enough for an upload to begin. Throws what `exchange` throws. */
export async function withYoungToken(
  name: string,
  { unit, ...context }: ExchangeContext & { readonly unit: AuthorisedUnit },
): Promise<AuthorisedUnit> {
  const now = context.host.clock.now().getTime();
  if (unit.kind === "token" || now < unit.grant.renewAt) return unit;
  const source = npmIdentity(context.host.env);
  if (source === undefined) throw new Error("unreachable: a grant came from an identity");
  const result = await exchange(name, { ...context, source });
  // It was given for the same claims before: let the upload itself show what is wrong with the old one.
  return "grant" in result ? { ...unit, grant: result.grant } : unit;
}
