/**
 * The rights of a release: a token for each package name of it, since npm's short-lived ones are good for one name alone.
 * They are proven before anything is uploaded, and exchanged again when they have grown old by then.
 *
 * @module
 */

import type { IdentityClaims } from "../../core/release/identity_claims.ts";
import type { Credential } from "../registry.ts";
import { exchange, type ExchangeParts, npmIdentity, type OidcGrant } from "./oidc_exchange.ts";

/** What one unit is uploaded with. */
export type UnitRight =
  & (
    | { readonly kind: "token"; readonly secret: string }
    | { readonly kind: "oidc"; readonly grant: OidcGrant }
  )
  & {
    /** One clause for the report: which one, and why. */
    readonly how: string;
    /** What the job's identity token says; undefined when there is none. */
    readonly claims: IdentityClaims | undefined;
  };

/** A right, and what the upload comes to. */
export type ReadyRight = UnitRight & {
  /** Whether it carries provenance. */
  readonly signs: boolean;
  /** The id of the version that waits for approval since an earlier run; undefined where none is known of. */
  readonly waitsAs?: string | undefined;
};

/** The rights of a release, by package name. */
export type Rights = Map<string, ReadyRight>;

/** The right that a bare credential is, as callers bring it that did not authorise here. */
export function plainRight({ secret, why }: Credential): ReadyRight {
  return { kind: "token", secret, how: why, claims: undefined, signs: false };
}

/** The secret of a right. */
export function secretOf(right: UnitRight): string {
  return right.kind === "oidc" ? right.grant.secret : right.secret;
}

/** The right to a name, with a token that is young enough for an upload to begin. Throws what `exchange` throws. */
export async function currentRight(
  rights: Rights,
  name: string,
  parts: ExchangeParts,
): Promise<ReadyRight> {
  const right = rights.get(name);
  if (right === undefined) throw new Error(`unreachable: ${name} was not authorised`);
  const now = parts.host.clock.now().getTime();
  if (right.kind === "token" || now < right.grant.renewAt) return right;
  const source = npmIdentity(parts.host.env);
  if (source === undefined) throw new Error("unreachable: a grant came from an identity");
  const result = await exchange(name, { ...parts, source });
  // It was given for the same claims before: let the upload itself show what is wrong with the old one.
  if (!("grant" in result)) return right;
  const renewed = { ...right, grant: result.grant };
  rights.set(name, renewed);
  return renewed;
}
