/**
 * Breaks the heart of the source in small ways, one at a time, and tells which of them no test notices. A log is kept: the
 * same words again go on where the last run was.
 *
 *     deno task mutate [--seed 1] [--count 100] [--below src/command/publish] [--budget 60] [--log .mutants/1.jsonl]
 *                      [--again]
 *
 * `--count` is of mutants that type-check; `--budget` is in seconds of the tests' usual time for each mutant, and `--again`
 * tries survivors again.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { choose, groupsOf, heartOf, type NearTest, testsOf } from "./mutate/choose.ts";
import { isCovered } from "./mutate/covered_lines.ts";
import { type Mutant, mutantsIn } from "./mutate/mutants_in.ts";
import { type MutantLog, openLog, tell, type Usual, type Verdict } from "./mutate/mutant_log.ts";
import { copyTree, runUntouched, tryMutant } from "./mutate/try_mutant.ts";
import { openTypeCheck } from "./mutate/type_check.ts";
import { readSources, type SourceFile, sourceFile } from "./source_graph.ts";

/** Seconds of usual time that one process runs tests for, before the next one is started. */
const GROUP = 15;

/** How many imports further away than the nearest test one still counts as near. */
const NEAR = 2;

/** Seconds that a test file may take untouched. */
const LONGEST = 60;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "100" },
    below: { type: "string", default: "" },
    budget: { type: "string", default: "60" },
    log: { type: "string" },
    again: { type: "boolean", default: false },
  },
});
const logPath = values.log ?? `.mutants/${values.seed}.jsonl`;
mkdirSync(dirname(logPath), { recursive: true });
const log = openLog(logPath);

await using copy = await copyTree(".");
const sources = readSources(copy.root);
const files = [...sources, ...readTests(copy.root)];
const heart = heartOf(sources).filter(({ path }) => path.startsWith(values.below));
const all = heart.flatMap(({ path, text }) => mutantsIn(path, text));
const ordered = choose(all, Number(values.seed));
const typeChecks = openTypeCheck(copy.root, heart.map(({ path }) => path));
console.error(`${values.count} of ${all.length} mutants in ${heart.length} files`);

const verdicts: Verdict[] = [];
// What does not type-check is no mutant that a test has to notice.
const isEnough = (): boolean =>
  verdicts.filter(({ fate }) => fate !== "invalid").length >= Number(values.count);
for (const mutant of ordered) {
  if (isEnough()) break;
  const known = log.verdicts.get(mutant.id);
  if (known !== undefined && !(values.again && known.fate === "survived")) {
    verdicts.push(known);
    continue;
  }
  const groups = await groupsFor(mutant, log);
  const verdict = await tryMutant(copy.root, mutant, { groups, typeChecks });
  await log.add(verdict);
  verdicts.push(verdict);
  const { fate, path, line, from, to, by = "", seconds } = verdict;
  const change = `${from} → ${to}`.replace(/\s+/g, " ").slice(0, 100);
  console.error(`${verdicts.length} ${fate} ${path}:${line} ${change} [${seconds} s] ${by}`);
}
console.log(tell(verdicts));

function readTests(root: string): readonly SourceFile[] {
  return readdirSync(`${root}/tests`, { recursive: true, encoding: "utf8" })
    .map((name) => `tests/${name.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".ts"))
    .map((path) => sourceFile(path, readFileSync(`${root}/${path}`, "utf8")));
}

/** The tests that run what a mutant breaks, as far as the budget goes. */
async function groupsFor(
  mutant: Mutant,
  { usual, add }: MutantLog,
): Promise<readonly { readonly tests: readonly string[]; readonly limit: number }[]> {
  const budget = Number(values.budget);
  const timed: (NearTest & { readonly seconds: number })[] = [];
  const all = testsOf(mutant.path, files);
  const near = (all[0]?.distance ?? 0) + NEAR;
  for (const test of all) {
    const isKnown = usual.get(test.path)?.digest === digestOf(test.path);
    const isEnough = timed.reduce((sum, { seconds }) => sum + seconds, 0) > budget;
    // Near ones are measured in any case: among them may be a quick one.
    if (!isKnown && isEnough && test.distance > near) continue;
    if (!isKnown) await add({ ...await timeUntouched(test.path), digest: digestOf(test.path) });
    const { seconds, covered } = usual.get(test.path)!;
    // A test that fails untouched, or takes too long, can notice nothing.
    if (seconds === undefined || covered === undefined) continue;
    if (isCovered(covered, mutant)) timed.push({ ...test, seconds });
  }
  return groupsOf(timed, { group: GROUP, budget }).map((tests) => {
    const seconds = tests.reduce((sum, test) => sum + usual.get(test)!.seconds!, 0);
    // Busy machines are slow by far more than mutants that loop for ever are patient.
    return { tests, limit: 20 + 4 * seconds };
  });
}

/** Of a test file's text: what was known of another text does not count. */
function digestOf(test: string): string {
  const { text } = files.find(({ path }) => path === test)!;
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

async function timeUntouched(test: string): Promise<Usual> {
  const usual = await runUntouched(copy.root, test, LONGEST);
  const { seconds } = usual;
  console.error(`${seconds === undefined ? "FAILS UNTOUCHED" : "usual"} ${test} ${seconds ?? ""}`);
  return usual;
}
