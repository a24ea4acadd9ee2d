import assert from "node:assert/strict";
import { test } from "node:test";
import { createCollector, eventDocument } from "../../src/report/collect.ts";
import { SILENT, tee } from "../../src/report/report.ts";
import { RUN, SECRET } from "../support/events.ts";
import { ALL_OUTCOMES } from "../support/outcomes.ts";

test("a collector remembers a run, but for its secrets", () => {
  const collector = createCollector();
  for (const event of RUN) collector.emit(event);
  assert.deepEqual(collector.events, RUN.filter((event) => event.type !== "secret"));
  assert.deepEqual(collector.outcomes(), ALL_OUTCOMES);
  assert.deepEqual(collector.warnings(), ["the registry holds other bytes"]);
});

test("events become plain JSON", () => {
  const collector = createCollector();
  for (const event of RUN) collector.emit(event);
  const documents = collector.events.map(eventDocument);
  assert.deepEqual(JSON.parse(JSON.stringify(documents)), documents);
  assert.ok(!JSON.stringify(documents.slice(0, -1)).includes(SECRET));
  const outcomes = documents.flatMap((one) => one.type === "outcome" ? [one.outcome] : []);
  assert.deepEqual(outcomes.slice(0, 3), [
    {
      name: "core",
      kind: "crates",
      version: "1.3.0",
      tag: "core-v1.3.0",
      registry_url: "https://crates.io/crates/core/1.3.0",
      status: "published",
    },
    {
      name: "old",
      kind: "crates",
      version: "1.3.0",
      tag: "core-v1.3.0",
      registry_url: "https://crates.io/crates/core/1.3.0",
      status: "skipped",
    },
    {
      name: "half",
      kind: "crates",
      version: "1.3.0",
      tag: "core-v1.3.0",
      registry_url: "https://crates.io/crates/core/1.3.0",
      status: "healed",
      made: ["tag half-v1.3.0", "GitHub Release"],
    },
  ]);
  const details = outcomes.slice(3).map(({ approval, absent, failure, blocked_by }) =>
    approval ?? absent ?? failure ?? blocked_by
  );
  assert.deepEqual(details, [
    "waits for the approval of a maintainer of @demo/web",
    2,
    {
      code: "PIOT_AUTH_REFUSED",
      message: "Cannot upload core-1.3.0.crate: 403 not an owner",
      hint: "Add the owner",
      problems: [{
        code: "PIOT_AUTH_REFUSED",
        message: "Cannot upload core-1.3.0.crate: 403 not an owner",
        hint: "Add the owner",
      }],
    },
    ["bad"],
    [],
  ]);
});

test("tee() tells each reporter in order, and closes each", async () => {
  const heard: string[] = [];
  const listener = (name: string) => ({
    emit: ({ type }: { type: string }): void => void heard.push(`${name} ${type}`),
    close: (): void => void heard.push(`${name} closed`),
  });
  const reporter = tee(listener("a"), SILENT, listener("b"));
  reporter.emit({ type: "notice", message: "x" });
  await reporter.close();
  assert.deepEqual(heard, ["a notice", "b notice", "a closed", "b closed"]);
});
