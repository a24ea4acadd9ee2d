/**
 * Trusted publishing: exchanges the job's identity token for a token that may publish one package for about an hour (npm's
 * client, lib/utils/oidc.js; npm Registry API, exchangeOidcToken).
 *
 * @module
 */

import { decodeClaims, type IdentityClaims } from "../../core/release/identity_claims.ts";
import type { Env, Host } from "../../host/host.ts";
import { isSilence, retryAfter } from "../../host/http.ts";
import {
  findIdentity,
  type IdentitySource,
  requestIdentityToken,
} from "../../host/identity_token.ts";
import type { StreamedBody } from "../../host/streamed_body.ts";
import { isSendable } from "../../secret/token_shape.ts";
import { exchangeUrl } from "./npm_urls.ts";
import { readReply, type Reply } from "../reply.ts";

/** What exchanging needs. */
export interface ExchangeContext {
  readonly host: Pick<Host, "http" | "env" | "clock" | "signal">;
  /** The registry, without a slash at the end. */
  readonly registry: string;
  /** Hears of every secret before anybody else. */
  readonly onSecret: (secret: string) => void;
}

/** A token for one package. */
export interface OidcGrant {
  readonly secret: string;
  /** What the identity token said that it was given for. */
  readonly claims: IdentityClaims;
  /** When to exchange again, in milliseconds since 1970 by this machine's clock. */
  readonly renewAt: number;
}

/** What came of an exchange. */
export type Exchange =
  | { readonly grant: OidcGrant }
  /** The registry said something else than yes to these claims. */
  | { readonly reply: Reply; readonly claims: IdentityClaims };

/** The variable that holds a ready identity token for npm, where a CI sets one; it counts before any other source. */
export const NPM_VARIABLE = "NPM_ID_TOKEN";

/** The audience that a registry's identity tokens are for: `npm:` and its host name (npm's client, lib/utils/oidc.js). */
export function npmAudience(registry: string): string {
  return `npm:${new URL(registry).hostname}`;
}

/** Where identity tokens for npm come from. */
export function npmIdentity(env: Env): IdentitySource | undefined {
  return findIdentity(env, NPM_VARIABLE);
}

/** Milliseconds between attempts. Nothing is written by an exchange, so that repeating it is harmless. */
const WAITS: readonly number[] = [500, 2_000, 5_000];
const LONGEST_WAIT = 60_000;

/**
 * Exchanges, each time with a fresh identity token, since registries may take each of them once. Throws
 * `PIOT_OIDC_UNAVAILABLE`, `PIOT_NETWORK`, and after an interruption its reason.
 */
export async function exchange(
  name: string,
  { source, ...context }: ExchangeContext & { readonly source: IdentitySource },
): Promise<Exchange> {
  const { clock, signal } = context.host;
  for (let attempt = 0;; attempt++) {
    const wait = WAITS[attempt];
    const result = await attemptExchange(name, { source, ...context }).catch((error: unknown) => {
      if (wait === undefined || !isSilence(error)) throw error;
      return undefined;
    });
    if (result !== undefined && ("grant" in result || !isBusy(result.reply))) return result;
    const asked = result === undefined
      ? 0
      : retryAfter(result.reply.headers.get("retry-after"), clock) ?? 0;
    if (result !== undefined && (wait === undefined || asked > LONGEST_WAIT)) return result;
    await clock.sleep(Math.max(wait ?? 0, asked), signal);
  }
}

/** Deno's fetch repeats a POST without a body when the connection drops, the same identity token with it; this does not. */
const NOTHING: StreamedBody = {
  size: 0,
  chunks: async function* (): AsyncGenerator<Uint8Array> {},
};

function isBusy({ status }: Reply): boolean {
  return status === 408 || status === 429 || status >= 500;
}

async function attemptExchange(
  name: string,
  { host, registry, onSecret, source }: ExchangeContext & { readonly source: IdentitySource },
): Promise<Exchange> {
  const { http, clock, signal } = host;
  signal.throwIfAborted();
  const audience = npmAudience(registry);
  const jwt = await requestIdentityToken(source, { http, audience, onSecret });
  const claims = decodeClaims(jwt) ?? {};
  signal.throwIfAborted();
  const response = await http(exchangeUrl(name, registry), {
    method: "POST",
    headers: { accept: "application/json", authorization: `Bearer ${jwt}` },
    body: NOTHING,
  });
  const reply = await readReply(response);
  const { token, created, expires } = (reply.json ?? {}) as Readonly<Record<string, unknown>>;
  const isGranted = response.ok && typeof token === "string" && isSendable(token);
  if (!isGranted) return { reply, claims };
  onSecret(token);
  const renewAt = clock.now().getTime() + lifeOf(created, expires);
  return { grant: { secret: token, claims, renewAt } };
}

/** An upload may take ten minutes, and must begin while its token lives. */
const MARGIN = 10 * 60_000;
const HOUR = 3600_000;

/**
 * How long a token is used, in milliseconds: its life by the registry's clock, an hour at most, less a margin. A token
 * that lives no longer than the margin is used at once or not at all.
 */
function lifeOf(created: unknown, expires: unknown): number {
  const life = Date.parse(String(expires)) - Date.parse(String(created));
  return Math.max(0, Math.min(Number.isNaN(life) ? HOUR : life, HOUR) - MARGIN);
}
