import assert from "node:assert/strict";
import { test } from "node:test";
import { KINDS, REGISTRY_KINDS } from "../../../src/registry/kinds.ts";
import { type StartedRun, startRun } from "../../../src/command/publish/start_run.ts";
import { openWorkspace } from "../../../src/command/workspace.ts";
import type { Env } from "../../../src/host/host.ts";
import type { Event } from "../../../src/report/report.ts";
import { testHost } from "../../support/test_host.ts";
import { declare, smallRun } from "./small_registry.ts";

async function started(
  env: Env,
  options: { readonly dryRun?: boolean } = {},
): Promise<StartedRun & { readonly events: readonly Event[] }> {
  const { run: { plan, packages } } = smallRun(declare({ a: [] }), { registries: {} });
  const host = testHost({ env: { PIOT_NPM_URL: "https://npm.example.com", ...env } });
  const events: Event[] = [];
  const work = {
    ...{ plan, packages, kinds: KINDS, git: undefined, question: undefined },
    workspace: openWorkspace(host),
  };
  const emit = (event: Event): void => void events.push(event);
  const registryKinds = REGISTRY_KINDS;
  return { ...await startRun(host, work, { ...options, emit, registryKinds }), events };
}

test("what a run changed is put back, the latest first, and what fails there is a warning", async () => {
  const { run, end, events } = await started({});
  const undone: string[] = [];
  run.defer(() => Promise.resolve(void undone.push("first")));
  run.defer(() => Promise.reject(new Error("the disk is full")));
  run.defer(() => Promise.resolve(void undone.push("last")));
  await end();
  assert.deepEqual(undone, ["last", "first"]);
  assert.deepEqual(events, [{
    type: "warning",
    message: "Cannot put back what the run changed: the disk is full",
  }]);
  await end();
  assert.equal(undone.length, 2);
});

test("a proxy that not every request goes through is a warning before anything is done", async () => {
  const { events } = await started({ HTTPS_PROXY: "http://proxy.example" });
  assert.deepEqual(events.map(({ type }) => type), ["warning"]);
  assert.match(JSON.stringify(events[0]), /HTTPS_PROXY is set: .* uploads to npm and PyPI do not/);
});

for (
  const { name, env = {}, options, mode } of [
    { name: "a run releases", mode: "release" },
    { name: "a dry run does not release", options: { dryRun: true }, mode: "dry-run" },
    {
      name: "a pull request is never released, whatever is asked for",
      env: { GITHUB_EVENT_NAME: "pull_request_target" },
      options: { dryRun: false },
      mode: "pull-request",
    },
  ]
) {
  test(name, async () => assert.equal((await started(env, options)).run.mode, mode));
}

for (
  const { kind, most } of [
    // Each crate that cargo verifies resolves its siblings from the index, and crates.io bounds new ones by the minute.
    { kind: "crates", most: 1 },
    { kind: "pypi", most: 5 },
    { kind: "npm", most: 5 },
  ] as const
) {
  test(`of five releases on ${kind}, ${most} are in flight at once`, async () => {
    const { run } = await started({});
    let inFlight = 0;
    let seen = 0;
    const task = async (): Promise<void> => {
      seen = Math.max(seen, ++inFlight);
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
      inFlight--;
    };
    await Promise.all(Array.from({ length: 5 }, () => run.gates[kind](task)));
    assert.equal(seen, most);
  });
}
