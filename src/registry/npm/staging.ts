/**
 * Staged publishing: where the trusted publisher may not publish by itself, it hands the version in, and a maintainer
 * approves it with a second factor (npm's docs, staged publishing).
 *
 * @module
 */

import type { Staged } from "../registry.ts";
import { refusalId, refusalOf } from "./refusal.ts";
import type { Reply } from "./reply.ts";
import { settingsPage } from "./site.ts";

/** What a version waits with. */
export interface StagedUnit {
  readonly name: string;
  readonly version: string;
  /** The registry, without a slash at the end. */
  readonly registry: string;
}

/** Whether a refused upload says that this publisher may only stage, or nothing at all: staging shows which. */
export function mayOnlyStage(reply: Reply): boolean {
  return refusalId(reply) === "oidc-denied";
}

/**
 * Whether a refusal says that this very version waits already: staged versions and published ones share their numbers
 * (npm's docs, `npm stage`). The status is not documented, so that the words count.
 */
export function isStagedAlready({ status, words }: Reply): boolean {
  return (status === 403 || status === 409) && /\bstaged\b/i.test(words);
}

/** What an answer to `POST /-/stage/package/{name}` comes to. Throws what `refusalOf` makes of a refusal. */
export function readStageReply(unit: StagedUnit, reply: Reply): Staged {
  if (reply.status >= 200 && reply.status < 300) {
    const { stageId } = (reply.json ?? {}) as { stageId?: unknown };
    return waiting(unit, typeof stageId === "string" ? stageId : undefined);
  }
  if (isStagedAlready(reply)) return waiting(unit);
  throw refusalOf(`${unit.name}@${unit.version}`, reply, "stage");
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
