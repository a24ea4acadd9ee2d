/**
 * The commits behind HEAD, through one `git rev-list` that is read no further than an answer needs: packages that were
 * released lately cost the same in a long history as in a short one.
 *
 * @module
 */

import type { Git } from "../git.ts";
import { type GitChild, startGit } from "./git_child.ts";

/** The history of one commit. */
export interface CommitGraph {
  /** Lets git begin before the first question comes. */
  readonly start: () => void;
  /** Reads on until every one of these was met, or there is no more. */
  readonly seek: (ids: Iterable<string>) => Promise<void>;
  /** Whether a commit was met so far. After {@link seek}, whether HEAD descends from it or is it. */
  readonly has: (id: string) => boolean;
  /**
   * How many first-parent steps it takes from HEAD to a commit, or, for one beside that line, to the newest commit on
   * the line that it descends from: what came after it, seen from the line.
   */
  readonly stepsTo: (id: string) => Promise<number>;
  /** The first-parent line from HEAD on, as far as it was walked; at least to every commit of {@link stepsTo}. */
  readonly line: readonly string[];
  /** How many commits were met. */
  readonly size: () => number;
  readonly stop: () => Promise<void>;
}

/** What a graph is read from. */
export interface GraphSource {
  readonly git: Git;
  /** Full object id. */
  readonly head: string;
}

interface Walk {
  readonly parents: Map<string, readonly string[]>;
  /** Reads some more; false when there is no more. */
  readonly more: () => Promise<boolean>;
}

/** Opens the history; git starts when HEAD alone is not enough, unless it was told to before. */
export function openCommitGraph(source: GraphSource): CommitGraph {
  const { head } = source;
  let child: GitChild | undefined;
  const parents = new Map<string, readonly string[]>();
  const start = (): GitChild => {
    return child ??= startGit(source.git, ["rev-list", "--parents", head, "--"]);
  };
  const more = async (): Promise<boolean> => {
    const from = start();
    for (;;) {
      const found = takeLines(from, parents);
      if (found) return true;
      if (await from.fill()) continue;
      await from.finish();
      return false;
    }
  };
  const line: string[] = [head];
  const places = new Map([[head, 0]]);
  const walk: Walk = { parents, more };
  return {
    start,
    seek: async (ids) => {
      for (const id of ids) while (id !== head && !parents.has(id) && await more());
    },
    has: (id) => id === head || parents.has(id),
    stepsTo: async (id) => {
      if (await extendLine(walk, { line, places, until: id })) return places.get(id)!;
      return stepsBeside(id, { parents, places });
    },
    line,
    size: () => Math.max(1, parents.size),
    stop: async () => await child?.stop(),
  };
}

/** Takes every whole line that is at hand: a commit and its parents. */
function takeLines(from: GitChild, parents: Map<string, readonly string[]>): boolean {
  let taken = false;
  for (;;) {
    const text = from.takeUntil(10)?.toString("latin1");
    if (text === undefined) return taken;
    const [id = "", ...others] = text.split(" ");
    parents.set(id, others);
    taken = true;
  }
}

/** Walks the line on until a commit; false when the line ends without it. */
async function extendLine(
  walk: Walk,
  state: { readonly line: string[]; readonly places: Map<string, number>; readonly until: string },
): Promise<boolean> {
  const { line, places, until } = state;
  while (!places.has(until)) {
    const last = line.at(-1)!;
    while (!walk.parents.has(last)) if (!await walk.more()) return false;
    const next = walk.parents.get(last)![0];
    if (next === undefined) {
      while (await walk.more());
      return false;
    }
    places.set(next, line.length);
    line.push(next);
  }
  return true;
}

/** The newest place on the line that a commit beside it descends from; the whole line when there is none. */
function stepsBeside(
  id: string,
  known: {
    readonly parents: ReadonlyMap<string, readonly string[]>;
    readonly places: ReadonlyMap<string, number>;
  },
): number {
  let newest = known.places.size;
  const found = new Set([id]);
  for (const commit of found) {
    const place = known.places.get(commit);
    if (place !== undefined) newest = Math.min(newest, place);
    else for (const parent of known.parents.get(commit) ?? []) found.add(parent);
  }
  return newest;
}
