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
import type { GatheredArtifact } from "./gather_artifacts.ts";
import { installCall } from "./install_call.ts";
import type { Scene } from "./open_scene.ts";
import type { Services } from "./open_services.ts";
import { type CommandRun, lastWords, runCommand } from "./run_command.ts";

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
export interface InstallOptions {
  readonly plan: Plan;
  readonly outcomes: readonly Outcome[];
  /** Where the files of each artifact came from: what was made up cannot be run. */
  readonly artifacts: readonly GatheredArtifact[];
}

/** Installs every package that is complete on its registry. */
export async function installAll(
  scene: Scene,
  options: InstallOptions,
): Promise<readonly Installation[]> {
  const done: Installation[] = [];
  for (const item of options.plan.packages) {
    const one = await install(item, scene, options);
    const message = `${one.client}: ${one.package} ${one.state}${sayMore(one)}`;
    scene.emit({ type: "notice", message });
    done.push(one);
  }
  return done;
}

function sayMore({ why, ran }: Installation): string {
  if (why !== undefined) return ` (${why})`;
  return ran === undefined ? "" : `; "${ran.command}" printed ${JSON.stringify(ran.output)}`;
}

async function install(
  item: PlannedPackage,
  { services, folder, triple }: Scene,
  { outcomes, artifacts }: InstallOptions,
): Promise<Installation> {
  const call = installCall(item, services.addresses);
  const told = { package: item.name, client: call.program };
  const outcome = outcomes.find(({ name }) => name === item.name);
  if (outcome === undefined || !isGood(outcome)) {
    return { ...told, state: "skipped", why: "it was not published" };
  }
  if (!await isOnPath(call.program, services.env)) {
    return { ...told, state: "skipped", why: `there is no ${call.program} on PATH` };
  }
  const cwd = join(folder, "installed", item.name.replaceAll("/", "__"));
  await writeTree(cwd, call.files);
  const env = clientEnv(services);
  const { code, stderr } = await exec(call.program, call.args, { cwd, env });
  if (code !== 0) return { ...told, state: "failed", why: lastWords(stderr) };
  if (!wasBuiltHere(item, { artifacts, triple })) return { ...told, state: "installed" };
  const ran = await runCommand(item.registry_name, { cwd, env });
  if (ran === undefined) return { ...told, state: "installed" };
  if (ran.status === 0) return { ...told, state: "installed", ran };
  return { ...told, state: "failed", why: `"${ran.command}" ended with ${ran.status}`, ran };
}

/** Whether the package has a program that was really built for this machine. */
function wasBuiltHere(
  item: PlannedPackage,
  { artifacts, triple }: Pick<InstallOptions, "artifacts"> & Pick<Scene, "triple">,
): boolean {
  const own = item.artifacts.find(({ target }) => target === triple);
  return own !== undefined &&
    artifacts.some(({ name, from }) => name === own.artifact_name && from === "given");
}

/** Clients read anonymously. cargo is led to a stand-in by the variable that its own tests use for that. */
function clientEnv({ env, addresses }: Pick<Services, "env" | "addresses">): Services["env"] {
  const {
    CARGO_REGISTRY_TOKEN: _1,
    PYPI_API_TOKEN: _2,
    NODE_AUTH_TOKEN: _3,
    GITHUB_TOKEN: _4,
    ...rest
  } = env;
  return {
    ...rest,
    __CARGO_TEST_CRATES_IO_URL_DO_NOT_USE_THIS: `sparse+${addresses["crates.io"]}/index/`,
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
  };
}
