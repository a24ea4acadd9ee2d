/**
 * What is to be done after a configuration was drafted, as sentences without a full stop.
 *
 * @module
 */

import { platformName } from "../npm/platform_package.ts";
import type { Config } from "../model/config.ts";
import type { Kind, Package } from "../model/package.ts";

/** What the steps depend on. */
export interface StepFacts {
  /** What is declared; undefined when the file holds examples only. */
  readonly config: Config | undefined;
  /** The file, as `--config` names it; undefined for the usual one. */
  readonly file: string | undefined;
  readonly isGit: boolean;
}

/** The steps, in their order. */
export function nextSteps({ config, file, isGit }: StepFacts): readonly string[] {
  const flag = file === undefined
    ? ""
    : ` --config ${/^[\w./-]+$/.test(file) ? file : `'${file}'`}`;
  const packages = config?.packages ?? [];
  return [
    ...config === undefined ? ["Declare your packages in it: it holds examples to uncomment"] : [],
    ...KINDS.filter((kind) => packages.some((one) => one.kind === kind))
      .map((kind) => CREDENTIALS[kind]),
    ...packages.flatMap(familyStep),
    ...isGit ? [] : ["Make the folder a git repository: versions come from its tags"],
    "Commit the file",
    `Run \`putitoutthere plan${flag}\`: it says what would ship, at what version and why`,
    `Run \`putitoutthere rehearse${flag}\`: it releases to servers on this machine, without credentials`,
  ];
}

const KINDS: readonly Kind[] = ["crates", "pypi", "npm"];

const CREDENTIALS: Readonly<Record<Kind, string>> = {
  crates: "crates.io: give the publish job a token of https://crates.io/settings/tokens as " +
    "CARGO_REGISTRY_TOKEN, with the scope publish-update, and publish-new for a crate's first version",
  pypi: "PyPI: give the publish job a token of https://pypi.org/manage/account/token/ as " +
    "PYPI_API_TOKEN; the first release of a project needs one of the whole account",
  npm:
    "npm: in the settings of each package, register your workflow as trusted publisher, and give " +
    "the publish job `permissions: id-token: write`; a package that npm does not have yet needs a " +
    "token as NODE_AUTH_TOKEN once",
};

/** npm trusts a workflow with one package at a time. */
function familyStep(one: Package): readonly string[] {
  if (one.kind !== "npm" || one.targets.length === 0) return [];
  const { registryName, targets } = one;
  const names = [registryName, ...targets.map(({ triple }) => platformName(registryName, triple))];
  return [`npm: ${one.name} is a family, and each of these is a package: ${names.join(", ")}`];
}
