/**
 * PyPI on this machine: it takes what the real one takes, refuses what it refuses in the same words, and pip installs
 * from it.
 *
 * @module
 */

import { type LocalReply, type LocalRequest, Refusal } from "../server/messages.ts";
import { ROUTES } from "../server/routes.ts";
import { type Handler, type LocalServer, serve } from "../server/serve.ts";
import { integrityApi } from "./attestations.ts";
import { fileUpload } from "./file_upload.ts";
import { jsonApi } from "./json_api.ts";
import { oidcApi } from "./mint_token.ts";
import { refusalReply } from "./refusal.ts";
import { download, simpleApi } from "./simple_api.ts";
import {
  createPypiState,
  type IndexWindow,
  type PypiState,
  type PypiStateInput,
  type Staleness,
} from "./state.ts";
import { throughApi } from "./through/read_through.ts";

/** A running local PyPI. */
export interface PypiServer extends LocalServer {
  /** What it holds; may be looked at and changed. */
  readonly state: PypiState;
  /** Where files are sent. */
  readonly uploadUrl: string;
  /** What pip calls `--index-url`. */
  readonly indexUrl: string;
}

/** Starts a local PyPI. */
export async function servePypi(input: PypiStateInput = {}): Promise<PypiServer> {
  const state = createPypiState(input);
  const server = await serve((url) => handlerFor(state, url), ROUTES.PyPI);
  return Object.assign(server, {
    state,
    uploadUrl: `${server.url}/legacy/`,
    indexUrl: `${server.url}/simple/`,
  });
}

function handlerFor(state: PypiState, url: string): Handler {
  const lag = { json: createLag(state, "json"), simple: createLag(state, "simple") };
  return async (request) => {
    if (request.path.startsWith("/legacy")) return await legacy(state, request);
    if (request.path.startsWith("/_/oidc/")) return await oidcApi(request, state);
    if (!["GET", "HEAD"].includes(request.method)) return undefined;
    const window = (api: keyof Staleness): IndexWindow => ({ state, url, serial: lag[api]() });
    if (request.path.startsWith("/pypi/")) return jsonApi(window("json"), request.path);
    const read = await throughApi(state, request);
    if (read !== undefined) return read;
    if (request.path.startsWith("/simple/")) return simpleApi(window("simple"), request);
    return download(state, request.path) ?? integrityApi(state, request.path);
  };
}

/** The serial that the next read sees: after a change, so many reads still see the state before it. */
function createLag(state: PypiState, api: keyof Staleness): () => number {
  let shown = 0;
  let latest = 0;
  let left = 0;
  return () => {
    if (state.serial !== latest) {
      latest = state.serial;
      left = state.staleReads[api];
    }
    if (left > 0) left--;
    else shown = latest;
    return shown;
  };
}

async function legacy(state: PypiState, request: LocalRequest): Promise<LocalReply | undefined> {
  if (request.method !== "POST") return { status: 405, body: "405 Method Not Allowed" };
  if (request.path === "/legacy") {
    return {
      status: 308,
      reason:
        "An upload was attempted to /legacy but the expected upload URL is /legacy/ (with a trailing slash)",
      headers: { location: "/legacy/" },
    };
  }
  if (request.path !== "/legacy/") return { status: 404, body: "404 Not Found" };
  try {
    return await fileUpload(request, state);
  } catch (error) {
    if (error instanceof Refusal) return refusalReply(error, request);
    throw error;
  }
}
