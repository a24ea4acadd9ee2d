/**
 * Staged publishing: who may not publish by itself hands the version in, and a maintainer approves it with a second factor
 * (npm's docs, staged publishing). Reads which answers say so, and asks what waits.
 *
 * @module
 */

import type { Http } from "../../host/host.ts";
import { ReleaseRefused, type Staged } from "../registry.ts";
import { packagePage, waitingUrl } from "./npm_urls.ts";
import type { NpmUnit } from "./publish_unit.ts";
import { readIfAnswered, type Reply } from "../reply.ts";
import { refusalRow } from "./upload_refusal.ts";

/** What a version waits with. */
export interface StagedUnit {
  readonly name: string;
  readonly version: string;
  /** The registry, without a slash at the end. */
  readonly registry: string;
}

/**
 * Whether a refused upload leaves staging to be tried: a trusted publisher may only stage, or nothing at all; and no token
 * needs a second factor to stage.
 */
export function mayBeStaged(reply: Reply): boolean {
  return refusalRow(reply).mayStage === true;
}

const WAITS =
  /\balready\b.*\bstaged\b|\bis (?:currently )?staged\b|\bstaged\b.*\b(?:already|waits|waiting|pending)\b|\b(?:awaiting|pending) approval\b/i;

/**
 * Whether a refusal says that this very version waits already: staged versions and published ones share their numbers
 * (npm's docs, `npm stage`). The status is not documented, so that the words count.
 */
export function isStagedAlready({ status, words }: Reply): boolean {
  return (status === 403 || status === 409) && WAITS.test(words);
}

/**
 * The same of an answer to the staging itself, where a conflict can hardly be about anything else: what is published was
 * looked for before.
 */
export function isConflictOfStaging(reply: Reply): boolean {
  return isStagedAlready(reply) ||
    (reply.status === 409 && refusalRow(reply).id !== "taken" &&
      /\bstag(?:e|ed|ing)\b|\balready\b/i.test(reply.words));
}

/** The id that approves the version, of a success of `POST /-/stage/package/{name}`; undefined when npm tells none. */
export function stageIdOf({ json }: Reply): string | undefined {
  const { stageId } = (json ?? {}) as { stageId?: unknown };
  return typeof stageId === "string" ? stageId : undefined;
}

/** Says whose approval a version waits for, and how to give it. */
export function waiting({ name, version, registry }: StagedUnit, stageId?: string): Staged {
  const command = stageId === undefined || !/^[\w-]{1,100}$/.test(stageId)
    ? `\`npm stage list ${name}\` and \`npm stage approve\``
    : `\`npm stage approve ${stageId}\``;
  return {
    staged:
      `${name}@${version} waits for a maintainer of the package to approve it with a second ` +
      `factor: ${command}, or ${packagePage(name, registry)}`,
  };
}

/** Says why a main package was not sent: people would install it without the packages that it brings along. */
export function heldBack({ name, version }: Pick<StagedUnit, "name" | "version">): Staged {
  return {
    staged:
      `${name}@${version} is held back until its platform packages are approved: run again then`,
  };
}

/** A version that waits. */
export interface WaitingVersion {
  /** What `npm stage approve` takes. */
  readonly id: string;
}

/** What asking needs. */
export interface WaitingContext {
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
  context: WaitingContext,
): Promise<WaitingVersion | undefined> {
  if (context.userToken === undefined) return undefined;
  for await (const items of waitingPages(unit.name, context)) {
    const found = items?.find(({ packageName, version }) =>
      packageName === unit.name && version === unit.version
    );
    if (found !== undefined) return ours(unit, found);
  }
  return undefined;
}

type Item = Readonly<Record<string, unknown>>;

/** The pages of what waits of a package, of everything without a name; the last is undefined where npm does not tell. */
export async function* waitingPages(
  name: string | undefined,
  context: WaitingContext,
): AsyncGenerator<readonly Item[] | undefined> {
  for (let page = 0; page < MOST_PAGES; page++) {
    const items = await readPage(name, page, context);
    yield items;
    if (items === undefined || items.length < PAGE) return;
  }
}

/** One page; undefined for whatever is no list, since registries that stand in for npm have none. */
async function readPage(
  name: string | undefined,
  page: number,
  { http, registry, userToken }: WaitingContext,
): Promise<readonly Item[] | undefined> {
  const url = waitingUrl(name, { registry, page, size: PAGE });
  const headers = { accept: "application/json", authorization: `Bearer ${userToken}` };
  const reply = await readIfAnswered(http(url, { headers }));
  const { items } = (reply?.json ?? {}) as { items?: unknown };
  if (reply?.status !== 200 || !Array.isArray(items)) return undefined;
  return items.filter((item): item is Item => typeof item === "object" && item !== null);
}

function ours({ name, version, shasum }: NpmUnit, item: Item): WaitingVersion | undefined {
  const { id, shasum: held } = item;
  if (typeof id !== "string") return undefined;
  if (typeof held !== "string" || held === shasum) return { id };
  throw new ReleaseRefused(
    "PIOT_VERSION_TAKEN",
    `Cannot publish ${name}@${version}: other bytes wait for approval on npm under that version (sha1 ${held} there, ${shasum} here)`,
    {
      hint:
        "If they are none of yours, or outdated: reject them with `npm stage list` and `npm stage reject`, then run again; else approve them, or release a higher version",
    },
  );
}
