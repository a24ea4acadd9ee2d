/**
 * Installs what was published, from the local registries, with the clients that users have.
 *
 * @module
 */

import { join } from "node:path";
import type { Plan, PlannedPackage } from "../../core/model/plan.ts";
import { runsOn } from "../../core/target/target.ts";
import { exec } from "../../host/exec.ts";
import type { Env } from "../../host/host.ts";
import { writeTree } from "../../host/write_files.ts";
import { isGood, type Outcome } from "../../report/outcome.ts";
import { localRegistryFor, requireRehearsed } from "./kinds/kinds.ts";
import type { Sandbox } from "./open_sandbox.ts";
import type { GatheredArtifact } from "./provide_artifacts.ts";
import { type CommandRun, lastWords, programTrouble, runCommand } from "./run_program.ts";
import { clientEnv } from "./service_env.ts";

/** How the installation of one package went. */
export interface Installation {
  /** The package, by its name in the repository. */
  readonly package: string;
  /** The program that installed it: cargo, pip or npm. */
  readonly client: string;
  /** `skipped`: there is no such client on this machine, what it needs cannot be had here, or it was not published. */
  readonly state: "installed" | "failed" | "skipped";
  /** Why it was skipped, or the last words of what failed. */
  readonly why?: string;
  /**
   * What was done with the package, where a program for this machine was built, and what that printed: the first that
   * failed, else the first of all.
   */
  readonly ran?: CommandRun;
}

/** What is installed. */
interface InstallOptions {
  readonly plan: Plan;
  readonly outcomes: readonly Outcome[];
  /** Where the files of each artifact came from: what was made up cannot be run. */
  readonly artifacts: readonly GatheredArtifact[];
}

/**
 * Installs every package that is complete on its registry, and uses it where a program for this machine was built. What
 * cannot be installed here is told as a warning.
 */
export async function installAll(
  sandbox: Sandbox,
  options: InstallOptions,
): Promise<readonly Installation[]> {
  const installations: Installation[] = [];
  for (const pkg of options.plan.packages) {
    const { note = "", ...installation } = await install(pkg, sandbox, options);
    const { client, state } = installation;
    const message = `${client}: ${pkg.name} ${state}${detailOf(installation)}${note}`;
    sandbox.emit({ type: state === "skipped" ? "warning" : "notice", message });
    installations.push(installation);
  }
  return installations;
}

function detailOf({ why, ran }: Installation): string {
  if (why !== undefined) return ` (${why})`;
  return ran === undefined ? "" : `; "${ran.command}" printed ${JSON.stringify(ran.output)}`;
}

/** An installation, and what there is to say of it besides, for people. */
type Told = Installation & { readonly note?: string };

async function install(
  pkg: PlannedPackage,
  sandbox: Sandbox,
  options: InstallOptions,
): Promise<Told> {
  const { services, folder } = sandbox;
  const { client } = requireRehearsed(pkg);
  const base = { package: pkg.name, client };
  const outcome = options.outcomes.find(({ name }) => name === pkg.name);
  if (outcome === undefined || !isGood(outcome)) {
    return { ...base, state: "skipped", why: "it was not published" };
  }
  const reading = clientEnv(services.env);
  const trouble = await programTrouble(client, { cwd: folder, env: reading });
  if (trouble !== undefined) return { ...base, state: "skipped", why: trouble };
  const registry = localRegistryFor(services.registries, pkg)!;
  const before = registry.missing().length;
  const call = registry.installCall(pkg);
  const cwd = join(folder, "installed", pkg.name.replaceAll("/", "__"));
  await writeTree(cwd, call.files);
  const env = { ...reading, ...call.env };
  const { code, stderr } = await exec(client, call.args, { cwd, env });
  if (code === 0) return { ...base, ...await use(pkg, { ...options, sandbox, cwd, env }) };
  const [lacking] = registry.missing().slice(before);
  return lacking === undefined
    ? { ...base, state: "failed", why: lastWords(stderr) }
    : { ...base, state: "skipped", why: `${lacking.name} cannot be had here: ${lacking.why}` };
}

/** Where a package was installed. */
interface Installed extends Pick<InstallOptions, "artifacts"> {
  readonly sandbox: Pick<Sandbox, "triple">;
  readonly cwd: string;
  readonly env: Env;
}

/** Loads it, and runs its programs, as far as there is something that was built for a machine like this one. */
async function use(
  pkg: PlannedPackage,
  { artifacts, sandbox: { triple }, cwd, env }: Installed,
): Promise<Omit<Told, "package" | "client">> {
  const own = pkg.artifacts.filter(({ target }) => triple !== undefined && runsOn(target, triple));
  const given = new Set(artifacts.flatMap(({ name, from }) => from === "given" ? [name] : []));
  if (!own.some(({ artifact_name: name }) => given.has(name))) {
    const [first] = own;
    const note = first === undefined
      ? ""
      : `, and not used: what it has for ${first.target} is made up`;
    return { state: "installed", note };
  }
  const commands = await requireRehearsed(pkg).commandsOf?.(pkg, cwd) ?? [];
  let told: CommandRun | undefined;
  for (const command of commands) {
    const ran = await runCommand(command, { cwd, env });
    told ??= ran;
    if (ran.status === 0) continue;
    const ended = ran.status === null ? "was ended" : `ended with ${ran.status}`;
    return { state: "failed", why: `"${ran.command}" ${ended}: ${ran.output}`, ran };
  }
  return { state: "installed", ...(told === undefined ? {} : { ran: told }) };
}
