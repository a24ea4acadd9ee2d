/**
 * The one HTTP client: `fetch` with a time limit, redirects that cannot carry a credential to another origin, and
 * retries for requests that are harmless to repeat. An answer of any status is an answer; only silence is a failure.
 *
 * @module
 */

import { Failure } from "../error.ts";
import type { Clock, Http, HttpRequest } from "./host.ts";
import { type HttpOptions, isRead, sendRequest } from "./send_request.ts";

const WAITS = [500, 2_000, 5_000];
/** A server that asks for more patience than this is answered by a run later on, not by a job that sleeps. */
const LONGEST_WAIT = 60_000;
const MOST_REDIRECTS = 5;
const RETRYABLE = new Set([408, 429, 500, 502, 503, 504]);

/** Makes the client. */
export function createHttp(options: HttpOptions): Http {
  return async (url, request = {}) => {
    const { idempotent = isRead(request.method), ...init } = request;
    for (let attempt = 0;; attempt++) {
      const wait = idempotent ? WAITS[attempt] : undefined;
      const answer = await follow(options, new URL(url), init).catch((error: unknown) => {
        if (wait === undefined || !isSilence(error)) throw error;
        return undefined;
      });
      if (answer !== undefined && !RETRYABLE.has(answer.status)) return answer;
      const pause = pauseBefore(wait, answer, options.clock);
      if (pause === undefined) {
        if (answer === undefined) {
          throw new Error("unreachable: silence without a wait left is thrown");
        }
        return answer;
      }
      await answer?.body?.cancel();
      // An interrupted run finishes what is in flight, and does not begin a wait.
      options.signal?.throwIfAborted();
      await options.clock.sleep(pause, options.signal);
    }
  };
}

/** Whether an error says that no answer came (`PIOT_NETWORK`), rather than one that is no good. */
export function isSilence(error: unknown): boolean {
  return error instanceof Failure && error.code === "PIOT_NETWORK";
}

function pauseBefore(
  wait: number | undefined,
  answer: Response | undefined,
  clock: Clock,
): number | undefined {
  if (wait === undefined) return undefined;
  const asked = retryAfter(answer?.headers.get("retry-after") ?? null, clock);
  if (asked === undefined) return wait;
  return asked > LONGEST_WAIT ? undefined : Math.max(asked, wait);
}

/** Milliseconds that a `Retry-After` header asks for, as seconds or as an HTTP date (RFC 9110 §10.2.3). */
export function retryAfter(header: string | null, clock: Clock): number | undefined {
  if (header === null || header.trim() === "") return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const until = Date.parse(header);
  return Number.isNaN(until) ? undefined : Math.max(0, until - clock.now().getTime());
}

async function follow(
  options: HttpOptions,
  first: URL,
  init: Omit<HttpRequest, "idempotent">,
): Promise<Response> {
  let url = first;
  let headers = new Headers(init.headers);
  if (!headers.has("user-agent")) headers.set("user-agent", options.userAgent);
  for (let hop = 0;; hop++) {
    const answer = await sendRequest(options, url, { ...init, headers });
    const location = answer.headers.get("location");
    const redirected = [301, 302, 303, 307, 308].includes(answer.status) && location !== null;
    // A redirected upload is left to the caller: replaying a body, or a credential, elsewhere is never what it meant.
    if (!redirected || !isRead(init.method) || hop >= MOST_REDIRECTS) return answer;
    await answer.body?.cancel();
    const next = new URL(location, url);
    if (next.origin !== url.origin) headers = withoutCredentials(headers);
    url = next;
  }
}

function withoutCredentials(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of ["authorization", "cookie", "npm-otp"]) kept.delete(name);
  return kept;
}
