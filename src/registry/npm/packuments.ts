/**
 * Reads packuments of the registry, as somebody who may, and takes only a definite answer for one.
 *
 * @module
 */

import { NO_PACKUMENT, type Packument, readPackument } from "../../core/npm/packument.ts";
import { Failure } from "../../error.ts";
import type { Http } from "../../host/host.ts";
import { saysNotFound } from "../absence.ts";
import { findToken } from "./environment_token.ts";
import { packageUrl } from "./npm_urls.ts";
import { exchange, type ExchangeContext, npmIdentity, type OidcGrant } from "./oidc_exchange.ts";
import type { NpmPrepared } from "./publish_unit.ts";
import { readReply, type Reply, tellReply } from "../reply.ts";

/** What the registry holds of each name of a release, by package name. */
export type Packuments = ReadonlyMap<string, Packument>;

/** Where is asked, and as whom. */
export interface PackumentContext {
  readonly http: Http;
  /** The registry, without a slash at the end. */
  readonly registry: string;
  /** For packages that only some may read, and for registries that answer nobody without one. */
  readonly tokenFor: TokenFor;
}

/** Reads the packument of every name of a release, side by side. */
export async function readPackuments(
  { release, units }: NpmPrepared,
  context: PackumentContext,
): Promise<Packuments> {
  const isHidden = release.package.access === "restricted";
  const entries = units.map(async ({ name }) =>
    [name, await fetchPackument(name, { ...context, isHidden })] as const
  );
  return new Map(await Promise.all(entries));
}

/** One question. */
export interface PackumentRequest extends PackumentContext {
  /** Whether npm hides the package from strangers, so that it would look absent. */
  readonly isHidden: boolean;
}

/** Bytes of a packument: npm takes no version by which one would grow beyond 100 MB. */
const PACKUMENT_LIMIT = 128 * 2 ** 20;

/**
 * The packument as it is at this moment; {@link NO_PACKUMENT} when there is no such package. `?write=true` goes round
 * the CDN, whose copies are up to five minutes old, a remembered 404 included (npm itself reads so before it
 * unpublishes: libnpmpublish lib/unpublish.js). Throws `PIOT_REGISTRY_UNKNOWN` for anything that is neither this name's
 * packument nor a registry's own "not found".
 */
export async function fetchPackument(
  name: string,
  request: PackumentRequest,
): Promise<Packument> {
  const reply = await askAsNeeded(name, request);
  if (reply.status === 404 && saysNotFound(reply.json)) return NO_PACKUMENT;
  const packument = reply.status === 200 ? readPackument(reply.json, name) : undefined;
  if (packument !== undefined) return packument;
  throw new Failure(
    "PIOT_REGISTRY_UNKNOWN",
    `Cannot tell what npm holds of "${name}": ${tellReply(reply)}`,
    {
      hint:
        "Such an answer is never taken for absent; check npm's status page, PIOT_NPM_URL and, for a registry that answers nobody without one, the token in NODE_AUTH_TOKEN; then run again",
    },
  );
}

/** No token is shown to a registry that does not ask for one. */
async function askAsNeeded(
  name: string,
  { http, registry, tokenFor, isHidden }: PackumentRequest,
): Promise<Reply> {
  const ask = async (token: string | undefined): Promise<Reply> => {
    const response = await http(`${packageUrl(name, registry)}?write=true`, {
      headers: {
        accept: "application/json",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      limit: PACKUMENT_LIMIT,
    });
    return await readReply(response);
  };
  if (isHidden) return await ask(await tokenFor(name));
  const reply = await ask(undefined);
  const token = reply.status === 401 ? await tokenFor(name) : undefined;
  return token === undefined ? reply : await ask(token);
}

/** Gives the token to read a package with; undefined when there is none. */
export type TokenFor = (name: string) => Promise<string | undefined>;

/**
 * The token of the environment, else one of trusted publishing, exchanged once while it is young. Without it a second run
 * could not tell that the first has published; whether npm lets such tokens read is not documented, and a refusal leaves
 * the reader a stranger.
 */
export function readingToken(
  context: ExchangeContext,
  { oidcOnly }: { readonly oidcOnly: boolean },
): TokenFor {
  const { env, clock } = context.host;
  const grants = new Map<string, OidcGrant>();
  return async (name) => {
    const token = oidcOnly ? undefined : findToken(env)?.secret;
    const source = npmIdentity(env);
    if (token !== undefined || source === undefined) return token;
    const held = grants.get(name);
    if (held !== undefined && clock.now().getTime() < held.renewAt) return held.secret;
    try {
      const result = await exchange(name, { ...context, source });
      if (!("grant" in result)) return undefined;
      grants.set(name, result.grant);
      return result.grant.secret;
    } catch (error) {
      if (!(error instanceof Failure) || error.code === "PIOT_INTERRUPTED") throw error;
      return undefined;
    }
  };
}
