/**
 * Says why npm gave no credential for an identity token. Its own answer is one sentence for every reason there is, so what
 * is known of the job is put beside it, and what to type into npm's form for a trusted publisher.
 *
 * @module
 */

import type { TrustPolicy } from "../../core/model/package.ts";
import {
  claimPitfalls,
  type ClaimReading,
  type IdentityClaims,
  policyMismatches,
  printClaims,
  publisherOf,
} from "../../core/release/identity_claims.ts";
import { Failure } from "../../error.ts";
import { ReleaseRefused } from "../registry.ts";
import { settingsPage } from "./npm_urls.ts";
import { npmAudience } from "./oidc_exchange.ts";
import { type Reply, tellReply } from "../reply.ts";

/** What is known when an exchange was refused. */
export interface RefusedExchange {
  readonly name: string;
  readonly reply: Reply;
  readonly claims: IdentityClaims;
  /** What the registry has on file by the configuration's word. */
  readonly policy: TrustPolicy | undefined;
  /** Whether npm shows no version of this package. */
  readonly isNew: boolean;
  /** Whether npm would hide the package from strangers. */
  readonly isRestricted: boolean;
  /** The registry, without a slash at the end. */
  readonly registry: string;
  /** Whether there is a token, so that no hint advises one; false by default. */
  readonly hasToken?: boolean;
}

/**
 * The failure for a refused exchange: `PIOT_OIDC_REFUSED`, `PIOT_REGISTRY_BUSY` for a rate limit, and
 * `PIOT_REGISTRY_UNKNOWN` for an answer that is none.
 */
export function exchangeFailure(refused: RefusedExchange): Failure {
  const { name, reply } = refused;
  const message = `Cannot publish "${name}" by trusted publishing: ${tellExchange(refused)}`;
  if (reply.status === 429) {
    const hint = "npm's rate limit: wait, then run again";
    return new Failure("PIOT_REGISTRY_BUSY", message, { hint });
  }
  if (isRefusal(reply)) {
    // About this name; the other refusals are about the job or the registry, and every package meets them.
    const Refusal = isAboutName(reply) ? ReleaseRefused : Failure;
    return new Refusal("PIOT_OIDC_REFUSED", message, { hint: hintFor(refused) });
  }
  return new Failure("PIOT_REGISTRY_UNKNOWN", message, { hint: hintForNoAnswer(reply) });
}

/** How trusted publishing could be had where a token stands in for it. */
export function mendOfExchange(refused: RefusedExchange): string {
  return exchangeFailure({ ...refused, hasToken: true }).hint ?? "Run again";
}

/** What npm answered, with the claims where it is about them; a clause that is the same for every package of a family. */
export function tellExchange({ reply, claims }: Pick<RefusedExchange, "reply" | "claims">): string {
  const answer = `npm answers ${tellReply(reply)}`;
  return isRefusal(reply) ? `${answer} (the identity token says ${printClaims(claims)})` : answer;
}

/** npm's own refusals are JSON; a registry without this endpoint has a page for what it does not know. */
function isRefusal({ status, isPage }: Reply): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429 &&
    (!isPage || status === 404);
}

function hintForNoAnswer({ status, isPage }: Reply): string {
  return isPage || (status >= 300 && status < 400)
    ? "Something else than npm answers at this address: check PIOT_NPM_URL and the network's proxy, then run again; nothing was written"
    : "Check npm's status page and run again; nothing was written";
}

function hintFor(refused: RefusedExchange): string {
  const { reply, hasToken = false } = refused;
  const orToken = (advice: string): string => hasToken ? "" : advice;
  if (reply.isPage) {
    return `This registry has no trusted publishing: check PIOT_NPM_URL${
      orToken(", or give it a token of its own in NODE_AUTH_TOKEN, without --oidc-only")
    }`;
  }
  if (reply.status === 401) return hintForDisbelief(refused);
  if (reply.status === 400) {
    return `npm cannot read the exchange: read its words and run again${
      orToken("; a token in NODE_AUTH_TOKEN publishes without it, except with --oidc-only")
    }`;
  }
  return hintForNoTrust(refused);
}

function isAboutName({ status, isPage }: Reply): boolean {
  return !isPage && status !== 400 && status !== 401;
}

function hintForDisbelief({ claims, registry }: RefusedExchange): string {
  const wanted = npmAudience(registry);
  const { aud, iss } = claims;
  if (aud !== wanted) {
    return `The identity token has to be made for the audience "${wanted}" (on GitLab \`aud\` under \`id_tokens\`)`;
  }
  return `npm believes fresh identity tokens of github.com, gitlab.com and CircleCI alone; this one is of ${
    JSON.stringify(iss ?? "nobody")
  }: run again for a fresh one`;
}

function hintForNoTrust(refused: RefusedExchange): string {
  const { claims, policy, isNew, isRestricted, name, registry } = refused;
  const form = publisherForm(claims);
  const register = form === undefined
    ? `register a trusted publisher at ${settingsPage(name, registry)}`
    : `at ${settingsPage(name, registry)} register the trusted publisher: ${form}`;
  // Without the package there is nothing that a trusted publisher could be registered for (npm/cli#8544).
  if (isNew) {
    const doubt = isRestricted ? " (a restricted one may be there all the same)" : "";
    return `npm shows no package of this name${doubt}, and trusts nobody to make one: publish it once with ` +
      `a granular access token (read and write, bypass 2FA) in NODE_AUTH_TOKEN, without --oidc-only, then ${register}`;
  }
  const mismatches = policy === undefined
    ? []
    : policyMismatches(claims, { policy, reading: NPM_READING });
  const causes = [...mismatches, ...claimPitfalls(claims)];
  const known = causes.length === 0 ? "" : `${sentence(causes.join("; "))}. `;
  return `${known}${sentence(register)}; upper and lower case count`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** npm matches the file of the calling workflow, and an environment exactly (npm's docs, trusted publishers). */
export const NPM_READING: ClaimReading = {
  workflowClaim: "workflow_ref",
  isEnvironmentExact: true,
};

/** The fields of the form of this job's CI, in its order; undefined for a CI that is not known by its claims. */
export function publisherForm(claims: IdentityClaims): string | undefined {
  const found = publisherOf(claims, NPM_READING);
  if (found === undefined) return undefined;
  const environment = found.environment === undefined ? "empty" : `"${found.environment}"`;
  const last = `environment ${environment}, \`npm publish\` allowed`;
  if (claims["project_path"] !== undefined) {
    const [, namespace = "", project = ""] = /^(.*)\/([^/]*)$/.exec(found.repository) ?? [];
    // `gitlab.com/group/engine//ci/release.yml@refs/heads/main`: the path stands between the two slashes and the `@`.
    const path = /\/\/([^@]+)@/.exec(claims["ci_config_ref_uri"] ?? "")?.[1] ?? found.workflow;
    return `GitLab CI/CD, namespace "${namespace}", project name "${project}", ` +
      `top-level CI file path "${path}", ${last}`;
  }
  const [owner, ...rest] = found.repository.split("/");
  return `organization or user "${owner}", repository "${rest.join("/")}", ` +
    `workflow filename "${found.workflow}", ${last}`;
}
