/**
 * `putitoutthere init`: writes a configuration, and says what it declares and what to do next.
 *
 * @module
 */

import type { LeftOut, Unreadable } from "../core/init/found.ts";
import type { Package } from "../core/model/package.ts";
import { count } from "../report/amounts.ts";
import { init, type InitResult } from "./init.ts";
import type { ScaffoldedFile } from "./init/write_scaffold.ts";
import type { CommandLineOptions, Session } from "./session.ts";

/** The flags of `init`. */
export interface InitCommandOptions extends CommandLineOptions {
  readonly force?: boolean;
  readonly cadence?: "immediate" | "scheduled";
  readonly dryRun?: boolean;
}

/** Writes and tells. Gives the exit status. */
export async function runInit(session: Session, options: InitCommandOptions): Promise<number> {
  const result = await init(session.host, options);
  const { draft, isGit } = result;
  const next = nextSteps(draft, { file: options.config, isGit });
  for (const message of result.warnings) session.emit({ type: "warning", message });
  for (const file of draft.unreadable) session.emit({ type: "warning", ...file });
  const dryRun = options.dryRun === true;
  session.printJson(initDocument(result, { next, dryRun }));
  if (options.json !== true) {
    for (const message of storyLines(result, { next, dryRun })) {
      session.emit({ type: "notice", message });
    }
  }
  return 0;
}

/** What `init --json` prints. */
function initDocument(
  { path, draft, declared, files, warnings }: InitResult,
  { next, dryRun }: { readonly next: readonly string[]; readonly dryRun: boolean },
): unknown {
  return {
    schema: 1,
    file: path,
    dry_run: dryRun,
    files: files.map(({ file, fate, backup }) => ({ file, fate, backup: backup ?? null })),
    packages: (declared?.packages ?? []).map((pkg) => ({
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
    commands: draft.commands,
    warnings: [...warnings, ...draft.unreadable.map(placed)],
    next,
  };
}

/** `package.json:2:45: Cannot read …`. */
function placed({ message, location: { file, line, column } }: Unreadable): string {
  return `${[file, line, column].filter((part) => part !== undefined).join(":")}: ${message}`;
}

function storyLines(
  { files, draft, declared }: InitResult,
  { next, dryRun }: { readonly next: readonly string[]; readonly dryRun: boolean },
): readonly string[] {
  const [config, ...workflows] = files.map((file) => fateLine(file, dryRun));
  const packages = declared?.packages ?? [];
  return [
    packages.length === 0
      ? `${config}: no package was found, so it holds examples`
      : `${config}: ${count(packages.length, "package")}`,
    ...packages.map(packageLine),
    ...workflows,
    ...draft.leftOut.length === 0 ? [] : ["Not declared:", ...draft.leftOut.map(leftOutLine)],
    ...draft.notes.map((note) => `Note: ${note}`),
    "Next:",
    ...next.map((step) => `  ${step}`),
  ];
}

/** What became of a file. */
function fateLine({ file, fate, backup }: ScaffoldedFile, dryRun: boolean): string {
  switch (fate) {
    case "written":
      return `${dryRun ? "Would write" : "Wrote"} ${file}`;
    case "replaced":
      return `${dryRun ? "Would write" : "Wrote"} ${file} anew, with what it said in ${backup}`;
    case "kept":
      return `Kept ${file}, which says something else than would be written (--force writes it anew, and keeps this one beside as .bak)`;
    case "up-to-date":
      return `Up to date is ${file}`;
  }
}

function packageLine({ name, kind, path, dependsOn }: Package): string {
  const after = dependsOn.length === 0 ? "" : `, after ${dependsOn.join(", ")}`;
  return `  ${name} (${kind}) in ${path}${after}`;
}

function leftOutLine({ file, name, reason }: LeftOut): string {
  return `  ${file}${name === undefined ? "" : ` (${name})`}: ${reason}`;
}

/**
 * What is to be done after a configuration was drafted, in this order, as sentences without a full stop. `file` is the
 * file as `--config` names it; undefined for the usual one.
 */
function nextSteps(
  { config, steps, commands }: InitResult["draft"],
  { file, isGit }: { readonly file: string | undefined; readonly isGit: boolean },
): readonly string[] {
  const flag = file === undefined
    ? ""
    : ` --config ${/^[\w./-]+$/.test(file) ? file : `'${file}'`}`;
  return [
    ...config === undefined ? ["Declare your packages in it: it holds examples to uncomment"] : [],
    ...steps,
    ...isGit ? [] : ["Make the folder a git repository: versions come from its tags"],
    ...commands.length === 0 ? [] : [
      `Carry over what was released before, where these are the right commits: ${
        [...commands, `git push origin ${tagsIn(commands)}`].join(" && ")
      }`,
    ],
    "Commit the files",
    `Run \`putitoutthere plan${flag}\`: it says what would ship, at what version and why`,
    `Run \`putitoutthere rehearse${flag}\`: it releases to servers on this machine, without credentials`,
  ];
}

/** The tags of `git tag TAG COMMIT` lines, as a push names them. */
function tagsIn(commands: readonly string[]): string {
  return commands.map((command) => `refs/tags/${command.split(" ")[2]}`).join(" ");
}
