/** A repository with crates, a crates.io on this machine, and a publisher between them; real cargo, a home of its own. */

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import type { CratesPackage } from "../../../src/core/model/package.ts";
import { Failure } from "../../../src/error.ts";
import type { Env } from "../../../src/host/host.ts";
import type { CratesPrepared } from "../../../src/registry/crates/crates_work.ts";
import { createCrates } from "../../../src/registry/crates/create_crates.ts";
import type { CratesWait } from "../../../src/registry/crates/upload_crate.ts";
import type { Registry, Release, Standing } from "../../../src/registry/registry.ts";
import { type LocalCrates, serveCrates } from "../../../src/rehearsal/crates/serve_crates.ts";
import { type GitRepo, gitRepo } from "../../support/git_repo.ts";
import { maySkip } from "../../support/provided.ts";
import { type TempFolder, tempFolder } from "../../support/temp.ts";
import { type TestHost, testHost } from "../../support/test_host.ts";

export const ADA = { secret: `cio${"a".repeat(32)}`, user: "ada" };
export const EVE = { secret: `cio${"e".repeat(32)}`, user: "eve" };

/** Why tests that run cargo are skipped, or false. */
export const NO_CARGO: string | false = (() => {
  try {
    execFileSync("cargo", ["--version"], { stdio: "ignore" });
    return false;
  } catch {
    return maySkip("cargo", "no cargo on PATH");
  }
})();

/** The environment of a cargo that knows nothing of this machine but its toolchains. */
export function cargoEnvironment(home: string): Record<string, string> {
  const { PATH = "", RUSTUP_HOME, RUSTUP_TOOLCHAIN } = process.env;
  return {
    PATH,
    HOME: home,
    CARGO_HOME: join(home, "cargo"),
    RUSTUP_HOME: RUSTUP_HOME ?? join(homedir(), ".rustup"),
    ...(RUSTUP_TOOLCHAIN === undefined ? {} : { RUSTUP_TOOLCHAIN }),
    CARGO_NET_RETRY: "0",
  };
}

const run = promisify(execFile);

/** Runs cargo as a user who takes the server for crates.io. */
export async function cargoUser(
  { home, server, cwd }: { home: string; server: Pick<LocalCrates, "indexUrl">; cwd: string },
  args: readonly string[],
  extra: Env = {},
): Promise<{ code: number; output: string }> {
  const env = {
    ...cargoEnvironment(home),
    CARGO_TERM_COLOR: "never",
    __CARGO_TEST_CRATES_IO_URL_DO_NOT_USE_THIS: `sparse+${server.indexUrl}/`,
    ...extra,
  } as Record<string, string>;
  try {
    const { stdout, stderr } = await run("cargo", [...args], { cwd, env });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}

export interface CratesWorld extends AsyncDisposable {
  readonly repo: GitRepo;
  readonly server: LocalCrates;
  readonly host: TestHost;
  readonly home: TempFolder;
  readonly waits: CratesWait[];
  /** A publisher that knows nothing of earlier ones, as in a new run. */
  readonly registry: (
    options?: { env?: Env; ownFolders?: readonly string[]; index?: string; signal?: AbortSignal },
  ) => Registry<CratesPrepared>;
  readonly release: (
    path: string,
    version: string,
    more?: Partial<CratesPackage>,
  ) => Promise<Release>;
  /** Prepares, and remembers what is to be undone. */
  readonly prepare: (
    registry: Registry<CratesPrepared>,
    releases: readonly Release[],
    standing?: readonly Standing[],
  ) => Promise<readonly CratesPrepared[]>;
  /** Undoes everything, last first. */
  readonly undo: () => Promise<void>;
  /** Uploads that the server saw, as statuses. */
  readonly puts: () => number[];
}

/** A world with these files committed. */
export async function cratesWorld(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<CratesWorld> {
  const repo = await gitRepo({ ".gitignore": "target\n", ...files });
  const server = await serveCrates({ tokens: [ADA, EVE] });
  const home = await tempFolder();
  const env = { ...cargoEnvironment(home.path), CARGO_REGISTRY_TOKEN: ADA.secret };
  const host = testHost({ cwd: repo.path, env });
  const undos: (() => Promise<void>)[] = [];
  const waits: CratesWait[] = [];
  const undo = async (): Promise<void> => {
    for (let restore = undos.pop(); restore !== undefined; restore = undos.pop()) await restore();
  };
  return {
    repo,
    server,
    host,
    home,
    waits,
    registry: ({ env: extra = {}, ownFolders = [], index = server.indexUrl, signal } = {}) =>
      createCrates({
        host: { ...host, env: { ...env, ...extra }, signal: signal ?? host.signal },
        root: repo.path,
        endpoints: { crates: server.url, cratesIndex: index },
        ownFolders,
        onWait: (wait) => void waits.push(wait),
      }),
    release: async (path, version, more = {}) =>
      makeRelease({ ...crate(path), ...more }, {
        version,
        commit: await repo.git("rev-parse", "HEAD"),
      }),
    prepare: (registry, releases, standing = []) =>
      registry.prepare(releases, (restore) => void undos.push(restore), { standing }),
    undo,
    puts: () =>
      server.log.filter(({ method, path }) => method === "PUT" && path.endsWith("/new")).map((
        { status },
      ) => status),
    [Symbol.asyncDispose]: async () => {
      await undo();
      await server[Symbol.asyncDispose]();
      await repo[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    },
  };
}

/** A declared crate; its name is the last part of its path. */
export function crate(path: string): CratesPackage {
  const name = path.split("/").at(-1)!;
  return {
    kind: "crates",
    name,
    registryName: name,
    path,
    paths: [`${path}/**`],
    dependsOn: [],
    firstVersion: "0.1.0",
    githubRelease: true,
    tagFormat: "{name}-v{version}",
    features: [],
    noDefaultFeatures: false,
  };
}

export function makeRelease(
  pkg: CratesPackage,
  { version, commit }: { version: string; commit: string | undefined },
): Release {
  return {
    package: pkg,
    version,
    tag: `${pkg.name}-v${version}`,
    previous: null,
    commit,
    artifacts: [],
  };
}

/** A manifest that crates.io takes, with lines added to `[package]` and below it. */
export function manifest(name: string, rest = "", version = 'version = "0.0.0"'): string {
  return [
    "[package]",
    `name = "${name}"`,
    version,
    'edition = "2021"',
    'description = "A crate of a test"',
    'license = "MIT"',
    rest,
    "",
  ].join("\n");
}

/** Files of a folder: path → text, with the folder put in front. */
export function inside(
  folder: string,
  files: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [join(folder, path), text]),
  );
}

/** The files of a crate that stands alone, in the folder `lone`. */
export const LONE: Readonly<Record<string, string>> = inside("lone", {
  "Cargo.toml": manifest("lone"),
  "src/lib.rs": "pub fn lone() {}\n",
});

/** What stood against something. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: "nothing was refused" });
}
