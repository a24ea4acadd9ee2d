/**
 * Who sends an upload, and whether the project is theirs (pypi/warehouse `macaroons/`, `accounts/security_policy.py`).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { LocalRequest } from "../serve.ts";
import { Refusal } from "./refusal.ts";
import type { PypiGrant, PypiState, StoredProject } from "./state.ts";

const INVALID = "Invalid or non-existent authentication information. " +
  "See https://pypi.org/help/#invalid-auth for more information.";
const NO_PASSWORDS =
  "Username/Password authentication is no longer supported. Migrate to API Tokens " +
  "or Trusted Publishers instead. See https://pypi.org/help/#apitoken and " +
  "https://pypi.org/help/#trusted-publishers";

/** The grant behind a request's token; throws 403 for none, a wrong one, or one that ended. */
export function authenticate(request: LocalRequest, state: PypiState): PypiGrant {
  const grant = state.tokens.get(tokenOf(request.headers.get("authorization")) ?? "");
  if (grant === undefined) throw new Refusal(403, INVALID);
  if (grant.expires !== undefined && grant.expires <= state.clock.now()) {
    throw new Refusal(403, "Invalid API Token: token is expired");
  }
  return grant;
}

function tokenOf(header: string | null): string | undefined {
  const [, scheme = "", value = ""] = /^(\w+)\s+(.*)$/.exec(header ?? "") ?? [];
  if (/^(bearer|token)$/i.test(scheme)) return value.trim();
  if (!/^basic$/i.test(scheme)) return undefined;
  const [user = "", ...password] = Buffer.from(value, "base64").toString().split(":");
  if (user !== "__token__") throw new Refusal(403, NO_PASSWORDS);
  return password.join(":").trim();
}

/** Throws unless the grant may upload to an existing project; 403 in PyPI's words. */
export function requireUpload(grant: PypiGrant, project: StoredProject): void {
  const { holder, projects } = grant;
  if (projects !== undefined && !projects.includes(project.name)) {
    throw new Refusal(
      403,
      `Invalid API Token: project-scoped token is not valid for project: '${project.name}'`,
    );
  }
  const isOpen = !["archived", "quarantined"].includes(project.status);
  if ("publisher" in holder) {
    if (isOpen) return;
    throw new Refusal(
      403,
      `The given token isn't allowed to upload to project '${project.displayName}'. ` +
        "See https://pypi.org/help/#project-name for more information.",
    );
  }
  if (isOpen && project.owners.has(holder.user)) return;
  throw new Refusal(
    403,
    `The user '${holder.user}' isn't allowed to upload to project '${project.displayName}'. ` +
      "See https://pypi.org/help/#project-name for more information.",
  );
}
