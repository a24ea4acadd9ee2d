/**
 * Installs what was published, from the local registries, with the clients that users have: cargo, pip and npm.
 *
 * @module
 */

import { join } from "node:path";
import type { Plan, PlannedPackage } from "../../core/model/plan.ts";
import { exec, isOnPath } from "../../host/exec.ts";
import { writeTree } from "../../host/write_files.ts";
import { isGood, type Outcome } from "../../report/outcome.ts";
import { type CommandRun, installCall, lastWords, runCommand } from "./clients.ts";
import type { Sandbox } from "./open_sandbox.ts";
import type { GatheredArtifact } from "./provide_artifacts.ts";
import { clientEnv } from "./service_env.ts";

/** How the installation of one package went. */
export interface Installation {
  /** The package, by its name in the repository. */
  readonly package: string;
  /** The program that installed it: cargo, pip or npm. */
  readonly client: string;
  /** `skipped`: there is no such client on this machine, or the package was not published. */
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
  const call = installCall(pkg, services.addresses);
  const base = { package: pkg.name, client: call.program };
  const outcome = outcomes.find(({ name }) => name === pkg.name);
  if (outcome === undefined || !isGood(outcome)) {
    return { ...base, state: "skipped", why: "it was not published" };
  }
  if (!await isOnPath(call.program, services.env)) {
    return { ...base, state: "skipped", why: `there is no ${call.program} on PATH` };
  }
  const cwd = join(folder, "installed", pkg.name.replaceAll("/", "__"));
  await writeTree(cwd, call.files);
  const env = clientEnv(services.env, services.addresses["crates.io"]);
  const { code, stderr } = await exec(call.program, call.args, { cwd, env });
  if (code !== 0) return { ...base, state: "failed", why: lastWords(stderr) };
  if (!wasBuiltHere(pkg, { artifacts, triple })) return { ...base, state: "installed" };
  const ran = await runCommand(pkg.registry_name, { cwd, env });
  if (ran === undefined) return { ...base, state: "installed" };
  if (ran.status === 0) return { ...base, state: "installed", ran };
  return { ...base, state: "failed", why: `"${ran.command}" ended with ${ran.status}`, ran };
}

/** Whether the package has a program that was really built for this machine. */
function wasBuiltHere(
  pkg: PlannedPackage,
  { artifacts, triple }: Pick<InstallOptions, "artifacts"> & Pick<Sandbox, "triple">,
): boolean {
  const own = pkg.artifacts.find(({ target }) => target === triple);
  return own !== undefined &&
    artifacts.some(({ name, from }) => name === own.artifact_name && from === "given");
}
