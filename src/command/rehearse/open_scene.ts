/**
 * What a rehearsal happens in: a repository to release, the services that it is released to, and a host that knows
 * nothing else.
 *
 * @module
 */

import { join } from "node:path";
import { createHost } from "../../host/create_host.ts";
import { writeTree } from "../../host/write_files.ts";
import type { Host } from "../../host/host.ts";
import { isOnPath } from "../../host/exec.ts";
import { exampleTargets, makeExample } from "../../rehearsal/example.ts";
import { hostTriple } from "../../rehearsal/host_triple.ts";
import type { JobIdentity } from "../../rehearsal/identity/actions_claims.ts";
import type { Event } from "../../report/report.ts";
import { readConfig } from "../read_config.ts";
import type { RehearseOptions } from "../rehearse.ts";
import { openServices, type Services } from "./open_services.ts";
import { requireConfig } from "./require_config.ts";
import { stageCopy, type StagedRepository, stageExample } from "./stage_repository.ts";
import { trustedJob } from "./trusted_job.ts";

/** The scene of a rehearsal. */
export interface Scene extends AsyncDisposable {
  readonly staged: StagedRepository;
  readonly services: Services;
  /** The host of the rehearsed runs: another folder, another environment. */
  readonly host: Host;
  /** A temporary folder for everything that the rehearsal makes. */
  readonly folder: string;
  /** The target that this machine is; undefined when there is no name for it. */
  readonly triple: string | undefined;
  /** The job of GitHub Actions that the runs are; undefined for none. */
  readonly job: JobIdentity | undefined;
  readonly emit: (event: Event) => void;
}

/** What a scene is set up by. */
export interface SceneOptions
  extends Pick<RehearseOptions, "example" | "config" | "oidc" | "stage"> {
  /** An empty temporary folder. */
  readonly folder: string;
  readonly emit: (event: Event) => void;
}

/** Sets the scene, and tells what the repository lacks and where the services are. */
export async function openScene(host: Host, options: SceneOptions): Promise<Scene> {
  const { folder, emit } = options;
  const home = join(folder, "home");
  await writeTree(home, { gitconfig: "" });
  const triple = await hostTriple();
  const staged = await stage(host, { ...options, triple });
  const { config } = options;
  await requireConfig({ cwd: staged.cwd, ...(config === undefined ? {} : { config }) });
  for (const message of staged.warnings) emit({ type: "warning", message });
  const job = isTrusted(options) ? await jobOf(staged, options.config) : undefined;
  const services = await openServices(host, {
    ...staged,
    home,
    ...(job === undefined ? {} : { job }),
  });
  for (const [service, url] of Object.entries(services.addresses)) {
    emit({ type: "notice", message: `${service} is at ${url}` });
  }
  return {
    staged,
    services,
    host: innerHost(host, { staged, services, emit }),
    folder,
    triple,
    job,
    emit,
    [Symbol.asyncDispose]: () => services[Symbol.asyncDispose](),
  };
}

/** Whether npm trusts the job: to publish, or to stage at least. */
function isTrusted({ oidc, stage }: SceneOptions): boolean {
  return oidc === true || stage === true;
}

async function stage(
  host: Host,
  options: SceneOptions & Pick<Scene, "triple">,
): Promise<StagedRepository> {
  const { example, folder, triple } = options;
  const place = { folder, env: { ...host.env, GIT_CONFIG_NOSYSTEM: "1" } };
  if (example !== true) return await stageCopy(host, place);
  const withCrate = await isOnPath("cargo", host.env);
  const targets = exampleTargets(triple);
  const staged = await stageExample(
    makeExample({ withCrate, targets, releasedBefore: isTrusted(options) }),
    place,
  );
  if (withCrate) return staged;
  return { ...staged, warnings: ["there is no cargo on PATH, so the example has no crate"] };
}

async function jobOf(
  { cwd, repository }: StagedRepository,
  file: string | undefined,
): Promise<JobIdentity> {
  const { config } = await readConfig({ cwd, ...(file === undefined ? {} : { config: file }) });
  return trustedJob(config.packages, repository);
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
