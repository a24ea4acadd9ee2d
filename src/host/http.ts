/**
 * The one HTTP client: `fetch` with limits, redirects that stay with the server that was asked, and retries for requests
 * that are harmless to repeat. An answer of any status is an answer; silence is a failure, and so is what is no answer.
 *
 * @module
 */

import { cutWords } from "../cut_words.ts";
import { Failure } from "../error.ts";
import { type Asked, failed } from "./answer.ts";
import type { Clock, Http, HttpRequest } from "./host.ts";
import { isSecure } from "./loopback.ts";
import { type HttpOptions, isRead, sendRequest } from "./send_request.ts";

const WAITS = [500, 2_000, 5_000];
/** A server that asks for more patience than this is answered by a run later on, not by a job that sleeps. */
const LONGEST_WAIT = 60_000;
const MOST_REDIRECTS = 5;
const RETRYABLE = new Set([408, 429, 500, 502, 503, 504]);

/** Makes the client. */
export function createHttp(options: HttpOptions): Http {
  return async (url, request = {}) => {
    const { idempotent = isRead(request.method), turn, ...init } = request;
    for (let attempt = 0;; attempt++) {
      const wait = idempotent ? WAITS[attempt] : undefined;
      await turn?.();
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

const REDIRECTS = [301, 302, 303, 307, 308];

async function follow(
  options: HttpOptions,
  first: URL,
  { crossOrigin = false, ...init }: Omit<HttpRequest, "idempotent" | "turn">,
): Promise<Response> {
  let url = first;
  let headers = new Headers(init.headers);
  if (!headers.has("user-agent")) headers.set("user-agent", options.userAgent);
  for (let hop = 0;; hop++) {
    const answer = await sendRequest(options, url, { ...init, headers });
    const location = answer.headers.get("location");
    const redirected = REDIRECTS.includes(answer.status) && location !== null;
    // A redirected upload is left to the caller: replaying a body, or a credential, elsewhere is never what it meant.
    if (!redirected || !isRead(init.method)) return answer;
    const asked = { method: init.method ?? "GET", url };
    if (hop >= MOST_REDIRECTS) {
      throw failed("PIOT_ANSWER_REDIRECTED", asked, `it is one redirect after ${hop} others`);
    }
    const next = redirectOf(asked, { location, crossOrigin });
    if (next.origin !== url.origin) headers = withoutCredentials(headers);
    url = next;
  }
}

/** Where a redirect leads. Throws `PIOT_ANSWER_REDIRECTED` for a place that it may not lead to. */
function redirectOf(
  asked: Asked,
  { location, crossOrigin }: { readonly location: string; readonly crossOrigin: boolean },
): URL {
  const to = (words: string, place: string): Failure =>
    failed("PIOT_ANSWER_REDIRECTED", asked, `it redirects to ${words} ${legible(place)}`);
  if (!URL.canParse(location, asked.url)) throw to("what is no address:", location);
  const next = new URL(location, asked.url);
  // `fetch` takes no address with a user in it, and no credential comes from a server.
  next.username = next.password = "";
  const place = `${next.protocol}//${next.host}${next.pathname}`;
  const isWorse = asked.url.protocol === "https:" && next.protocol !== "https:";
  if (!isSecure(next) || isWorse) throw to("another protocol:", place);
  if (next.origin !== asked.url.origin && !crossOrigin) throw to("another server:", place);
  return next;
}

/** A header's text, without what could forge a line of a log. */
function legible(text: string): string {
  return JSON.stringify(cutWords(text.split("?")[0]!.replace(/[^\x21-\x7e]+/g, " "), 200));
}

function withoutCredentials(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of ["authorization", "cookie", "npm-otp"]) kept.delete(name);
  return kept;
}
