/**
 * Who may see a package, and what that costs.
 *
 * @module
 */

import type { LocalReply } from "../server/messages.ts";
import { errorReply } from "./request.ts";
import type { StoredPackage, TokenGrant } from "./state.ts";

/** The refusal of a package's access; undefined when its user may have it. Private packages are a paid plan's. */
export function accessTrouble(
  name: string,
  { from, to, grant }: {
    readonly from: StoredPackage["access"] | undefined;
    readonly to: StoredPackage["access"];
    readonly grant: TokenGrant;
  },
): LocalReply | undefined {
  if (to === "public" || from === "restricted") return undefined;
  if (!name.startsWith("@")) {
    return errorReply(400, "cannot restrict access to an unscoped package");
  }
  return grant.paid === true ? undefined : errorReply(402, "You must sign up for private packages");
}
