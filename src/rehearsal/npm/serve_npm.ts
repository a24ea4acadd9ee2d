/**
 * The npm registry on this machine: stores what is published to it, refuses what the real one refuses, and serves the
 * real npm client.
 *
 * @module
 */

import type { LocalReply } from "../server/messages.ts";
import { ROUTES } from "../server/routes.ts";
import { type Handler, type LocalServer, serve } from "../server/serve.ts";
import { accountEndpoints } from "./account.ts";
import { distTagEndpoints } from "./dist_tags.ts";
import { exchangeEndpoint } from "./exchange.ts";
import { attestationEndpoint } from "./provenance.ts";
import { publishEndpoint } from "./publish.ts";
import { readEndpoints } from "./read.ts";
import { type EndpointGroup, type NpmRequest, readRequest } from "./request.ts";
import { keysEndpoint } from "./signatures.ts";
import { stageEndpoints } from "./stage.ts";
import { throughEndpoints } from "./through/read_through.ts";
import { upkeepEndpoints } from "./upkeep.ts";
import { createState, type NpmState, type StateOptions, type TokenGrant } from "./state.ts";

/** How the registry starts out. */
export interface NpmServerOptions
  extends Pick<StateOptions, "trust" | "identity" | "sigstore" | "scopes" | "limits" | "outside"> {
  /** Token → what it may do. */
  readonly tokens: Readonly<Record<string, TokenGrant>>;
  /** The registry's clock; the system's by default. */
  readonly now?: () => Date;
  /** Whether reads are cached as the real registry's are; off by default. */
  readonly cdn?: boolean;
}

/** A running registry. */
export interface NpmServer extends LocalServer {
  readonly state: NpmState;
}

/** Every group of endpoints; the first that knows a request answers it. */
const GROUPS: readonly EndpointGroup[] = [
  accountEndpoints,
  exchangeEndpoint,
  stageEndpoints,
  attestationEndpoint,
  keysEndpoint,
  distTagEndpoints,
  upkeepEndpoints,
  publishEndpoint,
  throughEndpoints,
  readEndpoints,
];

/** Starts a registry without packages. */
export async function serveNpm(options: NpmServerOptions): Promise<NpmServer> {
  const now = options.now ?? ((): Date => new Date());
  const cdn: Cdn = options.cdn === true ? createCdn(now) : (_request, answer) => answer();
  let state: NpmState | undefined;
  const server = await serve((url) => {
    state = createState(url, { ...options, now });
    return handlerOf(state, cdn);
  }, ROUTES.npm);
  if (state === undefined) throw new Error("unreachable: serve() makes the handler");
  return { ...server, state };
}

function handlerOf(state: NpmState, cdn: Cdn): Handler {
  return (plain) => {
    const request = readRequest(plain, state);
    return cdn(request, async () => {
      for (const group of GROUPS) {
        const reply = await group(request, state);
        if (reply !== undefined) return reply;
      }
      return undefined;
    });
  };
}

/**
 * The cache that stands before the real registry: reads are remembered for five minutes, a 404 included, and no upload
 * clears them; `?write=true` and anything under `/-/` goes round it (canonical/pragma#1097, bnb-chain/bnbagent-sdk#61).
 */
type Cdn = (
  request: NpmRequest,
  answer: () => Promise<LocalReply | undefined>,
) => Promise<LocalReply | undefined>;

/** How long a read is remembered, in milliseconds. */
const CDN_LIFE = 300_000;

/** A cache that tells the time by `now`. */
function createCdn(now: () => Date): Cdn {
  const kept = new Map<string, { readonly reply: LocalReply; readonly until: number }>();
  return async (request, answer) => {
    const cacheable = request.method === "GET" && request.name !== undefined &&
      request.query.get("write") !== "true" && request.bearer === undefined;
    if (!cacheable) return await answer();
    const key = `${request.plainPath} ${request.headers.get("accept") ?? ""}`;
    const held = kept.get(key);
    if (held !== undefined && held.until > now().getTime()) return held.reply;
    const reply = await answer();
    if (reply !== undefined) kept.set(key, { reply, until: now().getTime() + CDN_LIFE });
    return reply;
  };
}
