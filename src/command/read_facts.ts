/**
 * Gathers the facts that a plan is made of, with the same few git processes whatever the number of packages:
 * `rev-parse`, `for-each-ref`, `rev-list`, `cat-file` and `diff-tree`.
 *
 * @module
 */

import { followers } from "../core/bump.ts";
import { parseConfig } from "../core/config.ts";
import { decide } from "../core/decide.ts";
import type { Facts, Standing } from "../core/facts.ts";
import { releaseHistories } from "../core/last_release.ts";
import type { Config } from "../core/package.ts";
import type { RequestedRelease } from "../core/request_reading.ts";
import { resolveRequests } from "../core/resolve_requests.ts";
import { createGit, type Git } from "../host/git.ts";
import { openCommitGraph } from "../host/git_facts/commit_graph.ts";
import { listTags } from "../host/git_facts/list_tags.ts";
import { openObjects } from "../host/git_facts/objects.ts";
import { readRepository, type Repository } from "../host/git_facts/repository.ts";
import { openTreeDiffs } from "../host/git_facts/tree_diffs.ts";
import type { Env } from "../host/host.ts";
import type { Doors } from "./facts/doors.ts";
import { readChanges } from "./facts/read_changes.ts";
import { readHead, readHistory } from "./facts/read_history.ts";
import { readTags } from "./facts/read_tags.ts";
import { type ConfigPlace, locateConfig, missingConfig, readConfig } from "./read_config.ts";

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
  // git works while the configuration is read. What is wrong with that is told before what is wrong with the clone.
  const [early, repository, listed] = await allOrFirst([
    options.at === undefined ? readConfig(options) : Promise.resolve(undefined),
    readRepository(git, options.at),
    listTags(git),
  ]);
  const doors = openDoors(git, repository);
  try {
    const config = early?.config ?? await configAt(doors, place.file);
    const known = options.beforeRelease === true
      ? listed.filter(({ target }) => target !== repository.head)
      : listed;
    const standing = await readStanding(doors, {
      config,
      listed: known,
      requests: options.requests,
    });
    return { ...standing, ...await readHistory(doors, followers(decide(standing))) };
  } finally {
    await Promise.all([doors.objects.stop(), doors.diffs.stop(), doors.graph.stop()]);
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

function openDoors(git: Git, repository: Repository): Doors {
  const { head, boundary } = repository;
  return {
    repository,
    objects: openObjects(git),
    diffs: openTreeDiffs(git),
    graph: openCommitGraph({ git, head, boundary }),
  };
}

/** The configuration as the commit has it. */
async function configAt({ objects, repository }: Doors, file: string): Promise<Config> {
  const { head, prefix } = repository;
  let bytes: Uint8Array | undefined;
  const name = `${head}:${prefix}${file}`;
  await objects.each(name.includes("\n") ? [] : [name], (object) => {
    if (object?.type === "blob") bytes = object.bytes;
  });
  if (bytes === undefined) throw missingConfig(`${prefix}${file}`, `commit ${head}`);
  return parseConfig(bytes, file);
}

async function readStanding(
  doors: Doors,
  source: {
    readonly config: Config;
    readonly listed: Awaited<ReturnType<typeof listTags>>;
    readonly requests: readonly RequestedRelease[] | undefined;
  },
): Promise<Standing> {
  const { config, requests } = source;
  const asked = requests === undefined ? undefined : resolveRequests(requests, config.packages);
  const tags = await readTags(doors, source);
  const releases = releaseHistories({ config, tags });
  const head = await readHead(doors);
  const { changes, emptyGlobs } = await readChanges(doors, { config, releases });
  return {
    config,
    head,
    tags,
    changes,
    emptyGlobs,
    ...(asked === undefined ? {} : { requests: asked.requests }),
  };
}
