/**
 * Whether a tarball gets provenance. Decided before anything is signed: what is signed is in a public log for ever, and npm
 * refuses what does not fit only afterwards.
 *
 * @module
 */

import { PROVENANCE_VARIABLES } from "../../core/npm/provenance_statement.ts";
import type { IdentityClaims } from "../../core/release/identity_claims.ts";
import { parseRepositoryUrl } from "../../core/release/repository_url.ts";
import { Failure } from "../../error.ts";
import type { FailureCode } from "../../failure_codes.ts";
import type { Env } from "../../host/host.ts";
import { findIdentity, whyNoIdentity } from "../../host/identity_token.ts";
import { ReleaseRefused } from "../registry.ts";
import { SIGSTORE_VARIABLE } from "../sigstore/job_signer.ts";
import type { NpmUnit } from "./publish_unit.ts";

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

/** Whether it is signed; when it is not, why, as a clause, and how it would be. */
export type ProvenanceDecision =
  | { readonly signs: true }
  | {
    readonly signs: false;
    readonly why: string;
    readonly hint: string;
    /** Whether npm would take it from this package, so that it is the job that lacks something. */
    readonly isSlip: boolean;
  };

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
  if (wish === "never") return { signs: false, ...SWITCHED_OFF };
  if (wish === "automatic" && kind === "token") return { signs: false, ...WITHOUT_TRUST };
  for (const { code, flaw, mend, isSlip } of REQUIREMENTS) {
    const found = flaw(facts);
    if (found === undefined) continue;
    if (wish === "automatic") return { signs: false, why: found, hint: mend, isSlip };
    const hint = `${mend}, ${SWITCH_OFF}`;
    // What the package's own entry says; the others are how the job was set up.
    const Refusal = code === "PIOT_PROVENANCE_ACCESS" ? ReleaseRefused : Failure;
    throw new Refusal(
      code,
      `Cannot publish "${unit.name}" with the provenance that is asked for: ${found}`,
      { hint },
    );
  }
  requireRepository(unit, sourceRepository(facts));
  return { signs: true };
}

const SWITCHED_OFF = {
  why: "it is switched off",
  hint:
    "Take `publishConfig.provenance` out of package.json, and NPM_CONFIG_PROVENANCE out of the job",
  isSlip: false,
} as const;

const WITHOUT_TRUST = {
  why: "it comes with trusted publishing",
  hint: "Publish by trusted publishing",
  isSlip: false,
} as const;

interface Requirement {
  readonly code: FailureCode;
  /** What stands against provenance, as a clause. */
  readonly flaw: (facts: ProvenanceFacts) => string | undefined;
  /** How to have it all the same. */
  readonly mend: string;
  readonly isSlip: boolean;
}

const SWITCH_OFF =
  "or remove `publishConfig.provenance` from package.json and NPM_CONFIG_PROVENANCE from the job";

/** npm's conditions (npm's docs, generating provenance statements; its own refusals are listed in docs/npm.md). */
const REQUIREMENTS: readonly Requirement[] = [
  {
    code: "PIOT_PROVENANCE_IDENTITY",
    flaw: identityFlaw,
    mend:
      "Publish from a job of GitHub Actions with `permissions: id-token: write` and all of its variables",
    isSlip: true,
  },
  {
    code: "PIOT_PROVENANCE_ACCESS",
    flaw: ({ access }) => access === "public" ? undefined : "the package is restricted",
    mend: 'Set `access = "public"` in putitoutthere.toml',
    isSlip: false,
  },
  {
    code: "PIOT_PROVENANCE_VISIBILITY",
    flaw: ({ claims }) => {
      const visibility = claims?.["repository_visibility"] ?? "unknown";
      return visibility === "public" ? undefined : `the repository's visibility is "${visibility}"`;
    },
    mend: "Make the repository public",
    isSlip: false,
  },
  {
    code: "PIOT_PROVENANCE_RUNNER",
    flaw: ({ env }) =>
      env.RUNNER_ENVIRONMENT === "github-hosted"
        ? undefined
        : `the runner is "${env.RUNNER_ENVIRONMENT}", not one of GitHub's own`,
    mend: "Publish on a GitHub-hosted runner",
    isSlip: true,
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

/**
 * npm compares `repository.url` with the certificate's source repository, upper and lower case included. What it gets is the
 * derived manifest: `https://github.com/ada/engine/tree/main/a` has become `…/engine.git#main` there, which is another address.
 */
function requireRepository(unit: NpmUnit, wanted: string): void {
  const { repository } = unit.manifest as { repository?: { url?: unknown } };
  const url = typeof repository?.url === "string" ? repository.url : "";
  const found = parseRepositoryUrl(url);
  const isBare = !/[?#]/.test(url);
  if (isBare && found !== undefined && `https://${found.host}/${found.repository}` === wanted) {
    return;
  }
  const says = url === "" ? "is missing" : `is ${JSON.stringify(url)}`;
  throw new ReleaseRefused(
    "PIOT_PROVENANCE_REPOSITORY",
    `Cannot publish "${unit.name}" with provenance: \`repository\` in its package.json ${says}, and this run is of ${wanted}`,
    {
      hint: isBare
        ? `Set the \`url\` of \`repository\` in package.json to "git+${wanted}.git"`
        : `Set the \`url\` of \`repository\` in package.json to "git+${wanted}.git", without a branch or a place on the page; a folder goes into its \`directory\``,
    },
  );
}
