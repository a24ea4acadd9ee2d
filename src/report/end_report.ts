/**
 * The last words of a run: every package, what became of it, and what running again will do.
 *
 * @module
 */

import { someOf } from "../core/words/phrases.ts";
import { count } from "./amounts.ts";
import { escapeText, guardCommands } from "./safe_text.ts";
import { type Outcome, OUTCOME_STATUSES, type OutcomeStatus } from "./outcome.ts";
import { alignColumns, type Cell, type Paint, type Palette, PLAIN } from "./terminal.ts";
import { renderFailure } from "./render_problem.ts";
import type { Mode } from "./report.ts";
import type { Asked } from "./asked.ts";
import { type WayOut, wayOutLine, waysOut } from "./ways_out.ts";

/** How the end is told. */
export interface EndReportOptions {
  /** Whether the run could release anything. */
  readonly mode: Mode;
  /** How it was asked for; without any flag where left out. */
  readonly asked?: Asked;
  /** No colours by default. */
  readonly palette?: Palette;
  /** Whether the errors underneath failures are shown. */
  readonly verbose?: boolean;
}

/** The end of a run as lines, without a newline at the end. */
export function renderEndReport(outcomes: readonly Outcome[], options: EndReportOptions): string {
  const { mode, asked, palette = PLAIN } = options;
  const table = alignColumns(outcomes.map((outcome) => outcomeRow(outcome, palette)));
  const failures = outcomes.flatMap((outcome) => {
    if (outcome.status !== "failed") return [];
    return ["", renderFailure(outcome.failure, { ...options, subject: subjectOf(outcome) })];
  });
  const next = rerunSentences(outcomes, mode).map((sentence) => `  - ${sentence}`);
  const lines = [
    palette.bold(resultLine(outcomes, mode)),
    ...table.map((line) => `  ${line}`),
    ...closingNotes(outcomes, mode),
    ...failures,
    ...(next.length === 0 ? [] : ["", "Running again from this commit:", ...next]),
    ...renderWaysOut(waysOut(outcomes, asked)),
  ];
  return guardCommands(lines.join("\n"));
}

/** What to do, as lines with a blank one before them; none where nothing is to be done. */
export function renderWaysOut(ways: readonly WayOut[]): readonly string[] {
  if (ways.length === 0) return [];
  return [
    "",
    "What to do:",
    ...ways.flatMap((way) => [
      `  - ${escapeText(wayOutLine(way))}`,
      ...way.commands.map((command) => `      ${escapeText(command)}`),
      `    ${way.page}`,
    ]),
  ];
}

function outcomeRow(outcome: Outcome, palette: Palette): readonly Cell[] {
  const { status, kind } = outcome;
  return [
    [status, paintOf(status, palette)],
    [escapeText(`${outcome.name} ${outcome.version}`), palette.bold],
    kind,
    escapeText(outcomeDetail(outcome)),
  ];
}

function paintOf(status: OutcomeStatus, palette: Palette): Paint {
  if (status === "failed") return palette.red;
  return ["blocked", "staged", "unconfirmed"].includes(status) ? palette.yellow : palette.green;
}

/**
 * What an outcome says beyond its status: an address, what it waits for, or the failure's message.
 */
export function outcomeDetail(outcome: Outcome): string {
  const next = nextWords(outcome);
  return next === undefined ? ownDetail(outcome) : `${ownDetail(outcome)}; ${next}`;
}

/** What the next run ships of a package that belongs to an earlier commit, as a clause. */
export function nextWords({ next, commit }: Outcome): string | undefined {
  if (next === undefined) return undefined;
  return `made from ${
    commit?.slice(0, 12)
  }: what has changed since ships as ${next.version} in the next run`;
}

function ownDetail(outcome: Outcome): string {
  switch (outcome.status) {
    case "published":
    case "skipped":
      return outcome.registryUrl;
    case "healed":
      return `${outcome.registryUrl} (made now: ${outcome.made.join(", ")})`;
    case "staged":
      return outcome.approval;
    case "unconfirmed":
      return `not confirmed: ${outcome.unseen.join(", ")} (${outcome.why})`;
    case "checked":
      return outcome.absent === 0
        ? "nothing to upload"
        : `${count(outcome.absent, "file")} to upload`;
    case "failed":
      return outcome.failure.code;
    case "blocked":
      return outcome.by.length === 0
        ? "not started: the run ended before its turn"
        : `not started: waits for ${outcome.by.join(", ")}`;
  }
}

/** A package at its version on its registry, as a report names it: `demo 1.2.0 (npm)`. */
export function subjectOf({ name, version, kind }: Outcome): string {
  return `${name} ${version} (${kind})`;
}

/** The sum of a run in one line. */
export function resultLine(outcomes: readonly Outcome[], mode: Mode): string {
  if (outcomes.length === 0) return "Nothing was released: the plan is empty";
  const sums = OUTCOME_STATUSES.flatMap((status) => {
    const sum = outcomes.filter((outcome) => outcome.status === status).length;
    return sum === 0 ? [] : [`${sum} ${status}`];
  });
  return `${MODE_WORDS[mode]}: ${sums.join(", ")}`;
}

const MODE_WORDS: Readonly<Record<Mode, string>> = {
  "release": "Release",
  "dry-run": "Dry run, nothing was released",
  "pull-request": "Pull request, nothing was released",
};

/** What has to be said besides the packages. */
export function closingNotes(outcomes: readonly Outcome[], mode: Mode): readonly string[] {
  const untagged = outcomes.some((outcome) =>
    outcome.tag === null && ["published", "skipped", "healed"].includes(outcome.status)
  );
  const alone = outcomes.filter(({ githubRelease }) => githubRelease?.state === "off");
  if (mode !== "release") return [];
  return [
    ...untagged ? ["Nothing was tagged: this folder is not a git work tree"] : [],
    ...alone.length === 0
      ? []
      : [`Tagged without a GitHub Release (github_release = false): ${
        someOf(alone.map(({ name }) => name), 5)
      }`],
  ];
}

/**
 * What running again will do: one sentence for each case that occurred. Each is true of every
 * package in its case.
 */
export function rerunSentences(outcomes: readonly Outcome[], mode: Mode): readonly string[] {
  const has = (status: OutcomeStatus): boolean =>
    outcomes.some((outcome) => outcome.status === status);
  const waits = outcomes.flatMap((outcome) => outcome.status === "blocked" ? [outcome.by] : []);
  const sentences: readonly (readonly [boolean, string])[] = [
    [
      has("published") || has("healed") || has("skipped"),
      "what is published stays as it is: nothing of it is sent again",
    ],
    [
      outcomes.some(({ next }) => next !== undefined),
      "what has changed since the earlier commit that a package was made from ships, at its next version: plan and build anew",
    ],
    [
      has("staged"),
      "a staged package is tagged once its version is approved; until then it stays staged",
    ],
    [
      has("unconfirmed"),
      "an unconfirmed package is looked for first: what its registry shows by then is kept and tagged, and only files that it does not have are sent",
    ],
    [has("checked"), CHECKED_AGAIN[mode]],
    [
      has("failed"),
      "a failed package is tried again from its checks on, and only files that its registry lacks are sent",
    ],
    [
      waits.some((by) => by.length > 0),
      "a blocked package is published once the packages that it waits for are",
    ],
    [
      waits.some((by) => by.length === 0),
      "a package whose turn did not come is checked again, then published",
    ],
  ];
  return sentences.flatMap(([holds, sentence]) => holds ? [sentence] : []);
}

const CHECKED_AGAIN: Readonly<Record<Mode, string>> = {
  "release": "a checked package is checked again, then published",
  "dry-run": "does the same checks; without --dry-run it then publishes",
  "pull-request": "does the same checks; outside a pull_request event it then publishes",
};
