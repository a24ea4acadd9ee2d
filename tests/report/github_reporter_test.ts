import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../support/property.ts";
import { combineFailures, Failure } from "../../src/error.ts";
import { githubReporter } from "../../src/report/github_reporter.ts";
import { humanReporter } from "../../src/report/human_reporter.ts";
import { type Event, type Reporter, tee } from "../../src/report/report.ts";
import { RUN, SECRET } from "../support/events.ts";
import { hostileText } from "../support/hostile.ts";
import { sealedLog } from "../support/sealed_log.ts";
import { CORE } from "../support/outcomes.ts";
import { plainLines, readRunnerLog, type RunnerCommand } from "../support/runner.ts";

async function logOf(
  events: readonly Event[],
  make: (write: (text: string) => void) => Reporter = (write) => githubReporter({ write }),
): Promise<string> {
  const { reporter, text } = sealedLog(events, { make, env: { GITHUB_ACTIONS: "true" } });
  await reporter.close();
  return text();
}

async function commands(events: readonly Event[]): Promise<RunnerCommand[]> {
  const log = await logOf(events);
  assert.deepEqual(plainLines(log), [""]);
  return readRunnerLog(log);
}

test("the reporter for Actions groups stages, masks secrets, and annotates what is wrong", async () => {
  const plain = { properties: {} };
  assert.deepEqual(await commands(RUN), [
    { name: "group", ...plain, data: "Plan: what ships on this commit" },
    { name: "warning", ...plain, data: "docs: no file matches docs/**" },
    { name: "endgroup", ...plain, data: "" },
    { name: "group", ...plain, data: "Prepare: check, write versions, pack, hash" },
    { name: "endgroup", ...plain, data: "" },
    { name: "group", ...plain, data: "Look: what the registries hold" },
    {
      name: "warning",
      properties: { file: "py/pyproject.toml", line: "2", col: "1" },
      data: "wheel 0.4.1: the registry holds other bytes\nThe registry's file is kept",
    },
    { name: "endgroup", ...plain, data: "" },
    { name: "group", ...plain, data: "Authorise: a credential for each package" },
    { name: "add-mask", ...plain, data: SECRET },
    { name: "endgroup", ...plain, data: "" },
    { name: "group", ...plain, data: "Upload: in dependency order" },
    {
      name: "notice",
      properties: { title: "Waiting for approval" },
      data: "@demo/web 0.1.0 (npm) is staged: waits for the approval of a maintainer of @demo/web",
    },
    {
      name: "error",
      properties: { title: "Not confirmed" },
      data: "unseen 0.4.1 (pypi) is not confirmed: unseen-0.4.1.tar.gz " +
        "(PyPI does not show it after 600 s)",
    },
    {
      name: "error",
      properties: { title: "PIOT_AUTH_REFUSED" },
      data: "bad 1.3.0 (crates): Cannot upload core-1.3.0.crate: 403 not an owner\nAdd the owner",
    },
    { name: "endgroup", ...plain, data: "" },
    { name: "error", properties: { title: "PIOT_USAGE" }, data: "Cannot use ***\nDo not" },
  ]);
});

test("beside the reporter for people, groups hold the stages and the end stands outside", async () => {
  const log = await logOf(RUN, (write) => tee(githubReporter({ write }), humanReporter({ write })));
  const lines = log.split("\n");
  const at = (line: string): number => lines.indexOf(line);
  assert.ok(at("::group::Upload: in dependency order") < at("Upload: in dependency order"));
  assert.ok(lines.lastIndexOf("::endgroup::") > at("  late 0.4.1 (pypi): blocked"));
  assert.ok(
    lines.lastIndexOf("::endgroup::") < lines.findIndex((line) => line.startsWith("Release: ")),
  );
  assert.equal(lines.filter((line) => line.includes(SECRET)).length, 1);
});

test("at most nine annotations of each sort, then one that counts the rest", async () => {
  const warnings = Array.from(
    { length: 11 },
    (_, at): Event => ({ type: "warning", message: `w${at}` }),
  );
  const failure = combineFailures(
    Array.from({ length: 10 }, (_, at) => new Failure("PIOT_USAGE", `Cannot ${at}`)),
  );
  const found = await commands([...warnings, { type: "failure", failure }]);
  const data = (name: string): string[] =>
    found.filter((command) => command.name === name).map((command) => command.data);
  assert.deepEqual(data("warning").slice(8), ["w8", "2 more warnings in the log of this step"]);
  assert.deepEqual(data("error").slice(8), ["Cannot 8", "1 more error in the log of this step"]);
  assert.equal(data("warning").length, 10);
  assert.equal(data("error").length, 10);
});

test("nine annotations of a sort need no count", async () => {
  const warnings = Array.from(
    { length: 9 },
    (_, at): Event => ({ type: "warning", message: `w${at}` }),
  );
  assert.equal((await commands(warnings)).length, 9);
});

test("a secret is masked line by line, and not when it is too short to be one", async () => {
  const masked = await commands([
    { type: "secret", secret: "first-line\r\n  second%line\n" },
    { type: "secret", secret: "abc" },
    { type: "secret", secret: "" },
  ]);
  assert.deepEqual(masked.map((command) => [command.name, command.data]), [
    ["add-mask", "first-line"],
    ["add-mask", "second%line"],
  ]);
});

test("an annotation names as much of a place as the runner keeps", async () => {
  const cases: readonly (readonly [string, object, Readonly<Record<string, string>>])[] = [
    ["a file", { file: "a.toml" }, { file: "a.toml" }],
    ["a column without a line", { file: "a.toml", column: 3 }, { file: "a.toml" }],
    ["all of it", { file: "a.toml", line: 2, column: 3 }, { file: "a.toml", line: "2", col: "3" }],
  ];
  for (const [name, location, properties] of cases) {
    const [warning] = await commands([
      { type: "warning", message: "x", location: { file: "", ...location } },
    ]);
    assert.deepEqual(warning!.properties, properties, name);
  }
});

test("a long message is cut to what the runner keeps", async () => {
  const [warning] = await commands([{ type: "warning", message: "x".repeat(10_000) }]);
  assert.ok(warning!.data.length <= 4_000);
  assert.ok(warning!.data.endsWith("x…"));
});

test("no text of an event is a command of its own", async () => {
  await fc.assert(fc.asyncProperty(hostileText(), hostileText(), async (text, name) => {
    const failure = new Failure("PIOT_GIT", text, {
      hint: name,
      location: { file: text, line: 1 },
    });
    const outcome = { ...CORE, name, version: text, status: "failed", failure } as const;
    const found = await commands([
      { type: "warning", message: text, release: outcome, location: { file: name } },
      { type: "outcome", outcome },
      { type: "failure", failure },
    ]);
    assert.deepEqual(found.map((command) => command.name), ["warning", "error", "error"]);
    const kept = found[2]!.data;
    assert.doesNotMatch(kept.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u);
  }));
});
