/**
 * A plan of facts that the caller has, for callers of the library: no file is read, and git is not asked.
 *
 * @module
 */

import type { CommitFact, HistoryFact, ReleaseRequest, TagFact } from "../core/model/facts.ts";
import type { Plan } from "../core/model/plan.ts";
import { makePlan as make } from "../core/plan/make_plan.ts";
import { KINDS } from "../registry/kinds.ts";
import type { DeclaredConfig } from "./parse_config.ts";

/**
 * Where things stand at a commit. What is left out is empty: no tag, no change, no trailer. All paths are `/`-separated and
 * start from the folder of the configuration.
 */
export interface PlanFacts {
  /** What `parseConfig()` gives. */
  readonly config: DeclaredConfig;
  /** The commit that is planned; `tips` are the messages of what it merged. */
  readonly head: Pick<CommitFact, "id" | "message"> & Partial<Pick<CommitFact, "tips">>;
  /** Tags of releases, in any order. Without `reachable` they count as none that the commit descends from. */
  readonly tags?: readonly TagFact[];
  /** Every other tag's name: what is planned must not collide with them. */
  readonly otherTags?: readonly string[];
  /** By the commit of a last release: the files that differ since then. */
  readonly changes?: ReadonlyMap<string, readonly string[]>;
  /** Globs of the configuration that match no file. */
  readonly emptyGlobs?: ReadonlySet<string>;
  /** By the commit of a last release: how many first-parent commits came after it, this one included; 1 by default. */
  readonly since?: ReadonlyMap<string, number>;
  /** Commits since the last releases whose messages may hold a trailer, in any order. */
  readonly history?: readonly HistoryFact[];
  /** What was asked for by name, which plans exactly that; an empty list plans nothing. */
  readonly requests?: readonly ReleaseRequest[];
}

/**
 * Plans. Pure: the same facts give the same plan. Throws what is wrong with the commit's trailer (`PIOT_TRAILER_…`), with
 * what was asked for (`PIOT_RELEASE_REQUEST_…`), with versions that PyPI cannot express (`PIOT_VERSION_UNMAPPABLE`), and
 * with tags that cannot be made (`PIOT_RELEASED_ELSEWHERE`, `PIOT_TAG_…`), all in one go.
 *
 * ```ts
 * import { makePlan, parseConfig } from "@piot/cli";
 *
 * const config = parseConfig(`
 *   [putitoutthere]
 *   version = 1
 *   [[package]]
 *   name = "demo"
 *   kind = "npm"
 *   path = "js"
 *   paths = ["js/**"]
 * `);
 * const { packages } = makePlan({
 *   config,
 *   head: { id: "b".repeat(40), message: "Mend it" },
 *   tags: [{ name: "demo-v1.2.3", commit: "a".repeat(40), reachable: true }],
 *   changes: new Map([["a".repeat(40), ["js/index.js"]]]),
 * });
 * console.log(packages[0]?.version); // 1.2.4
 * ```
 */
export function makePlan(facts: PlanFacts): Plan {
  const { config, head, tags = [], changes = new Map(), requests } = facts;
  const { packages, cadence } = config;
  return make({
    config: { cadence, packages, kinds: KINDS },
    head: { tips: [], ...head },
    tags,
    otherTags: facts.otherTags ?? [],
    changes,
    emptyGlobs: facts.emptyGlobs ?? new Set(),
    since: facts.since ?? new Map(tags.map(({ commit }) => [commit, 1])),
    history: facts.history ?? [],
    ...(requests === undefined ? {} : { requests }),
  });
}
