/**
 * Where commits that somebody names lie, seen from another one: one git process for each, of which a run rarely meets more than one.
 *
 * @module
 */

import type { Git } from "../git.ts";

/**
 * `within` the history of a commit: it descends from that one, or is it. `outside`: this clone has it elsewhere.
 * `unknown`: this clone does not have it, or its history was cut before it came to it.
 */
export type Lie = "within" | "outside" | "unknown";

/** What is known of a history. */
export interface Ancestry {
  /** By the id that was asked about. */
  readonly lies: ReadonlyMap<string, Lie>;
  /** Whether the clone is shallow: what is unknown may be in the part that it lacks. */
  readonly isShallow: boolean;
}

/**
 * What git is told besides: a partial clone would ask its remote for every commit that it does not have (git 2.45 and newer
 * can be kept from it; older ones ask, are told no, and fail with 128).
 */
const ENV = { GIT_NO_LAZY_FETCH: "1" };

/** Looks for commits in the history of `head`. All are full object ids. */
export async function readAncestry(
  git: Git,
  { head, commits }: { readonly head: string; readonly commits: Iterable<string> },
): Promise<Ancestry> {
  const asked = [...new Set(commits)];
  const others = asked.filter((commit) => commit !== head);
  const lies = new Map<string, Lie>(asked.map((commit) => [commit, "within"]));
  if (others.length === 0) return { lies, isShallow: false };
  const isShallow = (await git.text(["rev-parse", "--is-shallow-repository"])).trim() === "true";
  for (const commit of others) lies.set(commit, await lieOf(git, { head, commit, isShallow }));
  return { lies, isShallow };
}

async function lieOf(
  git: Git,
  { head, commit, isShallow }: {
    readonly head: string;
    readonly commit: string;
    readonly isShallow: boolean;
  },
): Promise<Lie> {
  // 128: there is no such object, or it is no commit.
  const { code } = await git.run(["merge-base", "--is-ancestor", commit, head], {
    accept: [0, 1, 128],
    env: ENV,
  });
  if (code === 0) return "within";
  return code === 1 && !isShallow ? "outside" : "unknown";
}
