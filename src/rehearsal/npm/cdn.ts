/**
 * The cache that stands before the real registry: reads are remembered for five minutes, a 404 included, and no upload
 * clears them; `?write=true` and anything under `/-/` goes round it (canonical/pragma#1097, bnb-chain/bnbagent-sdk#61).
 *
 * @module
 */

import type { LocalReply } from "../serve.ts";
import type { NpmRequest } from "./request.ts";

/** Answers reads from memory while it may. */
export type Cdn = (
  request: NpmRequest,
  answer: () => Promise<LocalReply | undefined>,
) => Promise<LocalReply | undefined>;

const LIFE = 300_000;

/** A cache that tells the time by `now`. */
export function createCdn(now: () => Date): Cdn {
  const kept = new Map<string, { readonly reply: LocalReply; readonly until: number }>();
  return async (request, answer) => {
    const cacheable = request.method === "GET" && request.name !== undefined &&
      request.query.get("write") !== "true" && request.bearer === undefined;
    if (!cacheable) return await answer();
    const key = `${request.plainPath} ${request.headers.get("accept") ?? ""}`;
    const held = kept.get(key);
    if (held !== undefined && held.until > now().getTime()) return held.reply;
    const reply = await answer();
    if (reply !== undefined) kept.set(key, { reply, until: now().getTime() + LIFE });
    return reply;
  };
}
