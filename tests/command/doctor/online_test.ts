import { deepEqual, equal, match } from "node:assert/strict";
import { join } from "node:path";
import { rm } from "node:fs/promises";
import { test } from "node:test";
import type { DoctorDocument } from "../../../src/core/doctor/doctor_document.ts";
import { RELEASE } from "../../support/doctor_facts.ts";
import { type ReleaseWorld, releaseWorld } from "../../support/release_world.ts";
import { needs } from "../../support/tools.ts";
import { heldPackage } from "../../registry/npm/world.ts";

const JOB = {
  repository: "putitoutthere/pebble",
  workflow: "release.yml",
  environment: "release",
} as const;
const NAME = "@putitoutthere/pebble";

async function ask(
  world: ReleaseWorld,
  ...flags: readonly string[]
): Promise<{ status: number; document: DoctorDocument }> {
  const { status, stdout, stderr } = await world.piot("doctor", "--json", ...flags);
  try {
    return { status, document: JSON.parse(stdout) as DoctorDocument };
  } catch {
    throw new Error(stderr);
  }
}

test(
  "doctor asks registries where the last release came from, and leaves nothing behind",
  await needs("git"),
  async () => {
    await using world = await releaseWorld({ job: JOB });
    const { npm } = world.services;
    npm.packages.set(NAME, heldPackage(NAME, { owner: "rehearsal" }));
    npm.trust.set(NAME, { ...JOB, permissions: ["createPackage"] });
    await world.git.run(["tag", "pebble-js-v0.0.1", "HEAD"]);
    await world.commit("Count better", {
      "js/pebble/index.js": "export const count = (heaps, size) => heaps * size * 1;\n",
      ".github/workflows/release.yml": RELEASE,
    });
    delete world.env["NODE_AUTH_TOKEN"];
    const published = await world.piot("publish", "--release", NAME);
    equal(published.status, 0, published.stderr);
    // What GitHub would say of the environment is another test's.
    delete world.env["GITHUB_TOKEN"];
    const writes = world.writes().length;
    const { document } = await ask(world, "--online");
    const [, , , last] = document.trust_policy;
    equal(last!.name, "trust policy (last release)");
    match(
      last!.line,
      /@putitoutthere\/pebble 0\.0\.2 from release\.yml, putitoutthere\/pebble \(its registry does not tell environment\)/,
    );
    deepEqual(
      document.findings.filter(({ check }) => check === "names-there").map(({ message }) =>
        message
      ),
      ['PyPI does not have "pebble" yet'],
    );
    deepEqual(
      document.findings.filter(({ check }) => check === "environment-rules").map(({ weight }) =>
        weight
      ),
      ["unknown"],
    );
    match(
      document.publishers.join("\n"),
      /release\.yml \(push, workflow_dispatch\), job "publish": whoever environment release lets through, which cannot be read/,
    );
    equal(world.writes().length, writes);

    const moved = RELEASE.replace("environment: release", "environment: other");
    await world.commit("Move", {
      ".github/workflows/release.yml": "on: push\njobs: {}\n",
      ".github/workflows/ship.yml": moved,
    });
    const after = await ask(world, "--online");
    match(
      after.document.trust_policy[3]!.line,
      /was published by release\.yml, and today ship\.yml publishes/,
    );
  },
);

test(
  "doctor --artifacts checks what was built as publishing would",
  await needs("git"),
  async () => {
    await using world = await releaseWorld();
    await world.commit("Release", { ".github/workflows/release.yml": RELEASE });
    const whole = await ask(world, "--artifacts", world.artifacts);
    deepEqual([whole.document.artifacts!.verdict, whole.document.artifacts!.folder], [
      "passed",
      world.artifacts,
    ], JSON.stringify(whole.document.findings));
    match(whole.document.artifacts!.line, /^\d files of 2 packages are fit to publish$/);
    await rm(join(world.artifacts, "pebble-sdist"), { recursive: true });
    const lacking = await ask(world, "--artifacts", world.artifacts);
    equal(lacking.status, 1);
    match(
      lacking.document.findings.find(({ check }) => check === "artifacts")!.message,
      /no file in .*pebble-sdist/,
    );
    equal(lacking.document.artifacts!.verdict, "failed");
    deepEqual(world.writes(), []);
    const none = await ask(world, "--artifacts");
    equal(none.document.artifacts!.folder, "artifacts");
  },
);
