/**
 * What became of mutants, a line each, so that a run that was stopped goes on where it was.
 *
 * @module
 */

import { existsSync, readFileSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import type { CoveredLines } from "./covered_lines.ts";

/** What became of one mutant. */
export interface Verdict {
  readonly id: string;
  readonly path: string;
  readonly line: number;
  /** The changed text, before and after, for whoever reads the survivors. */
  readonly from: string;
  readonly to: string;
  /** `invalid` does not type-check, and does not count; `timeout` counts as killed. */
  readonly fate: "killed" | "survived" | "timeout" | "invalid";
  /** The first test that failed. */
  readonly by?: string;
  readonly seconds: number;
}

/** How long an untouched test file takes, in seconds, and what it runs; neither when it fails: it can notice nothing. */
export interface Usual {
  readonly test: string;
  readonly seconds?: number;
  readonly covered?: CoveredLines;
  /** Of the file's text, with which all that was found out. */
  readonly digest?: string;
}

/** A log: what it holds already, and how it goes on. */
export interface MutantLog {
  readonly verdicts: ReadonlyMap<string, Verdict>;
  readonly usual: ReadonlyMap<string, Usual>;
  readonly add: (entry: Verdict | Usual) => Promise<void>;
}

/** Opens a log; a file that is not there yet is an empty one. Of entries about the same thing the last counts. */
export function openLog(path: string): MutantLog {
  const verdicts = new Map<string, Verdict>();
  const usual = new Map<string, Usual>();
  const keep = (entry: Verdict | Usual): void => {
    if ("test" in entry) usual.set(entry.test, entry);
    else verdicts.set(entry.id, entry);
  };
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  // A line that a kill cut short was not finished, and neither was its mutant.
  for (const line of text.split("\n").slice(0, -1)) keep(JSON.parse(line));
  return {
    verdicts,
    usual,
    add: async (entry) => {
      keep(entry);
      await appendFile(path, `${JSON.stringify(entry)}\n`);
    },
  };
}

/** The figures of a run, and its survivors, as text. */
export function tell(verdicts: readonly Verdict[]): string {
  const of = (fate: Verdict["fate"]): number => verdicts.filter((one) => one.fate === fate).length;
  const [killed, late, survived] = [of("killed"), of("timeout"), of("survived")];
  const counted = killed + late + survived;
  const share = counted === 0 ? "none" : `${(100 * (killed + late) / counted).toFixed(1)} %`;
  const survivors = verdicts.filter(({ fate }) => fate === "survived").map(
    ({ path, line, from, to }) => `  ${path}:${line}: ${from} → ${to || "nothing"}`,
  );
  return [
    `${counted} mutants: ${killed} killed, ${late} out of time, ${survived} survived (${share}); ${
      of("invalid")
    } more do not type-check`,
    ...survivors,
  ].join("\n");
}
