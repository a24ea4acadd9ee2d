/**
 * The clients that users have: how cargo, pip or npm installs a package from a registry on this machine, and how the
 * command of an installed npm package is run.
 *
 * @module
 */

import { join } from "node:path";
import type { PlannedPackage } from "../../core/model/plan.ts";
import { parsePackageJson } from "../../core/npm/package_json.ts";
import { pypiVersion } from "../../core/pypi/spelling.ts";
import { exec } from "../../host/exec.ts";
import { readTextIfThere } from "../../host/files.ts";
import type { Env } from "../../host/host.ts";
import type { Services } from "./open_services.ts";

/** One call of a client. */
export interface InstallCall {
  readonly program: string;
  readonly args: readonly string[];
  /** Files that have to be in its folder. */
  readonly files: Readonly<Record<string, string>>;
}

/** How the client of a package's registry installs it, from the address that stands in for that registry. */
export function installCall(
  pkg: PlannedPackage,
  addresses: Services["addresses"],
): InstallCall {
  const { registry_name: name, version } = pkg;
  switch (pkg.kind) {
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
      const args = [
        ...["install", "--no-deps", "--no-cache-dir", "--isolated"],
        ...["--index-url", `${addresses.PyPI}/simple/`, "--target", "site"],
        `${name}==${pypiVersion(version)}`,
      ];
      return { program: "pip", args, files: { ".keep": "" } };
    }
    case "npm": {
      const args = [
        ...["install", "--no-audit", "--no-fund", `--registry=${addresses.npm}`],
        `${name}@${version}`,
      ];
      return { program: "npm", args, files: { "package.json": "{}\n" } };
    }
  }
}

/** How a command ended. */
export interface CommandRun {
  /** What was run: `pebble-cli --version`. */
  readonly command: string;
  /** Its exit status; null when a signal ended it. */
  readonly status: number | null;
  /** What it printed, without the last newline. */
  readonly output: string;
}

/**
 * Runs the first command of a package that is installed below `cwd`, with `--version` and, where that fails, with `--help`:
 * nothing else is safe to ask of a program that nobody knows. Undefined when the package has no command.
 */
export async function runCommand(
  name: string,
  { cwd, env }: { readonly cwd: string; readonly env: Env },
): Promise<CommandRun | undefined> {
  const folder = join(cwd, "node_modules", name);
  const text = await readTextIfThere(join(folder, "package.json"));
  const [found] = Object.entries(text === undefined ? {} : parsePackageJson(text).bin);
  if (found === undefined) return undefined;
  const [command, path] = found;
  const run = async (flag: string): Promise<CommandRun> => {
    const { code, stdout, stderr } = await exec("node", [join(folder, path), flag], { cwd, env });
    const output = new TextDecoder().decode(stdout).trimEnd() || lastWords(stderr);
    return { command: `${command} ${flag}`, status: code, output };
  };
  const first = await run("--version");
  if (first.status === 0) return first;
  const second = await run("--help");
  return second.status === 0 ? second : first;
}

/** The end of what a program said of its failure. */
export function lastWords(text: string): string {
  return text.trim().split("\n").slice(-5).join("\n");
}
