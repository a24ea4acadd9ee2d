/**
 * npm's token from the environment: the fallback of trusted publishing.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { Env, Http } from "../../host/host.ts";
import { isSendable, UNSENDABLE } from "../../secret/token_shape.ts";
import { whoamiUrl } from "./npm_urls.ts";
import { readIfAnswered, tellReply } from "../reply.ts";

/** A token, and the variable that it was found in. */
export interface FoundToken {
  readonly variable: string;
  readonly secret: string;
}

/** `actions/setup-node` exports this when it is given no token, so that npm's configuration parses. */
const PLACEHOLDER = /^X{5}(-X{5}){3}$/;

/** The variables that may hold it, the first that counts first. */
export const TOKEN_VARIABLES: readonly string[] = ["NODE_AUTH_TOKEN", "NPM_TOKEN"];

/**
 * The token; undefined when every variable is unset, empty, or holds the placeholder of a setup action. Throws
 * `PIOT_AUTH_REFUSED` for one that no HTTP header can carry: clients quote what they cannot send.
 */
export function findToken(env: Env): FoundToken | undefined {
  const found = pickToken(env);
  if (found === undefined || isSendable(found.secret)) return found;
  throw new Failure(
    "PIOT_AUTH_REFUSED",
    `Cannot use the token in ${found.variable}: it holds ${UNSENDABLE}`,
    { hint: `Set ${found.variable} to the token alone, as npm's site shows it` },
  );
}

/** The secret of the token, for questions that can go unasked; undefined for one that {@link findToken} refuses, too. */
export function findUserToken(env: Env): string | undefined {
  const secret = pickToken(env)?.secret;
  return secret !== undefined && isSendable(secret) ? secret : undefined;
}

function pickToken(env: Env): FoundToken | undefined {
  const candidates = TOKEN_VARIABLES.map((variable) => ({
    variable,
    secret: env[variable]?.trim() ?? "",
  }));
  return candidates.find(({ secret }) => secret !== "" && !PLACEHOLDER.test(secret));
}

/** A token that may be used, and how it was come by. */
export interface TokenCredential {
  readonly kind: "token";
  readonly secret: string;
  /** One clause for the report. */
  readonly how: string;
}

/** Whom tokens belong to, by token, as far as they were asked about: a release of a hundred packages asks once. */
export type TokenOwners = Map<string, Promise<string | undefined>>;

/**
 * Takes a token for the upload, unless the registry says that it is dead: then it throws `PIOT_AUTH_REFUSED`. `why` says
 * why it is a token at all.
 */
export async function tokenCredential(
  token: FoundToken,
  { why, owners, ...context }: {
    readonly http: Http;
    readonly registry: string;
    readonly why: string;
    readonly owners: TokenOwners;
  },
): Promise<TokenCredential> {
  const asked = owners.get(token.secret) ?? askWhoIs(token, context);
  owners.set(token.secret, asked);
  const user = await asked;
  const owner = user === undefined ? "" : `, a token of "${user}"`;
  return {
    kind: "token",
    secret: token.secret,
    how: `${token.variable}${owner}, since ${why}`,
  };
}

/**
 * The user that a token belongs to. Only 401 proves anything against a token: other registries than npm's have no
 * `/-/whoami`, and an answer that fails says nothing about the token. What it may write shows at the upload alone.
 */
async function askWhoIs(
  { variable, secret }: FoundToken,
  { http, registry }: { readonly http: Http; readonly registry: string },
): Promise<string | undefined> {
  const headers = { accept: "application/json", authorization: `Bearer ${secret}` };
  const reply = await readIfAnswered(http(whoamiUrl(registry), { headers }));
  if (reply?.status === 401) {
    throw new Failure(
      "PIOT_AUTH_REFUSED",
      `Cannot use the token in ${variable}: npm answers ${tellReply(reply)}`,
      {
        hint:
          "It is revoked, expired (write tokens live 90 days at most) or mistyped: make a new one",
      },
    );
  }
  const { username } = (reply?.json ?? {}) as { username?: unknown };
  return reply?.status === 200 && typeof username === "string" ? username : undefined;
}
