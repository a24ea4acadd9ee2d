/**
 * The identity provider of GitHub Actions on 127.0.0.1: it hands identity tokens to whoever holds the job's request
 * token, and publishes the keys that verify them.
 *
 * @module
 */

import type { Clock } from "../../host/host.ts";
import type { LocalReply, LocalRequest } from "../server/messages.ts";
import { ROUTES } from "../server/routes.ts";
import { type LocalServer, serve } from "../server/serve.ts";
import { actionsClaims, type JobIdentity } from "./actions_job.ts";
import {
  ACTIONS_ISSUER,
  createTokenSigner,
  type JwkSet,
  type TokenSigner,
} from "./json_web_token.ts";

/** How the identity provider is set up. */
export interface IdentityOptions {
  /** The job that asks. */
  readonly job: JobIdentity;
  readonly clock: Pick<Clock, "now">;
  /** The issuer that tokens name; the one of GitHub Actions by default, since registries have that one on file. */
  readonly issuer?: string;
  /** Seconds that a token lives; 300 by default, as in GitHub's own example. */
  readonly lifetime?: number;
  /** Whose key signs; a key of its own by default. */
  readonly signer?: TokenSigner;
}

/** A running identity provider. */
export interface LocalIdentity extends LocalServer {
  /** The two variables that a job with `id-token: write` finds in its environment. */
  readonly env: Readonly<
    Record<"ACTIONS_ID_TOKEN_REQUEST_URL" | "ACTIONS_ID_TOKEN_REQUEST_TOKEN", string>
  >;
  readonly issuer: string;
  /** The public keys, as registries fetch them. */
  readonly jwks: JwkSet;
  /** Every token that was handed out, oldest first. */
  readonly issued: readonly string[];
  /** Makes a token without a request, for a registry's own tests. */
  readonly mint: (audience: string, job?: JobIdentity) => Promise<string>;
}

const TOKEN_PATH = "/00000000-0000-0000-0000-000000000000/_apis/distributedtask/hubs/Actions/" +
  "plans/00000000-0000-0000-0000-000000000001/jobs/00000000-0000-0000-0000-000000000002/idtoken";

/** Starts the identity provider. */
export async function serveIdentity(options: IdentityOptions): Promise<LocalIdentity> {
  const signer = options.signer ?? await createTokenSigner();
  const { issuer = ACTIONS_ISSUER } = options;
  const requestToken = `request-${crypto.randomUUID()}`;
  const issued: string[] = [];
  const mint = (audience: string, job: JobIdentity = options.job): Promise<string> =>
    signToken(signer, { ...options, issuer, audience, job });

  async function handToken(request: LocalRequest): Promise<LocalReply> {
    if (request.headers.get("authorization") !== `Bearer ${requestToken}`) {
      return { status: 401, body: { message: "The request token is not valid" } };
    }
    // Without an audience the token is for the owner of the repository (GitHub's OIDC reference, `aud`).
    const owner = `https://github.com/${options.job.repository.split("/")[0]}`;
    const jwt = await mint(request.query.get("audience") ?? owner);
    issued.push(jwt);
    return { status: 200, body: { count: jwt.length, value: jwt } };
  }

  const server = await serve((url) => (request) => {
    const route = `${request.method} ${request.path}`;
    if (route === `GET ${TOKEN_PATH}`) return handToken(request);
    if (route === "GET /.well-known/jwks") return { status: 200, body: signer.jwks };
    if (route === "GET /.well-known/openid-configuration") {
      return { status: 200, body: discovery(issuer, url) };
    }
    return undefined;
  }, ROUTES.Actions);
  const env = {
    // The real address has a query already, so that clients append `&audience=`.
    ACTIONS_ID_TOKEN_REQUEST_URL: `${server.url}${TOKEN_PATH}?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
  };
  return { ...server, env, issuer, jwks: signer.jwks, issued, mint };
}

function signToken(
  signer: TokenSigner,
  { job, clock, issuer, audience, lifetime = 300 }: IdentityOptions & {
    readonly issuer: string;
    readonly audience: string;
  },
): Promise<string> {
  const now = Math.floor(clock.now().getTime() / 1000);
  return signer.sign({
    jti: crypto.randomUUID(),
    ...actionsClaims(job),
    aud: audience,
    iss: issuer,
    nbf: now - 600,
    exp: now + lifetime,
    iat: now,
  });
}

/** OpenID Connect Discovery 1.0 §3, with the values that GitHub publishes. */
function discovery(issuer: string, url: string): object {
  return {
    issuer,
    jwks_uri: `${url}/.well-known/jwks`,
    subject_types_supported: ["public", "pairwise"],
    response_types_supported: ["id_token"],
    claims_supported: ["sub", "aud", "exp", "iat", "iss", "jti", "nbf", "ref", "repository"],
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid"],
  };
}
