/**
 * Installs what was published, from the local registries, with the clients that users have: cargo, pip and npm.
 *
 * @module
 */

import { join } from "node:path";
import { pypiVersion } from "../../core/pypi/version.ts";
import type { Kind } from "../../core/package.ts";
import type { Plan, PlannedPackage } from "../../core/plan.ts";
import { exec } from "../../host/exec.ts";
import { writeTree } from "../../host/files.ts";
import { isOnPath } from "../../host/is_on_path.ts";
import { isGood, type Outcome } from "../../report/outcome.ts";
import type { Event } from "../../report/report.ts";
import type { GatheredArtifact } from "./gather_artifacts.ts";
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

/** What is installed, and where from. */
export interface InstallParts {
  readonly services: Pick<Services, "env" | "addresses">;
  readonly plan: Plan;
  readonly outcomes: readonly Outcome[];
  /** Where the files of each artifact came from: what was made up cannot be run. */
  readonly gathered: readonly GatheredArtifact[];
  /** The target that this machine is. */
  readonly triple: string | undefined;
  /** Gets a folder for each package. */
  readonly folder: string;
  readonly emit: (event: Event) => void;
}

/** One call of a client. */
interface Call {
  readonly program: string;
  readonly args: readonly string[];
  /** Files that have to be in its folder. */
  readonly files: Readonly<Record<string, string>>;
}

/** Installs every package that is complete on its registry. */
export async function installAll(parts: InstallParts): Promise<readonly Installation[]> {
  const done: Installation[] = [];
  for (const item of parts.plan.packages) {
    const outcome = parts.outcomes.find(({ name }) => name === item.name);
    const one = outcome !== undefined && isGood(outcome) ? await install(item, parts) : {
      package: item.name,
      client: CLIENTS[item.kind],
      state: "skipped",
      why: "it was not published",
    } as const;
    parts.emit({
      type: "notice",
      message: `${one.client}: ${one.package} ${one.state}${sayMore(one)}`,
    });
    done.push(one);
  }
  return done;
}

function sayMore({ why, ran }: Installation): string {
  if (why !== undefined) return ` (${why})`;
  return ran === undefined ? "" : `; "${ran.command}" printed ${JSON.stringify(ran.output)}`;
}

const CLIENTS: Readonly<Record<Kind, string>> = { crates: "cargo", pypi: "pip", npm: "npm" };

async function install(item: PlannedPackage, parts: InstallParts): Promise<Installation> {
  const told = { package: item.name, client: CLIENTS[item.kind] };
  const { env } = parts.services;
  const call = callOf(item, parts.services);
  if (!await isOnPath(call.program, env)) {
    return { ...told, state: "skipped", why: `there is no ${call.program} on PATH` };
  }
  const cwd = join(parts.folder, item.name.replaceAll("/", "__"));
  await writeTree(cwd, call.files);
  const { code, stderr } = await exec(call.program, call.args, {
    cwd,
    env: clientEnv(parts.services),
  });
  if (code !== 0) return { ...told, state: "failed", why: lastWords(stderr) };
  if (!wasBuiltHere(item, parts)) return { ...told, state: "installed" };
  const ran = await runCommand(item.registry_name, { cwd, env: clientEnv(parts.services) });
  if (ran === undefined) return { ...told, state: "installed" };
  if (ran.status === 0) return { ...told, state: "installed", ran };
  return { ...told, state: "failed", why: `"${ran.command}" ended with ${ran.status}`, ran };
}

/** Whether the package has a program that was really built for this machine. */
function wasBuiltHere(
  { artifacts }: PlannedPackage,
  { gathered, triple }: Pick<InstallParts, "gathered" | "triple">,
): boolean {
  const own = artifacts.find(({ target }) => target === triple);
  return own !== undefined &&
    gathered.some(({ name, from }) => name === own.artifact_name && from === "given");
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

function callOf(item: PlannedPackage, { addresses }: Pick<Services, "addresses">): Call {
  const { registry_name: name, version } = item;
  switch (item.kind) {
    case "crates":
      return {
        program: "cargo",
        args: ["fetch"],
        files: {
          "Cargo.toml": `[package]\nname = "consumer"\nversion = "0.0.0"\nedition = "2021"\n\n` +
            `[dependencies]\n"${name}" = "=${version}"\n`,
          "src/lib.rs": "",
        },
      };
    case "pypi": {
      const index = `${addresses.PyPI}/simple/`;
      const spec = `${name}==${pypiVersion(version)}`;
      const args = [
        "install",
        "--no-deps",
        "--no-cache-dir",
        "--isolated",
        "--index-url",
        index,
        "--target",
        "site",
      ];
      return { program: "pip", args: [...args, spec], files: { ".keep": "" } };
    }
    case "npm": {
      const args = [
        "install",
        "--no-audit",
        "--no-fund",
        `--registry=${addresses.npm}`,
        `${name}@${version}`,
      ];
      return { program: "npm", args, files: { "package.json": "{}\n" } };
    }
  }
}
