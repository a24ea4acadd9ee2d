/**
 * How users install a package: the call of cargo, pip or npm, from registries on this machine.
 *
 * @module
 */

import type { PlannedPackage } from "../../core/model/plan.ts";
import { pypiVersion } from "../../core/pypi/version.ts";
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
  item: PlannedPackage,
  addresses: Services["addresses"],
): InstallCall {
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
