/**
 * What cargo asks of the local crates.io for people: `cargo search` and `cargo owner` (rust-lang/crates.io,
 * `src/controllers/krate/search.rs`, `owners.rs`).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { type LocalReply, type LocalRequest, Refusal } from "../server/messages.ts";
import { authenticate } from "./callers.ts";
import { canonicalName, findCrate, type LocalCrate } from "./crates_state.ts";
import type { CratesContext } from "./publish_version.ts";

/** `GET /api/v1/crates?q=`: crates whose names hold the words, the exact name first. */
export function searchCrates(
  { state }: Pick<CratesContext, "state">,
  { query }: Pick<LocalRequest, "query">,
): LocalReply {
  const words = canonicalName(query.get("q") ?? "");
  const pageSize = Number(query.get("per_page") ?? "10");
  const found = [...state.crates].filter(([name]) => name.includes(words)).sort((left, right) =>
    Number(right[0] === words) - Number(left[0] === words) || (left[0] < right[0] ? -1 : 1)
  );
  const crates = found.slice(0, pageSize).map(([, { name, versions }]) => ({
    id: name,
    name,
    description: versions.at(-1)?.description ?? null,
    max_version: versions.at(-1)?.version,
  }));
  return { status: 200, body: { crates, meta: { total: found.length } } };
}

function requireCrate({ state }: Pick<CratesContext, "state">, name: string): LocalCrate {
  const crate = findCrate(state, name);
  if (crate !== undefined) return crate;
  throw new Refusal(404, `crate \`${name}\` does not exist`);
}

/** `GET /api/v1/crates/{name}/owners`. */
export function listOwners(context: Pick<CratesContext, "state">, name: string): LocalReply {
  const users = [...requireCrate(context, name).owners].map((login, at) => ({
    id: at + 1,
    login,
    kind: "user",
    name: login,
  }));
  return { status: 200, body: { users } };
}

/** `PUT` and `DELETE /api/v1/crates/{name}/owners`: a new owner has to accept, here as there. */
export function changeOwners(
  context: CratesContext,
  { name, method, headers, body }: Pick<LocalRequest, "method" | "headers" | "body"> & {
    readonly name: string;
  },
): LocalReply {
  const caller = authenticate(headers, context.authenticators);
  caller.require("change-owners", name);
  const crate = requireCrate(context, name);
  if (caller.user === undefined || !crate.owners.has(caller.user)) {
    throw new Refusal(403, "only owners have permission to modify owners");
  }
  const logins = readLogins(body);
  const message = method === "PUT" ? invite(crate, logins) : remove(crate, logins);
  return { status: 200, body: { ok: true, msg: message } };
}

function readLogins(body: Uint8Array): readonly string[] {
  const { users, owners } = JSON.parse(Buffer.from(body).toString()) as {
    users?: string[];
    owners?: string[];
  };
  return users ?? owners ?? [];
}

function invite(crate: LocalCrate, logins: readonly string[]): string {
  for (const login of logins) {
    if (crate.owners.has(login)) throw new Refusal(400, `\`${login}\` is already an owner`);
  }
  return logins.map((login) =>
    `user ${login} has been invited to be an owner of crate ${crate.name}`
  ).join(",");
}

function remove(crate: LocalCrate, logins: readonly string[]): string {
  const left = [...crate.owners].filter((owner) => !logins.includes(owner));
  if (left.length === 0) {
    throw new Refusal(
      400,
      "cannot remove all individual owners of a crate. Team member don't have permission to modify owners, so at least one individual owner is required.",
    );
  }
  for (const login of logins) {
    if (!crate.owners.delete(login)) {
      throw new Refusal(400, `could not find owner with login \`${login}\``);
    }
  }
  return "owners successfully removed";
}
