/**
 * `plan` on large repositories, against the git commands that it takes.
 *
 * @module
 */

import { resolve } from "node:path";
import process from "node:process";
import { planWithFacts } from "../../src/command/plan.ts";
import { readFacts } from "../../src/command/read_facts.ts";
import { openWorkspace } from "../../src/command/workspace.ts";
import type { Facts } from "../../src/core/model/facts.ts";
import { builtPackage } from "./built_package.ts";
import { atMost, type Bench, type Figure, measured } from "./figure.ts";
import { type GitCall, readUntil, recordGit, replayGit } from "./git_replay.ts";
import { BARE_NODE, peakMemory, runProcess, takeTurns } from "./measure.ts";
import { makeMonorepo, type MonorepoSize } from "./monorepo.ts";

const THOUSAND: MonorepoSize = {
  packages: 1_000,
  files: 21_000,
  tags: 5_000,
  releases: 5_000,
  older: 0,
  changed: 50,
};

const OLD: MonorepoSize = { ...THOUSAND, older: 15_000 };

const TEN_THOUSAND: MonorepoSize = {
  packages: 10_000,
  files: 210_000,
  tags: 50_000,
  releases: 5_000,
  older: 0,
  changed: 500,
};

/** The bench. */
export const planBench: Bench = {
  name: "plan",
  run: async (say) => {
    const node = await builtPackage();
    const [wide, few] = [{ node, say, rounds: 5 }, { node, say, rounds: 9 }];
    return [
      ...await measurePlan(THOUSAND, { ...few, title: "1,000 packages" }),
      ...await measurePlan(OLD, { ...few, title: "1,000 packages, 4 × the commits" }),
      ...await measurePlan(TEN_THOUSAND, { ...wide, title: "10,000 packages" }),
    ];
  },
};

interface Circumstances {
  readonly title: string;
  /** The command for Node. */
  readonly node: string;
  readonly say: (what: string) => void;
  readonly rounds: number;
}

async function measurePlan(
  size: MonorepoSize,
  { title, node, say, rounds }: Circumstances,
): Promise<readonly Figure[]> {
  say(`making a repository with ${title}`);
  await using repository = await makeMonorepo(size);
  const cwd = repository.path;
  const calls = await gitCalls(cwd);
  const words = ["plan", "--json"];
  const cli = resolve("cli.ts");
  const deno = ["deno", "run", "-A", cli];
  say(`planning ${title}`);
  const times = await takeTurns({
    git: () => replayGit(calls, cwd),
    inside: () => planWithFacts(openWorkspace({ cwd, env: process.env })),
    deno: () => runProcess([...deno, ...words], { cwd }),
    node: () => runProcess(["node", node, ...words], { cwd, env: BARE_NODE }),
  }, rounds);
  const onDeno = await peakMemory("deno", [cli, ...words], { cwd });
  const onNode = await peakMemory("node", [node, ...words], { cwd });
  const name = (what: string): string => `plan, ${title}: ${what}`;
  return [
    measured(name("bare git"), times.git, "ms"),
    measured(name("in process"), times.inside, "ms"),
    atMost(name("in process / git"), times.inside / times.git, [3, "×"]),
    atMost(name("whole process on Deno / git"), times.deno / times.git, [3, "×"]),
    atMost(name("whole process on Node / git"), times.node / times.git, [3, "×"]),
    atMost(name("git processes"), calls.length, [6, ""]),
    atMost(name("peak memory on Deno"), onDeno, [500, "MB"]),
    atMost(name("peak memory on Node"), onNode, [500, "MB"]),
  ];
}

/** What a plan asks of git, held against what the reader of facts says it starts. */
async function gitCalls(cwd: string): Promise<GitCall[]> {
  const started: (readonly string[])[] = [];
  let facts: Facts | undefined;
  const calls = await recordGit(async (env) => {
    const onGit = (args: readonly string[]): void => void started.push(args);
    facts = (await readFacts(openWorkspace({ cwd, env }, { onGit }))).facts;
  });
  const order = (args: readonly string[]): number =>
    started.findIndex((earlier) => earlier.join("\n") === args.join("\n"));
  if (calls.length !== started.length || calls.some(({ args }) => order(args) === -1)) {
    throw new Error("the recorded git processes are not those that were started");
  }
  const commits = new Set(
    facts!.tags.filter(({ reachable }) => reachable === true).map((tag) => tag.commit),
  );
  const sorted = calls.sort((a, b) => order(a.args) - order(b.args));
  return await readUntil(sorted, { cwd, commits });
}
