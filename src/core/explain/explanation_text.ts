/**
 * An explanation, in words.
 *
 * @module
 */

import type { CountedTrailer } from "../plan/bump.ts";
import type { Cause, Explanation } from "./explain.ts";
import type { LeftOut, Reason } from "../model/plan.ts";
import { quote } from "../request/request_reading.ts";

const REASONS: Readonly<Record<Exclude<Reason, "changed" | "dependency">, string>> = {
  "requested": "--release names it",
  "trailer": "HEAD's trailer names it",
  "first-release": "it was never released",
};

const LEFT_OUT: Readonly<Record<LeftOut["reason"], string>> = {
  "unchanged": "nothing that it is made of has changed since its last release",
  "released": "its last release is this very commit",
  "skipped": "HEAD's trailer leaves it out",
  "not-requested": "--release names others",
};

const PULLS: Readonly<Record<(Cause & { kind: "package" })["reason"], string>> = {
  "requested": "which --release names",
  "trailer": "which HEAD's trailer names",
  "first-release": "which was never released",
  "changed": "which has changed",
  "released": "which this commit has released already",
};

const COUNTS: Readonly<Record<CountedTrailer["because"], string>> = {
  head: "HEAD's, for every package that ships",
  named: "names it",
  touched: "its commit touches the package or one that it depends on",
};

/** Writes an explanation, a line for each step; ends with a newline. */
export function explanationText(one: Explanation): string {
  const lines = [headline(one), ...reasonLines(one), lastLine(one), ...trailerLines(one)];
  return `${lines.join("\n")}\n`;
}

function headline({ name, planned }: Explanation): string {
  if (planned === null) return `${name} does not ship`;
  const from = planned.previous === null ? "" : `, after ${planned.previous}`;
  return `${name} ships at ${planned.version}${from} (tag ${planned.tag})`;
}

function reasonLines({ reason, cause, trailer }: Explanation): readonly string[] {
  if (cause?.kind === "file") {
    const owner = cause.path.at(-1)!;
    const whose = cause.since === cause.path[0]
      ? "its last release"
      : `the last release of ${cause.since}`;
    return [
      `  because ${quote(cause.file)} changed since ${whose}`,
      `  and matches the glob ${quote(cause.glob)} of ${owner}`,
      ...pathLines(cause.path),
    ];
  }
  if (cause?.kind === "package") {
    return [`  because of ${cause.path.at(-1)!}, ${PULLS[cause.reason]}`, ...pathLines(cause.path)];
  }
  const words: Readonly<Record<string, string>> = { ...REASONS, ...LEFT_OUT };
  const quoted = reason === "trailer" || reason === "skipped" ? `: ${quote(trailer ?? "")}` : "";
  return [`  because ${words[reason]}${quoted}`];
}

function pathLines(path: readonly string[]): readonly string[] {
  return path.length === 1 ? [] : [`  which it depends on: ${path.join(" → ")}`];
}

function lastLine({ last }: Explanation): string {
  return last === null
    ? "  last release: none"
    : `  last release: ${last.version} (tag ${last.tag}, commit ${last.commit.slice(0, 12)})`;
}

function trailerLines({ planned, asked, trailers }: Explanation): readonly string[] {
  if (planned === null) return [];
  if (planned.bump === null) return ["  version: given, so no trailer counts"];
  if (asked !== null) return [`  version: ${planned.bump}, as --release asks`];
  if (trailers.length === 0) return [`  version: ${planned.bump}, and no trailer asks for more`];
  return [
    `  version: ${planned.bump}, the largest of what these trailers ask for`,
    ...trailers.map(({ commit, line, because }) =>
      `    ${commit.slice(0, 12)} ${quote(line)}: ${COUNTS[because]}`
    ),
  ];
}
