/**
 * Asks the CI for identity tokens: signed statements about the job that is running, which registries exchange for
 * credentials. A token lives for minutes, so each is asked for right before it is used, and none is kept.
 *
 * @module
 */

import { Failure } from "../error.ts";
import { isSendable, UNSENDABLE } from "../secret/token_shape.ts";
import type { Env, Http } from "./host.ts";

/** Where identity tokens come from. */
export type IdentitySource =
  /** A variable holds a ready token, as GitLab's `id_tokens` sets it. */
  | { readonly from: "variable"; readonly variable: string; readonly token: string }
  /** The job may ask GitHub for one. */
  | { readonly from: "github"; readonly url: string; readonly requestToken: string };

/**
 * Where tokens for one audience come from: the variable, which counts everywhere (`NPM_ID_TOKEN`, `SIGSTORE_ID_TOKEN`),
 * else GitHub. Undefined where there is neither; {@link whyNoIdentity} says why.
 */
export function findIdentity(env: Env, variable: string): IdentitySource | undefined {
  const token = env[variable]?.trim() ?? "";
  if (token !== "") return { from: "variable", variable, token };
  const url = env.ACTIONS_ID_TOKEN_REQUEST_URL ?? "";
  const requestToken = env.ACTIONS_ID_TOKEN_REQUEST_TOKEN?.trim() ?? "";
  return url === "" || requestToken === "" ? undefined : { from: "github", url, requestToken };
}

/** Why a job has no identity token, to stand after "there is no identity token:". */
export function whyNoIdentity(env: Env, variable: string): string {
  if (env.GITHUB_ACTIONS === "true") {
    return "the job may not ask GitHub for one (`permissions: id-token: write` is missing, or " +
      "the run is of a fork or of Dependabot)";
  }
  if (env.GITLAB_CI === "true") return `the job has no ${variable} under \`id_tokens\``;
  return `this is no CI job with ${variable}, nor one of GitHub Actions`;
}

/**
 * A fresh token for an audience. `onSecret` is told of it before anybody else. Throws `PIOT_OIDC_UNAVAILABLE` when GitHub
 * gives none or the variable holds none, and `PIOT_NETWORK` when GitHub cannot be reached.
 */
export async function requestIdentityToken(
  source: IdentitySource,
  { http, audience, onSecret }: {
    readonly http: Http;
    readonly audience: string;
    readonly onSecret: (secret: string) => void;
  },
): Promise<string> {
  const token = source.from === "variable"
    ? source.token
    : await askGitHub(source, { http, audience });
  onSecret(token);
  if (isSendable(token)) return token;
  const name = source.from === "variable" ? source.variable : "GitHub's answer";
  throw new Failure(
    "PIOT_OIDC_UNAVAILABLE",
    `Cannot get an identity token for "${audience}": ${name} holds ${UNSENDABLE}`,
    { hint: "Check how the job comes by its identity token (on GitLab `id_tokens`)" },
  );
}

/** The request that GitHub's own toolkit sends (actions/toolkit core/src/oidc-utils.ts). */
async function askGitHub(
  { url, requestToken }: IdentitySource & { readonly from: "github" },
  { http, audience }: { readonly http: Http; readonly audience: string },
): Promise<string> {
  if (!URL.canParse(url)) throw unavailable(audience, "ACTIONS_ID_TOKEN_REQUEST_URL is no URL");
  if (!isSendable(requestToken)) {
    throw unavailable(audience, `ACTIONS_ID_TOKEN_REQUEST_TOKEN holds ${UNSENDABLE}`);
  }
  const address = new URL(url);
  address.searchParams.set("audience", audience);
  const answer = await http(address, {
    headers: { accept: "application/json", authorization: `Bearer ${requestToken}` },
  });
  const text = await answer.text();
  const token = answer.ok ? tokenIn(text) : undefined;
  if (token !== undefined) return token;
  throw unavailable(audience, `GitHub answers ${answer.status} ${answer.ok ? "without one" : ""}`);
}

function tokenIn(text: string): string | undefined {
  try {
    const { value } = JSON.parse(text) as { value?: unknown };
    return typeof value === "string" && value !== "" ? value : undefined;
  } catch {
    return undefined;
  }
}

function unavailable(audience: string, why: string): Failure {
  return new Failure(
    "PIOT_OIDC_UNAVAILABLE",
    `Cannot get an identity token for "${audience}": ${why.trim()}`,
    {
      hint:
        "Check GitHub's status page and the job's `permissions: id-token: write`, then run again",
    },
  );
}
