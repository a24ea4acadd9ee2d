import assert from "node:assert/strict";
import { test } from "node:test";
import { createCollector, tee } from "../../src/report/report.ts";
import { RUN } from "../support/events.ts";

test("a collector remembers a run, but for its secrets", () => {
  const collector = createCollector();
  for (const event of RUN) collector.emit(event);
  assert.deepEqual(collector.events, RUN.filter((event) => event.type !== "secret"));
  assert.deepEqual(collector.warnings(), [
    "docs: no file matches docs/**",
    "the registry holds other bytes",
  ]);
});

test("tee() tells each reporter in order, and closes each", async () => {
  const heard: string[] = [];
  const listener = (name: string) => ({
    emit: ({ type }: { type: string }): void => void heard.push(`${name} ${type}`),
    close: (): void => void heard.push(`${name} closed`),
  });
  const reporter = tee(listener("a"), listener("b"));
  reporter.emit({ type: "notice", message: "x" });
  await reporter.close();
  assert.deepEqual(heard, ["a notice", "b notice", "a closed", "b closed"]);
});
