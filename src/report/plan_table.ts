/**
 * The plan as people read it: what ships, at which version and why, and what stays.
 *
 * @module
 */

import { someOf } from "../core/words/phrases.ts";
import type { LeftOut, Plan, PlannedPackage } from "../core/model/plan.ts";
import { LEFT_OUT_WORDS, whyPlanned } from "../core/explain/why.ts";
import { count } from "./amounts.ts";
import { escapeText, guardCommands } from "./safe_text.ts";
import { alignColumns, type Cell, type Palette, PLAIN } from "./terminal.ts";

/** How a plan is shown. */
export interface PlanTableOptions {
  /** No colours by default. */
  readonly palette?: Palette;
  /** Whether every package that stays is named; without it, the first few of each sort. */
  readonly verbose?: boolean;
}

/**
 * A plan as lines, without a newline at the end: a table of name, kind, version, why and tag; then
 * what is left out, and the warnings.
 */
export function renderPlan(plan: Plan, options: PlanTableOptions = {}): string {
  const { palette = PLAIN } = options;
  const head: readonly Cell[] = ["package", "kind", "version", "why", "tag"]
    .map((title) => [title, palette.dim]);
  const body = plan.packages.map((pkg) => planRow(pkg, plan, palette));
  const table = body.length === 0
    ? [palette.bold(emptyPlanLine(plan))]
    : alignColumns([head, ...body]);
  const lines = [
    ...table,
    ...leftOutLines(plan.left_out, options),
    ...planWarningLines(plan, palette),
  ];
  return guardCommands(lines.join("\n"));
}

/** The warnings of a plan, one a line. */
export function planWarningLines(plan: Plan, palette: Palette): readonly string[] {
  return plan.warnings.map((warning) => `${palette.yellow("warning")}: ${escapeText(warning)}`);
}

function planRow(planned: PlannedPackage, plan: Plan, palette: Palette): readonly Cell[] {
  return [
    [escapeText(planned.name), palette.bold],
    planned.kind,
    escapeText(versionStep(planned)),
    escapeText(whyPlanned(planned, plan)),
    [escapeText(planned.tag), palette.dim],
  ];
}

/** From which version to which: `1.2.0 → 1.3.0 (minor)`, or the version alone. */
export function versionStep({ previous, version, bump }: PlannedPackage): string {
  const step = previous === null ? version : `${previous} → ${version}`;
  return bump === null ? step : `${step} (${bump})`;
}

/** What a plan without packages says of itself. */
export function emptyPlanLine(plan: Plan): string {
  const reasons = new Set(plan.left_out.map((pkg) => pkg.reason));
  if (reasons.has("skipped")) return "Nothing to release: the trailer says skip";
  if (reasons.has("not-requested")) return "Nothing to release: nothing was requested";
  if (reasons.has("released")) return "Nothing to release: this commit was released already";
  return "Nothing to release: no package changed since its last release";
}

/** Names shown of each sort of packages that stay. */
const FEW = 8;

function leftOutLines(
  leftOut: readonly LeftOut[],
  { palette = PLAIN, verbose = false }: PlanTableOptions,
): readonly string[] {
  const reasons = [...new Set(leftOut.map((pkg) => pkg.reason))];
  return reasons.map((reason) => {
    const names = leftOut.filter((pkg) => pkg.reason === reason).map((pkg) => escapeText(pkg.name));
    const listed = someOf(names, verbose ? names.length : FEW);
    const words = `left out, ${LEFT_OUT_WORDS[reason]}: ${count(names.length, "package")}`;
    return palette.dim(`${words} (${listed})`);
  });
}
