/**
 * What the GitHub runner reads of a step: workflow commands, lines of its output that the runner takes out and obeys; and
 * the entries of the file that `GITHUB_OUTPUT` names.
 *
 * @module
 */

/** The commands that we give, but for the masks of secrets, which no reporter sees. */
export type CommandName = "error" | "warning" | "notice" | "group" | "endgroup";

/** What an annotation can carry. */
export interface CommandProperties {
  /** The file, relative to the workspace. */
  readonly file?: string;
  /** Its line, from 1. */
  readonly line?: number;
  /** The column, from 1; without a line the runner drops it. */
  readonly col?: number;
  /** The heading; GitHub shows the sort of the annotation where there is none. */
  readonly title?: string;
}

/**
 * One command as one line, newline included: `::name key=value,key=value::data`. `%`, CR and LF are
 * escaped everywhere, `:` and `,` in properties too (actions/runner `ActionCommand.cs`), so that no
 * text can end its place. Empty properties are left out.
 */
export function workflowCommand(
  name: CommandName,
  options: { readonly data?: string; readonly properties?: CommandProperties } = {},
): string {
  const pairs = Object.entries(options.properties ?? {})
    .map(([key, value]) => [key, String(value ?? "")] as const)
    .filter(([, value]) => value !== "")
    .map(([key, value]) => `${key}=${escapeProperty(value)}`);
  const head = pairs.length === 0 ? name : `${name} ${pairs.join(",")}`;
  return `::${head}::${escapeData(options.data ?? "")}\n`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** What the runner takes as the name of an output. */
const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/**
 * One output as the text to append, always in the form with a delimiter: `name<<DELIMITER`, the
 * value, the delimiter (actions/runner `FileCommandManager.cs`). The delimiter has to be random for
 * each entry: a value that holds it would end early, and what follows would be read as further
 * outputs. Both that and a name that is none are mistakes of ours, so they throw a plain error.
 */
export function outputEntry(
  [name, value]: readonly [name: string, value: string],
  delimiter: string,
): string {
  if (!NAME.test(name)) {
    throw new Error(`unreachable: ${JSON.stringify(name)} is no name of an output`);
  }
  if (!/^[A-Za-z0-9_-]{16,}$/.test(delimiter) || value.includes(delimiter)) {
    throw new Error(`unreachable: the delimiter of the output ${name} is weak, or in its value`);
  }
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}

/**
 * All outputs as one text to append. `delimiter` gives a new one at each call: `` () =>
 * `piot_${randomUUID()}` ``.
 */
export function outputEntries(
  outputs: Readonly<Record<string, string>>,
  delimiter: () => string,
): string {
  return Object.entries(outputs)
    .map((output) => outputEntry(output, delimiter()))
    .join("");
}
