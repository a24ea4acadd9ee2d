/** A repository ready to be released to local services, and the command line to release it with. */

import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { main } from "../../src/cli/main.ts";
import { gatherArtifacts } from "../../src/command/rehearse/provide_artifacts.ts";
import { openServices, type Services } from "../../src/command/rehearse/open_services.ts";
import { makeExampleRepository } from "../../src/command/rehearse/copy_repository.ts";
import { isWrite } from "../../src/command/rehearse/rehearsed_run.ts";
import { plan } from "../../src/command/plan.ts";
import { createGit, type Git } from "../../src/host/git.ts";
import type { Env } from "../../src/host/host.ts";
import type { JobIdentity } from "../../src/rehearsal/identity/actions_job.ts";
import { makeExample } from "../../src/rehearsal/example.ts";
import { tempFolder, writeTree } from "./temp.ts";
import { testHost } from "./test_host.ts";

/** How a run of the command line ended. */
export interface CliRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ReleaseWorld extends AsyncDisposable {
  /** The top of the work tree. */
  readonly root: string;
  readonly git: Git;
  readonly services: Services;
  /** The environment that runs get. */
  readonly env: Record<string, string | undefined>;
  /** Runs the command line in the repository, with artifacts beside it. */
  readonly piot: (...argv: readonly string[]) => Promise<CliRun>;
  /** Writes files and commits them. */
  readonly commit: (message: string, files: Readonly<Record<string, string>>) => Promise<void>;
  /** The folder with the built artifacts. */
  readonly artifacts: string;
  /** What was written to any service, as `npm PUT /demo 200`. */
  readonly writes: () => readonly string[];
  /** The tags on the remote. */
  readonly tags: () => Promise<readonly string[]>;
}

/** A wheel and an npm package, declared, built, and never released; and what else is asked for. */
export async function releaseWorld(
  options: {
    withCrate?: boolean;
    job?: JobIdentity;
    /** Targets of an npm family of programs, which are made up. */
    targets?: readonly string[];
  } = {},
): Promise<ReleaseWorld> {
  const folder = await tempFolder({ "home/gitconfig": "" });
  const { PATH, HOME, RUSTUP_HOME } = process.env;
  const own: Env = { PATH, HOME, RUSTUP_HOME };
  const host = testHost({ env: own });
  const example = makeExample({ withCrate: false, ...options });
  const staged = await makeExampleRepository(example, { folder: folder.path, env: own });
  const headOf = async (git: Git): Promise<string> =>
    (await git.text(["rev-parse", "HEAD"])).trim();
  const job = options.job && {
    commit: await headOf(createGit({ cwd: staged.checkout, env: own })),
    ...options.job,
  };
  const services = await openServices(host, {
    ...staged,
    repository: example.repository,
    home: join(folder.path, "home"),
    ...(job === undefined ? {} : { job }),
  });
  const git = createGit({ cwd: staged.checkout, env: services.env });
  await git.run(["remote", "add", "origin", services.remoteUrl]);
  const env: Record<string, string | undefined> = { ...services.env };
  const artifacts = join(folder.path, "artifacts");
  const inside = testHost({ cwd: staged.checkout, env });
  await gatherArtifacts(await plan(inside), { given: undefined, folder: artifacts });
  return {
    root: staged.checkout,
    git,
    services,
    env,
    artifacts,
    piot: (...argv) => runCli(argv, { cwd: staged.checkout, env, artifacts }),
    commit: async (message, files) => {
      await writeTree(staged.checkout, files);
      await git.run(["add", "--all"]);
      const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
      await git.run([...who, "commit", "--quiet", "--message", message]);
      if (job === undefined) return;
      // The job of the run that this commit starts.
      job.commit = await headOf(git);
      env["GITHUB_SHA"] = job.commit;
    },
    writes: () =>
      services.requests().filter(({ request }) => isWrite(request))
        .map(({ service, request }) =>
          `${service} ${request.method} ${request.path} ${request.status}`
        ),
    tags: async () => {
      const text = await createGit({ cwd: staged.bare, env }).text(["tag", "--list"]);
      return text.split("\n").filter((line) => line !== "");
    },
    [Symbol.asyncDispose]: async () => {
      await services[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function runCli(
  argv: readonly string[],
  place: { cwd: string; env: Env; artifacts: string },
): Promise<CliRun> {
  const host = testHost(place);
  const words = argv[0] === "publish" ? [...argv, "--artifacts", place.artifacts] : argv;
  const makeHost = ({ cwd }: { cwd?: string | undefined }) =>
    cwd === undefined ? host : { ...host, cwd };
  const status = await main({ argv: words, makeHost, isTTY: false });
  return { status, ...host.written };
}

/** Removes a file or folder. */
export async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true });
}

/** Replaces text in a file; the text has to be there. */
export async function replaceIn(path: string, found: string, put: string): Promise<string> {
  const text = await readFile(path, "utf8");
  if (!text.includes(found)) throw new Error(`${path} does not hold ${found}`);
  return text.replace(found, put);
}
