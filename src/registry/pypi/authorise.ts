/**
 * Finds the credential for PyPI, and refuses early what its own text shows to be useless.
 *
 * @module
 */

import { type PypiToken, readPypiToken } from "../../core/pypi/macaroon.ts";
import { normaliseName } from "../../core/pypi/spelling.ts";
import { Failure } from "../../error.ts";
import { readToken } from "../../secret/token_shape.ts";
import type { Credential } from "../registry.ts";
import type { PypiLook } from "./look.ts";
import type { PypiAccess, PypiPrepared } from "./pypi_prepared.ts";

interface TokenAccess extends PypiAccess<"env" | "clock"> {
  /** Whether no token may be used; false by default. */
  readonly oidcOnly?: boolean;
}

/** Why no release has attestations: PyPI takes them from a trusted publisher alone. */
const TOKENS_ALONE = "piot publishes to PyPI with API tokens alone so far";
const ATTEST =
  "Publish this package with pypa/gh-action-pypi-publish, from the workflow that PyPI has on file";

/**
 * The token of `PYPI_API_TOKEN`; empty counts as unset. Throws `PIOT_AUTH_MISSING` when there is none,
 * `PIOT_AUTH_REFUSED` for one that is no token, of another index, expired, or limited to other projects, and
 * `PIOT_OIDC_UNAVAILABLE` when no token may be used.
 */
export function authoriseWithToken(
  access: TokenAccess,
  { project }: PypiPrepared,
  { before }: Pick<PypiLook, "before">,
): Credential {
  if (access.oidcOnly === true) {
    throw new Failure(
      "PIOT_OIDC_UNAVAILABLE",
      `Cannot upload ${project} to PyPI with --oidc-only: ${TOKENS_ALONE}`,
      { hint: "Leave --oidc-only out, or name the packages for other registries with --release" },
    );
  }
  const secret = readToken(access.host.env, {
    variable: "PYPI_API_TOKEN",
    code: "PIOT_AUTH_REFUSED",
  });
  if (secret === undefined) {
    throw new Failure(
      "PIOT_AUTH_MISSING",
      `Cannot upload ${project} to PyPI: no credential was found`,
      {
        hint: "Set PYPI_API_TOKEN to an API token from https://pypi.org/manage/account/token/",
      },
    );
  }
  const token = readPypiToken(secret);
  const flaw = token === undefined ? undefined : flawOf(token, { project, ...access });
  if (flaw !== undefined) {
    throw new Failure(
      "PIOT_AUTH_REFUSED",
      `Cannot upload ${project} with PYPI_API_TOKEN: ${flaw}`,
      {
        hint:
          `Make a token for ${project} on the index that is published to, and set PYPI_API_TOKEN`,
      },
    );
  }
  const isLimited = token?.projects !== undefined;
  const proof = { name: project, kind: "token", evidence: [], before } as const;
  return {
    kind: "token",
    secret,
    proofs: [{ ...proof, whyNoMore: TOKENS_ALONE, hint: ATTEST }],
    why: isLimited ? `PYPI_API_TOKEN, limited to ${token.projects.join(", ")}` : "PYPI_API_TOKEN",
  };
}

function flawOf(
  token: PypiToken,
  { project, endpoints, host }: TokenAccess & { readonly project: string },
): string | undefined {
  const index = indexOf(endpoints.pypiUpload);
  if (index !== undefined && token.location !== index) {
    return `it is a token of ${token.location}, the upload goes to ${index}`;
  }
  if (token.expires !== undefined && token.expires * 1000 <= host.clock.now().getTime()) {
    return `it expired at ${new Date(token.expires * 1000).toISOString()}`;
  }
  if (token.projects !== undefined && !token.projects.map(normaliseName).includes(project)) {
    return `it is limited to ${token.projects.join(", ")}`;
  }
  return undefined;
}

/** The index that an upload address belongs to, as tokens name it; undefined for one that makes no such tokens. */
function indexOf(upload: string): string | undefined {
  const { hostname } = new URL(upload);
  if (hostname === "upload.pypi.org" || hostname === "pypi.org") return "pypi.org";
  return hostname === "test.pypi.org" ? hostname : undefined;
}
