/**
 * Interruptions as failures: whoever calls the library aborts with what it likes, and everything here goes by the code.
 *
 * @module
 */

import { Failure, messageOf } from "../error.ts";

/** What each signal of a caller became. */
const KNOWN: WeakMap<AbortSignal, AbortSignal> = new WeakMap();

/**
 * The same signal, whose reason is always a failure: `PIOT_INTERRUPTED` around any other. It does not listen itself: a
 * listener would keep the process up for as long as an `AbortSignal.timeout()` runs.
 */
export function interruption(signal: AbortSignal): AbortSignal {
  const known = KNOWN.get(signal);
  if (known !== undefined) return known;
  let failure: Failure | undefined;
  const reason = (): Failure | undefined =>
    signal.aborted ? failure ??= asFailure(signal.reason) : undefined;
  const seen = new Proxy(signal, {
    get: (target, key): unknown => {
      if (key === "reason") return reason();
      if (key === "throwIfAborted") {
        return () => {
          if (target.aborted) throw reason();
        };
      }
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  KNOWN.set(signal, seen).set(seen, seen);
  return seen;
}

function asFailure(reason: unknown): Failure {
  if (reason instanceof Failure) return reason;
  return new Failure(
    "PIOT_INTERRUPTED",
    `Cannot go on: the run was interrupted (${messageOf(reason)})`,
    {
      cause: reason,
      hint: "Run the same again from the same commit: it goes on where this one stopped",
    },
  );
}
