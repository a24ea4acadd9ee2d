/**
 * Files that differ between two trees, through one `git diff-tree --stdin`.
 *
 * @module
 */

import type { Git } from "../git.ts";
import { type GitChild, need, startGit } from "./git_child.ts";

/** Two trees by object id. */
export type TreePair = readonly [string, string];

/** Reads differences. */
export interface TreeDiffs {
  /**
   * Hands over, pair by pair, the paths that differ, relative to the trees. A renamed file counts at both paths; a
   * submodule is told a second time with a `/` at its end.
   */
  readonly each: (
    pairs: readonly TreePair[],
    visit: (path: string, index: number) => void,
  ) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The tree without entries, which git knows without having it, in both object formats. */
export function emptyTree(idLength: number): string {
  return idLength === 40
    ? "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
    : "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321";
}

/**
 * `--raw` rather than `--name-only`: an entry starts with a colon and an object id does not, so no file's name can pass
 * for the line that starts the next pair; and its modes tell what is a submodule. `diff-tree` itself ignores the user's
 * diff settings, but not what `.gitmodules` says about submodules.
 */
const ARGS = [
  "diff-tree",
  "--stdin",
  "-r",
  "-z",
  "--raw",
  "--no-renames",
  "--ignore-submodules=none",
];

/** A line that is no object id comes back as it is, and git flushes what it held back until then. */
const END = "end";

/** Opens the reader; git starts with the first question. */
export function openTreeDiffs(git: Git): TreeDiffs {
  let child: GitChild | undefined;
  return {
    each: async (pairs, visit) => {
      if (pairs.length === 0) return;
      const from = child ??= startGit(git, ARGS);
      from.write(`${pairs.map((pair) => `${pair.join(" ")}\n`).join("")}${END}\n`);
      for (let index = -1;;) {
        const first = from.peek() ?? await need(from, () => from.peek());
        if (first === COLON) {
          const entry = from.takeUntil(0) ?? await need(from, () => from.takeUntil(0));
          const path = (from.takeUntil(0) ?? await need(from, () => from.takeUntil(0))).toString();
          visit(path, index);
          if (isSubmodule(entry)) visit(`${path}/`, index);
          continue;
        }
        const line = (await need(from, () => from.takeUntil(NEWLINE))).toString();
        if (line === END) return;
        index++;
      }
    },
    stop: async () => await child?.stop(),
  };
}

const NEWLINE = 10;

const COLON = 58;

/** `:<old mode> <new mode> …` (git-diff-tree, "Raw output format"): of all modes, 160000 alone has a 6 there. */
function isSubmodule(entry: Uint8Array): boolean {
  return entry[2] === SIX || entry[9] === SIX;
}

const SIX = 54;
