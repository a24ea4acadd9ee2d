import { equal, match, ok, rejects, throws } from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../src/error.ts";
import { systemClock } from "../../src/host/create_host.ts";
import { interruption } from "../../src/host/interruption.ts";

test("a caller's signal gives its own reason as the cause of a failure, and a failure as it is", () => {
  const own = new Failure("PIOT_INTERRUPTED", "Cannot go on: stop");
  for (const reason of [new Error("enough"), "enough", undefined, own]) {
    const control = new AbortController();
    const signal = interruption(control.signal);
    equal(interruption(control.signal), signal);
    equal(interruption(signal), signal);
    equal(signal.reason, undefined);
    signal.throwIfAborted();
    control.abort(reason);
    ok(signal.aborted);
    const failure: unknown = signal.reason;
    ok(failure instanceof Failure);
    equal(failure.code, "PIOT_INTERRUPTED");
    if (reason === own) equal(failure, own);
    else if (reason !== undefined) equal(failure.cause, reason);
    throws(() => signal.throwIfAborted(), failure);
  }
});

test("waiting ends with the failure when a caller's signal is aborted meanwhile", async () => {
  const control = new AbortController();
  const waiting = systemClock.sleep(1_000_000, interruption(control.signal));
  control.abort(new DOMException("Signal timed out.", "TimeoutError"));
  await rejects(waiting, (error: unknown) => {
    ok(error instanceof Failure);
    match(error.message, /Signal timed out/);
    return true;
  });
});
