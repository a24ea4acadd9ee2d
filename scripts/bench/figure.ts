/**
 * What a bench comes to: figures, each held against its budget.
 *
 * @module
 */

/** One line of the table. */
export interface Figure {
  readonly name: string;
  /** The value as it is shown, with its unit. */
  readonly figure: string;
  /** What it may be, as it is shown; empty where it is told for its own sake. */
  readonly budget: string;
  /** Undefined without a budget. */
  readonly isWithin?: boolean;
}

/** One bench. */
export interface Bench {
  /** The word that runs it alone. */
  readonly name: string;
  /** Measures. `say` tells what it is busy with. */
  readonly run: (say: (what: string) => void) => Promise<readonly Figure[]>;
}

/** A unit, and how many of its digits behind the point mean something. */
const UNITS = { "×": 2, ms: 0, s: 2, MB: 0, "": 0 } as const;

type Unit = keyof typeof UNITS;

/** A value that was measured. */
export function measured(name: string, value: number, unit: Unit): Figure {
  return { name, figure: show(value, unit), budget: "" };
}

/** A value that may be no more than a limit. */
export function atMost(name: string, value: number, limit: readonly [number, Unit]): Figure {
  return {
    name,
    figure: show(value, limit[1]),
    budget: `≤ ${limit.join(" ").trim()}`,
    isWithin: value <= limit[0],
  };
}

/** A value that may be no less than a limit. */
export function atLeast(name: string, value: number, limit: readonly [number, Unit]): Figure {
  return {
    name,
    figure: show(value, limit[1]),
    budget: `≥ ${limit.join(" ").trim()}`,
    isWithin: value >= limit[0],
  };
}

function show(value: number, unit: Unit): string {
  return `${value.toFixed(UNITS[unit])} ${unit}`.trim();
}

/** All figures as one table, columns in line. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = [
    ["name", "figure", "budget", "verdict"],
    ...figures.map((row) => [row.name, row.figure, row.budget, verdict(row)]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd() + "\n"
  ).join("");
}

function verdict({ isWithin }: Figure): string {
  if (isWithin === undefined) return "";
  return isWithin ? "within" : "OVER";
}
