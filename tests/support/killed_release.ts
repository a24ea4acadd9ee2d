/**
 * Releases that are killed at one of their requests or of their writes, with all that they started, as at the end of a job;
 * and what there is afterwards.
 */

import { readdirSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { readHeldState } from "../../src/rehearsal/held_state.ts";
import type { Fault } from "../../src/rehearsal/server/faults.ts";
import { runBundle } from "./bundle.ts";
import { type ReleaseWorld, releaseWorld } from "./release_world.ts";
import { type TempFolder, tempFolder } from "./temp.ts";

/**
 * Where a release is killed: at a call that changes the disk, or before or after a request is heard, counted from 0. At
 * `orphaned` what it started lives on, and its request is heard while the next run is at work already.
 */
export interface KillPoint {
  readonly on: "write" | "before" | "after" | "orphaned";
  readonly at: number;
  /** A regular expression for the requests that are counted (`npm PUT /demo`); all of them by default. */
  readonly where?: string;
}

/** What a release leaves in the end. */
export interface ReleaseEnd {
  /** What the registries hold, with digests. */
  readonly files: readonly string[];
  /** How many times each file was taken. */
  readonly uploads: readonly string[];
  readonly tags: readonly string[];
  readonly releases: readonly string[];
  /** What git sees of the user's tree, with ignored files and the list of those. */
  readonly tree: string;
  /** Temporary folders, and notes of borrowed files. */
  readonly left: readonly string[];
}

/** A killed release, and the one after it. */
export interface KilledRelease {
  /** The request or the call at which it ended; undefined for a release that came to its end. */
  readonly place: string | undefined;
  /** What there was between the two. */
  readonly between: ReleaseEnd;
  /** How the next run ended, and what it said. */
  readonly status: number;
  readonly said: string;
  readonly end: ReleaseEnd;
}

/** Publishes with the bundle of `deadly_cli`, killed at a point, and once more from the same commit. */
export async function killRelease(bundle: string, point: KillPoint): Promise<KilledRelease> {
  await using world = await releaseWorld({ withCrate: true });
  await using temp = await tempFolder();
  const killAll = (): void => killChildren(temp.path, () => true);
  const kill = point.on === "orphaned"
    ? () => killChildren(temp.path, (parent) => parent === process.pid)
    : killAll;
  const met = point.on === "write" ? () => undefined : trap(world, { ...point, kill });
  const log = join(temp.path, "calls");
  const deadly = point.on === "write" ? { DEADLY_AT: String(point.at), DEADLY_LOG: log } : {};
  const { signal, stderr } = await runBundle(bundle, {
    args: ["publish", "--artifacts", world.artifacts],
    cwd: world.root,
    env: { ...world.env, TMPDIR: temp.path, ...deadly },
  });
  if (point.on !== "orphaned") killAll();
  if (signal !== null && signal !== "SIGKILL") throw new Error(stderr);
  const place = signal === null ? undefined : met() ?? await lastCall(log, { world, temp });
  const between = await endOf(world, temp);
  const next = await world.piot("publish");
  killAll();
  return {
    place,
    between,
    status: next.status,
    said: next.stderr,
    end: await endOf(world, temp),
  };
}

/** Kills whatever has this folder for temporary files: programs that piot started outlive it otherwise. */
function killChildren(temp: string, isMeant: (parent: number) => boolean): void {
  for (let isNew = true; isNew;) {
    isNew = false;
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
        if (!environment.split("\0").includes(`TMPDIR=${temp}`)) continue;
        const [, state = "", parent = ""] =
          /\) (\S) (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
        if (state === "Z" || !isMeant(Number(parent))) continue;
        process.kill(Number(pid), "SIGKILL");
        isNew = true;
      } catch {
        // It ended meanwhile, or is somebody else's.
      }
    }
  }
}

/** Sets the servers up to kill at a request; gives which one it was, once it was met. */
function trap(
  { services }: ReleaseWorld,
  { on, at, where = "", kill }: KillPoint & { readonly kill: () => void },
): () => string | undefined {
  let count = 0;
  let met: string | undefined;
  const before = (): Promise<never> => {
    kill();
    return Promise.reject(new Error("nobody is there to hear the answer"));
  };
  const orphaned = (): Promise<void> => Promise.resolve(kill());
  const sleep = on === "before" ? before : orphaned;
  const how: Fault["how"] = on !== "after" ? { delay: 0, clock: { sleep } } : {
    // Asked for once the service has done what it was asked to.
    get after() {
      kill();
      // Nobody reads it; the log says that the service took what it was sent.
      return { status: 200, body: {} };
    },
  };
  for (const service of services.addresses.keys()) {
    services.breakNext(service, {
      matches: ({ method, path }) => {
        const request = `${service} ${method} ${path}`;
        if (!new RegExp(where).test(request) || count++ !== at) return false;
        met = `${on} ${request}`;
        return true;
      },
      how,
    });
  }
  return () => met;
}

/** The call at which it ended, in words that are the same in every run. */
async function lastCall(
  log: string,
  { world, temp }: { readonly world: ReleaseWorld; readonly temp: TempFolder },
): Promise<string> {
  const line = (await readFile(log, "utf8")).trimEnd().split("\n").at(-1)!;
  return line.replaceAll(temp.path, "TEMP").replaceAll(world.root, "TREE")
    .replaceAll(/\/\S*\/piot-test-\w+/g, "TEMP").replaceAll(/[0-9a-f]{8,}/g, "*");
}

async function endOf(
  { services, git, root, tags, writes }: ReleaseWorld,
  temp: TempFolder,
): Promise<ReleaseEnd> {
  const held = readHeldState({ ...services, log: [] });
  const taken = writes().filter((line) => / (PUT|POST) .* 20\d$/.test(line));
  const uploads = taken.filter((line) => /^(crates\.io|PyPI|npm) /.test(line));
  const status = await git.text(["status", "--porcelain", "--ignored"]);
  const notes = (await readdir(join(root, ".git"))).filter((name) => name === "putitoutthere");
  const left = (await readdir(temp.path)).filter((name) => name.startsWith("piot-"));
  return {
    files: held.files.map(({ registry, file, digest }) => `${registry} ${file} ${digest}`),
    uploads: [...uploads].sort(),
    tags: await tags(),
    releases: [...services.releases()].sort(),
    tree: status + await readFile(join(root, ".git/info/exclude"), "utf8").catch(() => ""),
    left: [...notes, ...left],
  };
}
