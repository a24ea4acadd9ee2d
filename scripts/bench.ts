/**
 * Measures what the budgets of speed and size are about, and prints each figure with its budget. Words name the benches to
 * run; without any, all of them run. Ends with 1 when a figure is over its budget.
 *
 * @module
 */

import process from "node:process";
import { type Bench, type Figure, figureTable } from "./bench/figure.ts";
import { actionBench } from "./bench/action.ts";
import { largeFilesBench } from "./bench/large_files.ts";
import { latencyBench } from "./bench/latency.ts";
import { npmManyBench } from "./bench/npm_many.ts";
import { planBench } from "./bench/plan.ts";
import { statusBench } from "./bench/status.ts";
import { wheelsBench } from "./bench/wheels.ts";
import { startBench } from "./bench/start.ts";

const BENCHES: readonly Bench[] = [
  planBench,
  startBench,
  actionBench,
  npmManyBench,
  largeFilesBench,
  latencyBench,
  statusBench,
  wheelsBench,
];

const words = process.argv.slice(2);
const unknown = words.filter((word) => !BENCHES.some(({ name }) => name === word));
if (unknown.length > 0) {
  const names = BENCHES.map(({ name }) => name).join(", ");
  console.error(`Cannot run ${unknown.join(", ")}: there are ${names}`);
  process.exit(2);
}
const figures: Figure[] = [];
for (const { name, run } of BENCHES) {
  if (words.length > 0 && !words.includes(name)) continue;
  figures.push(...await run((what) => console.error(`${name}: ${what}`)));
}
console.log(figureTable(figures));
if (figures.some(({ isWithin }) => isWithin === false)) process.exitCode = 1;
