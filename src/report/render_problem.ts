/**
 * A failure as people read it: what is wrong, where, the line itself with a caret under it, and
 * what to do.
 *
 * @module
 */

import { Failure, type Location, messageOf, type Problem } from "../error.ts";
import { escapeLines, escapeText, guardCommands } from "./safe_text.ts";
import { displayWidth, type Paint, type Palette, PLAIN } from "./terminal.ts";

/** How a failure is shown. */
export interface RenderOptions {
  /** No colours by default. */
  readonly palette?: Palette;
  /** Whether the errors underneath are shown too. */
  readonly verbose?: boolean;
  /** What the message is about, put before it: `demo 1.2.0 (npm)`. */
  readonly subject?: string;
  /** The way to the folder that places start from: empty, or with a `/` at its end. Empty by default. */
  readonly folder?: string;
}

/**
 * A problem as lines, without a newline at the end:
 *
 *     error[PIOT_CONFIG_UNKNOWN_KEY]: Cannot read putitoutthere.toml: unknown key "pth"
 *      --> putitoutthere.toml:12:1
 *        |
 *     12 | pth = "py"
 *        | ^
 *     help: Did you mean "path"?
 */
export function renderProblem(problem: Problem, options: RenderOptions = {}): string {
  const { palette = PLAIN, subject } = options;
  const label = palette.red(palette.bold(`error[${problem.code}]`));
  const message = subject === undefined ? problem.message : `${subject}: ${problem.message}`;
  const lines = [
    ...labelled(label, escapeLines(message)),
    ...locationLines(problem.location, options),
    ...hintLines(problem.hint, palette),
  ];
  return guardCommands(lines.join("\n"));
}

function labelled(label: string, [first = "", ...rest]: readonly string[]): readonly string[] {
  return [`${label}: ${first}`, ...rest.map((line) => `  ${line}`)];
}

/** The `help:` lines of a hint; none without one. */
export function hintLines(hint: string | undefined, palette: Palette): readonly string[] {
  return hint === undefined ? [] : labelled(palette.cyan("help"), escapeLines(hint));
}

/**
 * The ` --> file:line:column` line of a place, and the excerpt with its caret; none without a
 * place.
 */
export function locationLines(
  location: Location | undefined,
  { palette = PLAIN, folder = "" }: Pick<RenderOptions, "palette" | "folder">,
): readonly string[] {
  if (location === undefined) return [];
  const { file, line, column } = location;
  const place = [escapeText(wayFrom(folder, file)), line, line === undefined ? undefined : column];
  const arrow = ` ${palette.cyan("-->")} ${place.filter((part) => part !== undefined).join(":")}`;
  return [arrow, ...excerptLines(location, palette.cyan)];
}

/** The most that is shown of the line before its column, and from there on. */
const [LEAD, TAIL] = [60, 60];

/** How a file is reached from elsewhere: `tool/` and `../x.toml` → `x.toml`. */
export function wayFrom(folder: string, file: string): string {
  const way: string[] = [];
  for (const part of `${folder}${file}`.split("/")) {
    const turnsBack = part === ".." && way.length > 0 && !["", ".."].includes(way.at(-1)!);
    if (turnsBack) way.pop();
    else way.push(part);
  }
  return way.join("/");
}

function excerptLines({ line, column, excerpt }: Location, paint: Paint): readonly string[] {
  if (line === undefined || excerpt === undefined) return [];
  const at = column === undefined ? 0 : Math.min(Math.max(column - 1, 0), excerpt.length);
  const before = shown(at > LEAD ? `…${excerpt.slice(at - LEAD, at)}` : excerpt.slice(0, at));
  const rest = excerpt.slice(at);
  const after = shown(rest.length > TAIL ? `${rest.slice(0, TAIL)}…` : rest);
  const margin = " ".repeat(String(line).length);
  const caret = `${margin} ${paint("|")} ${" ".repeat(displayWidth(before))}${paint("^")}`;
  return [
    `${margin} ${paint("|")}`,
    `${paint(`${line} |`)} ${before}${after}`.trimEnd(),
    ...(column === undefined ? [] : [caret]),
  ];
}

function shown(text: string): string {
  return escapeText(text.replaceAll("\t", "  "));
}

/**
 * A failure as lines, without a newline at the end: each of its problems, a blank line between
 * them, and with `verbose` the chain of errors underneath.
 */
export function renderFailure(failure: Failure, options: RenderOptions = {}): string {
  const { palette = PLAIN, verbose = false } = options;
  const blocks = failure.problems.map((problem) => renderProblem(problem, options));
  const causes = verbose ? causesOf(failure).flatMap((cause) => causeLines(cause, palette)) : [];
  if (causes.length > 0) blocks.push(guardCommands(causes.join("\n")));
  return blocks.join(failure.problems.length > 1 ? "\n\n" : "\n");
}

function causeLines(cause: unknown, palette: Palette): readonly string[] {
  const name = cause instanceof Failure
    ? cause.code
    : cause instanceof Error
    ? cause.name
    : typeof cause;
  return labelled(palette.dim(`caused by ${escapeText(name)}`), escapeLines(messageOf(cause)));
}

/**
 * The errors underneath, outermost first. Of an aggregate of failures only what is underneath
 * those: it repeats them.
 */
function causesOf(error: unknown, seen: Set<unknown> = new Set()): readonly unknown[] {
  if (!(error instanceof Error) || error.cause === undefined || seen.has(error)) return [];
  seen.add(error);
  const { cause } = error;
  if (cause instanceof AggregateError && error instanceof Failure) {
    return cause.errors.flatMap((error) => causesOf(error, seen));
  }
  return seen.has(cause) ? [] : [cause, ...causesOf(cause, seen)];
}
