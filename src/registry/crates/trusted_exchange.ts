/**
 * Trusted publishing on crates.io: exchanges the job's identity token for a token that lives half an hour, and is good for
 * every crate that has the job on file; and gives it back (rust-lang/crates.io, `src/controllers/trustpub/tokens/`).
 *
 * @module
 */

import { cutWords } from "../../cut_words.ts";
import { decodeClaims, type IdentityClaims } from "../../core/release/identity_claims.ts";
import { Failure } from "../../error.ts";
import type { Env, Host } from "../../host/host.ts";
import { isSilence, retryAfter } from "../../host/http.ts";
import {
  findIdentity,
  type IdentitySource,
  requestIdentityToken,
} from "../../host/identity_token.ts";
import { readJson } from "../../host/json_answer.ts";
import { isSendable } from "../../secret/token_shape.ts";

/** What exchanging needs. */
export interface ExchangeContext {
  readonly host: Pick<Host, "http" | "env" | "clock"> & Partial<Pick<Host, "signal">>;
  /** The API's address, without a slash at its end. */
  readonly api: string;
  /** Hears of every secret before anybody else. */
  readonly onSecret: (secret: string) => void;
}

/** A token of trusted publishing. */
export interface TrustedGrant {
  readonly secret: string;
  /** What the identity token said that it was given for. */
  readonly claims: IdentityClaims;
  /** When to exchange again, in milliseconds since 1970 by this machine's clock. */
  readonly renewAt: number;
}

/** An answer that is no token. */
export interface NoGrant {
  readonly status: number;
  /** crates.io's own words, on one line. */
  readonly words: string;
  /** Whether it is crates.io's API that said them, rather than something in front of it. */
  readonly isOwn: boolean;
  readonly claims: IdentityClaims;
}

/** The variable that holds a ready identity token, where a CI sets one: GitLab's `id_tokens`. */
export const CRATES_VARIABLE = "CRATES_IO_ID_TOKEN";

/** Who identity tokens are for: crates.io, by its host (crates-io-auth-action takes the scheme away). */
export function cratesAudience(api: string): string {
  return new URL(api).host;
}

/** Where identity tokens for crates.io come from. */
export function cratesIdentity(env: Env): IdentitySource | undefined {
  return findIdentity(env, CRATES_VARIABLE);
}

/** crates.io says nothing of it in its answer: half an hour, of which an upload and its waits need some. */
const YOUNG = 25 * 60_000;

/** Milliseconds between attempts: nothing is written by an exchange. */
const WAITS: readonly number[] = [500, 2_000, 5_000];
const LONGEST_WAIT = 60_000;

/**
 * Exchanges, each time with a fresh identity token, since crates.io takes each of them once. Throws
 * `PIOT_OIDC_UNAVAILABLE`, `PIOT_NETWORK`, and after an interruption its reason.
 */
export async function exchange(
  context: ExchangeContext,
  source: IdentitySource,
): Promise<TrustedGrant | NoGrant> {
  const { clock, signal } = context.host;
  for (let attempt = 0;; attempt++) {
    const wait = WAITS[attempt];
    const result = await attemptExchange(context, source).catch((error: unknown) => {
      if (wait === undefined || !isSilence(error)) throw error;
      return undefined;
    });
    if (result !== undefined && !("retry" in result)) return result;
    const asked = result?.retry ?? 0;
    if (result !== undefined && (wait === undefined || asked > LONGEST_WAIT)) return result.answer;
    await clock.sleep(Math.max(wait ?? 0, asked), signal);
  }
}

interface Busy {
  readonly answer: NoGrant;
  /** Milliseconds that were asked for. */
  readonly retry: number;
}

async function attemptExchange(
  { host: { http, clock, signal }, api, onSecret }: ExchangeContext,
  source: IdentitySource,
): Promise<TrustedGrant | NoGrant | Busy> {
  signal?.throwIfAborted();
  const audience = cratesAudience(api);
  const jwt = await requestIdentityToken(source, { http, audience, onSecret });
  const claims = decodeClaims(jwt) ?? {};
  signal?.throwIfAborted();
  const begun = clock.now().getTime();
  const response = await http(tokensUrl(api), {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify({ jwt }),
  });
  const { status, headers } = response;
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { json } = readJson(bytes);
  const { token } = (json ?? {}) as { readonly token?: unknown };
  if (status === 200 && typeof token === "string" && isSendable(token)) {
    onSecret(token);
    return { secret: token, claims, renewAt: begun + YOUNG };
  }
  const answer = { status, claims, ...wordsIn(json, bytes) };
  const isBusy = status === 408 || status === 429 || status >= 500;
  return isBusy ? { answer, retry: retryAfter(headers.get("retry-after"), clock) ?? 0 } : answer;
}

function tokensUrl(api: string): string {
  return `${api}/api/v1/trusted_publishing/tokens`;
}

/** The detail of the API's errors; of anything else its beginning, and nothing of a success, which may hold a secret. */
function wordsIn(json: unknown, bytes: Uint8Array): Pick<NoGrant, "words" | "isOwn"> {
  const { errors } = (json ?? {}) as { errors?: { detail?: unknown }[] };
  const detail = Array.isArray(errors) ? errors[0]?.detail : undefined;
  if (typeof detail === "string") return { words: plain(detail) || "(no words)", isOwn: true };
  if (json !== undefined) return { words: "(no words)", isOwn: false };
  const text = new TextDecoder().decode(bytes);
  const title = /<title[^<>]*>([^<]*)<\/title>/i.exec(text)?.[1];
  return { words: plain(title ?? text.replace(/<[^<>]*>/g, " ")) || "(no words)", isOwn: false };
}

/** Control and format characters could forge lines of a log. */
function plain(text: string): string {
  return cutWords(text.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ").trim(), 600);
}

/** Gives a token back. Throws `PIOT_REGISTRY_UNKNOWN` when crates.io does not say that it is dead. */
export async function revoke(
  { host: { http }, api }: Pick<ExchangeContext, "host" | "api">,
  secret: string,
): Promise<void> {
  const response = await http(tokensUrl(api), {
    method: "DELETE",
    headers: { authorization: `Bearer ${secret}` },
    idempotent: true,
  });
  await response.body?.cancel();
  if (response.status === 204 || response.status === 200) return;
  throw new Failure(
    "PIOT_REGISTRY_UNKNOWN",
    `crates.io answers ${response.status} to the revocation of its token, which dies by itself half an hour after it was given`,
  );
}
