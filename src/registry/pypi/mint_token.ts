/**
 * Trusted publishing: exchanges the job's identity token for one that may upload for a quarter of an hour, to every project
 * that trusts this job (pypi/warehouse `oidc/views.py`; https://docs.pypi.org/trusted-publishers/internals/).
 *
 * @module
 */

import { isPassingRefusal, readMintErrors } from "../../core/pypi/mint_answer.ts";
import { decodeClaims, type IdentityClaims } from "../../core/release/identity_claims.ts";
import type { Host } from "../../host/host.ts";
import { isSilence, retryAfter } from "../../host/http.ts";
import { type IdentitySource, requestIdentityToken } from "../../host/identity_token.ts";
import { isLoopback } from "../../host/loopback.ts";
import { isSendable } from "../../secret/token_shape.ts";
import { readReply, type Reply } from "../reply.ts";

/** What minting needs. */
export interface MintContext {
  readonly host: Pick<Host, "http" | "clock" | "signal">;
  /** The address that files are sent to: the index's endpoints for trusted publishing have the same host. */
  readonly upload: string;
  /** Where identity tokens come from. */
  readonly source: IdentitySource;
  /** Hears of every secret before anybody else. */
  readonly onSecret: (secret: string) => void;
}

/** A token for every project that trusts the job. */
export interface MintedToken {
  readonly secret: string;
  /** What the identity token said that it was given for. */
  readonly claims: IdentityClaims;
  /** When to mint again, in milliseconds since 1970 by this machine's clock. */
  readonly renewAt: number;
}

/** What came of it. */
export type Mint =
  | { readonly minted: MintedToken }
  /** The index said something else than yes to these claims. */
  | { readonly reply: Reply; readonly claims: IdentityClaims }
  /** The index has no trusted publishing, or none that this job may use; a clause. */
  | { readonly without: string };

/** PyPI needs more than five seconds where a publisher has many projects (pypi/warehouse#18514). */
const TIMEOUT = 60_000;
/** Milliseconds between attempts. Nothing is uploaded by a mint, so that repeating it is harmless. */
const WAITS: readonly number[] = [500, 2_000, 5_000];
const LONGEST_WAIT = 60_000;

/**
 * Mints, each time with a fresh identity token, since PyPI takes each of them once. Throws `PIOT_OIDC_UNAVAILABLE`,
 * `PIOT_NETWORK`, and after an interruption its reason.
 */
export async function mintToken(context: MintContext): Promise<Mint> {
  const { host: { clock, signal }, source } = context;
  const audience = await askAudience(context);
  if ("without" in audience) return audience;
  // One that a variable holds is spent with the first attempt that arrives.
  const waits = source.from === "variable" ? [] : WAITS;
  for (let attempt = 0;; attempt++) {
    const wait = waits[attempt];
    const mint = await attemptMint(context, audience.name).catch((error: unknown) => {
      if (wait === undefined || !isSilence(error)) throw error;
      return undefined;
    });
    if (mint !== undefined && (!("reply" in mint) || !isPassing(mint.reply, attempt))) return mint;
    const asked = mint === undefined || !("reply" in mint)
      ? 0
      : retryAfter(mint.reply.headers.get("retry-after"), clock) ?? 0;
    if (mint !== undefined && (wait === undefined || asked > LONGEST_WAIT)) return mint;
    await clock.sleep(Math.max(wait ?? 0, asked), signal);
  }
}

/** Whether the next identity token may be taken: of refusals that pass, one is waited out. */
function isPassing({ status, json }: Reply, attempt: number): boolean {
  if (status === 422) return attempt === 0 && isPassingRefusal(readMintErrors(json));
  return status === 408 || status === 429 || status >= 500;
}

/** What the index's identity tokens have to be made for. */
async function askAudience(
  { host: { http, signal }, upload }: MintContext,
): Promise<{ readonly name: string } | { readonly without: string }> {
  signal.throwIfAborted();
  const { hostname } = new URL(upload);
  const url = new URL("/_/oidc/audience", upload);
  const headers = { accept: "application/json" };
  const reply = await readReply(await http(url, { headers, timeout: TIMEOUT }));
  const { audience } = (reply.json ?? {}) as { audience?: unknown };
  if (reply.status === 200 && typeof audience === "string" && audience !== "") {
    return isOwnAudience(audience, hostname) ? { name: audience } : {
      without: `${hostname} asks for an identity token for "${audience}", ` +
        "which another service would take",
    };
  }
  const found = reply.status === 403 ? "has switched it off" : "knows no trusted publishing";
  return { without: `${hostname} ${found} (it answers ${reply.status} ${reply.words})` };
}

/** Audiences of services that this program talks to, which an index could use the token against. */
const OTHERS = /^(?:pypi|testpypi|sigstore|crates\.io|npm:.*)$/i;

/** An index must not be handed a token that is good at another service. */
function isOwnAudience(audience: string, hostname: string): boolean {
  if (isLoopback(hostname)) return !/^(?:sigstore|crates\.io|npm:.*)$/i.test(audience);
  if (/(?:^|\.)test\.pypi\.org$/.test(hostname)) return audience === "testpypi";
  if (/(?:^|\.)pypi\.org$/.test(hostname)) return audience === "pypi";
  return !OTHERS.test(audience);
}

async function attemptMint(
  { host: { http, clock, signal }, upload, source, onSecret }: MintContext,
  audience: string,
): Promise<Mint> {
  signal.throwIfAborted();
  const jwt = await requestIdentityToken(source, { http, audience, onSecret });
  const claims = decodeClaims(jwt) ?? {};
  signal.throwIfAborted();
  const at = clock.now().getTime();
  const response = await http(new URL("/_/oidc/mint-token", upload), {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify({ token: jwt }),
    timeout: TIMEOUT,
  });
  const reply = await readReply(response);
  const { token, expires } = (reply.json ?? {}) as Readonly<Record<string, unknown>>;
  const isMinted = response.ok && typeof token === "string" && isSendable(token);
  if (!isMinted) return { reply, claims };
  onSecret(token);
  return { minted: { secret: token, claims, renewAt: at + lifeOf(expires, at) } };
}

/** Every minted token's life, in milliseconds (pypi/warehouse `oidc/views.py`). */
const LIFE = 900_000;
/** An upload may take minutes, and PyPI judges its token when it begins. */
const MARGIN = 300_000;

/** How long a token is used: `expires` is unix seconds, of the index's clock, and counts where it says less. */
function lifeOf(expires: unknown, now: number): number {
  const said = typeof expires === "number" ? expires * 1000 - now : LIFE;
  return Math.max(0, (said > 0 ? Math.min(said, LIFE) : LIFE) - MARGIN);
}
