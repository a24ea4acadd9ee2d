/**
 * crates.io on 127.0.0.1: the sparse index, the API that cargo and this program use, and downloads. It refuses what the
 * real one refuses, in its order and words, so that real cargo cannot tell them apart.
 *
 * @module
 */

import { type LocalReply, type LocalRequest, Refusal } from "../server/messages.ts";
import { ROUTES } from "../server/routes.ts";
import { type LocalServer, serve } from "../server/serve.ts";
import {
  type Authenticator,
  type LocalToken,
  tokenAuthenticator,
  trustedAuthenticator,
} from "./callers.ts";
import {
  describeCategory,
  describeCrate,
  describeVersion,
  downloadVersion,
  yankVersion,
} from "./crates_api.ts";
import { changeOwners, listOwners, searchCrates } from "./crate_owners.ts";
import { type CratesState, createCratesState } from "./crates_state.ts";
import { type CratesContext, publishVersion } from "./publish_version.ts";
import { serveIndex } from "./sparse_index.ts";
import { type ExchangeContext, exchangeToken, revokeToken } from "./trusted_publishing.ts";
import type { OutsideCrates } from "./through/outside_crates.ts";

/** An address of the API. */
interface CratesRoute {
  readonly method: string;
  /** Matched against the whole path. */
  readonly path: RegExp;
  /** May throw a {@link Refusal}. */
  readonly answer: (request: LocalRequest) => LocalReply | Promise<LocalReply>;
}

/** How the server is set up. */
export interface ServeCratesOptions {
  readonly tokens: readonly LocalToken[];
  /** What it holds at first; empty by default. */
  readonly state?: CratesState;
  /** Its clock; the system's by default. */
  readonly now?: () => Date;
  /** Where crates are read that it does not hold; nowhere by default. */
  readonly outside?: OutsideCrates;
  /** Kinds of callers beside users with tokens. */
  readonly authenticators?: readonly Authenticator[];
}

/** A running crates.io. */
export interface LocalCrates extends LocalServer {
  readonly state: CratesState;
  /** The sparse index, without a slash at its end: what `PIOT_CRATES_INDEX_URL` takes. */
  readonly indexUrl: string;
}

/** Starts one. */
export async function serveCrates(options: ServeCratesOptions): Promise<LocalCrates> {
  const { tokens, state = createCratesState(), now = () => new Date(), outside } = options;
  const authenticators = [
    tokenAuthenticator(tokens),
    trustedAuthenticator(state, now),
    ...options.authenticators ?? [],
  ];
  const context: CratesContext = { state, authenticators, now, outside };
  const routes = apiRoutes(context);
  const server = await serve((url) => async (request) => {
    const audience = new URL(url).host;
    const { method, path, headers } = request;
    if (method === "GET" && path.startsWith("/index/")) {
      return await serveIndex({ state, outside, url }, {
        path: path.slice("/index/".length),
        headers,
      });
    }
    try {
      return await answerApi([...routes, ...trustRoutes({ state, now, audience })], request);
    } catch (error) {
      if (error instanceof Refusal) return refusalReply(error);
      throw error;
    }
  }, ROUTES["crates.io"]);
  return { ...server, state, indexUrl: `${server.url}/index` };
}

/** The answer that carries a refusal: always one error with a detail (rust-lang/crates.io, `src/util/errors.rs`). */
function refusalReply({ status, message, headers }: Refusal): LocalReply {
  return { status, headers, body: { errors: [{ detail: message }] } };
}

const NO_USER_AGENT =
  "We require that all requests include a `User-Agent` header.  To allow us to determine the impact your bot has on our service, we ask that your user agent actually identify your bot, and not just report the HTTP client library you're using.  Including contact information will also reduce the chance that we will need to take action against your bot.";

async function answerApi(
  routes: readonly CratesRoute[],
  request: LocalRequest,
): Promise<LocalReply | undefined> {
  const route = routes.find(({ method, path }) =>
    method === request.method && path.test(request.path)
  );
  if (route === undefined) return undefined;
  const agent = request.headers.get("user-agent") ?? "";
  // Without a name, or with the name of a bare client, nobody is served (its data access policy).
  if (agent.trim() === "" || /curl/i.test(agent)) return { status: 403, body: NO_USER_AGENT };
  return await route.answer(request);
}

function trustRoutes(context: ExchangeContext): CratesRoute[] {
  const path = exactly("/api/v1/trusted_publishing/tokens");
  return [
    { method: "POST", path, answer: (request) => exchangeToken(context, request) },
    { method: "DELETE", path, answer: (request) => revokeToken(context, request) },
  ];
}

/** What cargo asks for people. */
function peopleRoutes(context: CratesContext): CratesRoute[] {
  const path = exactly("/api/v1/crates/[^/]+/owners");
  const nameIn = (path: string): string => decodeURIComponent(path.split("/").at(-2)!);
  const change: CratesRoute["answer"] = ({ method, path, headers, body }) =>
    changeOwners(context, { name: nameIn(path), method, headers, body });
  return [
    {
      method: "GET",
      path: exactly("/api/v1/crates"),
      answer: (request) => searchCrates(context, request),
    },
    { method: "GET", path, answer: ({ path }) => listOwners(context, nameIn(path)) },
    { method: "PUT", path, answer: change },
    { method: "DELETE", path, answer: change },
  ];
}

function apiRoutes(context: CratesContext): CratesRoute[] {
  const version = (path: string): { name: string; version: string } => {
    const [name, number] = path.replace(/^\/(?:api\/v1\/crates|dl)\//, "").split("/");
    return { name: decodeURIComponent(name!), version: decodeURIComponent(number!) };
  };
  const yank = (yanked: boolean): CratesRoute["answer"] => ({ path, headers }) =>
    yankVersion(context, { ...version(path), yanked, headers });
  const crates = "/api/v1/crates";
  return [
    ...peopleRoutes(context),
    {
      method: "PUT",
      path: exactly(`${crates}/new`),
      answer: (request) => publishVersion(context, request),
    },
    { method: "DELETE", path: exactly(`${crates}/[^/]+/[^/]+/yank`), answer: yank(true) },
    { method: "PUT", path: exactly(`${crates}/[^/]+/[^/]+/unyank`), answer: yank(false) },
    {
      method: "GET",
      path: exactly(`(?:${crates}|/dl)/[^/]+/[^/]+/download`),
      answer: ({ path }) => downloadVersion(context, version(path)),
    },
    {
      method: "GET",
      path: exactly(`${crates}/[^/]+/[^/]+`),
      answer: ({ path }) => describeVersion(context, version(path)),
    },
    {
      method: "GET",
      path: exactly("/api/v1/categories/[^/]+"),
      answer: ({ path }) => describeCategory(decodeURIComponent(path.split("/").at(-1)!)),
    },
    {
      method: "GET",
      path: exactly(`${crates}/[^/]+`),
      answer: ({ path }) => describeCrate(context, decodeURIComponent(path.split("/").at(-1)!)),
    },
  ];
}

function exactly(path: string): RegExp {
  return new RegExp(`^${path}$`);
}
