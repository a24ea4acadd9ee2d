/**
 * Tries trusted publishing for a release, and tells why it is not to be had.
 *
 * @module
 */

import { mintHint, publisherForm, readMintErrors, tellMint } from "../../core/pypi/mint_answer.ts";
import type { IdentityClaims } from "../../core/release/identity_claims.ts";
import { Failure, messageOf } from "../../error.ts";
import { whyNoIdentity } from "../../host/identity_token.ts";
import { type Reply, tellReply } from "../reply.ts";
import type { PypiLook } from "./look.ts";
import type { MintedToken } from "./mint_token.ts";
import type { PypiAccess, PypiPrepared } from "./pypi_prepared.ts";
import { readIndex } from "./read_index.ts";
import type { TrustedPublisher } from "./trusted_publisher.ts";

/** What authorising needs. */
export interface AuthoriseAccess extends PypiAccess<"http" | "env" | "clock"> {
  /** Whether no token may be used; false by default. */
  readonly oidcOnly?: boolean;
  readonly publisher: TrustedPublisher;
}

/** Why trusted publishing was not to be had. */
export interface Untrusted {
  readonly failure: Failure;
  /** What was tried and failed, or what is missing; a clause. */
  readonly why: string;
  /** How it could be had; says nothing of tokens. */
  readonly hint: string;
}

/** What is tried for whom. */
interface Attempted {
  readonly prepared: PypiPrepared;
  readonly look: Pick<PypiLook, "isNew">;
}

/** A minted token, or why there is none. Throws an interruption's reason alone. */
export async function tryTrust(
  access: AuthoriseAccess,
  attempted: Attempted,
): Promise<{ readonly minted: MintedToken } | Untrusted> {
  const { publisher, host: { env } } = access;
  if (publisher.source === undefined) {
    const why = whyNoIdentity(env, publisher.variable);
    return {
      failure: nothingFound(access, { ...attempted, why }),
      why,
      hint: identityHint(access),
    };
  }
  try {
    const mint = await publisher.mint();
    if ("without" in mint) return withoutTrust(access, { ...attempted, why: mint.without });
    if ("reply" in mint) return refused(access, attempted, mint);
    const isMissing = attempted.look.isNew && await isStillMissing(access, attempted);
    return isMissing ? notPending(access, attempted, mint.minted.claims) : mint;
  } catch (error) {
    if (!(error instanceof Failure) || error.code === "PIOT_INTERRUPTED") throw error;
    const { hint = "Run again" } = error;
    return { failure: error, why: `trusted publishing failed: ${messageOf(error)}`, hint };
  }
}

/** A pending publisher made the project when the token was minted: without one the upload would be refused. */
async function isStillMissing(
  access: AuthoriseAccess,
  { prepared: { project, pypiVersion: version } }: Attempted,
): Promise<boolean> {
  const index = await readIndex(access, { project, version, fresh: true });
  return index.project === undefined;
}

function notPending(
  access: AuthoriseAccess,
  { prepared: { project } }: Attempted,
  claims: IdentityClaims,
): Untrusted {
  const form = publisherForm({ project, claims, isNew: true, site: access.endpoints.pypi });
  const hint = `${form[0]!.toUpperCase()}${form.slice(1)}`;
  const why =
    `PyPI trusts this job, but has no project "${project}", and no pending publisher made it`;
  const message = `Cannot upload ${project} to PyPI by trusted publishing: ${why}`;
  return { failure: new Failure("PIOT_OIDC_REFUSED", message, { hint }), why, hint };
}

function withoutTrust(
  access: AuthoriseAccess,
  { prepared: { project }, why }: Attempted & { readonly why: string },
): Untrusted {
  const hint = "Publish to an index that knows trusted publishing";
  const more = access.oidcOnly === true ? "; or leave --oidc-only out" : "; or set PYPI_API_TOKEN";
  const message = `Cannot upload ${project} by trusted publishing: ${why}`;
  return {
    failure: new Failure("PIOT_OIDC_UNAVAILABLE", message, { hint: `${hint}${more}` }),
    why,
    hint,
  };
}

function refused(
  { endpoints }: AuthoriseAccess,
  { prepared: { project, release }, look: { isNew } }: Attempted,
  { reply, claims }: { readonly reply: Reply; readonly claims: IdentityClaims },
): Untrusted {
  const errors = readMintErrors(reply.json);
  if (errors.length === 0) return noAnswer(project, reply);
  const { trustPolicy: policy } = release.package;
  const known = { project, errors, claims, policy, isNew, site: endpoints.pypi };
  const [words, hint] = [tellMint(known), mintHint(known)];
  const message = `Cannot upload ${project} to PyPI by trusted publishing: ${words}`;
  return {
    failure: new Failure("PIOT_OIDC_REFUSED", message, { hint }),
    why: `trusted publishing failed: ${words}`,
    hint,
  };
}

function noAnswer(project: string, reply: Reply): Untrusted {
  const why = `PyPI answers ${tellReply(reply)}`;
  const code = reply.status === 429 ? "PIOT_REGISTRY_BUSY" : "PIOT_REGISTRY_UNKNOWN";
  const hint = "Check https://status.python.org and run again";
  const message = `Cannot upload ${project} to PyPI by trusted publishing: ${why}`;
  return {
    failure: new Failure(code, message, { hint }),
    why: `trusted publishing failed: ${why}`,
    hint,
  };
}

function nothingFound(
  access: AuthoriseAccess,
  { prepared: { project }, why }: Attempted & { readonly why: string },
): Failure {
  if (access.oidcOnly === true) {
    return new Failure(
      "PIOT_OIDC_UNAVAILABLE",
      `Cannot upload ${project} to PyPI with --oidc-only: ${why}`,
      { hint: `${identityHint(access)}; or leave --oidc-only out` },
    );
  }
  return new Failure(
    "PIOT_AUTH_MISSING",
    `Cannot upload ${project} to PyPI: ${why}; and PYPI_API_TOKEN is unset or empty`,
    {
      hint: `${identityHint(access)}; or set PYPI_API_TOKEN to an API token from ` +
        "https://pypi.org/manage/account/token/",
    },
  );
}

/** How this CI, or any, gives a job its identity. */
function identityHint({ publisher: { variable }, host: { env } }: AuthoriseAccess): string {
  const audience = variable.replace(/_ID_TOKEN$/, "").toLowerCase();
  const give = env.GITLAB_CI === "true"
    ? `Give the publish job \`id_tokens: { ${variable}: { aud: "${audience}" } }\``
    : "Publish from a job with `permissions: id-token: write`";
  return `${give}, and register it as trusted publisher on PyPI`;
}
