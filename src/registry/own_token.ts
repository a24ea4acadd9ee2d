/**
 * Whether a token is there, told without using it.
 *
 * @module
 */

import type { CredentialSource } from "../core/doctor/credential_sources.ts";
import { Failure } from "../error.ts";

/** The variable that a reader of tokens finds one in, or why what it finds is none. */
export function ownToken(
  find: () => string | undefined,
): Pick<CredentialSource, "token" | "flaw"> {
  try {
    return { token: find() };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { token: undefined, flaw: error.message };
  }
}
