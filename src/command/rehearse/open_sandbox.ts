/**
 * What a rehearsal happens in: a repository to release, the services that it is released to, and a host that knows
 * nothing else.
 *
 * @module
 */

import { join } from "node:path";
import type { Package } from "../../core/model/package.ts";
import { createHost } from "../../host/create_host.ts";
import { kindOfPath } from "../../host/files.ts";
import { createGit } from "../../host/git.ts";
import type { Env, Host } from "../../host/host.ts";
import { writeTree } from "../../host/write_files.ts";
import { makeExample } from "../../rehearsal/example.ts";
import { exampleTargets, hostTriple } from "../../rehearsal/example_targets.ts";
import type { JobIdentity } from "../../rehearsal/identity/actions_job.ts";
import { openOutside } from "../../rehearsal/server/outside.ts";
import type { Event } from "../../report/report.ts";
import { PATIENCE_VARIABLE } from "../publish/patience.ts";
import { type ConfigPlace, locateConfig, missingConfig, readConfig } from "../read_config.ts";
import { copyRepository, makeExampleRepository, type RepositoryCopy } from "./copy_repository.ts";
import { openServices, type Services } from "./open_services.ts";
import { programTrouble } from "./run_program.ts";
import { programEnv } from "./service_env.ts";
import { decideJob } from "./trusted_job.ts";

/** A world of its own, in which a release touches nothing outside. Disposing of it stops its services. */
export interface Sandbox extends AsyncDisposable {
  readonly copy: RepositoryCopy;
  readonly services: Services;
  /** The host of the rehearsed runs: another folder, another environment. */
  readonly host: Host;
  /** The environment that the rehearsal itself was started with: code that is built here can read it. */
  readonly startedWith: Env;
  /** A temporary folder for everything that the rehearsal makes. */
  readonly folder: string;
  /** The target that this machine is; undefined when there is no name for it. */
  readonly triple: string | undefined;
  /** Every declared package. */
  readonly packages: readonly Package[];
  /** The folder that the packages' paths start from, absolute. */
  readonly root: string;
  /** `owner/name` on the rehearsed GitHub. */
  readonly repository: string;
  /** The job of GitHub Actions that the runs are and that registries trust; undefined for none. */
  readonly trusted: JobIdentity | undefined;
  readonly emit: (event: Event) => void;
}

/** What a sandbox is set up by. */
export interface SandboxOptions {
  /** Whether the example is released, instead of the repository around the host's folder. */
  readonly example: boolean;
  /** The configuration file; `putitoutthere.toml` in the host's folder by default. */
  readonly config: string | undefined;
  /** Whether the runs are a job that npm trusts, to publish or to stage. */
  readonly isTrusted: boolean;
  /** An empty temporary folder. */
  readonly folder: string;
  readonly emit: (event: Event) => void;
}

/** Sets the sandbox up, and says what the repository lacks and where the services are. */
export async function openSandbox(host: Host, options: SandboxOptions): Promise<Sandbox> {
  const { folder, emit, config, isTrusted } = options;
  const home = join(folder, "home");
  await writeTree(home, { gitconfig: "" });
  const triple = await hostTriple();
  const copy = await makeCopy(host, { ...options, triple });
  const place: ConfigPlace = { cwd: copy.cwd, ...(config === undefined ? {} : { config }) };
  await requireConfig(place);
  for (const message of copy.warnings) emit({ type: "warning", message });
  const { config: { packages }, root } = await readConfig(place);
  const git = createGit({ cwd: copy.checkout, env: host.env });
  const commit = (await git.text(["rev-parse", "--verify", "HEAD^{commit}"])).trim();
  const known = { root, isTrusted, commit, repository: copy.repository };
  const { repository, job, becauseOf } = await decideJob(packages, known);
  if (becauseOf.length > 0) emit({ type: "notice", message: jobNotice(becauseOf) });
  const services = await openServices(host, {
    ...{ bare: copy.bare, repository, home },
    outside: { outside: openOutside(host.http), env: host.env, folder: copy.above },
    ...(job === undefined ? {} : { job }),
  });
  for (const [service, url] of services.addresses) {
    emit({ type: "notice", message: `${service} is at ${url}` });
  }
  return {
    copy,
    services,
    host: innerHost(host, { copy, services, emit }),
    startedWith: host.env,
    folder,
    triple,
    packages,
    root,
    repository,
    trusted: isTrusted ? job : undefined,
    emit,
    [Symbol.asyncDispose]: () => services[Symbol.asyncDispose](),
  };
}

async function makeCopy(
  host: Host,
  { example, isTrusted, folder, triple }: SandboxOptions & Pick<Sandbox, "triple">,
): Promise<RepositoryCopy> {
  const place = { folder, env: { ...host.env, GIT_CONFIG_NOSYSTEM: "1" } };
  if (!example) return await copyRepository(host, place);
  const env = programEnv(host.env, join(folder, "home"));
  const noCargo = await programTrouble("cargo", { cwd: folder, env });
  const withCrate = noCargo === undefined;
  const targets = exampleTargets(triple);
  const copy = await makeExampleRepository(
    makeExample({ withCrate, targets, releasedBefore: isTrusted }),
    place,
  );
  if (withCrate) return copy;
  return { ...copy, warnings: [`the example has no crate: ${noCargo}`] };
}

/**
 * Throws `PIOT_CONFIG_MISSING` where the commit has no configuration: one that was just written is not committed yet. The
 * folder of the copy is not named, since nobody can mend it.
 */
async function requireConfig(place: ConfigPlace): Promise<void> {
  const { file, root } = locateConfig(place);
  if (await kindOfPath(join(root, file)) !== undefined) return;
  throw missingConfig(
    place.config ?? file,
    "the commit that is rehearsed",
    "Commit it; where there is none, run `putitoutthere init` to write one",
  );
}

function jobNotice(names: readonly string[]): string {
  const asking = names.length === 1 ? `${names[0]} asks` : `${names.join(", ")} ask`;
  return `${asking} for provenance, which only a job with an identity can give: the runs are such a job, ` +
    "and publish with tokens (rehearse one that npm trusts with --oidc)";
}

/** The rehearsed runs see nothing of the user's environment but where programs are. */
function innerHost(
  host: Host,
  { copy, services, emit }: Pick<Sandbox, "copy" | "services" | "emit">,
): Host {
  return createHost({
    cwd: copy.cwd,
    // The services show at once what they take: what they do not show within seconds never comes.
    env: { ...services.env, [PATIENCE_VARIABLE]: host.env[PATIENCE_VARIABLE] || "3" },
    clock: host.clock,
    stdout: host.stdout,
    stderr: host.stderr,
    stdin: host.stdin,
    signal: host.signal,
    ...(host.vault === undefined ? {} : { vault: host.vault }),
    onAnswer: (answer) => emit({ type: "request", ...answer }),
  });
}
