/**
 * crates.io's limits of uploads per user: a bucket that starts full and refills at a steady pace
 * (rust-lang/crates.io, `src/rate_limiter.rs`).
 *
 * @module
 */

import type { CratesState } from "./crates_state.ts";
import { Refusal } from "./refusal.ts";

/** What is counted. */
export type LimitedAction = "new" | "update" | "yank";

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

/** Takes one from a user's bucket. Throws status 429 with the date at which there is one again. */
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
  const at = left === burst ? now.getTime() : bucket.at + refilled * refill;
  state.buckets.set(key, { left: Math.max(0, left - 1), at });
  if (left > 0) return;
  const date = new Date(at + refill).toUTCString();
  throw new Refusal(
    429,
    `${words} Please try again after ${date} and see https://crates.io/docs/rate-limits for more details.`,
    { "retry-after": date },
  );
}
