/**
 * Who makes a request to the local crates.io: a user with a token. Another kind of caller is one more
 * {@link Authenticator} in the server's list.
 *
 * @module
 */

import { canonicalCrateName } from "../../core/crates/crate_names.ts";
import { Refusal } from "./refusal.ts";

/** What a token may do (rust-lang/crates.io, `models/token/scopes.rs`). */
export type TokenScope = "publish-new" | "publish-update" | "yank";

/** A token that the server knows. */
export interface LocalToken {
  readonly secret: string;
  /** The login of its user. */
  readonly user: string;
  /** What it may do; anything when left out. */
  readonly scopes?: readonly TokenScope[];
  /** Crates that it may touch: a name, `prefix*` or `*`; any when left out. */
  readonly crates?: readonly string[];
  /** Whether its user has a verified e-mail address, without which nothing can be published; true when left out. */
  readonly hasVerifiedEmail?: boolean;
}

/** Who makes a request, and what they may do. */
export interface Caller {
  /** The login; undefined for a workflow that publishes without a user. */
  readonly user: string | undefined;
  /** What a version is marked with that was uploaded by a trusted publisher; null for a user's. */
  readonly trustpubData: Readonly<Record<string, unknown>> | null;
  /** Whether a user's e-mail address is verified; true for who is no user. */
  readonly hasVerifiedEmail: boolean;
  /** Throws a {@link Refusal} when this is more than the caller may do. */
  readonly require: (scope: TokenScope, crate: string) => void;
}

/** Knows one kind of credential; undefined for one of another kind. May throw a {@link Refusal}. */
export type Authenticator = (credential: string) => Caller | undefined;

/** Finds the caller: `Authorization` holds the bare credential, or `Bearer` and the credential (`src/auth.rs`). */
export function authenticate(headers: Headers, kinds: readonly Authenticator[]): Caller {
  const header = headers.get("authorization")?.trim() ?? "";
  if (header === "") throw new Refusal(403, "this action requires authentication");
  const credential = header.replace(/^bearer\s+/i, "");
  for (const kind of kinds) {
    const caller = kind(credential);
    if (caller !== undefined) return caller;
  }
  // Tokens of today begin with `cio`; anything else is taken for one of before the change of 2020.
  if (!credential.startsWith("cio")) throw new Refusal(401, OLD_TOKEN);
  throw new Refusal(403, "authentication failed");
}

const OLD_TOKEN =
  "The given API token does not match the format used by crates.io. Tokens generated before 2020-07-14 were generated with an insecure random number generator, and have been revoked. You can generate a new token at https://crates.io/me. For more information please see https://blog.rust-lang.org/2020/07/14/crates-io-security-advisory.html. We apologize for any inconvenience.";

/** Knows API tokens of users. */
export function tokenAuthenticator(tokens: readonly LocalToken[]): Authenticator {
  return (credential) => {
    const token = tokens.find(({ secret }) => secret === credential);
    if (token === undefined) return undefined;
    return {
      user: token.user,
      trustpubData: null,
      hasVerifiedEmail: token.hasVerifiedEmail ?? true,
      require: (scope, crate) => {
        const mayDo = token.scopes?.includes(scope) ?? true;
        if (mayDo && coversCrate(token.crates ?? ["*"], crate)) return;
        throw new Refusal(
          403,
          "this token does not have the required permissions to perform this action",
        );
      },
    };
  };
}

/** Whether a list of crate scopes covers a crate. */
function coversCrate(patterns: readonly string[], crate: string): boolean {
  const name = canonicalCrateName(crate);
  return patterns.some((pattern) => {
    const wanted = canonicalCrateName(pattern);
    return wanted.endsWith("*") ? name.startsWith(wanted.slice(0, -1)) : name === wanted;
  });
}
