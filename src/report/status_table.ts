/**
 * Where packages stand as people read it: a line for each, and beneath it what to know or to do.
 *
 * @module
 */

import { tellEvidence } from "../core/release/evidence.ts";
import type { PackageState } from "../core/status/judge_status.ts";
import type { PackageStatusDocument, StatusDocument } from "../core/status/status_document.ts";
import { escapeText, guardCommands } from "./safe_text.ts";
import { alignColumns, type Cell, type Palette, PLAIN } from "./terminal.ts";

/** Each state in a word or three. */
const WORDS: Readonly<Record<PackageState, string>> = {
  "in-sync": "in sync",
  "changes-waiting": "changes waiting",
  "never-released": "never released",
  "untagged": "on the registry without a tag",
  "not-published": "tagged, not on the registry",
  "half-there": "half there",
  "staged": "staged, waits for approval",
  "unreachable": "nobody knows",
};

/** The status as lines, without a newline at the end. */
export function renderStatus(
  { packages, notes }: StatusDocument,
  { palette = PLAIN }: { readonly palette?: Palette } = {},
): string {
  const head: readonly Cell[] = ["package", "kind", "tagged", "newest", "next", "state", "origin"]
    .map((title) => [title, palette.dim]);
  const rows = alignColumns([head, ...packages.map((pkg) => statusRow(pkg, palette))]);
  const lines = rows.flatMap((row, index) => {
    const { notes = [] } = packages[index - 1] ?? {};
    return [row, ...notes.map((note) => `    ${escapeText(note)}`)];
  });
  return guardCommands(
    [...lines, ...notes.map((note) => `${palette.yellow("warning")}: ${escapeText(note)}`)]
      .join("\n"),
  );
}

function statusRow(
  { name, kind, last, newest, next, state }: PackageStatusDocument,
  palette: Palette,
): readonly Cell[] {
  const colour = COLOURS[state];
  return [
    [escapeText(name), palette.bold],
    kind,
    escapeText(last?.version ?? "-"),
    escapeText(newest?.version ?? "-"),
    escapeText(next?.version ?? "-"),
    [WORDS[state], palette[colour]],
    newest === null || newest.evidence === null ? "-" : tellEvidence(newest.evidence),
  ];
}

const COLOURS: Readonly<Record<PackageState, "green" | "yellow" | "red" | "dim">> = {
  "in-sync": "green",
  "changes-waiting": "yellow",
  "never-released": "dim",
  "untagged": "red",
  "not-published": "red",
  "half-there": "red",
  "staged": "yellow",
  "unreachable": "red",
};
