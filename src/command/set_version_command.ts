/**
 * `putitoutthere set-version`: writes versions for a build job, and says into which files.
 *
 * @module
 */

import { Failure } from "../error.ts";
import { appendRunnerFile } from "../host/runner_file.ts";
import type { CommandLineOptions, Session } from "./session.ts";
import { setVersion, type SetVersionOptions, type SetVersionResult } from "./set_version.ts";

/** The flags and words of `set-version`. */
export interface SetVersionCommandOptions extends CommandLineOptions {
  /** `[NAME, VERSION]`, or nothing. */
  readonly words: readonly string[];
  readonly row?: string;
  readonly plan?: string;
  readonly kind?: string;
}

/** Writes and tells. Gives the exit status. */
export async function runSetVersion(
  session: Session,
  options: SetVersionCommandOptions,
): Promise<number> {
  const result = await setVersion(session.host, wishes(options));
  const isExported = await exportVariables(session, result);
  for (const message of result.notes) session.emit({ type: "warning", message });
  session.printJson({
    schema: 1,
    packages: result.packages,
    files: result.files,
    variables: result.variables,
    warnings: result.notes,
  });
  if (options.json !== true) {
    for (const message of storyLines(result, isExported)) session.emit({ type: "notice", message });
  }
  return 0;
}

function wishes({ words, row, plan, kind, config }: SetVersionCommandOptions): SetVersionOptions {
  const place = config === undefined ? {} : { config };
  const given = [words.length > 0, row !== undefined, plan !== undefined].filter((one) => one);
  if (given.length !== 1) {
    const found = given.length === 0 ? "nothing is named" : "it is named in two ways";
    throw wrongWords(`Cannot set a version: ${found}`);
  }
  if (kind !== undefined && plan === undefined) {
    throw wrongWords("Cannot set a version: --kind goes with --plan");
  }
  if (row !== undefined) return { ...place, row };
  if (plan !== undefined) return { ...place, plan, ...(kind === undefined ? {} : { kind }) };
  const [name, version, ...rest] = words;
  if (name === undefined || version === undefined || rest.length > 0) {
    throw wrongWords(`Cannot set a version: there are ${words.length} words instead of two`);
  }
  return { ...place, package: { name, version } };
}

function wrongWords(message: string): Failure {
  return new Failure("PIOT_USAGE", message, {
    hint: "Give NAME VERSION, or --row with a row of the matrix, or --plan with the whole plan",
  });
}

/** In a step of GitHub Actions they hold for the steps behind it. Throws `PIOT_RUNNER_FILE`. */
async function exportVariables(
  { host }: Pick<Session, "host">,
  { variables }: SetVersionResult,
): Promise<boolean> {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  if (lines.length === 0) return false;
  return await appendRunnerFile(host, { file: "GITHUB_ENV", text: lines.join("") });
}

function storyLines(
  { packages, files, variables }: SetVersionResult,
  isExported: boolean,
): readonly string[] {
  const set = Object.entries(variables).map(([name, value]) =>
    isExported
      ? `${name}=${value} holds for the steps behind this one`
      : `  export ${name}=${value}`
  );
  const versions = packages.map(({ name, version }) => `${name} ${version}`).join(", ");
  if (packages.length === 0) return ["Nothing ships in this plan, so no version is written"];
  return files.length === 0
    ? [`Nothing to write: ${versions}`, ...set]
    : [`Wrote ${versions} into:`, ...files.map((file) => `  ${file}`), ...set];
}
