/**
 * The job summary: what `plan` and `publish` show on the page of the workflow run.
 *
 * @module
 */

import type { LeftOut, Plan } from "../core/model/plan.ts";
import { drawPlan } from "../core/explain/plan_graph.ts";
import { LEFT_OUT_WORDS, whyPlanned } from "../core/explain/why.ts";
import {
  closingNotes,
  nextWords,
  outcomeDetail,
  rerunSentences,
  resultLine,
  subjectOf,
} from "./end_report.ts";
import {
  boundedLines,
  markdownCode,
  markdownHead,
  markdownLink,
  markdownRow,
  markdownText,
} from "./markdown.ts";
import type { Outcome } from "./outcome.ts";
import { originLine, shownLine } from "./proof.ts";
import { emptyPlanLine, versionStep } from "./plan_table.ts";
import type { Mode } from "./report.ts";
import type { Asked } from "./asked.ts";
import { type WayOut, wayOutLine, waysOut } from "./ways_out.ts";

/**
 * Bytes of the table and of each list beside it, which grow with the packages. GitHub drops a summary of more than 1 MiB
 * whole (actions/runner `CreateStepSummaryCommand.cs`); the table, two lists and the small rest stay below 900 KiB.
 */
const [TABLE_BYTES, LIST_BYTES] = [500 * 1024, 150 * 1024];

/**
 * More packages than this make a drawing that nobody can read; Mermaid itself stops at 500 arrows
 * and 50,000 characters.
 */
const MOST_DRAWN = 60;
const [MOST_ARROWS, MOST_CHARACTERS] = [400, 48_000];

/**
 * The summary of a plan: a table, what is left out, warnings, and a drawing of up to 60 packages.
 * Ends with a newline.
 */
export function planSummary(plan: Plan): string {
  const head = markdownHead(["Package", "Kind", "Version", "Why", "Tag"]);
  const rows = boundedLines(plan.packages, {
    bytes: TABLE_BYTES,
    line: (pkg) =>
      markdownRow([
        markdownCode(pkg.name),
        pkg.kind,
        markdownText(versionStep(pkg)),
        markdownText(whyPlanned(pkg, plan)),
        markdownCode(pkg.tag),
      ]),
    more: (rest) => markdownRow([rest, "", "", "", ""]),
  });
  const table = rows.length === 0 ? [markdownText(emptyPlanLine(plan))] : [...head, ...rows];
  return sections([
    ["### Release plan"],
    table,
    leftOutList(plan.left_out),
    boundedLines(plan.warnings, {
      bytes: LIST_BYTES,
      line: (warning) => `- ⚠️ ${markdownText(warning)}`,
    }),
    drawing(plan),
  ]);
}

function leftOutList(leftOut: readonly LeftOut[]): readonly string[] {
  if (leftOut.length === 0) return [];
  const items = boundedLines(leftOut, {
    bytes: LIST_BYTES,
    line: (pkg) => `- ${markdownCode(pkg.name)}: ${LEFT_OUT_WORDS[pkg.reason]}`,
    more: (rest) => `- ${rest}`,
  });
  return [
    `<details><summary>Left out: ${leftOut.length}</summary>`,
    "",
    ...items,
    "",
    "</details>",
  ];
}

function drawing(plan: Plan): readonly string[] {
  const arrows = plan.packages.reduce((sum, pkg) => sum + pkg.depends_on.length, 0);
  if (plan.packages.length === 0 || plan.packages.length > MOST_DRAWN || arrows > MOST_ARROWS) {
    return [];
  }
  const drawn = drawPlan(plan, "mermaid");
  return drawn.length > MOST_CHARACTERS ? [] : ["```mermaid", drawn.trimEnd(), "```"];
}

/**
 * The summary of a release run: a table of outcomes, the failures, and what running again will do. `notes` are
 * sentences about the whole of it. Ends with a newline.
 */
export function publishSummary(
  { outcomes, mode, asked }: {
    readonly outcomes: readonly Outcome[];
    readonly mode: Mode;
    /** How it was asked for; without any flag where left out. */
    readonly asked?: Asked;
  },
  notes: readonly string[] = [],
): string {
  const rows = boundedLines(outcomes, {
    bytes: TABLE_BYTES,
    line: outcomeRow,
    more: (rest) => markdownRow(["", rest, "", ""]),
  });
  const failed = outcomes.flatMap((outcome) => outcome.status === "failed" ? [outcome] : []);
  const next = rerunSentences(outcomes, mode).map((sentence) => `- ${markdownText(sentence)}`);
  return sections([
    ["### Release"],
    [`**${markdownText(resultLine(outcomes, mode))}**`],
    rows.length === 0 ? [] : [...markdownHead(["Result", "Package", "Kind", "Details"]), ...rows],
    [...notes, ...closingNotes(outcomes, mode)].map(markdownText),
    originTable(outcomes),
    boundedLines(failed, { bytes: LIST_BYTES, line: failureItem, more: (rest) => `- ${rest}` }),
    next.length === 0 ? [] : ["Running again from this commit:", "", ...next],
    wayOutList(waysOut(outcomes, asked)),
  ]);
}

function wayOutList(ways: readonly WayOut[]): readonly string[] {
  if (ways.length === 0) return [];
  return [
    "What to do:",
    "",
    ...ways.map((way) => {
      const commands = way.commands.map((command) => markdownCode(command)).join(", ");
      return `- ${markdownText(wayOutLine(way))}: ${commands} (${markdownLink("more", way.page)})`;
    }),
  ];
}

/** How each package was authorised, with what evidence of its origin, and what its registry showed in the end. */
function originTable(outcomes: readonly Outcome[]): readonly string[] {
  const proven = outcomes.filter(({ authorisation, readBack }) => authorisation ?? readBack);
  const rows = boundedLines(proven, {
    bytes: LIST_BYTES,
    line: ({ name, version, authorisation, readBack }) =>
      markdownRow([
        markdownCode(`${name} ${version}`),
        markdownText(authorisation?.why ?? "nothing was uploaded"),
        markdownText(authorisation === undefined ? "" : originLine(authorisation) ?? ""),
        markdownText(readBack === undefined ? "" : shownLine(readBack)),
      ]),
    more: (rest) => markdownRow([rest, "", "", ""]),
  });
  if (rows.length === 0) return [];
  return [
    ...markdownHead(["Package", "Authorised by", "Origin", "Shown by its registry"]),
    ...rows,
  ];
}

const MARKS: Readonly<Record<Outcome["status"], string>> = {
  published: "✅",
  healed: "✅",
  skipped: "✅",
  checked: "✅",
  staged: "⏳",
  unconfirmed: "❓",
  failed: "❌",
  blocked: "⛔",
};

function outcomeRow(outcome: Outcome): string {
  const { status, name, version, kind, registryUrl } = outcome;
  const label = `${name} ${version}`;
  const isThere = status === "published" || status === "healed" || status === "skipped";
  return markdownRow([
    `${MARKS[status]} ${status}`,
    isThere ? markdownLink(label, registryUrl) : markdownCode(label),
    kind,
    markdownText(detailBeside(outcome)),
  ]);
}

/** What the link does not tell already. */
function detailBeside(outcome: Outcome): string {
  const next = nextWords(outcome);
  const more = next === undefined ? "" : `; ${next}`;
  if (outcome.status === "published" || outcome.status === "skipped") return more.slice(2);
  if (outcome.status === "healed") return `made now: ${outcome.made.join(", ")}${more}`;
  return outcomeDetail(outcome);
}

/** Problems shown of one failure; the log has the rest. */
const MOST_PROBLEMS = 10;

function failureItem(outcome: Extract<Outcome, { readonly status: "failed" }>): string {
  const { problems } = outcome.failure;
  const shown = problems.slice(0, MOST_PROBLEMS).map(({ code, message, hint }) => {
    const help = hint === undefined ? "" : ` (${markdownText(hint)})`;
    return `${markdownCode(code)} ${markdownText(message)}${help}`;
  });
  const more = problems.length - shown.length;
  const rest = more === 0 ? [] : [`and ${more} more in the log`];
  return `- ❌ ${markdownCode(subjectOf(outcome))}: ${[...shown, ...rest].join("; ")}`;
}

function sections(blocks: readonly (readonly string[])[]): string {
  const shown = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${shown.join("\n\n")}\n`;
}
