/**
 * Trusted publishing: the exchange of a job's identity token for a token that lives half an hour and may publish every crate
 * that has the job on file, and its revocation (rust-lang/crates.io, `src/controllers/trustpub/tokens/`). Jobs of GitHub Actions
 * alone have an issuer here.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import {
  ACTIONS_ISSUER,
  type Claims,
  peekIdToken,
  verifyIdToken,
} from "../identity/json_web_token.ts";
import { type LocalReply, type LocalRequest, Refusal } from "../server/messages.ts";
import type { CratesState, PublisherConfig } from "./crates_state.ts";

/** Milliseconds that a token lives. */
const LIFE = 30 * 60_000;

/** Seconds by which the clocks of crates.io and of an issuer may differ. */
const LEEWAY = 60;

/** What exchanging takes. */
export interface ExchangeContext {
  readonly state: CratesState;
  readonly now: () => Date;
  /** What identity tokens are for: the server's host. */
  readonly audience: string;
}

/** `POST /api/v1/trusted_publishing/tokens`. May throw a {@link Refusal}. */
export async function exchangeToken(
  context: ExchangeContext,
  { headers, body }: Pick<LocalRequest, "headers" | "body">,
): Promise<LocalReply> {
  const { state, now } = context;
  const claims = await believe(readJwt(headers, body), context);
  checkEvent(claims);
  if (state.usedJtis.has(claims.jti)) throw new Refusal(400, "JWT has already been used");
  const crates = matching(state, claims);
  // A refusal rolls the transaction back that would have remembered the token.
  state.usedJtis.add(claims.jti);
  const secret = `cio_tp_${randomLetters(32)}`;
  const { repository, run_id, sha } = claims;
  const trustpubData = { provider: "github", repository, run_id, sha };
  state.trusted.push({ secret, crates, trustpubData, expires: now().getTime() + LIFE });
  return { status: 200, body: { token: secret } };
}

/** `DELETE /api/v1/trusted_publishing/tokens`: 204 for a token that nobody knows too. */
export function revokeToken(
  { state }: Pick<ExchangeContext, "state">,
  { headers }: Pick<LocalRequest, "headers">,
): LocalReply {
  const credential = /^bearer\s+(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  if (credential === undefined) throw new Refusal(401, "Missing authorization header");
  if (!/^cio_tp_[A-Za-z0-9]{32}$/.test(credential)) {
    throw new Refusal(401, "Invalid `Authorization` header: Failed to parse token");
  }
  const at = state.trusted.findIndex(({ secret }) => secret === credential);
  if (at >= 0) state.trusted.splice(at, 1);
  return { status: 204 };
}

function readJwt(headers: Headers, body: Uint8Array): string {
  if (!/^application\/json\b/.test(headers.get("content-type") ?? "")) {
    throw new Refusal(415, "Expected request with `Content-Type: application/json`");
  }
  try {
    const { jwt } = JSON.parse(Buffer.from(body).toString()) as { jwt?: unknown };
    if (typeof jwt === "string") return jwt;
  } catch {
    // What is no JSON has no such field either.
  }
  throw new Refusal(422, "Failed to deserialize the JSON body into the target type");
}

/** The claims of a token that is one, of an issuer with keys, and for crates.io. */
async function believe(
  jwt: string,
  { state: { identity }, audience, now }: ExchangeContext,
): Promise<Claims> {
  const peeked = await peekIdToken(jwt);
  if (peeked === undefined) throw new Refusal(400, "Failed to decode JWT");
  if (peeked.iss !== ACTIONS_ISSUER) {
    throw new Refusal(400, `Unsupported JWT issuer: ${peeked.iss}`);
  }
  if (peeked.kid === undefined) throw new Refusal(400, "Missing JWT key ID");
  const jwks = identity?.jwks ?? { keys: [] };
  if (!jwks.keys.some(({ kid }) => kid === peeked.kid)) {
    throw new Refusal(400, "Invalid JWT key ID");
  }
  const verified = await verifyIdToken(jwt, jwks, { audience, clock: { now }, leeway: LEEWAY });
  if (verified.claims === undefined) throw new Refusal(400, "Failed to decode JWT");
  return verified.claims;
}

function checkEvent({ event_name: event }: Claims): void {
  if (event !== "pull_request_target" && event !== "workflow_run") return;
  throw new Refusal(
    400,
    `Trusted Publishing does not support the \`${event}\` event trigger. Please use a different event trigger, such as \`push\`, \`release\`, or \`workflow_dispatch\`.`,
  );
}

interface OnFile {
  readonly crate: string;
  readonly config: PublisherConfig;
}

/** The crates that have a job on file; each step says what it expected when nothing is left. */
function matching(state: CratesState, claims: Claims): readonly string[] {
  const repository = String(claims["repository"]);
  const ownerId = String(claims["repository_owner_id"]);
  const workflow = /([^/@]+)@/.exec(String(claims["workflow_ref"]))?.[1] ?? "";
  const environment = claims["environment"] as string | undefined;
  const all = [...state.publishers].flatMap(([crate, configs]) =>
    configs.map((config): OnFile => ({ crate, config }))
  );
  const own = all.filter(({ config }) => isSame(config.repository, repository));
  if (own.length === 0) {
    throw new Refusal(400, `No Trusted Publishing config found for repository \`${repository}\`.`);
  }
  const mismatch = `The Trusted Publishing config for repository \`${repository}\``;
  const owned = keep(own, {
    fits: (config) => (config.ownerId ?? ownerId) === ownerId,
    refusal: (others) =>
      `${mismatch} does not match the repository owner ID (${ownerId}) in the JWT. Expected owner IDs: ${
        others.map(({ ownerId }) => ownerId).join(", ")
      }. Please recreate the Trusted Publishing config to update the repository owner ID.`,
  });
  const run = keep(owned, {
    fits: (config) => config.workflow === workflow,
    refusal: (others) =>
      `${mismatch} does not match the workflow filename \`${workflow}\` in the JWT. Expected workflow filenames: ${
        others.map((config) => `\`${config.workflow}\``).join(", ")
      }`,
  });
  const left = keep(run, {
    fits: (config) =>
      config.environment === undefined ||
      (environment !== undefined && isSame(config.environment, environment)),
    refusal: (others) => {
      const expected = others.map((config) => `\`${config.environment}\``).join(", ");
      return environment === undefined
        ? `${mismatch} requires an environment, but the JWT does not specify one. Expected environments: ${expected}`
        : `${mismatch} does not match the environment \`${environment}\` in the JWT. Expected environments: ${expected}`;
    },
  });
  return [...new Set(left.map(({ crate }) => crate))];
}

function keep(
  found: readonly OnFile[],
  { fits, refusal }: {
    readonly fits: (config: PublisherConfig) => boolean;
    readonly refusal: (others: readonly PublisherConfig[]) => string;
  },
): readonly OnFile[] {
  const kept = found.filter(({ config }) => fits(config));
  if (kept.length > 0) return kept;
  throw new Refusal(400, refusal(found.map(({ config }) => config)));
}

function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

function randomLetters(count: number): string {
  return Array.from(
    crypto.getRandomValues(new Uint8Array(count)),
    (byte) => LETTERS[byte % LETTERS.length],
  ).join("");
}
