/**
 * Trusted publishing on a local PyPI: `/_/oidc/…`, where an identity token becomes one that may upload (pypi/warehouse
 * `oidc/views.py`, `oidc/services.py`, `oidc/models/github.py`).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { type Claims, verifyIdToken } from "../identity/json_web_token.ts";
import type { LocalReply, LocalRequest } from "../server/messages.ts";
import { canonicalName } from "./packaging.ts";
import type { PypiState, RegisteredPublisher } from "./state.ts";

const AUDIENCE = "pypi";
/** Milliseconds that a minted token lives. */
const LIFE = 900_000;
/** Seconds by which clocks may differ. */
const LEEWAY = 30;

/** Answers `/_/oidc/…`; undefined for another path. */
export async function oidcApi(
  request: LocalRequest,
  state: PypiState,
): Promise<LocalReply | undefined> {
  const route = `${request.method} ${request.path}`;
  if (route === "GET /_/oidc/audience") {
    return state.identity === undefined
      ? { status: 403, body: { message: "Trusted publishing functionality not enabled" } }
      : { status: 200, body: { audience: AUDIENCE } };
  }
  if (!/^POST \/_\/oidc\/(?:github\/)?mint-token$/.test(route)) return undefined;
  return await mint(request, state).catch((error: unknown) => {
    if (error instanceof NoToken) return error.reply;
    throw error;
  });
}

/** Why there is no token. */
class NoToken extends Error {
  readonly reply: LocalReply;

  constructor(code: string, description: string) {
    super(description);
    this.reply = {
      status: 422,
      body: { message: "Token request failed", errors: [{ code, description }] },
    };
  }
}

async function mint(request: LocalRequest, state: PypiState): Promise<LocalReply> {
  if (state.flags.noMinting) {
    throw new NoToken("not-enabled", "GitHub trusted publishing functionality not enabled");
  }
  const claims = await readClaims(request, state);
  const waiting = findPublisher(state.pending, claims);
  if ("publisher" in waiting) reify(state, waiting.publisher);
  const found = findPublisher(state.publishers, claims);
  if (!("publisher" in found)) {
    throw new NoToken(
      "invalid-publisher",
      `valid token, but no corresponding publisher (${found.why})`,
    );
  }
  checkClaims(found.publisher, claims, state);
  const token = `pypi-${crypto.randomUUID().replaceAll("-", "").repeat(3)}`;
  const expires = new Date(state.clock.now().getTime() + LIFE);
  const projects = state.publishers.filter((one) => isSame(one, found.publisher))
    .map(({ project }) => canonicalName(project));
  const { repository, workflow } = found.publisher;
  state.tokens.set(token, {
    holder: { publisher: `${repository}/.github/workflows/${workflow}`, ...found.publisher },
    projects,
    expires,
  });
  const unix = Math.floor(expires.getTime() / 1000);
  return { status: 200, body: { success: true, token, expires: unix } };
}

async function readClaims({ body }: LocalRequest, state: PypiState): Promise<Claims> {
  const token = tokenIn(body);
  if (token === undefined) throw new NoToken("invalid-payload", "Field required: token");
  const verified = await verifyIdToken(token, state.identity?.jwks ?? { keys: [] }, {
    audience: AUDIENCE,
    clock: state.clock,
    leeway: LEEWAY,
  });
  if (verified.claims !== undefined) return verified.claims;
  if (/malformed/.test(verified.why)) throw new NoToken("invalid-payload", "malformed JWT");
  if (/issuer/.test(verified.why)) {
    throw new NoToken("invalid-payload", "unknown trusted publishing issuer");
  }
  throw new NoToken("invalid-token", "malformed or invalid token");
}

function tokenIn(body: Uint8Array): string | undefined {
  try {
    const { token } = JSON.parse(Buffer.from(body).toString()) as { token?: unknown };
    return typeof token === "string" ? token : undefined;
  } catch {
    return undefined;
  }
}

type Found = { readonly publisher: RegisteredPublisher } | { readonly why: string };

/** Of the publishers of a workflow's file the one with the job's environment, else the one that has none. */
function findPublisher(all: readonly RegisteredPublisher[], claims: Claims): Found {
  const file = /([^/]+\.(?:yml|yaml))(?=@)/.exec(String(claims["job_workflow_ref"]))?.[1];
  const environment = String(claims["environment"] ?? "").toLowerCase();
  const fitting = all.filter(({ repository, workflow }) =>
    repository.toLowerCase() === String(claims["repository"]).toLowerCase() && workflow === file
  );
  const of = (wanted: string): RegisteredPublisher | undefined =>
    fitting.find((one) => (one.environment ?? "").toLowerCase() === wanted);
  const publisher = (environment === "" ? undefined : of(environment)) ?? of("");
  return publisher === undefined
    ? { why: "Publisher with matching claims was not found" }
    : { publisher };
}

/** What is checked once a publisher is found. */
function checkClaims(
  { repository, workflow }: RegisteredPublisher,
  claims: Claims,
  state: PypiState,
): void {
  if (claims["event_name"] === "pull_request_target") {
    throw new NoToken(
      "invalid-publisher",
      "valid token, but no corresponding publisher (Publishing from a workflow invoked via " +
        "'pull_request_target' is not supported.)",
    );
  }
  const expected = [claims["ref"], claims["sha"]].filter((ref) => ref !== undefined && ref !== "")
    .map((ref) => `${repository}/.github/workflows/${workflow}@${ref}`).sort();
  const called = String(claims["job_workflow_ref"]);
  if (!expected.includes(called)) {
    const list = expected.map((one) => `'${one}'`).join(", ");
    throw new NoToken(
      "invalid-publisher",
      "valid token, but no corresponding publisher (The job_workflow_ref claim does not match, " +
        `expecting one of [${list}], got '${called}')`,
    );
  }
  if (state.seenTokens.has(claims.jti)) {
    throw new NoToken("invalid-reuse-token", "invalid token: already used");
  }
  state.seenTokens.add(claims.jti);
}

/** Makes the project of a pending publisher, which becomes a publisher of it. */
function reify(state: PypiState, pending: RegisteredPublisher): void {
  const drop = (one: RegisteredPublisher): void => {
    state.pending.splice(state.pending.indexOf(one), 1);
  };
  drop(pending);
  const name = canonicalName(pending.project);
  if (state.projects.has(name)) {
    throw new NoToken("invalid-pending-publisher", "valid token, but project already exists");
  }
  state.serial++;
  state.projects.set(name, {
    name,
    displayName: pending.project,
    status: "active",
    owners: new Set(),
    releases: [],
    madeAt: state.serial,
  });
  state.publishers.push(pending);
  for (const stale of state.pending.filter(({ project }) => canonicalName(project) === name)) {
    drop(stale);
  }
}

function isSame(one: RegisteredPublisher, other: RegisteredPublisher): boolean {
  return one.repository === other.repository && one.workflow === other.workflow &&
    (one.environment ?? "") === (other.environment ?? "");
}
