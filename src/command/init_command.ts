/**
 * `putitoutthere init`: writes a configuration, and says what it declares and what to do next.
 *
 * @module
 */

import type { LeftOut, Unreadable } from "../core/init/found.ts";
import type { Config } from "../core/model/config.ts";
import type { Kind, Package } from "../core/model/package.ts";
import { platformName } from "../core/npm/platform_package.ts";
import { count } from "../report/amounts.ts";
import { init, type InitResult } from "./init.ts";
import type { CommandLineOptions, Session } from "./session.ts";

/** The flags of `init`. */
export interface InitCommandOptions extends CommandLineOptions {
  readonly force?: boolean;
}

/** Writes and tells. Gives the exit status. */
export async function runInit(session: Session, options: InitCommandOptions): Promise<number> {
  const result = await init(session.host, options);
  const { draft, isGit } = result;
  const next = nextSteps({ config: draft.config, file: options.config, isGit });
  for (const message of result.warnings) session.emit({ type: "warning", message });
  for (const file of draft.unreadable) session.emit({ type: "warning", ...file });
  session.printJson(initDocument(result, next));
  if (options.json !== true) {
    for (const message of storyLines(result, next)) session.emit({ type: "notice", message });
  }
  return 0;
}

/** What `init --json` prints. */
function initDocument({ path, draft, warnings }: InitResult, next: readonly string[]): unknown {
  return {
    schema: 1,
    file: path,
    packages: (draft.config?.packages ?? []).map((pkg) => ({
      name: pkg.name,
      kind: pkg.kind,
      registry_name: pkg.registryName,
      path: pkg.path,
      depends_on: pkg.dependsOn,
    })),
    left_out: draft.leftOut.map(({ file, name, reason }) => ({
      manifest: file,
      name: name ?? null,
      reason,
    })),
    notes: draft.notes,
    warnings: [...warnings, ...draft.unreadable.map(placed)],
    next,
  };
}

/** `package.json:2:45: Cannot read …`. */
function placed({ message, location: { file, line, column } }: Unreadable): string {
  return `${[file, line, column].filter((part) => part !== undefined).join(":")}: ${message}`;
}

function storyLines({ file, draft }: InitResult, next: readonly string[]): readonly string[] {
  const packages = draft.config?.packages ?? [];
  return [
    packages.length === 0
      ? `Wrote ${file}: no package was found, so it holds examples`
      : `Wrote ${file}: ${count(packages.length, "package")}`,
    ...packages.map(packageLine),
    ...draft.leftOut.length === 0 ? [] : ["Not declared:", ...draft.leftOut.map(leftOutLine)],
    ...draft.notes.map((note) => `Note: ${note}`),
    "Next:",
    ...next.map((step) => `  ${step}`),
  ];
}

function packageLine({ name, kind, path, dependsOn }: Package): string {
  const after = dependsOn.length === 0 ? "" : `, after ${dependsOn.join(", ")}`;
  return `  ${name} (${kind}) in ${path}${after}`;
}

function leftOutLine({ file, name, reason }: LeftOut): string {
  return `  ${file}${name === undefined ? "" : ` (${name})`}: ${reason}`;
}

/** What the steps depend on. */
interface StepFacts {
  /** What is declared; undefined when the file holds examples only. */
  readonly config: Config | undefined;
  /** The file, as `--config` names it; undefined for the usual one. */
  readonly file: string | undefined;
  readonly isGit: boolean;
}

/** What is to be done after a configuration was drafted, in this order, as sentences without a full stop. */
function nextSteps({ config, file, isGit }: StepFacts): readonly string[] {
  const flag = file === undefined
    ? ""
    : ` --config ${/^[\w./-]+$/.test(file) ? file : `'${file}'`}`;
  const packages = config?.packages ?? [];
  return [
    ...config === undefined ? ["Declare your packages in it: it holds examples to uncomment"] : [],
    ...KINDS.filter((kind) => packages.some((pkg) => pkg.kind === kind))
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
function familyStep(pkg: Package): readonly string[] {
  if (pkg.kind !== "npm" || pkg.targets.length === 0) return [];
  const { registryName, targets } = pkg;
  const names = [registryName, ...targets.map(({ triple }) => platformName(registryName, triple))];
  return [`npm: ${pkg.name} is a family, and each of these is a package: ${names.join(", ")}`];
}
