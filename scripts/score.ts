/**
 * Prints the figures of the source's shape, or of another checkout's: `deno task score`, `deno task score ../other`.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { figuresOf, linesThatNameKinds, walksIn } from "./score_figures.ts";
import { circlesAmong, readSources } from "./source_graph.ts";

const [root = ".", ...flags] = process.argv.slice(2);
const files = readSources(root);
const figures = figuresOf(files);
const width = Math.max(...figures.map(({ name }) => name.length));
for (const { name, value, counted } of figures) {
  console.log(`${name.padEnd(width)}  ${String(value).padStart(13)}  (${counted})`);
}
for (const circle of circlesAmong(files)) console.log(`circle: ${circle.join(", ")}`);
if (flags.includes("--kinds")) {
  for (const { path, line } of linesThatNameKinds(files)) console.log(`kind: ${path}:${line}`);
}
for (const walk of walksIn(readFileSync(join(root, "CONTRIBUTING.md"), "utf8"))) {
  console.log(`walk of ${walk.name}, ${walk.files.length} files: ${walk.files.join(" → ")}`);
}
