/**
 * What has to be put back when a run ends, whatever its outcome.
 *
 * @module
 */

import { messageOf } from "../error.ts";

/** A stack of things to put back. */
export interface UndoStack {
  /** Remembers something; it is undone before everything that was remembered earlier. */
  readonly defer: (undo: () => Promise<void>) => void;
  /** Undoes everything. What fails is told to `warn`: putting things back never changes the outcome of a run. */
  readonly undoAll: (warn: (message: string) => void) => Promise<void>;
}

/** Makes an empty stack. */
export function createUndoStack(): UndoStack {
  const stack: (() => Promise<void>)[] = [];
  return {
    defer: (undo) => void stack.push(undo),
    undoAll: async (warn) => {
      for (let undo = stack.pop(); undo !== undefined; undo = stack.pop()) {
        await undo().catch((error: unknown) =>
          warn(`Cannot put back what the run changed: ${messageOf(error)}`)
        );
      }
    },
  };
}
