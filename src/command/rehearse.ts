/**
 * `rehearse`: the whole loop on this machine. Servers that refuse what the real services refuse, a bare repository as
 * the remote, and the very code that publishes; then once more, to prove that a second run changes nothing.
 *
 * @module
 */

import { join, resolve } from "node:path";
import type { Plan } from "../core/model/plan.ts";
import { Failure } from "../error.ts";
import type { Host } from "../host/host.ts";
import { borrowFolder } from "../host/loans/loans.ts";
import { type HeldState, readHeldState } from "../rehearsal/held_state.ts";
import { parseFault, type RehearsedFault } from "../rehearsal/server/faults.ts";
import type { Event } from "../report/report.ts";
import { plan as makePlan } from "./plan.ts";
import { connectRemote } from "./rehearse/copy_repository.ts";
import { installAll, type Installation } from "./rehearse/install.ts";
import { leftToDo, rehearsalProblems } from "./rehearse/judge_rehearsal.ts";
import { requireRehearsed } from "./rehearse/kinds/kinds.ts";
import { openSandbox, type Sandbox } from "./rehearse/open_sandbox.ts";
import { holdPast } from "./rehearse/past/hold_past.ts";
import { readPast } from "./rehearse/past/read_past.ts";
import { type GatheredArtifact, provideArtifacts } from "./rehearse/provide_artifacts.ts";
import { rehearseRuns } from "./rehearse/rehearse_runs.ts";
import type { RehearsedRun } from "./rehearse/rehearsed_run.ts";
import { programTrouble } from "./rehearse/run_program.ts";
import { runSealed } from "./sealed.ts";

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
  /**
   * Is such a job too, but npm trusts it to stage versions and no more: they wait, a maintainer approves them between two
   * runs, and the second one tags them.
   */
  readonly stage?: boolean;
  /** Each breaks one request of the first run, see `--fault`: `npm-upload:lost-after`. */
  readonly fault?: readonly string[];
  /** Packages that may show less of their origin than the version before; as `--allow-downgrade` of a publication. */
  readonly allowDowngrade?: readonly string[];
  /**
   * Called when everything else is done, while the registries still answer: they are closed when it resolves. They hold
   * what was released, and read through for the rest.
   */
  readonly serve?: (served: ServedRehearsal) => Promise<void>;
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
   * Runs from the same commit with the same plan: the release, a run that recovers when a fault was asked for, one that
   * finds approved what was staged, and a last one that finds nothing to do.
   */
  readonly runs: readonly RehearsedRun[];
  /** The faults that no run met, as they were asked for: such a rehearsal shows nothing about them. */
  readonly unmet: readonly string[];
  /** What the registries and the transparency log hold in the end. */
  readonly held: HeldState;
  /** What a new plan of the same commit would release afterwards: nothing, but for what was not asked for. */
  readonly replanned: readonly string[];
  /** Empty unless `install` was asked for. */
  readonly installations: readonly Installation[];
  /** Every warning that was told, once. */
  readonly warnings: readonly string[];
  /** Why the rehearsal did not succeed, a sentence each. */
  readonly problems: readonly string[];
  /** Whether everything is released, the last run changed nothing, every fault was met and every installation worked. */
  readonly ok: boolean;
}

/** A rehearsal whose registries still answer. */
export interface ServedRehearsal {
  /** What it showed. */
  readonly rehearsal: Rehearsal;
  /** For each registry the words of a command line that installs from it, up to the packages' names. */
  readonly clients: readonly (readonly string[])[];
}

/** Rehearses. Throws what the plan and the checks before the first upload throw. */
export async function rehearse(host: Host, options: RehearseOptions = {}): Promise<Rehearsal> {
  return await runSealed(
    host,
    options.onEvent,
    async (host, emit) => host.vault.clean(await rehearseSealed(host, { ...options, emit })),
  );
}

async function rehearseSealed(
  host: Host,
  { emit: tell, ...options }: RehearseOptions & Pick<Sandbox, "emit">,
): Promise<Rehearsal> {
  const { example = false, oidc = false, stage = false, config } = options;
  const warnings = new Set<string>();
  const emit = (event: Event): void => {
    if (event.type === "warning") warnings.add(event.message);
    tell(event);
  };
  const given = options.artifacts && resolve(host.cwd, options.artifacts);
  const faults = (options.fault ?? []).map((text) => parseFault(text, host.clock));
  const temp = await borrowFolder({ folder: host.cwd, env: host.env }, "piot-rehearsal");
  try {
    const { path: folder } = temp;
    const isTrusted = oidc || stage;
    await using sandbox = await openSandbox(host, { example, config, isTrusted, folder, emit });
    await connectRemote(sandbox.copy, sandbox.services);
    const released = await release(sandbox, { ...options, example, stage, faults, given });
    const isOk = released.problems.length === 0;
    const rehearsal: Rehearsal = { ...released, warnings: [...warnings], ok: isOk };
    if (options.serve !== undefined) {
      const { registries, serveOthers } = sandbox.services;
      serveOthers();
      const clients = Object.values(registries).map(({ clientWords }) => clientWords);
      await options.serve({ rehearsal: host.vault?.clean(rehearsal) ?? rehearsal, clients });
    }
    return rehearsal;
  } finally {
    await temp.remove();
  }
}

/** What is released in a sandbox, and how. */
interface ReleaseOptions extends RehearseOptions {
  readonly example: boolean;
  readonly stage: boolean;
  readonly faults: readonly RehearsedFault[];
  /** The user's folder with built artifacts, absolute. */
  readonly given: string | undefined;
}

/** The release, as a workflow does it: plan, build, publish; then what ought to be left to do, and what users get. */
async function release(
  sandbox: Sandbox,
  options: ReleaseOptions,
): Promise<Omit<Rehearsal, "ok" | "warnings">> {
  const { host, repository, services, trusted: job } = sandbox;
  const { config, example, faults, given, stage, allowDowngrade = [] } = options;
  const plan = requireWork(await makePlan(host, options));
  await requirePrograms(sandbox, plan);
  const permission = stage ? "stage" : "publish";
  const past = await readPast({ ...sandbox, plan, config });
  await holdPast(services.registries, { past, job, permission, emit: sandbox.emit });
  const folder = join(sandbox.folder, "artifacts");
  const artifacts = await provideArtifacts(sandbox, { plan, folder, example, given });
  const script = { plan, artifacts: folder, config, faults, stage, allowDowngrade };
  beginRelease(sandbox, plan);
  const { runs, unmet } = await rehearseRuns(sandbox, script);
  for (const { end } of Object.values(services.registries)) end();
  const last = runs.at(-1)!;
  const later = await makePlan(host, config === undefined ? {} : { config });
  const replanned = later.packages.map(({ name }) => name);
  const installations = options.install !== true
    ? []
    : await installAll(sandbox, { plan, artifacts, outcomes: last.outcomes });
  const isRequest = (options.release ?? []).length > 0;
  const judged = { plan, last, unmet, replanned, isRequest, installations };
  for (const message of leftToDo(judged)) sandbox.emit({ type: "notice", message });
  const held = readHeldState({ ...services, log: services.job?.sigstore.entries ?? [] });
  const problems = rehearsalProblems(judged);
  return { repository, plan, artifacts, runs, unmet, held, replanned, installations, problems };
}

function beginRelease({ root, services: { registries, env } }: Sandbox, plan: Plan): void {
  for (const [kind, { begin }] of Object.entries(registries)) {
    begin({ planned: plan.packages.filter((planned) => planned.kind === kind), root, env });
  }
}

/**
 * Throws `PIOT_REHEARSAL_KIND` for a package that no registry here takes, and `PIOT_PROGRAM_MISSING` when a planned package can only be
 * published by a program that cannot be run here.
 */
async function requirePrograms({ host: { env }, folder }: Sandbox, plan: Plan): Promise<void> {
  const builders = new Set(plan.packages.flatMap((pkg) => requireRehearsed(pkg).builder ?? []));
  for (const builder of builders) {
    const trouble = await programTrouble(builder, { cwd: folder, env });
    if (trouble === undefined) continue;
    const names = plan.packages.filter((pkg) => requireRehearsed(pkg).builder === builder)
      .map(({ name }) => name);
    throw new Failure("PIOT_PROGRAM_MISSING", `Cannot rehearse ${names.join(", ")}: ${trouble}`, {
      hint: `Make \`${builder} --version\` work; packages that need no ${builder} can be ` +
        "rehearsed alone with --release NAME",
    });
  }
}

function requireWork(plan: Plan): Plan {
  if (plan.packages.length > 0) return plan;
  throw new Failure("PIOT_NO_WORK", "Cannot rehearse: nothing is planned on this commit", {
    hint: "Name what to rehearse with --release NAME, or rehearse the example with --example",
  });
}
