/**
 * Objects of a repository, through one `git cat-file --batch`, and their ids through one `git cat-file --batch-check`.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import type { Git } from "../git.ts";
import { type GitChild, need, startGit } from "./git_child.ts";

/** One object, as git stores it. */
export interface GitObject {
  /** Full object id. */
  readonly id: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** A door to the objects. */
export interface Objects {
  /**
   * Reads objects by name (an id, `<id>^{tree}`; no line break in it) and hands each over, in the order asked; undefined
   * for one that is not there. None is kept.
   */
  readonly each: (
    names: readonly string[],
    visit: (object: GitObject | undefined, index: number) => void,
  ) => Promise<void>;
  /**
   * The object ids of names such as `<id>:path`, without line breaks; undefined for one that names nothing. The objects themselves are not
   * looked at, so a clone that lacks them fetches nothing.
   */
  readonly ids: (names: readonly string[]) => Promise<readonly (string | undefined)[]>;
  readonly stop: () => Promise<void>;
}

/** Opens the door; git starts with the first question. */
export function openObjects(git: Git): Objects {
  let child: GitChild | undefined;
  let checker: GitChild | undefined;
  return {
    each: async (names, visit) => {
      if (names.length === 0) return;
      const from = child ??= startGit(git, ["cat-file", "--batch"]);
      from.write(names.map((name) => `${name}\n`).join(""));
      for (const index of names.keys()) {
        // Awaiting only when nothing is at hand: thousands of objects arrive in a few chunks.
        const header = (from.takeUntil(NEWLINE) ?? await need(from, () => from.takeUntil(NEWLINE)))
          .toString();
        const [, id, type, size] = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(header) ?? [];
        if (id === undefined || type === undefined) {
          visit(undefined, index);
          continue;
        }
        const length = Number(size) + 1;
        const bytes = from.take(length) ?? await need(from, () => from.take(length));
        visit({ id, type, bytes: bytes.subarray(0, -1) }, index);
      }
    },
    ids: async (names) => {
      if (names.length === 0) return [];
      const from = checker ??= startGit(git, ["cat-file", "--batch-check=%(objectname)"]);
      from.write(names.map((name) => `${name}\n`).join(""));
      const ids: (string | undefined)[] = [];
      while (ids.length < names.length) {
        const line = from.takeUntil(NEWLINE) ?? await need(from, () => from.takeUntil(NEWLINE));
        ids.push(/^[0-9a-f]{40,64}$/.exec(line.toString("latin1"))?.[0]);
      }
      return ids;
    },
    stop: async () => {
      await Promise.all([child?.stop(), checker?.stop()]);
    },
  };
}

const NEWLINE = 10;
