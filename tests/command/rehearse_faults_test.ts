/**
 * Every request of a trusted job, broken in every way: what is there in the end is what a job leaves that met nothing. One
 * thing may differ, and each row says where: a file that is signed again has an entry more in the transparency log.
 */

import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import pLimit from "p-limit";
import { type Rehearsal, rehearse } from "../../src/command/rehearse.ts";
import { type FaultRow, STAGED_FAULTS, TRUSTED_FAULTS } from "../support/fault_rows.ts";
import { type GitRepo, gitRepo } from "../support/git_repo.ts";
import { needs, programEnv } from "../support/tools.ts";
import { testHost } from "../support/test_host.ts";

const withGit = await needs("git");

const CONFIG = `[putitoutthere]
version = 1

[[package]]
name = "engine"
kind = "npm"
npm = "@ada/engine"
path = "engine"
paths = ["engine/**"]
build = "bundled-cli"
targets = ["linux-x64-gnu"]
[package.trust_policy]
workflow = "release.yml"

[[package]]
name = "fresh"
kind = "npm"
npm = "@ada/fresh"
path = "fresh"
paths = ["fresh/**"]
`;

function packageJson(name: string): string {
  return JSON.stringify({ name, version: "0.0.0", repository: "github:ada/engine" });
}

async function makeRepository(): Promise<GitRepo> {
  const repo = await gitRepo({
    "putitoutthere.toml": CONFIG,
    "engine/package.json": packageJson("@ada/engine"),
    "fresh/package.json": packageJson("@ada/fresh"),
    ".github/workflows/release.yml": "on: push\n",
  });
  process.once("exit", () => rmSync(repo.path, { recursive: true, force: true }));
  await repo.git("remote", "add", "origin", "https://github.com/ada/engine.git");
  await repo.git("tag", "engine-v1.4.0");
  await repo.commit("Change", { "engine/README.md": "1\n", "fresh/index.js": "1;\n" });
  return repo;
}

/** Rehearsals only read it, so that one serves them all. */
let repository: Promise<GitRepo> | undefined;

interface Asked {
  readonly faults?: readonly string[];
  readonly stage?: boolean;
}

async function rehearseTrusted({ faults = [], stage = false }: Asked = {}): Promise<Rehearsal> {
  const { path } = await (repository ??= makeRepository());
  const host = testHost({ cwd: path, env: programEnv() });
  return await rehearse(host, { oidc: true, stage, fault: faults });
}

/** One of each kind that meets nothing, for all rows. */
const clean = new Map<boolean, Promise<Rehearsal>>();
function cleanRehearsal(stage: boolean): Promise<Rehearsal> {
  const standing = clean.get(stage) ?? rehearseTrusted({ stage });
  clean.set(stage, standing);
  return standing;
}

/** Everything that a release leaves behind, in an order that no timing changes; but for the transparency log. */
function finalState({ runs, held }: Rehearsal): unknown {
  const { tags, releases, outcomes } = runs.at(-1)!;
  const { files, distTags, waiting } = held;
  return {
    tags: tags.map(({ name, commit }) => `${name} ${commit}`).sort(),
    releases: [...releases].sort(),
    outcomes: outcomes.map(({ name, version, status }) => `${name} ${version} ${status}`),
    files: files.map(({ entries: _, ...file }) => file),
    distTags,
    waiting,
  };
}

/** How often each file is in the transparency log. */
function entriesOf({ held }: Rehearsal): Readonly<Record<string, number>> {
  return Object.fromEntries(held.files.map(({ file, entries }) => [file, entries]));
}

/** What npm took: the names that it answered with success, published or staged. */
function accepted({ runs }: Rehearsal): readonly string[] {
  return runs.flatMap(({ writes }) => writes)
    .filter(({ service, path, status }) =>
      service === "npm" && status >= 200 && status < 300 && !path.includes("/oidc/")
    )
    .map(({ method, path }) => `${method} ${path}`);
}

test(
  "a trusted job publishes with provenance, signs each file once, and a second run signs nothing",
  withGit,
  async () => {
    const rehearsal = await cleanRehearsal(false);
    assert.equal(rehearsal.ok, true);
    assert.deepEqual(entriesOf(rehearsal), {
      "@ada/engine-linux-x64-gnu@1.4.0": 0,
      "@ada/engine-linux-x64-gnu@1.4.1": 1,
      "@ada/engine@1.4.0": 0,
      "@ada/engine@1.4.1": 1,
      "@ada/fresh@0.1.0": 0,
    });
    const signed = rehearsal.runs[0]?.writes.filter(({ service }) => service === "Sigstore");
    assert.equal(signed?.length, 4, "a certificate and an entry for each of two files");
    assert.deepEqual(rehearsal.runs[1]?.writes, []);
  },
);

test(
  "what may only be staged waits, is approved, and is tagged by the run that finds it so",
  withGit,
  async () => {
    const { runs, held, ok } = await cleanRehearsal(true);
    assert.equal(ok, true);
    assert.deepEqual(
      runs.map(({ outcomes }) => outcomes.map(({ name, status }) => `${name} ${status}`)),
      [
        ["engine staged", "fresh published"],
        ["engine healed", "fresh skipped"],
        ["engine skipped", "fresh skipped"],
      ],
    );
    assert.deepEqual(runs.map(({ tags }) => tags.map(({ name }) => name)), [
      ["engine-v1.4.0", "fresh-v0.1.0"],
      ["engine-v1.4.0", "engine-v1.4.1", "fresh-v0.1.0"],
      ["engine-v1.4.0", "engine-v1.4.1", "fresh-v0.1.0"],
    ]);
    assert.deepEqual(held.waiting, []);
    const published = (await cleanRehearsal(false)).held.files;
    assert.deepEqual(held.files, published, "an approval publishes what an upload would");
  },
);

const gate = pLimit(3);

/** Begun side by side, and told one by one. */
function begin(faults: readonly FaultRow[], stage: boolean): readonly (() => Promise<Rehearsal>)[] {
  let begun: readonly Promise<Rehearsal>[] | undefined;
  const beginAll = (): readonly Promise<Rehearsal>[] =>
    faults.map((row) => {
      const rehearsal = gate(() => rehearseTrusted({ ...row, stage }));
      // Each is awaited by its own test; until then its failure is nobody's.
      rehearsal.catch(() => {});
      return rehearsal;
    });
  return faults.map((_, index) => () => (begun ??= beginAll())[index]!);
}

for (const [rows, stage] of [[TRUSTED_FAULTS, false], [STAGED_FAULTS, true]] as const) {
  const begun = begin(rows, stage);
  for (const [index, { faults, signedTwice }] of rows.entries()) {
    const who = stage ? "a job that may only stage" : "a trusted job";
    test(
      `${who} that meets ${faults.join(" and ")} leaves what one leaves that met nothing`,
      withGit,
      async () => {
        const [unbroken, broken] = [await cleanRehearsal(stage), await begun[index]!()];
        assert.deepEqual(broken.unmet, [], "the fault was met");
        assert.deepEqual(finalState(broken), finalState(unbroken));
        const taken = accepted(broken);
        assert.deepEqual(taken, [...new Set(taken)], "every file is taken once");
        const expected = { ...entriesOf(unbroken) };
        if (signedTwice !== undefined) expected[signedTwice] = 2;
        assert.deepEqual(entriesOf(broken), expected);
        assert.equal(broken.held.strayEntries, 0);
        assert.equal(broken.ok, true);
      },
    );
  }
}

test("a fault that no run meets is told, and the rehearsal shows nothing", withGit, async () => {
  const { unmet, ok } = await rehearseTrusted({ faults: ["npm-upload#9:500", "npm-stage:429"] });
  assert.deepEqual(unmet, ["npm-upload#9:500", "npm-stage:429"]);
  assert.equal(ok, false);
});

test("a fault of a service that the run does not talk to is refused", withGit, async () => {
  const { path } = await (repository ??= makeRepository());
  const host = testHost({ cwd: path, env: programEnv() });
  await assert.rejects(
    rehearse(host, { fault: ["rekor-entry:500"] }),
    { code: "PIOT_USAGE", message: "Cannot break a request to Sigstore: this run makes none" },
  );
});
