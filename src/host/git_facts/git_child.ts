/**
 * A git process that stays: it is asked many things through its standard input and answers through its output, so that
 * the number of processes does not grow with the number of questions.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { spawn } from "node:child_process";
import { type Git, gitFailure } from "../git.ts";

/** One running git. */
export interface GitChild {
  /** Hands it input; what it has no room for yet waits in memory. */
  readonly write: (text: string) => void;
  /** Waits for more output; false when there is none left. */
  readonly fill: () => Promise<boolean>;
  /** The next bytes of the output; undefined when they are not there yet. */
  readonly take: (length: number) => Buffer | undefined;
  /** The next bytes up to a byte, which is taken and left off; undefined when it is not there yet. */
  readonly takeUntil: (byte: number) => Buffer | undefined;
  /** The next byte, left where it is; undefined when it is not there yet. */
  readonly peek: () => number | undefined;
  /** Why it ended before it had answered: a `PIOT_GIT` with its words. */
  readonly failure: () => Promise<Error>;
  /** Makes sure, after its last output, that it ended well. Throws `PIOT_GIT`. */
  readonly finish: () => Promise<void>;
  /** Ends it, whether it is done or not. */
  readonly stop: () => Promise<void>;
}

/** Starts git in a repository. */
export function startGit(git: Git, args: readonly string[]): GitChild {
  git.onStart?.(args);
  const child = spawn("git", args, { cwd: git.cwd, env: { ...git.env }, stdio: "pipe" });
  const stderr: Uint8Array[] = [];
  child.stderr.on("data", (chunk: Uint8Array) => stderr.push(chunk));
  // It may end before it has read its input; its status and its words tell what that means.
  child.stdin.on("error", () => {});
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  ended.catch(() => {});
  const chunks: AsyncIterator<Buffer> = child.stdout[Symbol.asyncIterator]();
  // One ahead: what a process leaves unread at its end is thrown away unless somebody waits for it.
  let next = chunks.next();
  next.catch(() => {});
  const buffer = createBuffer();
  const failure = async (): Promise<Error> => {
    const code = await ended;
    return gitFailure(args, { code, stderr: Buffer.concat(stderr).toString() });
  };
  return {
    ...buffer,
    write: (text) => void child.stdin.write(text),
    fill: async () => {
      const chunk = await next;
      if (chunk.done === true) return false;
      buffer.put(chunk.value);
      next = chunks.next();
      next.catch(() => {});
      return true;
    },
    failure,
    finish: async () => {
      if (await ended !== 0) throw await failure();
    },
    stop: async () => {
      child.stdin.destroy();
      child.kill();
      child.stdout.destroy();
      await ended.catch(() => {});
    },
  };
}

type ByteBuffer = Pick<GitChild, "take" | "takeUntil" | "peek"> & {
  readonly put: (chunk: Buffer) => void;
};

/** Bytes that came and were not taken yet. Chunks are joined only when a piece reaches over several. */
function createBuffer(): ByteBuffer {
  let bytes: Buffer = Buffer.alloc(0);
  let rest: Buffer[] = [];
  let size = 0;
  const join = (): void => {
    if (rest.length > 0) bytes = Buffer.concat([bytes, ...rest]);
    rest = [];
  };
  const cut = (length: number, skip: number): Buffer => {
    const piece = bytes.subarray(0, length);
    bytes = bytes.subarray(length + skip);
    size -= length + skip;
    return piece;
  };
  return {
    put: (chunk) => {
      rest.push(chunk);
      size += chunk.length;
    },
    take: (length) => {
      if (size < length) return undefined;
      if (bytes.length < length) join();
      return cut(length, 0);
    },
    takeUntil: (byte) => {
      let at = bytes.indexOf(byte);
      if (at === -1 && rest.length > 0) {
        join();
        at = bytes.indexOf(byte);
      }
      return at === -1 ? undefined : cut(at, 1);
    },
    peek: () => {
      if (bytes.length === 0) join();
      return bytes[0];
    },
  };
}

/** Waits until a reader finds what it looks for. Throws what git says when it ends before that. */
export async function need<T>(child: GitChild, read: () => T | undefined): Promise<T> {
  for (;;) {
    const found = read();
    if (found !== undefined) return found;
    if (!await child.fill()) throw await child.failure();
  }
}
