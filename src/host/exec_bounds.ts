/**
 * Bounds of a program: one that never ends, or never ends to talk, is ended.
 *
 * @module
 */

import type { ChildProcessWithoutNullStreams } from "node:child_process";

/** How long a program may take, and how much it may say. */
export interface ExecBounds {
  readonly milliseconds: number;
  /** Bytes of its standard output. */
  readonly bytes: number;
}

/** A program that is being watched. */
export interface BoundsWatch {
  /** The bound that it passed, as far as it has. */
  readonly passed: () => keyof ExecBounds | undefined;
  /** Ends the watch; gives the same. */
  readonly end: () => { readonly passed: keyof ExecBounds | undefined };
}

/** Ends a program that passes its bounds, at the latest five seconds after it was asked to. */
export function watchBounds(
  child: ChildProcessWithoutNullStreams,
  bounds: ExecBounds | undefined,
): BoundsWatch {
  let passed: keyof ExecBounds | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let size = 0;
  const giveUp = (bound: keyof ExecBounds): void => {
    if (passed !== undefined) return;
    passed = bound;
    child.kill("SIGINT");
    clearTimeout(timer);
    timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
  };
  if (bounds !== undefined) {
    timer = setTimeout(() => giveUp("milliseconds"), bounds.milliseconds);
    child.stdout.on("data", ({ length }: Uint8Array) => {
      size += length;
      if (size > bounds.bytes) giveUp("bytes");
    });
  }
  return {
    passed: () => passed,
    end: () => {
      clearTimeout(timer);
      if (passed !== undefined) { for (const pipe of [child.stdout, child.stderr]) pipe.destroy(); }
      return { passed };
    },
  };
}
