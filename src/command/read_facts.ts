/**
 * Gathers the facts that a plan is made of, with the same few git processes whatever the number of packages:
 * `rev-parse`, `for-each-ref`, `rev-list`, `cat-file` and `diff-tree`.
 *
 * @module
 */

import { posix } from "node:path";
import { followers } from "../core/plan/bump.ts";
import { decide, type Decisions } from "../core/plan/decide.ts";
import type { Config } from "../core/model/config.ts";
import type { CommitFact, Facts, Standing } from "../core/model/facts.ts";
import { releaseHistories, type ReleaseHistory, requestedTags } from "../core/plan/last_release.ts";
import type { RequestedRelease } from "../core/request/requested_release.ts";
import { resolveRequests } from "../core/request/resolve_requests.ts";
import { type ListedTags, listTags, readRepository } from "../host/git_facts/repository.ts";
import { readChanges } from "./facts/read_changes.ts";
import { readHead, readHistory } from "./facts/read_history.ts";
import { readTags } from "./facts/read_tags.ts";
import type { RegistryKind } from "../registry/registry_kind.ts";
import type { PendingConfig } from "./declare_bytes.ts";
import { missingConfig } from "./read_config.ts";
import { closeReaders, openReaders, type Readers, type Workspace } from "./workspace.ts";

/** What is to be planned. */
export interface PlanQuestion {
  /** Plans at this commit in HEAD's place, with the configuration that it has. */
  readonly at?: string | undefined;
  /** What was asked for; undefined plans what changed. */
  readonly requests?: readonly RequestedRelease[] | undefined;
  /** Leaves out the tags that stand on the commit itself: how things stood before it was released. */
  readonly beforeRelease?: boolean;
  /** Tags, with their commits, that count as there besides: how things stand once they are made. */
  readonly tagged?: ReadonlyMap<string, string>;
}

/** Facts, and what was decided on the way: what is read of history depends on it. */
export interface GatheredFacts {
  readonly facts: Facts;
  readonly decisions: Decisions;
  /** Sentences about requests that are for no package here. */
  readonly warnings: readonly string[];
}

/**
 * Reads everything that a plan depends on. The workspace's root is where all paths start, and lies in a git work tree.
 *
 * Throws what is wrong with the configuration (`PIOT_CONFIG_…`), `PIOT_NOT_A_REPOSITORY`, `PIOT_NO_COMMIT`,
 * `PIOT_COMMIT_UNKNOWN` for `at`, `PIOT_SHALLOW_CLONE`, `PIOT_TREELESS_CLONE`, and `PIOT_GIT` for whatever else git
 * refuses.
 */
export async function readFacts(
  workspace: Workspace,
  question: PlanQuestion = {},
): Promise<GatheredFacts> {
  const { git, file, kinds } = workspace;
  const { at } = question;
  const repository = at === undefined ? workspace.repository() : readRepository(git, at);
  const opening = repository.then((repository) => openReaders(git, repository));
  const head = opening.then(readHead);
  try {
    // git works while the configuration is read. What is wrong with that is told before what is wrong with the clone.
    const [declared, readers, listed] = await allOrFirst([
      at === undefined
        ? workspace.config()
        : head.then(async () => await configAt(await opening, { file, kinds })),
      opening,
      listTags(git),
      head,
    ]);
    const { warnings, releases, ...standing } = await readStanding(readers, {
      ...{ declared, listed: withTags(listed, question.tagged), question },
      head: await head,
    });
    const decisions = decide(standing, releases);
    const facts = { ...standing, ...await readHistory(readers, followers(decisions).keys()) };
    return { facts, decisions, warnings };
  } finally {
    await opening.then(closeReaders, () => {});
  }
}

function withTags(
  { tags, others }: ListedTags,
  tagged: ReadonlyMap<string, string> = new Map(),
): ListedTags {
  const made = [...tagged].map(([name, target]) => ({ name, target, isNested: false }));
  return { tags: [...tags.filter(({ name }) => !tagged.has(name)), ...made], others };
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
async function configAt(
  { objects, repository }: Readers,
  { file, kinds }: { readonly file: string; readonly kinds: readonly RegistryKind[] | undefined },
): Promise<PendingConfig> {
  const { head, prefix } = repository;
  let bytes: Uint8Array | undefined;
  const path = posix.normalize(`${prefix}${file}`);
  const name = `${head}:${path}`;
  await objects.each(name.includes("\n") ? [] : [name], (object) => {
    if (object?.type === "blob") bytes = object.bytes;
  });
  if (bytes === undefined) {
    const hint = "Plan at a commit that has it, or name another file with `--config`";
    throw missingConfig(path, `commit ${head}`, hint);
  }
  const { declareBytes } = await import("./declare_bytes.ts");
  return await declareBytes(bytes, { file, kinds });
}

/** The configuration of a commit. Throws as a plan at that commit does. */
export async function readConfigAt(
  { git, file, kinds }: Workspace,
  commit: string,
): Promise<Config> {
  const readers = openReaders(git, await readRepository(git, commit));
  try {
    const { config, check } = await configAt(readers, { file, kinds });
    await check();
    return config;
  } finally {
    await closeReaders(readers);
  }
}

interface StandingSource {
  readonly declared: PendingConfig;
  readonly head: CommitFact;
  readonly listed: ListedTags;
  readonly question: PlanQuestion;
}

/** Where things stand, and what else is found out while git is at work. */
interface Found extends Standing {
  readonly releases: ReadonlyMap<string, ReleaseHistory>;
  readonly warnings: readonly string[];
}

async function readStanding(readers: Readers, source: StandingSource): Promise<Found> {
  const { declared: { config, check }, head, listed, question } = source;
  const { beforeRelease = false } = question;
  try {
    const asked = question.requests && resolveRequests(question.requests, config);
    const requested = asked && requestedTags(config, asked.requests);
    const { facts, last } = await readTags(readers, { config, listed, requested, beforeRelease });
    const reading = readChanges(readers, { config, last });
    // While git compares folders, there is time for what the plan needs anyway.
    const [meanwhile, { changes, emptyGlobs }] = await allOrFirst([
      Promise.resolve().then(async () => {
        await check();
        const known = { config, head, ...facts(), warnings: [], ...asked };
        return { ...known, releases: releaseHistories(known) };
      }),
      reading,
    ]);
    return { ...meanwhile, changes, emptyGlobs };
  } catch (error) {
    // What a configuration that makes no sense leads to is not what is wrong.
    await check();
    throw error;
  }
}
