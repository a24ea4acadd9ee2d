/**
 * Who may write what on the local npm registry, and the answers for those who may not. The real one hides packages
 * from a weak credential: a missing, unknown or read-only token gets a 404.
 *
 * @module
 */

import type { LocalReply } from "../serve.ts";
import { errorReply, NOT_FOUND, type NpmRequest } from "./request.ts";
import type { NpmState, TokenGrant } from "./state.ts";

/** The user that may write, or the refusal. */
export type Authority = { readonly grant: TokenGrant } | { readonly refusal: LocalReply };

/** Whether the asker may write a package, new or not. */
export function mayWrite(request: NpmRequest, state: NpmState, name: string): Authority {
  const { grant } = request;
  if (grant === undefined || grant.can === "read") return { refusal: NOT_FOUND };
  if (grant.refused !== undefined) return { refusal: REFUSALS[grant.refused] };
  if (grant.packages !== undefined && !grant.packages.includes(name)) return { refusal: NOT_FOUND };
  const stored = state.packages.get(name);
  if (stored !== undefined && stored.owner !== grant.user) {
    const words = `You do not have permission to publish "${name}". ` +
      "Are you logged in as the correct user?";
    return { refusal: errorReply(403, words) };
  }
  return { grant };
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
