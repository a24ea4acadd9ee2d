/**
 * Gathers the facts that a plan is made of, with the same few git processes whatever the number of packages:
 * `rev-parse`, `for-each-ref`, `rev-list`, `cat-file` and `diff-tree`.
 *
 * @module
 */

import { followers } from "../core/plan/bump.ts";
import { decide } from "../core/plan/decide.ts";
import type { CommitFact, Facts, Standing } from "../core/model/facts.ts";
import { releaseHistories } from "../core/plan/last_release.ts";
import type { RequestedRelease } from "../core/request/request_reading.ts";
import { resolveRequests } from "../core/request/resolve_requests.ts";
import { createGit } from "../host/git.ts";
import { type ListedTag, listTags } from "../host/git_facts/list_tags.ts";
import type { Env } from "../host/host.ts";
import { declareBytes, type PendingConfig } from "./declare_bytes.ts";
import { closeDoors, type Doors, openDoors } from "./facts/doors.ts";
import { readChanges } from "./facts/read_changes.ts";
import { readHead, readHistory } from "./facts/read_history.ts";
import { readTags } from "./facts/read_tags.ts";
import {
  type ConfigPlace,
  locateConfig,
  missingConfig,
  readDeclaredConfig,
} from "./read_config.ts";

/** What facts are asked for. */
export interface FactsOptions extends ConfigPlace {
  /** Where git finds itself and its settings. */
  readonly env: Env;
  /** Plans at this commit in HEAD's place, with the configuration that it has. */
  readonly at?: string;
  /** What was asked for; leave it out to plan what changed. */
  readonly requests?: readonly RequestedRelease[];
  /** Leaves out the tags that stand on the commit itself: how things stood before it was released. */
  readonly beforeRelease?: boolean;
  /** Told of every git process before it starts. */
  readonly onGit?: (args: readonly string[]) => void;
}

/**
 * Reads everything that a plan depends on. The folder of the configuration file is the root of all its paths, and lies
 * in a git work tree.
 *
 * Throws what is wrong with the configuration (`PIOT_CONFIG_…`), `PIOT_NOT_A_REPOSITORY`, `PIOT_NO_COMMIT`,
 * `PIOT_COMMIT_UNKNOWN` for `at`, `PIOT_SHALLOW_CLONE`, `PIOT_TREELESS_CLONE`, and `PIOT_GIT` for whatever else git
 * refuses.
 */
export async function readFacts(options: FactsOptions): Promise<Facts> {
  const place = locateConfig(options);
  const git = createGit({
    cwd: place.root,
    env: options.env,
    ...(options.onGit === undefined ? {} : { onStart: options.onGit }),
  });
  const opening = openDoors(git, options.at);
  const head = opening.then(readHead);
  try {
    // git works while the configuration is read. What is wrong with that is told before what is wrong with the clone.
    const [declared, doors, listed] = await allOrFirst([
      options.at === undefined
        ? readDeclaredConfig(options)
        : head.then(async () => await configAt(await opening, place.file)),
      opening,
      listTags(git),
      head,
    ]);
    const standing = await readStanding(doors, {
      declared,
      head: await head,
      listed,
      without: options.beforeRelease === true ? doors.repository.head : undefined,
      requests: options.requests,
    });
    // The same object: what was decided from it is known.
    return Object.assign(standing, await readHistory(doors, followers(decide(standing))));
  } finally {
    await opening.then(closeDoors, () => {});
  }
}

/** What several promises come to; when some fail, the failure of the first of them in their order. */
async function allOrFirst<T extends readonly Promise<unknown>[]>(
  promises: readonly [...T],
): Promise<{ readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(promises);
  const results = [];
  for (const promise of promises) results.push(await promise);
  return results as { readonly [K in keyof T]: Awaited<T[K]> };
}

/** The configuration as the commit has it. */
async function configAt({ objects, repository }: Doors, file: string): Promise<PendingConfig> {
  const { head, prefix } = repository;
  let bytes: Uint8Array | undefined;
  const name = `${head}:${prefix}${file}`;
  await objects.each(name.includes("\n") ? [] : [name], (object) => {
    if (object?.type === "blob") bytes = object.bytes;
  });
  if (bytes === undefined) {
    const hint = "Plan at a commit that has it, or name another file with `--config`";
    throw missingConfig(`${prefix}${file}`, `commit ${head}`, hint);
  }
  return await declareBytes(bytes, file);
}

interface StandingSource {
  readonly declared: PendingConfig;
  readonly head: CommitFact;
  readonly listed: readonly ListedTag[];
  readonly without: string | undefined;
  readonly requests: readonly RequestedRelease[] | undefined;
}

async function readStanding(doors: Doors, source: StandingSource): Promise<Standing> {
  const { declared: { config, check }, head, listed, without, requests } = source;
  try {
    const all = requests !== undefined;
    const { facts, last } = await readTags(doors, { config, listed, all, without });
    const reading = readChanges(doors, { config, last });
    // While git compares folders, there is time for what the plan needs anyway.
    const [meanwhile, { changes, emptyGlobs }] = await allOrFirst([
      Promise.resolve().then(async () => {
        await check();
        const tags = facts();
        releaseHistories({ config, tags });
        if (requests === undefined) return { tags };
        return { tags, requests: resolveRequests(requests, config.packages).requests };
      }),
      reading,
    ]);
    return { config, head, changes, emptyGlobs, ...meanwhile };
  } catch (error) {
    // What a configuration that makes no sense leads to is not what is wrong.
    await check();
    throw error;
  }
}
