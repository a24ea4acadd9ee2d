/** The GitHub runner's side of the files and commands that a step writes, as actions/runner reads them. */

/**
 * Reads a `GITHUB_OUTPUT` file as `FileCommandManager.cs` does: `name=value` when `=` comes before `<<`, else
 * `name<<DELIMITER`, lines, and the delimiter on a line that ends. Anything else fails the step. Later names win.
 */
export function readRunnerFile(text: string): Map<string, string> {
  const entries = new Map<string, string>();
  let rest = text;
  while (rest !== "") {
    const [line, after] = cutLine(rest);
    rest = after;
    if (line === "") continue;
    const [equals, heredoc] = [line.indexOf("="), line.indexOf("<<")];
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      entries.set(line.slice(0, equals), line.slice(equals + 1));
    } else if (heredoc > 0) {
      const delimiter = line.slice(heredoc + 2);
      if (delimiter === "") throw new Error(`Invalid format '${line}'`);
      const lines: string[] = [];
      for (;;) {
        if (rest === "") throw new Error(`Matching delimiter not found '${delimiter}'`);
        if (rest === delimiter) throw new Error("EOF marker missing new line");
        const [next, behind] = cutLine(rest);
        rest = behind;
        if (next === delimiter) break;
        lines.push(next);
      }
      entries.set(line.slice(0, heredoc), lines.join("\n"));
    } else {
      throw new Error(`Invalid format '${line}'`);
    }
  }
  return entries;
}

function cutLine(text: string): [line: string, rest: string] {
  const end = text.indexOf("\n");
  return end < 0 ? [text, ""] : [text.slice(0, end), text.slice(end + 1)];
}

export interface RunnerCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

const REGISTERED = new Set([
  "add-mask",
  "add-matcher",
  "add-path",
  "debug",
  "echo",
  "endgroup",
  "error",
  "group",
  "internal-set-repo-path",
  "notice",
  "remove-matcher",
  "save-state",
  "set-env",
  "set-output",
  "stop-commands",
  "warning",
]);

/** Every command in a step's log, as `ActionCommand.cs` finds it: `::` at the start of a line, `##[` anywhere. */
export function readRunnerLog(log: string): RunnerCommand[] {
  const lines = log.split(/\r\n|\r|\n/);
  return lines.flatMap((line) => readCommand(line) ?? readLegacyCommand(line) ?? []);
}

/** The lines of a step's log that are no commands. */
export function plainLines(log: string): string[] {
  const lines = log.split(/\r\n|\r|\n/);
  return lines.filter((line) => (readCommand(line) ?? readLegacyCommand(line)) === undefined);
}

function readCommand(line: string): RunnerCommand | undefined {
  // .NET trims everything that char.IsWhiteSpace says, next line (U+0085) included.
  const text = line.replace(/^[\s\u0085]+/, "");
  const end = text.indexOf("::", 2);
  if (!text.startsWith("::") || end < 0) return undefined;
  return commandOf(text.slice(2, end), text.slice(end + 2), ",");
}

function readLegacyCommand(line: string): RunnerCommand | undefined {
  const start = line.indexOf("##[");
  const end = start < 0 ? -1 : line.indexOf("]", start);
  if (end < 0) return undefined;
  return commandOf(line.slice(start + 3, end), line.slice(end + 1), ";");
}

function commandOf(head: string, data: string, separator: string): RunnerCommand | undefined {
  const blank = head.indexOf(" ");
  const name = (blank < 0 ? head : head.slice(0, blank)).toLowerCase();
  if (!REGISTERED.has(name)) return undefined;
  const pairs = blank < 0 ? [] : head.slice(blank + 1).trim().split(separator);
  const properties = pairs.filter((pair) => pair !== "").map((pair) => {
    const equals = pair.indexOf("=");
    return [pair.slice(0, equals), unescape(pair.slice(equals + 1), PROPERTY)] as const;
  });
  return { name, properties: Object.fromEntries(properties), data: unescape(data, DATA) };
}

const DATA: readonly (readonly [string, string])[] = [["%0D", "\r"], ["%0A", "\n"], ["%25", "%"]];
const PROPERTY: readonly (readonly [string, string])[] = [
  ["%0D", "\r"],
  ["%0A", "\n"],
  ["%3A", ":"],
  ["%2C", ","],
  ["%25", "%"],
];

function unescape(text: string, mappings: readonly (readonly [string, string])[]): string {
  return mappings.reduce((rest, [escaped, plain]) => rest.replaceAll(escaped, plain), text);
}
