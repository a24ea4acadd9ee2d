/**
 * `rehearse`: the whole loop on this machine. Servers that refuse what the real services refuse, a bare repository as
 * the remote, and the very code that publishes; then once more, to prove that a second run changes nothing.
 *
 * @module
 */

import { join, resolve } from "node:path";
import type { Plan } from "../core/plan.ts";
import { Failure } from "../error.ts";
import { createHost } from "../host/create_host.ts";
import { createGit } from "../host/git.ts";
import { makeTempFolder, writeTree } from "../host/files.ts";
import { isOnPath } from "../host/is_on_path.ts";
import type { Host } from "../host/host.ts";
import { exampleTargets, makeExample } from "../rehearsal/example.ts";
import { hostTriple } from "../rehearsal/host_triple.ts";
import type { JobIdentity } from "../rehearsal/identity/actions_claims.ts";
import type { Event } from "../report/report.ts";
import { plan as makePlan } from "./plan.ts";
import { readConfig } from "./read_config.ts";
import { buildExample } from "./rehearse/build_example.ts";
import { gatherArtifacts, type GatheredArtifact } from "./rehearse/gather_artifacts.ts";
import { installAll, type Installation } from "./rehearse/install.ts";
import { openServices, type Services } from "./rehearse/open_services.ts";
import { isComplete, isQuiet, type RehearsedRun, rehearseRuns } from "./rehearse/rehearse_run.ts";
import { trustedJob, trustJob } from "./rehearse/trusted_job.ts";
import { stageCopy, type StagedRepository, stageExample } from "./rehearse/stage_repository.ts";

/** What can be asked of a rehearsal. */
export interface RehearseOptions {
  /** Rehearses a small polyglot repository instead of the one around the host's folder. */
  readonly example?: boolean;
  /** The configuration file; `putitoutthere.toml` in the host's folder by default. */
  readonly config?: string;
  /** A folder with built artifacts; what is missing is made up to the contract. */
  readonly artifacts?: string;
  /** Every `--release`, as it was given; none rehearses what changed. */
  readonly release?: readonly string[];
  /** Installs what was published with the clients that this machine has: cargo, pip, npm. */
  readonly install?: boolean;
  /**
   * Is a job of GitHub Actions with an identity: npm is published to by trusted publishing, with provenance of a Sigstore
   * on this machine. Packages without an earlier release need the token all the same, as on npm itself.
   */
  readonly oidc?: boolean;
  /** Breaks one request of the first run, see `--fault`: `npm-upload:lost-after`. */
  readonly fault?: string;
  /** Hears of everything that happens, as it happens. */
  readonly onEvent?: (event: Event) => void;
}

/** What a rehearsal showed. */
export interface Rehearsal {
  /** `owner/name` on the rehearsed GitHub. */
  readonly repository: string;
  /** What was released. */
  readonly plan: Plan;
  /** Where the files of each artifact came from. */
  readonly artifacts: readonly GatheredArtifact[];
  /**
   * Runs from the same commit with the same plan: the release, a run that recovers when a fault was asked for, and a last
   * one that finds nothing to do.
   */
  readonly runs: readonly RehearsedRun[];
  /** What a new plan of the same commit would release afterwards; empty when all went well. */
  readonly replanned: readonly string[];
  /** Empty unless `install` was asked for. */
  readonly installations: readonly Installation[];
  /** Whether the first run released everything, the second changed nothing, and every installation worked. */
  readonly ok: boolean;
}

/** Rehearses. Throws what the plan and the checks before the first upload throw. */
export async function rehearse(host: Host, options: RehearseOptions = {}): Promise<Rehearsal> {
  const temp = await makeTempFolder("piot-rehearsal");
  try {
    return await rehearseIn(temp.path, host, options);
  } finally {
    await temp.remove();
  }
}

async function rehearseIn(
  folder: string,
  host: Host,
  options: RehearseOptions,
): Promise<Rehearsal> {
  const emit = options.onEvent ?? ((): void => {});
  const home = join(folder, "home");
  await writeTree(home, { gitconfig: "" });
  const staged = await stage(host, options, folder);
  for (const message of staged.warnings) emit({ type: "warning", message });
  const job = options.oidc === true ? await jobOf(staged, options) : undefined;
  await using services = await openServices(host, {
    ...staged,
    home,
    ...(job === undefined ? {} : { job }),
  });
  const git = createGit({ cwd: staged.checkout, env: services.env });
  await git.run(["remote", "add", "origin", services.remoteUrl]);
  for (const [service, url] of Object.entries(services.addresses)) {
    emit({ type: "notice", message: `${service} is at ${url}` });
  }
  return await rehearseWith({
    staged,
    services,
    host: innerHost(host, { staged, services, emit }),
    folder,
    triple: await hostTriple(),
    job,
    emit,
  }, options);
}

async function jobOf(
  { cwd, repository }: StagedRepository,
  { config: file }: RehearseOptions,
): Promise<JobIdentity> {
  const { config } = await readConfig({ cwd, ...(file === undefined ? {} : { config: file }) });
  return trustedJob(config.packages, repository);
}

/** What the runs share. */
interface Scene {
  readonly staged: StagedRepository;
  readonly services: Services;
  /** The host of the rehearsed runs: another folder, another environment. */
  readonly host: Host;
  readonly folder: string;
  /** The target that this machine is. */
  readonly triple: string | undefined;
  /** The job that it is; undefined for none. */
  readonly job: JobIdentity | undefined;
  readonly emit: (event: Event) => void;
}

async function rehearseWith(scene: Scene, options: RehearseOptions): Promise<Rehearsal> {
  const { host, staged, services, folder, emit } = scene;
  const { config, release } = options;
  const place = config === undefined ? {} : { config };
  const plan = await makePlan(host, { ...place, ...(release === undefined ? {} : { release }) });
  requireWork(plan);
  if (scene.job !== undefined) await trustJob(services.npm, { job: scene.job, plan });
  const artifacts = join(folder, "artifacts");
  if (options.example === true && scene.triple !== undefined) {
    const { triple } = scene;
    const trouble = await buildExample(host, {
      plan,
      triple,
      checkout: staged.checkout,
      artifacts,
    });
    if (trouble !== undefined) emit({ type: "warning", message: trouble });
  }
  const gathered = await gatherArtifacts(plan, { given: options.artifacts, folder: artifacts });
  for (const message of gathered.map(sayOrigin)) emit({ type: "notice", message });

  const runs = await rehearseRuns({ ...scene, ...place, plan, artifacts }, options.fault);
  const last = runs.at(-1)!;
  const replanned = (await makePlan(host, place)).packages.map(({ name }) => name);
  const installations = options.install === true
    ? await installAll({
      services,
      folder: join(folder, "installed"),
      outcomes: last.outcomes,
      plan,
      gathered,
      triple: scene.triple,
      emit,
    })
    : [];
  const ok = isComplete(last, plan) && isQuiet(last) && replanned.length === 0 &&
    installations.every(({ state }) => state !== "failed");
  return {
    repository: staged.repository,
    plan,
    artifacts: gathered,
    runs,
    replanned,
    installations,
    ok,
  };
}

async function stage(
  host: Host,
  options: RehearseOptions,
  folder: string,
): Promise<StagedRepository> {
  const place = { folder, env: { ...host.env, GIT_CONFIG_NOSYSTEM: "1" } };
  if (options.example !== true) return await stageCopy(host, place);
  const withCrate = await isOnPath("cargo", host.env);
  const targets = exampleTargets(await hostTriple());
  const staged = await stageExample(makeExample({ withCrate, targets }), place);
  if (withCrate) return staged;
  return { ...staged, warnings: ["there is no cargo on PATH, so the example has no crate"] };
}

/** The rehearsed runs see nothing of the user's environment but where programs are. */
function innerHost(
  host: Host,
  { staged, services, emit }: Pick<Scene, "staged" | "services" | "emit">,
): Host {
  return createHost({
    cwd: staged.cwd,
    env: services.env,
    clock: host.clock,
    stdout: host.stdout,
    stderr: host.stderr,
    stdin: host.stdin,
    signal: host.signal,
    onAnswer: (answer) => emit({ type: "request", ...answer }),
  });
}

function requireWork(plan: Plan): void {
  if (plan.packages.length > 0) return;
  throw new Failure("PIOT_NO_WORK", "Cannot rehearse: nothing is planned on this commit", {
    hint: "Name what to rehearse with --release NAME, or rehearse the example with --example",
  });
}

const ORIGINS: Readonly<Record<GatheredArtifact["from"], string>> = {
  given: "as it was built",
  synthesised: "made up to the contract",
  checkout: "the repository's own files",
};

function sayOrigin(artifact: GatheredArtifact): string {
  return `artifact ${artifact.name}: ${ORIGINS[artifact.from]}`;
}

/** Where artifacts are, from where the user stands. */
export function artifactsOf(
  host: Pick<Host, "cwd">,
  artifacts: string | undefined,
): { artifacts?: string } {
  return artifacts === undefined ? {} : { artifacts: resolve(host.cwd, artifacts) };
}
