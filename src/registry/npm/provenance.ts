/**
 * Provenance of one tarball: a signed statement about the job that publishes it, sent along with it. Whether it gets any is
 * decided before anything is signed: what is signed is in a public log for ever, and npm refuses what does not fit only
 * afterwards.
 *
 * @module
 */

import {
  PROVENANCE_VARIABLES,
  provenanceStatement,
  STATEMENT_TYPE,
} from "../../core/npm/provenance_statement.ts";
import type { IdentityClaims } from "../../core/release/identity_claims.ts";
import { parseRepositoryUrl } from "../../core/release/repository_url.ts";
import { Failure } from "../../error.ts";
import type { FailureCode } from "../../failure_codes.ts";
import type { Env, Host } from "../../host/host.ts";
import { findIdentity, requestIdentityToken, whyNoIdentity } from "../../host/identity_token.ts";
import type { Endpoints } from "../endpoints.ts";
import type { NpmUnit } from "./publish_unit.ts";
import type { SignedBundle } from "./sign.ts";

/** What the decision rests on. */
export interface ProvenanceFacts {
  /** What the unit is uploaded with. */
  readonly kind: "oidc" | "token";
  /** What the job's identity token says; undefined when it has none. */
  readonly claims: IdentityClaims | undefined;
  readonly env: Env;
  readonly access: "public" | "restricted";
  readonly wish: ProvenanceWish;
}

/** What the package's owner says of provenance: nothing, never, or not without. */
export type ProvenanceWish = "automatic" | "never" | "required";

/** Whether it is signed; the reason, as a clause, when it is not. */
export type ProvenanceDecision =
  | { readonly signs: true }
  | { readonly signs: false; readonly why: string };

/**
 * Reads the wish as npm does: `publishConfig.provenance` in package.json, then the variable `NPM_CONFIG_PROVENANCE`, in
 * any case.
 */
export function provenanceWish({ manifest }: NpmUnit, env: Env): ProvenanceWish {
  const { publishConfig } = manifest as { publishConfig?: { provenance?: unknown } };
  const set = Object.entries(env).find(([name, value]) =>
    name.toLowerCase() === "npm_config_provenance" && value !== undefined && value !== ""
  );
  const wish = publishConfig?.provenance ?? set?.[1];
  if (wish === undefined || wish === null) return "automatic";
  return String(wish) === "false" ? "never" : "required";
}

/**
 * Decides. Under trusted publishing provenance is made wherever npm takes it; what npm would not take leaves it out, or is
 * a failure with a `PIOT_PROVENANCE_…` code when it is required. A `repository` that is not this run's is a failure
 * always: npm would refuse the upload, or the provenance would be missing through a slip.
 */
export function decideProvenance(unit: NpmUnit, facts: ProvenanceFacts): ProvenanceDecision {
  const { wish, kind } = facts;
  if (wish === "never") return { signs: false, why: "it is switched off" };
  if (wish === "automatic" && kind === "token") {
    return { signs: false, why: "it comes with trusted publishing" };
  }
  for (const { code, flaw, hint } of REQUIREMENTS) {
    const found = flaw(facts);
    if (found === undefined) continue;
    if (wish === "automatic") return { signs: false, why: found };
    throw new Failure(
      code,
      `Cannot publish "${unit.name}" with the provenance that is asked for: ${found}`,
      { hint },
    );
  }
  requireRepository(unit, sourceRepository(facts));
  return { signs: true };
}

interface Requirement {
  readonly code: FailureCode;
  /** What stands against provenance, as a clause. */
  readonly flaw: (facts: ProvenanceFacts) => string | undefined;
  readonly hint: string;
}

const SWITCH_OFF =
  "or remove `publishConfig.provenance` from package.json and NPM_CONFIG_PROVENANCE from the job";

/** npm's conditions (npm's docs, generating provenance statements; its own refusals are listed in docs/npm.md). */
const REQUIREMENTS: readonly Requirement[] = [
  {
    code: "PIOT_PROVENANCE_IDENTITY",
    flaw: identityFlaw,
    hint:
      `Publish from a job of GitHub Actions with \`permissions: id-token: write\` and all of its variables, ${SWITCH_OFF}`,
  },
  {
    code: "PIOT_PROVENANCE_ACCESS",
    flaw: ({ access }) => access === "public" ? undefined : "the package is restricted",
    hint: `Set \`access = "public"\` in putitoutthere.toml, ${SWITCH_OFF}`,
  },
  {
    code: "PIOT_PROVENANCE_VISIBILITY",
    flaw: ({ claims }) => {
      const visibility = claims?.["repository_visibility"] ?? "unknown";
      return visibility === "public" ? undefined : `the repository's visibility is "${visibility}"`;
    },
    hint: `Make the repository public, ${SWITCH_OFF}`,
  },
  {
    code: "PIOT_PROVENANCE_RUNNER",
    flaw: ({ env }) =>
      env.RUNNER_ENVIRONMENT === "github-hosted"
        ? undefined
        : `the runner is "${env.RUNNER_ENVIRONMENT}", not one of GitHub's own`,
    hint: `Publish on a GitHub-hosted runner, ${SWITCH_OFF}`,
  },
];

function identityFlaw({ claims, env }: ProvenanceFacts): string | undefined {
  if (env.GITHUB_ACTIONS !== "true") return "piot makes it on GitHub Actions alone";
  if (claims === undefined || findIdentity(env, SIGSTORE_VARIABLE) === undefined) {
    return whyNoIdentity(env, SIGSTORE_VARIABLE);
  }
  const unset = PROVENANCE_VARIABLES.filter((name) => (env[name] ?? "") === "");
  return unset.length === 0 ? undefined : `${unset.join(", ")} is not set`;
}

/**
 * The repository that the certificate will name: Sigstore takes it from the token, and the server from the token's issuer
 * (sigstore/fulcio, config/identity/config.yaml).
 */
function sourceRepository({ claims, env }: ProvenanceFacts): string {
  const isGitHub = (claims?.["iss"] ?? "").startsWith(
    "https://token.actions.githubusercontent.com",
  );
  const server = isGitHub ? "https://github.com" : env.GITHUB_SERVER_URL;
  return `${server}/${claims?.["repository"] ?? env.GITHUB_REPOSITORY}`;
}

/** npm compares `repository.url` with the certificate's source repository, upper and lower case included. */
function requireRepository(unit: NpmUnit, wanted: string): void {
  const { repository } = unit.manifest as { repository?: { url?: unknown } };
  const url = typeof repository?.url === "string" ? repository.url : "";
  const found = parseRepositoryUrl(url);
  if (found !== undefined && `https://${found.host}/${found.repository}` === wanted) return;
  const says = url === "" ? "is missing" : `is ${JSON.stringify(url)}`;
  throw new Failure(
    "PIOT_PROVENANCE_REPOSITORY",
    `Cannot publish "${unit.name}" with provenance: \`repository\` in its package.json ${says}, and this run is of ${wanted}`,
    {
      hint: `Set the \`url\` of \`repository\` in package.json to "git+${wanted}.git"`,
    },
  );
}

/** The variable that holds a ready identity token for Sigstore, where a CI sets one. */
export const SIGSTORE_VARIABLE = "SIGSTORE_ID_TOKEN";

/** What signing needs. */
export interface ProvenanceContext {
  readonly host: Pick<Host, "http" | "env" | "clock" | "signal">;
  readonly endpoints: Pick<Endpoints, "fulcio" | "rekor">;
  /** Hears of the identity token before anybody else. */
  readonly onSecret: (secret: string) => void;
}

/**
 * Signs the provenance of a unit. Whether it may be signed was decided before, see `decideProvenance`. Throws
 * `PIOT_PROVENANCE_SIGNING`, `PIOT_PROVENANCE_IDENTITY`, `PIOT_OIDC_UNAVAILABLE` and `PIOT_NETWORK`.
 */
export async function signProvenance(
  unit: NpmUnit,
  { host, endpoints, onSecret }: ProvenanceContext,
): Promise<SignedBundle> {
  const { http, env, clock, signal } = host;
  const source = findIdentity(env, SIGSTORE_VARIABLE);
  if (source === undefined) {
    throw new Failure(
      "PIOT_PROVENANCE_IDENTITY",
      `Cannot sign the provenance of "${unit.name}": ${whyNoIdentity(env, SIGSTORE_VARIABLE)}`,
      { hint: "Give the publish job an identity token for Sigstore" },
    );
  }
  const { signStatement } = await import("./sign.ts");
  const text = JSON.stringify(provenanceStatement(unit, env));
  return await signStatement({ type: STATEMENT_TYPE, text }, {
    ...endpoints,
    http,
    clock,
    signal,
    identityToken: async () => {
      const token = await requestIdentityToken(source, { http, audience: "sigstore", onSecret });
      signal.throwIfAborted();
      return token;
    },
  });
}
