/**
 * Workflow commands: lines that the GitHub runner takes out of a step's output and obeys.
 *
 * @module
 */

/** The commands that we give. */
export type CommandName = "error" | "warning" | "notice" | "group" | "endgroup" | "add-mask";

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
