import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cp, readdir, readFile } from "node:fs/promises";
import { watch } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { bundleDeadly, commandOf, runBundle } from "../support/bundle.ts";
import { type ReleaseWorld, releaseWorld } from "../support/release_world.ts";
import { tempFolder, writeTree } from "../support/temp.ts";
import { needs } from "../support/tools.ts";

const withCargo = await needs("git", "cargo");
const program = await tempFolder();
after(() => program[Symbol.asyncDispose]());
let bundle: string | undefined;

interface MachineState {
  readonly status: string;
  readonly exclude: string;
  readonly git: readonly string[];
  readonly temp: readonly string[];
}

/** A release whose artifacts lie in the work tree, with a folder of its own for temporary files. */
interface KilledWorld extends ReleaseWorld {
  readonly temp: string;
  /** Everything that a run may change on this machine: what git sees, what it ignores, and its list of that. */
  readonly state: () => Promise<MachineState>;
  /** Publishes in a process of its own that is killed at a call for the so-many-th time, counted from 0. */
  readonly killAt: (on: string, time: number, argv?: readonly string[]) => Promise<void>;
}

async function killedWorld(): Promise<KilledWorld> {
  const world = await releaseWorld({ withCrate: true });
  const temp = await tempFolder();
  await cp(world.artifacts, join(world.root, "artifacts"), { recursive: true });
  const exclude = join(world.root, ".git/info/exclude");
  await writeTree(world.root, { ".git/info/exclude": "# mine\n/notes" });
  const env = { ...world.env, TMPDIR: temp.path };
  return {
    ...world,
    temp: temp.path,
    state: async () => ({
      status: await world.git.text(["status", "--porcelain", "--ignored"]),
      exclude: await readFile(exclude, "utf8"),
      git: (await readdir(join(world.root, ".git"))).filter((name) => name === "putitoutthere"),
      temp: (await readdir(temp.path)).filter((name) => name.startsWith("piot-")),
    }),
    killAt: async (on, time, args = ["publish", "--artifacts", "artifacts"]) => {
      bundle ??= bundleDeadly("deadly_cli", program.path);
      const { signal, stderr } = await runBundle(bundle, {
        ...{ args, cwd: world.root },
        env: { ...env, DEADLY_ON: on, DEADLY_AT: String(time) },
      });
      assert.equal(signal, "SIGKILL", stderr);
    },
    [Symbol.asyncDispose]: async () => {
      await world[Symbol.asyncDispose]();
      await temp[Symbol.asyncDispose]();
    },
  };
}

const TAGS = ["pebble-core-v0.1.0", "pebble-js-v0.1.0", "pebble-v0.1.0"];

/** The next command puts everything back and says so to people and programs, and the release is as if nothing had been. */
async function requireRecovery(world: KilledWorld, before: unknown): Promise<void> {
  const next = await world.piot("plan", "--json");
  assert.equal(next.status, 0, next.stderr);
  const { recovered } = JSON.parse(next.stdout) as { recovered: readonly string[] };
  assert.ok(recovered.length > 0, next.stdout);
  for (const sentence of recovered) assert.ok(next.stderr.includes(sentence), next.stderr);
  assert.deepEqual(await world.state(), before);
  const again = await world.piot("plan", "--json");
  assert.equal("recovered" in JSON.parse(again.stdout), false);
  const published = await world.piot("publish");
  assert.equal(published.status, 0, published.stderr);
  assert.deepEqual(await world.tags(), TAGS);
  assert.deepEqual(await world.state(), before);
}

for (
  const { name, on } of [
    { name: "before there is a checkout", on: "mkdir .*/piot-commit-" },
    { name: "with half a checkout", on: "writeFile .*/tree/\\.git/HEAD" },
    { name: "before cargo has a folder", on: "mkdir .*/piot-cargo-" },
    { name: "in the middle of a Cargo.toml", on: "write-half .*/tree/.*/pebble-core/\\.piot" },
    { name: "before a Cargo.toml is in its place", on: "rename .*/pebble-core/Cargo\\.toml" },
    { name: "while an npm tarball is written", on: "writeFile .*\\.tgz" },
  ] as readonly { name: string; on: string }[]
) {
  test(`a run that is killed ${name} has changed no file of the user's`, withCargo, async () => {
    await using world = await killedWorld();
    const before = await world.state();
    await world.killAt(on, 0);
    const { status, exclude } = await world.state();
    assert.deepEqual({ status, exclude }, { status: before.status, exclude: before.exclude });
    await requireRecovery(world, before);
  });
}

test(
  "a run that is killed while cargo builds has changed no file, and the next command clears up",
  withCargo,
  async () => {
    await using world = await killedWorld();
    await using marks = await tempFolder();
    const mark = JSON.stringify(join(marks.path, "started"));
    await world.commit("Build", {
      "rust/pebble-core/build.rs":
        `fn main() { std::fs::write(${mark}, "").unwrap(); std::thread::sleep(std::time::Duration::from_secs(60)); }\n`,
    });
    const before = await world.state();
    bundle ??= bundleDeadly("deadly_cli", program.path);
    const [runtime, ...words] = commandOf(bundle);
    const child = spawn(runtime!, [...words, "publish", "--artifacts", "artifacts"], {
      cwd: world.root,
      env: { ...world.env, TMPDIR: world.temp } as Record<string, string>,
      // A group of its own, so that cargo goes with it, as at the end of a job.
      detached: true,
      stdio: "ignore",
    });
    const ended = new Promise((done) => child.once("close", done));
    const begun = new Promise<void>((done) => {
      const watcher = watch(marks.path, () => {
        watcher.close();
        done();
      });
    });
    assert.equal(await Promise.race([begun, ended]), undefined);
    process.kill(-child.pid!, "SIGKILL");
    await ended;
    assert.equal((await world.state()).status, before.status);
    const next = await world.piot("plan", "--json");
    const { recovered } = JSON.parse(next.stdout) as { recovered: readonly string[] };
    assert.match(recovered.join("\n"), /\/piot-commit-[0-9a-f]{12}/);
    assert.deepEqual(await world.state(), before);
  },
);

test(
  "what a killed rehearsal made is removed by the next command, which says so even where it fails",
  withCargo,
  async () => {
    await using world = await killedWorld();
    const before = await world.state();
    await world.killAt("writeFile .*/checkout/", 0, ["rehearse", "--example"]);
    assert.notDeepEqual(await world.state(), before);
    const next = await world.piot("plan", "--at", "nowhere", "--json");
    assert.equal(next.status, 2, next.stderr);
    const { failure, recovered } = JSON.parse(next.stdout);
    assert.equal(failure.code, "PIOT_COMMIT_UNKNOWN");
    assert.match(
      recovered[0],
      /^Removed \S+piot-rehearsal-[0-9a-f]{12}, left by the run that began/,
    );
    assert.ok(next.stderr.includes(recovered[0]), next.stderr);
    assert.deepEqual(await world.state(), before);
  },
);

test(
  "under Deno a command that may read and run git alone says nothing of notes",
  await needs("git", "deno"),
  async () => {
    await using world = await releaseWorld();
    const flags = ["run", "--no-prompt", "--no-check", "--quiet", "--allow-read", "--allow-env"];
    const { stderr, status } = await new Promise<{ status: number | null; stderr: string }>(
      (done) => {
        const words = [...flags, "--allow-run=git", resolve("cli.ts"), "plan"];
        const child = spawn("deno", words, {
          cwd: world.root,
          env: world.env as Record<string, string>,
        });
        let text = "";
        child.stderr.on("data", (chunk) => void (text += chunk));
        child.on("close", (code) => done({ status: code, stderr: text }));
      },
    );
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stderr, /warning/);
  },
);
