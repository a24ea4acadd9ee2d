/** After a signal nothing new begins, at any depth: what is in flight is finished, and the next run does the rest. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { buildSync } from "esbuild";
import { NODE_BUNDLE } from "../../scripts/node_bundle.ts";
import { publish, type PublishResult } from "../../src/command/publish.ts";
import { Failure } from "../../src/error.ts";
import type { LocalRequest } from "../../src/rehearsal/server/messages.ts";
import type { PlaceName, ServiceName } from "../../src/rehearsal/server/places.ts";
import type { OutcomeDocument } from "../../src/report/documents.ts";
import type { Event } from "../../src/report/report.ts";
import { type CliRun, type ReleaseWorld, releaseWorld } from "../support/release_world.ts";
import { tempFolder } from "../support/temp.ts";
import { testHost } from "../support/test_host.ts";
import { needs, programEnv } from "../support/tools.ts";

const withGit = await needs("git");
const withCargo = await needs("git", "cargo");

const TARGETS = [
  ...["linux-x64-gnu", "linux-x64-musl", "linux-arm64-gnu", "linux-arm64-musl"],
  ...["linux-arm-gnueabihf", "linux-riscv64-gnu", "linux-ppc64-gnu", "linux-s390x-gnu"],
  ...["darwin-x64", "darwin-arm64", "win32-x64-msvc", "win32-arm64-msvc"],
];

const isUpload = ({ method, place }: LocalRequest): boolean =>
  ["PUT", "POST"].includes(method) && place?.endsWith("-upload") === true;

/** Requests of one kind, each held until all are let go. */
interface Held {
  /** Resolves once so many have come. */
  readonly came: (count: number) => Promise<void>;
  readonly letGo: () => void;
  /** How many have come by now. */
  readonly count: () => number;
}

/** Holds requests to a service back: what arrives is under way until it is let go. */
function hold(
  { services }: ReleaseWorld,
  service: ServiceName,
  isHeld: (request: LocalRequest) => boolean,
): Held {
  let count = 0;
  let letGo = (): void => {};
  const gone = new Promise<void>((resolve) => letGo = resolve);
  const waiting: { readonly count: number; readonly go: () => void }[] = [];
  services.breakNext(service, {
    matches: (request) => {
      if (!isHeld(request)) return false;
      count++;
      for (const one of waiting) if (count >= one.count) one.go();
      return true;
    },
    how: { delay: 1, clock: { sleep: () => gone } },
    times: Infinity,
  });
  return {
    came: (wanted) =>
      new Promise((go) => {
        if (count >= wanted) go();
        else waiting.push({ count: wanted, go });
      }),
    letGo,
    count: () => count,
  };
}

const REASON = new Failure(
  "PIOT_INTERRUPTED",
  "Cannot go on: the run was interrupted (SIGINT)",
);

/** What `AbortSignal.timeout()` aborts with, and what comes of `abort()` without words. */
const FOREIGN: readonly unknown[] = [
  new DOMException("Signal timed out.", "TimeoutError"),
  undefined,
  "the hour is over",
];

/** Publishes, and is interrupted when told to. */
function interruptible(
  world: ReleaseWorld,
  onEvent: (event: Event) => void = () => {},
  reason: unknown = REASON,
): { readonly run: Promise<PublishResult>; readonly interrupt: () => void } {
  const control = new AbortController();
  const host = testHost({ cwd: world.root, env: world.env, signal: control.signal });
  const run = publish(host, { artifacts: world.artifacts, onEvent });
  return { run, interrupt: () => control.abort(reason) };
}

/** What became of each package, by name. */
function statusesOf({ outcomes }: Pick<PublishResult, "outcomes">): Record<string, string> {
  return Object.fromEntries(outcomes.map(({ name, status }) => [name, status]));
}

async function completes(world: ReleaseWorld, tags: readonly string[]): Promise<void> {
  const again = await world.piot("publish");
  assert.equal(again.status, 0, again.stderr);
  assert.deepEqual(await world.tags(), tags);
}

test(
  "an interrupted run finishes what is in flight, starts nothing new, and the next run completes it",
  withCargo,
  async () => {
    await using world = await releaseWorld({ withCrate: true });
    const held = hold(world, "npm", isUpload);
    const { run, interrupt } = interruptible(world);
    await held.came(1);
    interrupt();
    held.letGo();
    const { outcomes } = await run;
    const statuses = new Map(outcomes.map(({ name, status }) => [name, status]));
    assert.equal(
      statuses.get("pebble"),
      "blocked",
      "it depends on a crate that was not confirmed, or not sent",
    );
    const published = outcomes.filter(({ status }) => status === "published");
    assert.ok(published.length > 0, "what was being sent is finished");
    assert.deepEqual(await world.tags(), published.map(({ tag }) => tag).sort(), "and tagged");
    await completes(world, ["pebble-core-v0.1.0", "pebble-js-v0.1.0", "pebble-v0.1.0"]);
  },
);

test(
  "a run that is interrupted before its uploads uploads nothing and puts every manifest back",
  withCargo,
  async () => {
    await using world = await releaseWorld({ withCrate: true });
    const manifest = join(world.root, "rust/pebble-core/Cargo.toml");
    const before = await readFile(manifest, "utf8");
    const { run, interrupt } = interruptible(world, (event) => {
      if (event.type === "stage" && event.stage === "upload") interrupt();
    });
    const { outcomes } = await run;
    assert.deepEqual(outcomes.map(({ status }) => status), ["blocked", "blocked", "blocked"]);
    assert.deepEqual(world.writes(), []);
    assert.deepEqual(await world.tags(), []);
    assert.equal(await readFile(manifest, "utf8"), before);
    assert.equal(await world.git.text(["status", "--porcelain"]), "");
  },
);

for (const [at, stage] of (["prepare", "look", "authorise"] as const).entries()) {
  test(
    `a run that is interrupted in the stage "${stage}" begins no other stage`,
    withGit,
    async () => {
      await using world = await releaseWorld();
      const stages: string[] = [];
      const { run, interrupt } = interruptible(world, (event) => {
        if (event.type !== "stage") return;
        stages.push(event.stage);
        if (event.stage === stage) interrupt();
      }, FOREIGN[at]);
      await assert.rejects(run, { code: "PIOT_INTERRUPTED" });
      assert.equal(stages.at(-1), stage);
      assert.deepEqual(world.writes(), []);
    },
  );
}

test(
  "of a family's uploads none begins after an interruption, and those in flight are finished",
  withGit,
  async () => {
    await using world = await releaseWorld({ targets: TARGETS });
    const isOfFamily = (request: LocalRequest): boolean =>
      isUpload(request) && request.path.includes("pebble-cli");
    const held = hold(world, "npm", isOfFamily);
    const { run, interrupt } = interruptible(world, () => {}, FOREIGN[0]);
    await held.came(8);
    interrupt();
    held.letGo();
    const result = await run;
    assert.equal(held.count(), 8);
    const [outcome] = result.outcomes.filter(({ name }) => name === "pebble-cli");
    assert.ok(outcome?.status === "failed");
    assert.equal(outcome.failure.code, "PIOT_INTERRUPTED");
    assert.equal(outcome.failure.message.match(/@putitoutthere\/pebble-cli/g)?.length, 5);
    await completes(world, ["pebble-cli-v0.1.0", "pebble-js-v0.1.0", "pebble-v0.1.0"]);
    const puts = world.writes().filter((line) => /^npm PUT .*pebble-cli/.test(line));
    assert.equal(puts.length, TARGETS.length + 1);
    assert.equal(new Set(puts).size, puts.length, "every file is sent once");
  },
);

test("an sdist does not begin after an interruption in its wheel's upload", withGit, async () => {
  await using world = await releaseWorld();
  const held = hold(world, "PyPI", isUpload);
  const { run, interrupt } = interruptible(world);
  await held.came(1);
  interrupt();
  held.letGo();
  const [outcome] = (await run).outcomes;
  assert.ok(outcome?.status === "failed", outcome?.status);
  assert.match(outcome.failure.message, /\(SIGINT\); not sent: pebble-0\.1\.0\.tar\.gz$/);
  assert.equal(held.count(), 1);
  await completes(world, ["pebble-js-v0.1.0", "pebble-v0.1.0"]);
  assert.equal(held.count(), 2);
});

test(
  "a crate that is being uploaded is finished and tagged, and what depends on it does not begin",
  withCargo,
  async () => {
    await using world = await releaseWorld({ withCrate: true });
    const held = hold(world, "crates.io", isUpload);
    const { run, interrupt } = interruptible(world);
    await held.came(1);
    interrupt();
    held.letGo();
    const statuses = statusesOf(await run);
    assert.deepEqual([statuses["pebble-core"], statuses["pebble"]], ["published", "blocked"]);
    assert.ok((await world.tags()).includes("pebble-core-v0.1.0"));
    assert.ok(!world.writes().some((line) => line.startsWith("PyPI")));
  },
);

test(
  "a cargo that has not begun to send is ended, and nothing of it arrives",
  withCargo,
  async () => {
    await using world = await releaseWorld({ withCrate: true });
    let isUploading = false;
    // What cargo asks before it sends anything.
    const held = hold(world, "crates.io", ({ place }) => isUploading && place === "crates-config");
    const { run, interrupt } = interruptible(world, (event) => {
      if (event.type === "upload-started" && event.release.kind === "crates") isUploading = true;
    });
    await held.came(1);
    interrupt();
    held.letGo();
    const statuses = statusesOf(await run);
    assert.deepEqual([statuses["pebble-core"], statuses["pebble"]], ["blocked", "blocked"]);
    assert.deepEqual(world.writes().filter((line) => line.startsWith("crates.io")), []);
    await completes(world, ["pebble-core-v0.1.0", "pebble-js-v0.1.0", "pebble-v0.1.0"]);
  },
);

test(
  "what is accepted when the run is interrupted, and is not shown, is unconfirmed and has no tag",
  withGit,
  async () => {
    await using world = await releaseWorld();
    world.services.npm.slow = true;
    const waits: string[] = [];
    const { run, interrupt } = interruptible(world, (event) => {
      if (event.type !== "waiting") return;
      waits.push(event.release.name);
      interrupt();
    });
    const [, outcome] = (await run).outcomes;
    assert.ok(outcome?.status === "unconfirmed", outcome?.status);
    assert.equal(outcome.why, "the run was interrupted before npm showed it");
    assert.deepEqual(waits, ["@putitoutthere/pebble"]);
    assert.ok(!(await world.tags()).includes("pebble-js-v0.1.0"));
    world.services.npm.slow = false;
    world.services.npm.reveal();
    await completes(world, ["pebble-js-v0.1.0", "pebble-v0.1.0"]);
  },
);

test(
  "after an interruption no GitHub Release is made, of this release or of an earlier one, and the next run makes it",
  withGit,
  async () => {
    await using world = await releaseWorld();
    const held = hold(world, "npm", isUpload);
    const { run, interrupt } = interruptible(world);
    await held.came(1);
    interrupt();
    held.letGo();
    await run;
    const isRelease = ({ place }: { readonly place?: PlaceName | undefined }): boolean =>
      place === "release";
    const made = (): number =>
      world.services.requests().filter(({ request }) => isRelease(request)).length;
    const before = made();
    assert.ok(!world.services.releases().includes("pebble-js-v0.1.0"));
    await completes(world, ["pebble-js-v0.1.0", "pebble-v0.1.0"]);
    assert.ok(made() > before);
    assert.ok(world.services.releases().includes("pebble-js-v0.1.0"));
  },
);

const SCRIPT = resolve("tests/support/signalled_run.ts");

/** A real process that publishes; it is signalled once so many requests are under way, which then are let go. */
async function signalledProcess(
  world: ReleaseWorld,
  { runtime, signal, held, count, isGroup = false }: {
    readonly runtime: "deno" | "node";
    readonly signal: "SIGINT" | "SIGTERM";
    readonly held: Held;
    readonly count: number;
    /** Whether the signal goes to every program of the run, as a terminal's does. */
    readonly isGroup?: boolean;
  },
): Promise<CliRun> {
  await using folder = await tempFolder();
  const bundle = `${folder.path}/signalled_run.mjs`;
  if (runtime === "node") {
    buildSync({ ...NODE_BUNDLE, entryPoints: [SCRIPT], outfile: bundle, logLevel: "error" });
  }
  const words = runtime === "node" ? [bundle] : ["run", "-A", "--no-check", "--quiet", SCRIPT];
  const child = spawn(runtime, [...words, "publish", "--json", "--artifacts", world.artifacts], {
    cwd: world.root,
    env: { ...programEnv(), ...world.env },
    detached: isGroup,
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => stdout += chunk);
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
    if (stderr.includes(`heard ${signal}`)) held.letGo();
  });
  const ended = new Promise<number | null>((done) => child.on("close", done));
  await held.came(count);
  // Deno's child.kill() reports the signal as the end of the child, however that ended.
  process.kill(isGroup ? -child.pid! : child.pid!, signal);
  return { status: (await ended) ?? -1, stdout, stderr };
}

for (const runtime of ["deno", "node"] as const) {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    test(
      `after ${signal} a process on ${runtime} begins no further upload, and says what it did not send`,
      await needs("git", runtime),
      async () => {
        await using world = await releaseWorld({ targets: TARGETS });
        const held = hold(
          world,
          "npm",
          (request) => isUpload(request) && request.path.includes("pebble-cli-"),
        );
        const { status, stdout, stderr } = await signalledProcess(world, {
          runtime,
          signal,
          held,
          count: 8,
        });
        assert.equal(status, 130, stderr);
        assert.equal(held.count(), 8, "the eight that were under way");
        const { packages } = JSON.parse(stdout) as { packages: readonly OutcomeDocument[] };
        const family = packages.find(({ name }) => name === "pebble-cli")!;
        assert.equal(family.failure?.code, "PIOT_INTERRUPTED");
        assert.match(family.failure.message, new RegExp(`\\(${signal}\\); not sent: `));
        assert.ok(!(await world.tags()).includes("pebble-cli-v0.1.0"));
        await completes(world, ["pebble-cli-v0.1.0", "pebble-js-v0.1.0", "pebble-v0.1.0"]);
        assert.equal(held.count(), TARGETS.length, "every file is sent once");
      },
    );
  }
}

test(
  "Ctrl-C in a terminal does not break off the push of a tag that is under way",
  await needs("git", "deno"),
  async () => {
    await using world = await releaseWorld();
    const held = hold(world, "GitHub", ({ place }) => place === "tag-push");
    const options = { runtime: "deno", signal: "SIGINT", held, count: 1, isGroup: true } as const;
    const { status, stdout, stderr } = await signalledProcess(world, options);
    assert.equal(status, 130, stderr);
    const { packages } = JSON.parse(stdout) as { packages: readonly OutcomeDocument[] };
    const published = packages.filter((outcome) => outcome.status === "published");
    assert.ok(published.length > 0, stderr);
    assert.deepEqual(await world.tags(), published.map(({ tag }) => tag).sort());
    assert.doesNotMatch(stderr, /PIOT_TAG/);
  },
);
