/**
 * Which step runs this program, under any of its names, and with which command: as an action, by npx, by Deno, or by a
 * script of the repository.
 *
 * @module
 */

import { isExpression, type Placed, type Step } from "./workflow.ts";

/** This program in a step. */
export interface OwnCommand {
  /** `plan`, `publish`, …; undefined where only a run knows it. */
  readonly command: string | undefined;
  /** Whether it stops before the first upload, as far as the file tells. */
  readonly dryRun: "yes" | "no" | "unknown";
  /** Every word behind the program's name; of the action, its inputs. */
  readonly words: readonly string[];
  readonly inputs: ReadonlyMap<string, Placed>;
}

const COMMANDS: ReadonlySet<string> = new Set(
  ("init check plan status reconcile publish rehearse set-version schema doctor verify retract " +
    "permissions help").split(" "),
);

/** This program in a step; undefined where the step runs something else. `isOwn` tells of a local action whether it is ours. */
export function ownCommand(
  step: Step,
  isOwn: (path: string) => boolean = () => false,
): OwnCommand | undefined {
  if (step.uses !== undefined) return ofAction(step, step.uses.text, isOwn);
  return step.run === undefined ? undefined : ofScript(step.run.text);
}

/** Whether `uses:` names this program's action; GitHub does not tell upper from lower case there. */
export function isOwnAction(uses: string): boolean {
  return /^[^/\s]+\/(?:putitoutthere|piot)(?:\/[^@]*)?@./i.test(uses.trim());
}

/** Whether that is the project's own, not a copy of somebody's. */
export function isOfficialAction(uses: string): boolean {
  return isOwnAction(uses) && /^putitoutthere\//i.test(uses.trim());
}

function ofAction(
  { with: inputs }: Step,
  uses: string,
  isOwn: (path: string) => boolean,
): OwnCommand | undefined {
  const isLocal = /^(?:\.|\$)\//.test(uses);
  if (isLocal ? !isOwn(uses) : !isOwnAction(uses)) return undefined;
  const said = inputs.get("command")?.text.trim() ?? "";
  const dry = inputs.get("dry_run")?.text.trim() ?? "";
  return {
    command: said === "" ? "plan" : isExpression(said) ? undefined : said,
    dryRun: isExpression(dry) ? "unknown" : /^true$/i.test(dry) ? "yes" : "no",
    words: [],
    inputs,
  };
}

const PROGRAM =
  /^(?:(?:npm:|.*\/)?(?:putitoutthere|piot)(?:\.m?js)?(?:@[^/\s]*)?|(?:jsr:)?@piot\/cli(?:@[^/\s]*)?(?:\/cli)?)$/;

/** Programs that only mention what follows. */
const MENTIONS = /^(?:echo|printf|grep|cat|:|which|type|command|test|\[+)$/;

/** The last of a script's calls that matters most: one that publishes, else any. */
function ofScript(script: string): OwnCommand | undefined {
  const found = simpleCommands(script).flatMap((words) => inWords(words) ?? []);
  return found.find(({ command }) => command === "publish") ?? found[0];
}

/** Characters of a script that GitHub takes (github/docs, workflow syntax, `run`). */
const LONGEST_SCRIPT = 21_000;

/** A shell script's simple commands as words; comments and line continuations are gone, quotes are. */
export function simpleCommands(script: string): readonly (readonly string[])[] {
  const joined = script.slice(0, LONGEST_SCRIPT).replace(/\\\r?\n/g, " ");
  return joined.split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, "$1"))
    .flatMap((line) => line.split(/&&|\|\||[;|]/))
    .map((part) => (part.match(/(?:\$\{\{.*?\}\}|"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []).map(unquote))
    .filter((words) => words.length > 0);
}

function unquote(word: string): string {
  return word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2");
}

/** Whether what only a run knows may be `--dry-run`: not the value of a flag, nor `${NAME:+--release=…}`. */
function mayBeFlag(word: string, before: string | undefined): boolean {
  if (before !== undefined && /^--[a-z-]+$/.test(before)) return false;
  const said = /^\$\{\w+:?\+(.*)\}$/s.exec(word)?.[1];
  if (said !== undefined) return /dry/.test(said) || said.startsWith("$");
  return isExpression(word) || word.startsWith("$");
}

function inWords(words: readonly string[]): OwnCommand | undefined {
  if (MENTIONS.test(words[0]!)) return undefined;
  const at = words.findIndex((word) => PROGRAM.test(word));
  if (at < 0) return undefined;
  const rest = words.slice(at + 1);
  const command = rest.find((word) => COMMANDS.has(word));
  // An installation names the program too: `npm install -g putitoutthere`.
  if (command === undefined && !rest.some(isExpression)) return undefined;
  const dry = rest.some((word) => word === "--dry-run");
  const mayBeDry = rest.some((word, index) => mayBeFlag(word, rest[index - 1]));
  return {
    command,
    dryRun: dry ? "yes" : mayBeDry ? "unknown" : "no",
    words: rest,
    inputs: new Map(),
  };
}
