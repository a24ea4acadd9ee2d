/**
 * Objects of a repository, through one `git cat-file --batch`, their ids, through `git cat-file --batch-check`, and what
 * a commit object says.
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

/** Reads objects. */
export interface Objects {
  /**
   * Reads objects by name (an id, `<id>^{tree}`, `<id>:path`; no line break in it) and hands each over, in the order
   * asked; undefined for one that is not there. A link at a path leads to what it stands for at the same commit. None is
   * kept.
   */
  readonly each: (
    names: readonly string[],
    visit: (object: GitObject | undefined, index: number) => void,
  ) => Promise<void>;
  /**
   * The object ids of names such as `<id>:path`, without line breaks; undefined for one that names nothing. The objects
   * themselves are not looked at, so a clone that lacks them fetches nothing. Each call takes a process of its own.
   */
  readonly ids: (names: readonly string[]) => Promise<readonly (string | undefined)[]>;
  readonly stop: () => Promise<void>;
}

/** Opens the reader; git starts with the first question. */
export function openObjects(git: Git): Objects {
  let child: GitChild | undefined;
  return {
    each: async (names, visit) => {
      if (names.length === 0) return;
      const from = child ??= startGit(git, ["cat-file", "--batch", "--follow-symlinks"]);
      from.write(names.map((name) => `${name}\n`).join(""));
      for (const index of names.keys()) {
        // Awaiting only when nothing is at hand: thousands of objects arrive in a few chunks.
        const header = (from.takeUntil(NEWLINE) ?? await need(from, () => from.takeUntil(NEWLINE)))
          .toString();
        const [, id, type, size] = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(header) ?? [];
        if (id === undefined || type === undefined) {
          await skipLink(from, header);
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
      const input = names.map((name) => `${name}\n`).join("");
      const text = await git.text(CHECK, { input });
      const lines = text.split("\n").slice(0, names.length);
      return lines.map((line) => /^[0-9a-f]{40,64}$/.exec(line)?.[0]);
    },
    stop: async () => await child?.stop(),
  };
}

/** A link that leads nowhere, or out of the commit, is told with where it leads (git-cat-file, "symlink" and so on). */
async function skipLink(from: GitChild, header: string): Promise<void> {
  const [, size] = /^(?:symlink|dangling|loop|notdir) (\d+)$/.exec(header) ?? [];
  if (size !== undefined) await need(from, () => from.take(Number(size) + 1));
}

/**
 * All in one go: a line written by itself wakes its reader, and a thousand of them fill a socket on Linux, so that git
 * would stand still whenever nobody reads.
 */
const CHECK = ["cat-file", "--batch-check=%(objectname)", "--buffer"];

const NEWLINE = 10;

/** What of a commit matters here. */
export interface Commit {
  /** The object id of its tree. */
  readonly tree: string;
  /** Object ids, the first one being the branch that it was made on. */
  readonly parents: readonly string[];
  /** The whole message. */
  readonly message: string;
}

/** Reads the bytes of a commit object: headers, an empty line, the message in the encoding that a header may name. */
export function parseCommit(bytes: Buffer): Commit {
  const end = bytes.indexOf("\n\n");
  const headers = bytes.toString("latin1", 0, end === -1 ? bytes.length : end).split("\n");
  let tree = "";
  let encoding: string | undefined;
  const parents: string[] = [];
  for (const line of headers) {
    if (line.startsWith("parent ")) parents.push(line.slice("parent ".length));
    else if (line.startsWith("tree ")) tree = line.slice("tree ".length);
    else if (line.startsWith("encoding ")) encoding = line.slice("encoding ".length);
  }
  return { tree, parents, message: end === -1 ? "" : decode(bytes.subarray(end + 2), encoding) };
}

const UTF8 = new TextDecoder();

/** An encoding that nobody knows is read as UTF-8: trailers are ASCII in either case. */
function decode(bytes: Uint8Array, encoding: string | undefined): string {
  // Nearly every commit, of thousands.
  if (encoding === undefined) return UTF8.decode(bytes);
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch {
    return UTF8.decode(bytes);
  }
}
