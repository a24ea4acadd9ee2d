/**
 * A run that stops with nothing left to wait for: a bug of ours, which runtimes let pass without a word. Node ends with
 * status 13, or with 0 where nobody awaits at the top of a file.
 *
 * @module
 */

import process from "node:process";

/** What a process is told of a run that does not go on. */
export interface StallWatch {
  /** Resolves when the event loop is empty and the run has not ended: who waits for it can still tell the user. */
  readonly stalled: Promise<void>;
  /** The run has ended: from here on an empty event loop is the end of the process. */
  readonly end: () => void;
}

/** Watches this process until the run ends. A stall leaves it with exit status 4, whether somebody tells of it or not. */
export function watchForStall(): StallWatch {
  const { promise: stalled, resolve } = deferred();
  const onEmpty = (): void => {
    process.exitCode = 4;
    resolve();
  };
  // What could not be told in the ordinary way: nobody listened yet, or telling it stalled as well.
  const onExit = (): void => {
    if (process.exitCode === 4) process.stderr.write(UNTOLD);
  };
  process.once("beforeExit", onEmpty);
  process.once("exit", onExit);
  return {
    stalled,
    end: () => {
      process.off("beforeExit", onEmpty);
      process.off("exit", onExit);
    },
  };
}

const UNTOLD =
  "error[PIOT_STALLED]: Cannot go on: putitoutthere stopped with nothing left to wait for\n" +
  "  This is a bug in putitoutthere, please report it.\n";

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => resolve = done);
  return { promise, resolve };
}
