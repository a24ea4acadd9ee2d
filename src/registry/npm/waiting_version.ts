/**
 * Asks which versions wait for approval. npm tells its users, and no token of trusted publishing (npm Registry API, staged
 * packages): without a token of the environment nobody knows before an upload is refused.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { Http } from "../../host/host.ts";
import type { NpmUnit } from "./prepared.ts";
import { escapeName, readIfAnswered } from "./reply.ts";

/** A version that waits. */
export interface WaitingVersion {
  /** What `npm stage approve` takes. */
  readonly id: string;
}

/** What asking needs. */
export interface WaitingParts {
  readonly http: Http;
  /** The registry, without a slash at the end. */
  readonly registry: string;
  /** A token of the environment; undefined when there is none. */
  readonly userToken: string | undefined;
}

/** Versions on one page of the list. */
const PAGE = 100;
/** Pages that are read at most. */
const MOST_PAGES = 20;

/**
 * The unit as it waits; undefined when it does not, or when npm does not tell. Throws `PIOT_VERSION_TAKEN` when other bytes
 * wait under its version: whoever approves those publishes them.
 */
export async function findWaiting(
  unit: NpmUnit,
  parts: WaitingParts,
): Promise<WaitingVersion | undefined> {
  if (parts.userToken === undefined) return undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const items = await readPage(unit.name, page, parts);
    const found = items.find((one) =>
      one["packageName"] === unit.name && one["version"] === unit.version
    );
    if (found !== undefined) return ours(unit, found);
    if (items.length < PAGE) return undefined;
  }
  return undefined;
}

type Item = Readonly<Record<string, unknown>>;

/** One page; empty for whatever is no list, since registries that stand in for npm have none. */
async function readPage(
  name: string,
  page: number,
  { http, registry, userToken }: WaitingParts,
): Promise<readonly Item[]> {
  const url = `${registry}/-/stage?package=${escapeName(name)}&page=${page}&perPage=${PAGE}`;
  const headers = { accept: "application/json", authorization: `Bearer ${userToken}` };
  const reply = await readIfAnswered(http(url, { headers }));
  const { items } = (reply?.json ?? {}) as { items?: unknown };
  if (reply?.status !== 200 || !Array.isArray(items)) return [];
  return items.filter((one): one is Item => typeof one === "object" && one !== null);
}

function ours({ name, version, shasum }: NpmUnit, item: Item): WaitingVersion | undefined {
  const { id, shasum: held } = item;
  if (typeof id !== "string") return undefined;
  if (typeof held !== "string" || held === shasum) return { id };
  throw new Failure(
    "PIOT_VERSION_TAKEN",
    `Cannot publish ${name}@${version}: other bytes wait for approval on npm under that version (sha1 ${held} there, ${shasum} here)`,
    {
      hint:
        "If they are none of yours, or outdated: reject them with `npm stage list` and `npm stage reject`, then run again; else approve them, or release a higher version",
    },
  );
}
