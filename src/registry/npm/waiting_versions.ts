/**
 * Every version that waits on npm for this user's approval, whatever package it is of.
 *
 * @module
 */

import type { WaitingRelease } from "../../core/status/registry_state.ts";
import { waiting, type WaitingContext, waitingPages } from "./staging.ts";

/** What waits, by package name, each version once; undefined where npm does not tell, as without a user's token. */
export type WaitingVersions = ReadonlyMap<string, readonly WaitingRelease[]> | undefined;

/** Asks when it is first needed, and once for all packages: npm lists what waits for a user in pages. */
export function waitingVersions(context: WaitingContext): () => Promise<WaitingVersions> {
  let asked: Promise<WaitingVersions> | undefined;
  return () => asked ??= readAll(context);
}

async function readAll(context: WaitingContext): Promise<WaitingVersions> {
  if (context.userToken === undefined) return undefined;
  const found = new Map<string, WaitingRelease[]>();
  for await (const items of waitingPages(undefined, context)) {
    if (items === undefined) return undefined;
    for (const { packageName: name, version, id } of items) {
      if (typeof name !== "string" || typeof version !== "string") continue;
      const stageId = typeof id === "string" ? id : undefined;
      const { staged } = waiting({ name, version, registry: context.registry }, stageId);
      found.set(name, [...found.get(name) ?? [], { name, version, how: staged }]);
    }
  }
  return found;
}
