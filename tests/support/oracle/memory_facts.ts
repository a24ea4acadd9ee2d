/** What the planner is given of a history in memory. */

import { KINDS } from "../../../src/registry/kinds.ts";
import type { Facts } from "../../../src/core/model/facts.ts";
import { changedBy, differing, firstParents, pastOf, tipsOf } from "./memory_repo.ts";
import { matchesOf, versionOfTag } from "./naive_names.ts";
import type { OracleCase } from "./random_case.ts";

export function factsOfCase({ packages, repo, requests }: OracleCase): Facts {
  const { commits, tags, head } = repo;
  const past = pastOf(repo, head);
  const line = firstParents(repo);
  const tree = commits.get(head)!.tree;
  const isOwned = (name: string): boolean =>
    packages.some((pkg) => versionOfTag(pkg, name) !== undefined);
  const owned = [...tags].flatMap(([name, commit]) =>
    commit !== null && isOwned(name) ? [{ name, commit, reachable: past.has(commit) }] : []
  );
  const tagged = new Set(owned.flatMap(({ commit, reachable }) => reachable ? [commit] : []));
  const globs = packages.flatMap(({ paths }) => paths);
  return {
    config: { cadence: "immediate", kinds: KINDS, packages },
    head: {
      id: head,
      message: commits.get(head)!.message,
      tips: tipsOf(repo, commits.get(head)!).map(({ message }) => message),
    },
    tags: owned,
    otherTags: [...tags.keys()].filter((name) => !owned.some((tag) => tag.name === name)),
    changes: new Map([...tagged].map((id) => [id, differing(commits.get(id)!.tree, tree)])),
    emptyGlobs: new Set(globs.filter((glob) => ![...tree.keys()].some(matchesOf(glob)))),
    since: new Map([...tagged].map((id) => {
      const before = pastOf(repo, id);
      return [id, line.filter((commit) => !before.has(commit.id)).length];
    })),
    history: line.slice(1).map((commit, at) => ({
      id: commit.id,
      message: commit.message,
      tips: tipsOf(repo, commit).map(({ message }) => message),
      depth: at + 1,
      files: changedBy(repo, commit),
    })),
    ...(requests === undefined ? {} : { requests }),
  };
}
