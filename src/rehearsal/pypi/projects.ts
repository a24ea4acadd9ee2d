/**
 * Who sends an upload, and where it belongs: its project, which the first upload registers, and its release, which the
 * first file opens (pypi/warehouse `macaroons/`, `accounts/security_policy.py`, `packaging/services.py`).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { type LocalRequest, Refusal } from "../server/messages.ts";
import type { CheckedForm } from "./form_checks.ts";
import { metadataOf } from "./metadata_checks.ts";
import { canonicalName, isSameVersion } from "./packaging.ts";
import {
  filesOf,
  type PypiGrant,
  type PypiState,
  type StoredProject,
  type StoredRelease,
} from "./state.ts";

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

const OPEN_DAYS = 14;

/** The project of an upload, or a new one where its name is free. Throws 400 where it is not. */
export function findProject(
  form: CheckedForm,
  { state, grant }: { readonly state: PypiState; readonly grant: PypiGrant },
): StoredProject {
  const name = canonicalName(form.name);
  const found = state.projects.get(name);
  if (found !== undefined) return found;
  const help = "See https://pypi.org/help/#project-name for more information.";
  if ("publisher" in grant.holder) {
    throw new Refusal(
      400,
      "Non-user identities cannot create new projects. This was probably caused by successfully using a pending " +
        `publisher but specifying the project name incorrectly (either in the publisher or in your project's metadata). ` +
        "Please ensure that both match. See: https://docs.pypi.org/trusted-publishers/troubleshooting/",
    );
  }
  if (state.prohibited.has(name)) {
    throw new Refusal(400, `The name '${form.name}' isn't allowed. ${help}`);
  }
  const similar = [...state.projects.keys()].find((taken) => lookOf(taken) === lookOf(name));
  if (similar !== undefined) {
    throw new Refusal(
      400,
      `The name '${form.name}' is too similar to an existing project. ${help}`,
    );
  }
  countCreation(grant.holder.user, { name: form.name, state });
  return {
    name,
    displayName: form.name,
    status: "active",
    owners: new Set([grant.holder.user]),
    releases: [],
  };
}

/**
 * Holds a new project against what its maker may make (pypi/warehouse `packaging/services.py`): 403 while nobody may, 409 when
 * somebody else was faster by a moment, 429 for too many in an hour.
 */
function countCreation(
  user: string,
  { name, state }: { readonly name: string; readonly state: PypiState },
): void {
  if (state.flags.noNewProjects) {
    throw new Refusal(
      403,
      "New project registration temporarily disabled. See https://pypi.org/help/#admin-intervention for more information.",
    );
  }
  if (state.races.delete(canonicalName(name))) {
    throw new Refusal(409, `The name '${name}' conflicts with an existing project.`);
  }
  const now = state.clock.now();
  const recent = (state.creations.get(user) ?? [])
    .filter((made) => now.getTime() - made.getTime() < 3_600_000);
  if (recent.length >= state.limits.newProjects) {
    throw new Refusal(429, "Too many new projects created");
  }
  state.creations.set(user, [...recent, now]);
}

/** The release of an upload, or a new one. Throws 400 when it takes no more files, or no second sdist. */
export function openRelease(
  form: CheckedForm,
  { project, state }: { readonly project: StoredProject; readonly state: PypiState },
): StoredRelease {
  const now = state.clock.now();
  const found = project.releases.find(({ version }) => isSameVersion(version, form.version));
  if (found === undefined) {
    return { version: form.version, created: now, fields: metadataOf(form.form) };
  }
  if (now.getTime() - found.created.getTime() > OPEN_DAYS * 86_400_000) {
    throw new Refusal(400, "Uploading new files to releases older than 14 days is not allowed.");
  }
  const hasSdist = filesOf(state, project.name)
    .some(({ kind, version }) => kind === "sdist" && version === found.version);
  if (form.filetype === "sdist" && hasSdist) {
    throw new Refusal(400, "Only one sdist may be uploaded per release.");
  }
  return found;
}

/**
 * What is the same of names that people take for one another: PyPI keeps no two (pypi/warehouse, `ultranormalize_name` in
 * its migration d18d443f89f0).
 */
function lookOf(name: string): string {
  const digits: Readonly<Record<string, string>> = {
    l: "1",
    i: "1",
    o: "0",
    ".": "",
    "_": "",
    "-": "",
  };
  return [...name.toLowerCase()].map((character) => digits[character] ?? character).join("");
}
