/**
 * What a token is made of, whoever gives it: visible characters of ASCII. Anything else cannot be sent as one, and who
 * tries is told so by clients that quote it.
 *
 * @module
 */

import { Failure } from "../error.ts";
import type { FailureCode } from "../failure_codes.ts";

/** Whether a text can be sent as a token. */
export function isSendable(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

/** What no token has, as a clause that follows its variable: it "holds …". */
export const UNSENDABLE = "a blank, a line break or another character that no token has";

/**
 * The token in a variable, without blanks and line breaks around it; undefined when there is none. Throws a failure of the
 * given code, which names the variable and not its value, for one that cannot be sent.
 */
export function readToken(
  env: Readonly<Record<string, string | undefined>>,
  { variable, code }: { readonly variable: string; readonly code: FailureCode },
): string | undefined {
  const token = env[variable]?.trim() ?? "";
  if (token === "") return undefined;
  if (isSendable(token)) return token;
  throw new Failure(code, `Cannot use the token in ${variable}: it holds ${UNSENDABLE}`, {
    hint: `Set ${variable} to the token alone, on one line`,
  });
}
