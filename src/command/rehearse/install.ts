/**
 * Installs what was published, from the local registries, with the clients that users have.
 *
 * @module
 */

import { join } from "node:path";
import type { Plan, PlannedPackage } from "../../core/model/plan.ts";
import { runsOn } from "../../core/target/target.ts";
import { exec } from "../../host/exec.ts";
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
  /** The command of the package that was run, where a program for this machine was built, and what it printed. */
  readonly ran?: CommandRun;
}

/** What is installed. */
interface InstallOptions {
  readonly plan: Plan;
  readonly outcomes: readonly Outcome[];
  /** Where the files of each artifact came from: what was made up cannot be run. */
  readonly artifacts: readonly GatheredArtifact[];
}

/** Installs every package that is complete on its registry. */
export async function installAll(
  sandbox: Sandbox,
  options: InstallOptions,
): Promise<readonly Installation[]> {
  const installations: Installation[] = [];
  for (const pkg of options.plan.packages) {
    const installation = await install(pkg, sandbox, options);
    const { client, state } = installation;
    const message = `${client}: ${pkg.name} ${state}${detailOf(installation)}`;
    sandbox.emit({ type: "notice", message });
    installations.push(installation);
  }
  return installations;
}

function detailOf({ why, ran }: Installation): string {
  if (why !== undefined) return ` (${why})`;
  return ran === undefined ? "" : `; "${ran.command}" printed ${JSON.stringify(ran.output)}`;
}

async function install(
  pkg: PlannedPackage,
  { services, folder, triple }: Sandbox,
  { outcomes, artifacts }: InstallOptions,
): Promise<Installation> {
  const { client, commandOf } = requireRehearsed(pkg);
  const base = { package: pkg.name, client };
  const outcome = outcomes.find(({ name }) => name === pkg.name);
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
  if (code !== 0) {
    const [lacking] = registry.missing().slice(before);
    return lacking === undefined
      ? { ...base, state: "failed", why: lastWords(stderr) }
      : { ...base, state: "skipped", why: `${lacking.name} cannot be had here: ${lacking.why}` };
  }
  const command = hasProgram(pkg, { artifacts, triple }) ? await commandOf?.(pkg, cwd) : undefined;
  if (command === undefined) return { ...base, state: "installed" };
  const ran = await runCommand(command, { cwd, env });
  if (ran.status === 0) return { ...base, state: "installed", ran };
  return { ...base, state: "failed", why: `"${ran.command}" ended with ${ran.status}`, ran };
}

/** Whether the package has a program that was really built for a machine like this one. */
function hasProgram(
  pkg: PlannedPackage,
  { artifacts, triple }: Pick<InstallOptions, "artifacts"> & Pick<Sandbox, "triple">,
): boolean {
  const given = new Set(artifacts.flatMap(({ name, from }) => from === "given" ? [name] : []));
  return pkg.artifacts.some(({ target, artifact_name: name }) =>
    given.has(name) && triple !== undefined && runsOn(target, triple)
  );
}
