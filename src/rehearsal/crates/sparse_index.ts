/**
 * The sparse index of the local crates.io: `config.json` and one file per crate, with validators and, when asked to,
 * as far behind the uploads as the real one's edges can be. Crates that are not its own are read from outside.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { LocalReply, LocalRequest } from "../server/messages.ts";
import type { Answer } from "../server/outside.ts";
import {
  canonicalName,
  type CratesState,
  findCrate,
  type LocalCrate,
  type LocalVersion,
  uniqueVersion,
} from "./crates_state.ts";
import { indexPath } from "./index_line.ts";
import type { IndexLine } from "./through/cargo_cache.ts";
import type { OutsideCrates } from "./through/outside_crates.ts";
import { type Demand, demandsIn, featuresOf, standInLines } from "./through/stand_in.ts";

/** What is told of crates: what is held here, and what is read from outside. */
export interface IndexSource {
  readonly state: CratesState;
  /** Undefined when nothing is. */
  readonly outside: OutsideCrates | undefined;
}

/** Answers a GET below the index; `path` comes without a slash in front. */
export async function serveIndex(
  { url, ...source }: IndexSource & { readonly url: string },
  { path, headers }: { readonly path: string; readonly headers: LocalRequest["headers"] },
): Promise<LocalReply> {
  if (path === "config.json") {
    return withValidator(JSON.stringify({ dl: `${url}/dl`, api: url }), headers);
  }
  const name = path.split("/").at(-1)!;
  const crate = findCrate(source.state, name);
  // Index paths are lower case, and `-` is not `_` to them.
  const isOwn = crate !== undefined && indexPath(crate.name) === path;
  const visible = isOwn ? visibleVersions(source.state, crate) : [];
  const answer = await askOutside(source, name);
  if (answer.state === "unanswered" && visible.length === 0) {
    return await standIn(source, { name, why: answer.why, headers });
  }
  const lines = await allLines(source, { name, visible, answer });
  if (lines.length === 0) return { status: 404, body: "" };
  const reply = indexFile(lines, headers);
  return answer.state === "found" ? { ...reply, from: answer.from } : reply;
}

function indexFile(lines: readonly object[], headers: Headers): LocalReply {
  return withValidator(`${lines.map((line) => JSON.stringify(line)).join("\n")}\n`, headers);
}

/** What the outside has of a crate; nothing of one that is this registry's alone. */
export async function askOutside(
  { state, outside }: IndexSource,
  name: string,
): Promise<Answer<readonly IndexLine[]>> {
  if (outside === undefined || state.closed.has(canonicalName(name))) {
    return { state: "absent", from: "this registry" };
  }
  return await outside.index(name);
}

/** What is held here goes before what the outside has, and that before what is made up here. */
async function allLines(
  source: IndexSource,
  { name, visible, answer }: {
    readonly name: string;
    readonly visible: LocalCrate["versions"];
    readonly answer: Answer<readonly IndexLine[]>;
  },
): Promise<readonly object[]> {
  const told = ({ line, yanked }: LocalVersion): object => ({ ...line, yanked });
  const held = visible.filter(({ isMadeUp }) => isMadeUp !== true);
  const known = new Set(held.map(({ version }) => uniqueVersion(version)));
  const outside = answer.state !== "found"
    ? []
    : answer.value.filter(({ vers }) => !known.has(uniqueVersion(vers)));
  for (const { vers } of outside) known.add(uniqueVersion(vers));
  const made = visible.filter(({ isMadeUp, version }) =>
    isMadeUp === true && !known.has(uniqueVersion(version))
  );
  const features = made.length === 0 ? {} : featuresOf(await allDemands(source, name));
  return [
    ...held.map(told),
    ...outside,
    ...made.map((version) => ({ ...told(version), features })),
  ];
}

/** Stands in for a crate that nobody can give, where it is known what is asked of it. */
async function standIn(
  source: IndexSource,
  { name, why, headers }: {
    readonly name: string;
    readonly why: string;
    readonly headers: Headers;
  },
): Promise<LocalReply> {
  const lines = standInLines(await allDemands(source, name));
  return lines.length === 0
    ? missingReply(name, why)
    : { ...indexFile(lines, headers), missing: why };
}

/** What is asked of a crate, as far as that is known: only while a release is packed. */
async function allDemands(
  { state, outside }: IndexSource,
  name: string,
): Promise<readonly Demand[]> {
  if (state.demands === undefined) return [];
  return [...await state.demands(name), ...demandsIn(outside?.answered() ?? [], name)];
}

/** The answer for what nobody can give: a status that cargo does not take for absence, and does not try again after. */
export function missingReply(name: string, why: string): LocalReply {
  const body = `${name} cannot be read: ${why}\n`;
  return { status: 424, headers: { "content-type": "text/plain" }, body, missing: why };
}

function visibleVersions(state: CratesState, crate: LocalCrate): LocalCrate["versions"] {
  const key = canonicalName(crate.name);
  const stale = state.stale.get(key);
  if (stale === undefined) return crate.versions;
  const edge = stale.edges.shift() ?? "behind";
  stale.reads--;
  if (stale.reads <= 0 && stale.edges.length === 0) state.stale.delete(key);
  return edge === "fresh" ? crate.versions : crate.versions.slice(0, stale.versions);
}

function withValidator(body: string, headers: Headers): LocalReply {
  const etag = `"${createHash("sha256").update(body).digest("hex").slice(0, 32)}"`;
  if (headers.get("if-none-match") === etag) return { status: 304, headers: { etag } };
  return {
    status: 200,
    headers: { etag, "content-type": "text/plain", "cache-control": "public,max-age=600" },
    body,
  };
}
