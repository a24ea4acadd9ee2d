/**
 * Staged publishing: who may not publish by itself hands the version in, and a maintainer approves it with a second factor
 * (npm's docs, staged publishing).
 *
 * @module
 */

import type { Staged } from "../registry.ts";
import { refusalRow } from "./refusal.ts";
import type { Reply } from "./reply.ts";
import { settingsPage } from "./site.ts";

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
      `factor: ${command}, or ${settingsPage(name, registry).replace(/\/access$/, "")}`,
  };
}

/** Says why a main package was not sent: people would install it without the packages that it brings along. */
export function heldBack({ name, version }: Pick<StagedUnit, "name" | "version">): Staged {
  return {
    staged:
      `${name}@${version} is held back until its platform packages are approved: run again then`,
  };
}
