/**
 * Who makes a request to the local crates.io, what they may do, and how often: a user with a token. Another kind of caller
 * is one more {@link Authenticator} in the server's list.
 *
 * @module
 */

import { Refusal } from "../server/messages.ts";
import { canonicalName, type CratesState } from "./crates_state.ts";

/** What a token may do (rust-lang/crates.io, `models/token/scopes.rs`). */
export type TokenScope = "publish-new" | "publish-update" | "yank" | "change-owners";

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

const TRUSTED = "cio_tp_";

/** Knows tokens of trusted publishing (rust-lang/crates.io, `controllers/krate/publish.rs`). */
export function trustedAuthenticator(
  { trusted }: Pick<CratesState, "trusted">,
  now: () => Date,
): Authenticator {
  return (credential) => {
    if (!credential.startsWith(TRUSTED)) return undefined;
    const token = trusted.find(({ secret }) => secret === credential);
    if (token === undefined || (token.expires ?? Infinity) <= now().getTime()) {
      throw new Refusal(403, "Invalid authentication token");
    }
    return {
      user: undefined,
      trustpubData: token.trustpubData,
      hasVerifiedEmail: true,
      require: (scope, crate) => {
        if (scope === "publish-new") {
          throw new Refusal(
            403,
            "Trusted Publishing tokens do not support creating new crates. Publish the crate manually, first",
          );
        }
        if (scope === "publish-update" && coversCrate(token.crates, crate)) return;
        throw new Refusal(403, `The provided access token is not valid for crate \`${crate}\``);
      },
    };
  };
}

/** Whether a list of crate scopes covers a crate. */
function coversCrate(patterns: readonly string[], crate: string): boolean {
  const name = canonicalName(crate);
  return patterns.some((pattern) => {
    const wanted = canonicalName(pattern);
    return wanted.endsWith("*") ? name.startsWith(wanted.slice(0, -1)) : name === wanted;
  });
}

/** What is counted. */
type LimitedAction = "new" | "update" | "yank";

interface Limit {
  readonly burst: number;
  /** Milliseconds until one more is allowed. */
  readonly refill: number;
  readonly words: string;
}

const MINUTE = 60_000;

const LIMITS: Readonly<Record<LimitedAction, Limit>> = {
  new: {
    burst: 5,
    refill: 10 * MINUTE,
    words: "You have published too many new crates in a short period of time.",
  },
  update: {
    burst: 30,
    refill: MINUTE,
    words: "You have published too many updates to existing crates in a short period of time.",
  },
  yank: {
    burst: 100,
    refill: MINUTE,
    words: "You have yanked or unyanked too many versions in a short period of time.",
  },
};

/**
 * Takes one from a user's bucket, which starts full and refills at a steady pace (rust-lang/crates.io,
 * `src/rate_limiter.rs`). Throws status 429 with the date at which there is one again.
 */
export function takeFromBucket(
  state: CratesState,
  { user, action, now }: {
    readonly user: string;
    readonly action: LimitedAction;
    readonly now: Date;
  },
): void {
  if (!state.rateLimit) return;
  const { burst, refill, words } = LIMITS[action];
  const key = `${user} ${action}`;
  const bucket = state.buckets.get(key) ?? { left: burst, at: now.getTime() };
  const refilled = Math.floor((now.getTime() - bucket.at) / refill);
  const left = Math.min(burst, bucket.left + refilled);
  // Full or not, the moment of the last refill moves on by whole paces alone.
  const at = bucket.at + refilled * refill;
  state.buckets.set(key, { left: Math.max(0, left - 1), at });
  if (left > 0) return;
  const date = new Date(at + refill).toUTCString();
  throw new Refusal(
    429,
    `${words} Please try again after ${date} and see https://crates.io/docs/rate-limits for more details.`,
    { "retry-after": date },
  );
}
