/**
 * Who may write what on the local npm registry, and the answers for those who may not. The real one hides packages
 * from a weak credential: a missing, unknown or read-only token gets a 404.
 *
 * @module
 */

import type { LocalReply } from "../serve.ts";
import { errorReply, messageReply, NOT_FOUND, type NpmRequest } from "./request.ts";
import type { NpmState, TokenGrant } from "./state.ts";

/** The user that may write, or the refusal. */
export type Authority = { readonly grant: TokenGrant } | { readonly refusal: LocalReply };

/** What somebody wants to do with a package. Publishing is the default of {@link mayWrite}. */
export interface WriteTarget {
  readonly name: string;
  readonly action: "publish" | "stage" | "tag";
}

/** Whether the asker may write a package, new or not. */
export function mayWrite(
  request: NpmRequest,
  state: NpmState,
  { name, action }: WriteTarget,
): Authority {
  const { grant } = request;
  if (grant === undefined || grant.can === "read") return { refusal: NOT_FOUND };
  if (grant.refused === "revoked") return { refusal: REFUSALS.revoked };
  if (grant.packages !== undefined && !grant.packages.includes(name)) return { refusal: NOT_FOUND };
  const refused = secondFactor(grant, action);
  if (refused !== undefined) return { refusal: REFUSALS[refused] };
  const stored = state.packages.get(name);
  if (stored !== undefined && stored.owner !== grant.user) {
    const words = `You do not have permission to publish "${name}". ` +
      "Are you logged in as the correct user?";
    return { refusal: errorReply(403, words) };
  }
  if (grant.trusted !== undefined && !grant.trusted.some((one) => PERMISSIONS[one] === action)) {
    return { refusal: messageReply(403, "OIDC permission denied for this action") };
  }
  return { grant };
}

/** What each permission of a trust configuration is for. Tags are for none (npm/cli#8547). */
const PERMISSIONS = { createPackage: "publish", createStagedPackage: "stage" } as const;

/** Staging asks for no second factor; everything else does, of tokens that cannot do without. */
function secondFactor(
  { refused }: TokenGrant,
  action: WriteTarget["action"],
): TokenGrant["refused"] {
  return action === "stage" && (refused === "otp" || refused === "two-factor")
    ? undefined
    : refused;
}

/** Whether the asker may read a package; restricted ones are for their owner. */
export function mayRead(request: NpmRequest, state: NpmState, name: string): boolean {
  const stored = state.packages.get(name);
  return stored?.access !== "restricted" || stored.owner === request.grant?.user;
}

const REFUSALS: Readonly<Record<NonNullable<TokenGrant["refused"]>, LocalReply>> = {
  revoked: errorReply(401, "Unauthorized"),
  otp: {
    status: 401,
    headers: { "www-authenticate": "OTP" },
    body: { error: "You must provide a one-time pass. Upgrade your client to npm@latest." },
  },
  "two-factor": errorReply(
    403,
    "Two-factor authentication or granular access token with bypass 2fa enabled is required to publish packages.",
  ),
  address: {
    status: 401,
    headers: { "www-authenticate": "ipaddress" },
    body: { error: "Unauthorized" },
  },
};
