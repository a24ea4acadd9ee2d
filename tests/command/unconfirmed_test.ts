/** What a registry answers to an upload is no proof: only what it shows is tagged, and only that is built upon. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { LocalReply, LocalRequest } from "../../src/rehearsal/server/messages.ts";
import type { ServiceName } from "../../src/rehearsal/server/places.ts";
import type { OutcomeDocument } from "../../src/report/documents.ts";
import { type CliRun, type ReleaseWorld, releaseWorld } from "../support/release_world.ts";
import { readRunnerFile } from "../support/runner.ts";
import { tempFolder } from "../support/temp.ts";
import { needs } from "../support/tools.ts";

const withGit = await needs("git");
const withCargo = await needs("git", "cargo");

function packagesOf({ stdout }: CliRun): ReadonlyMap<string, OutcomeDocument> {
  const { packages } = JSON.parse(stdout) as { packages: readonly OutcomeDocument[] };
  return new Map(packages.map((outcome) => [outcome.name, outcome]));
}

const ANSWERS: readonly {
  readonly name: string;
  readonly reply: LocalReply;
  /** The registries whose client sees at once that this is none of theirs. */
  readonly seenBy?: readonly ServiceName[];
}[] = [
  {
    name: "200 and a login page",
    reply: {
      status: 200,
      headers: { "content-type": "text/html" },
      body: "<!doctype html><title>Sign in</title><form></form>",
    },
    seenBy: ["npm", "crates.io"],
  },
  { name: "204", reply: { status: 204 } },
  { name: "200 and {}", reply: { status: 200, body: {} } },
  { name: "201 and nothing", reply: { status: 201 } },
];

interface RegistryRow {
  readonly service: ServiceName;
  readonly package: string;
  readonly tag: string;
  /** What is sent first. */
  readonly file: string;
  readonly withCrate: boolean;
  /** What depends on it. */
  readonly dependent?: string;
}

const REGISTRIES: readonly RegistryRow[] = [
  {
    service: "PyPI",
    package: "pebble",
    tag: "pebble-v0.1.0",
    file: "pebble-0.1.0-py3-none-any.whl",
    withCrate: false,
  },
  {
    service: "npm",
    package: "@putitoutthere/pebble",
    tag: "pebble-js-v0.1.0",
    file: "@putitoutthere/pebble@0.1.0",
    withCrate: false,
  },
  {
    service: "crates.io",
    package: "pebble-core",
    tag: "pebble-core-v0.1.0",
    file: "pebble-core-0.1.0.crate",
    withCrate: true,
    dependent: "pebble",
  },
];

const isUpload = ({ method, place }: LocalRequest): boolean =>
  ["PUT", "POST"].includes(method) && place?.endsWith("-upload") === true;

/** Something in front of a registry answers its uploads, which never arrive, until the gate is shut. */
function standInFront(
  world: ReleaseWorld,
  { service, reply }: { readonly service: ServiceName; readonly reply: LocalReply },
): { open: boolean } {
  const gate = { open: true };
  world.services.breakNext(service, {
    matches: (request) => gate.open && isUpload(request),
    how: reply,
    times: Infinity,
  });
  return gate;
}

for (const row of REGISTRIES) {
  for (const { name, reply, seenBy = [] } of ANSWERS) {
    test(
      `an upload to ${row.service} that is answered with ${name} and never shown is not tagged, and the next run publishes it`,
      row.withCrate ? withCargo : withGit,
      async () => {
        await using world = await releaseWorld({ withCrate: row.withCrate });
        const gate = standInFront(world, { service: row.service, reply });
        const first = await world.piot("publish", "--json");
        assert.equal(first.status, 1, first.stderr);
        const outcome = packagesOf(first).get(row.package)!;
        if (seenBy.includes(row.service)) {
          assert.equal(outcome.failure?.code, "PIOT_REGISTRY_UNKNOWN", first.stderr);
        } else {
          assert.equal(outcome.status, "unconfirmed", first.stderr);
          assert.deepEqual(outcome.unseen, [row.file]);
          assert.equal(outcome.why, `${row.service} does not show it after 600 s`);
        }
        assert.ok(!(await world.tags()).includes(row.tag));
        assert.ok(!world.services.releases().includes(row.tag));
        if (row.dependent !== undefined) {
          assert.deepEqual(packagesOf(first).get(row.dependent)!.blocked_by, [row.package]);
        }

        gate.open = false;
        const second = await world.piot("publish", "--json");
        assert.equal(second.status, 0, second.stderr);
        assert.equal(packagesOf(second).get(row.package)!.status, "published");
        assert.ok((await world.tags()).includes(row.tag));
      },
    );
  }
}

/** Hides what each registry takes from now on; gives what shows it. */
const HIDE: Readonly<Record<string, (world: ReleaseWorld) => () => void>> = {
  npm: ({ services: { npm } }) => {
    npm.slow = true;
    return () => {
      npm.slow = false;
      npm.reveal();
    };
  },
  PyPI: ({ services: { pypi } }) => {
    Object.assign(pypi.staleReads, { json: Infinity, simple: Infinity });
    return () => {
      Object.assign(pypi.staleReads, { json: 0, simple: 0 });
      // Another change of the index, after which its pages are made anew.
      pypi.serial++;
    };
  },
  "crates.io": ({ services }) => {
    const gate = { open: true };
    services.crates.indexLag = Infinity;
    services.breakNext("crates.io", {
      matches: ({ place, path }) =>
        gate.open && place === "crates-read" && /\/pebble-core(?:\/0\.1\.0)?$/.test(path),
      how: { status: 404, body: { errors: [{ detail: "crate `pebble-core` does not exist" }] } },
      times: Infinity,
    });
    return () => {
      gate.open = false;
      services.crates.flushIndex();
    };
  },
};

for (const row of REGISTRIES) {
  test(
    `what ${row.service} takes and does not show yet is unconfirmed in every run, and the run that sees it tags it and sends nothing again`,
    row.withCrate ? withCargo : withGit,
    async () => {
      await using world = await releaseWorld({ withCrate: row.withCrate });
      const show = HIDE[row.service]!(world);
      for (const _turn of [1, 2]) {
        const run = await world.piot("publish", "--json");
        assert.equal(run.status, 1, run.stderr);
        const outcome = packagesOf(run).get(row.package)!;
        assert.equal(outcome.status, "unconfirmed", run.stderr);
        assert.deepEqual(outcome.unseen, [row.file]);
        assert.ok(!(await world.tags()).includes(row.tag));
      }
      show();
      const before = world.writes().filter((line) => line.startsWith(row.service));
      const last = await world.piot("publish", "--json");
      assert.equal(last.status, 0, last.stderr);
      // PyPI's sdist was not sent before its wheel was seen.
      const rest = row.service === "PyPI" ? ["published", 1] : ["healed", 0];
      const sent = world.writes().filter((line) => line.startsWith(row.service));
      assert.deepEqual(
        [packagesOf(last).get(row.package)!.status, sent.length - before.length],
        rest,
      );
      assert.ok((await world.tags()).includes(row.tag));
    },
  );
}

/** Answers an upload with success, and lets other bytes be shown in the file's place. */
const SWAP: Readonly<Record<string, (world: ReleaseWorld) => void>> = {
  npm: ({ services: { breakNext, npm } }) => {
    swapAfter(breakNext, "npm", () => {
      const held = npm.packages.get("@putitoutthere/pebble")!.versions.get("0.1.0")!;
      Object.assign(held.manifest["dist"] as object, { integrity: "sha512-b3RoZXI=" });
      delete held.manifest["gitHead"];
    });
  },
  PyPI: ({ services: { breakNext, pypi } }) => {
    swapAfter(breakNext, "PyPI", () => {
      const name = "pebble-0.1.0-py3-none-any.whl";
      pypi.files.set(name, { ...pypi.files.get(name)!, sha256: "ab".repeat(32) });
    });
  },
};

function swapAfter(
  breakNext: ReleaseWorld["services"]["breakNext"],
  service: ServiceName,
  swap: () => void,
): void {
  let isTaken = false;
  breakNext(service, {
    matches: (request) => {
      // The read after the upload finds the other bytes.
      if (isTaken && !isUpload(request)) {
        isTaken = false;
        swap();
      }
      if (isUpload(request)) isTaken = true;
      return false;
    },
    how: { status: 200 },
  });
}

for (const row of REGISTRIES.filter(({ service }) => SWAP[service] !== undefined)) {
  test(
    `other bytes that ${row.service} shows in place of what it took are told at once, with both hashes, and not tagged`,
    withGit,
    async () => {
      await using world = await releaseWorld();
      SWAP[row.service]!(world);
      const { status, stdout, stderr } = await world.piot("publish", "--json");
      assert.equal(status, 1, stderr);
      const { failure } = packagesOf({ status, stdout, stderr }).get(row.package)!;
      assert.equal(failure?.code, "PIOT_VERSION_TAKEN");
      assert.match(failure.message, /\(sha\d+-\S+ there, sha\d+-\S+ here\)/);
      assert.doesNotMatch(stderr, /waiting up to/);
      assert.ok(!(await world.tags()).includes(row.tag));
    },
  );
}

const TARGETS = ["linux-x64-gnu", "linux-arm64-gnu", "darwin-arm64"];

test(
  "a family's main package does not go out while one of its platform packages is not shown",
  withGit,
  async () => {
    await using world = await releaseWorld({ targets: TARGETS });
    const gate = { open: true };
    world.services.breakNext("npm", {
      matches: (request) => gate.open && isUpload(request) && request.path.endsWith("darwin-arm64"),
      how: { status: 200, body: {} },
      times: Infinity,
    });
    const first = await world.piot("publish", "--json");
    assert.equal(first.status, 1, first.stderr);
    const outcome = packagesOf(first).get("pebble-cli")!;
    assert.equal(outcome.status, "unconfirmed");
    assert.deepEqual(outcome.unseen, ["@putitoutthere/pebble-cli-darwin-arm64@0.1.0"]);
    const main = "npm PUT /@putitoutthere%2fpebble-cli 200";
    assert.ok(!world.writes().includes(main));
    assert.ok(!(await world.tags()).includes("pebble-cli-v0.1.0"));

    gate.open = false;
    const second = await world.piot("publish", "--json");
    assert.equal(second.status, 0, second.stderr);
    assert.deepEqual(world.writes().filter((line) => line.startsWith("npm PUT")).slice(-2), [
      "npm PUT /@putitoutthere%2fpebble-cli-darwin-arm64 200",
      main,
    ]);
    assert.ok((await world.tags()).includes("pebble-cli-v0.1.0"));
  },
);

test("an sdist does not go out while a wheel of its release is not shown", withGit, async () => {
  await using world = await releaseWorld();
  HIDE["PyPI"]!(world);
  const { stdout } = await world.piot("publish", "--json");
  const { unseen } = packagesOf({ status: 1, stdout, stderr: "" }).get("pebble")!;
  assert.deepEqual(unseen, ["pebble-0.1.0-py3-none-any.whl"]);
  assert.equal(world.writes().filter((line) => line.startsWith("PyPI POST")).length, 1);
});

test(
  "people, the summary and the outputs are told what is unconfirmed, and what the next run does",
  withGit,
  async () => {
    await using world = await releaseWorld();
    await using temp = await tempFolder({ out: "", summary: "" });
    const at = (name: string): string => join(temp.path, name);
    Object.assign(world.env, {
      GITHUB_OUTPUT: at("out"),
      GITHUB_STEP_SUMMARY: at("summary"),
      PIOT_PATIENCE: "0",
    });
    HIDE["npm"]!(world);
    const { status, stderr } = await world.piot("publish");
    assert.equal(status, 1, stderr);
    assert.match(
      stderr,
      /^ {2}unconfirmed {2}@putitoutthere\/pebble 0\.1\.0 {2}npm {3}not confirmed: @putitoutthere\/pebble@0\.1\.0 \(npm does not show it after 0 s\)$/m,
    );
    assert.match(stderr, /^ {2}- an unconfirmed package is looked for first/m);
    assert.doesNotMatch(stderr, /waiting up to/);
    const released = readRunnerFile(await readFile(at("out"), "utf8")).get("released_packages")!;
    assert.deepEqual(JSON.parse(released).map(({ name }: { name: string }) => name), ["pebble"]);
    assert.match(await readFile(at("summary"), "utf8"), /\| ❓ unconfirmed \| /);
  },
);

for (const patience of ["-1", "ten", "1.5"]) {
  test(
    `PIOT_PATIENCE=${patience} is refused before anything is read of a registry`,
    withGit,
    async () => {
      await using world = await releaseWorld();
      world.env["PIOT_PATIENCE"] = patience;
      const { status, stderr } = await world.piot("publish");
      assert.equal(status, 2);
      assert.match(stderr, /error\[PIOT_USAGE\]: Cannot use PIOT_PATIENCE/);
      assert.deepEqual(world.services.requests(), []);
    },
  );
}
