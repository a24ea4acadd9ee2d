import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import { type CommitGraph, openCommitGraph } from "../../../src/host/git_facts/commit_graph.ts";
import { createGit } from "../../../src/host/git.ts";
import { GIT_ENV } from "../../support/git_repo.ts";
import { git, repositoryOf, type Step } from "../../support/history.ts";

interface Opened extends AsyncDisposable {
  readonly graph: CommitGraph;
  readonly id: (name: string) => Promise<string>;
  readonly started: string[];
}

async function open(steps: readonly Step[]): Promise<Opened> {
  const repository = await repositoryOf(steps);
  const id = async (name: string): Promise<string> =>
    (await git(repository.path, ["rev-parse", `${name}^{commit}`])).trim();
  const started: string[] = [];
  const graph = openCommitGraph({
    git: createGit({
      cwd: repository.path,
      env: GIT_ENV,
      onStart: ([verb]) => started.push(verb!),
    }),
    head: await id("HEAD"),
  });
  return {
    graph,
    id,
    started,
    [Symbol.asyncDispose]: async () => {
      await graph.stop();
      await repository[Symbol.asyncDispose]();
    },
  };
}

/**
 *     0 ── 1 ── 2 ───── 3 ── 4   main
 *          └─ s1 ─ s2 ──┘
 *          └─ o1                 other
 */
const FORK: readonly Step[] = [
  { commit: "0" },
  { commit: "1" },
  { commit: "o1", on: "other" },
  { commit: "s1", on: "side" },
  { tag: "s1", at: "side" },
  { commit: "s2", on: "side" },
  { commit: "2" },
  { commit: "3", merge: ["side"] },
  { commit: "4" },
];

test("has() knows the ancestors of HEAD from other commits", async () => {
  await using opened = await open(FORK);
  const { graph, id } = opened;
  const [inside, side, outside] = [await id("HEAD~4"), await id("s1"), await id("other")];
  await graph.seek([inside, side, outside]);
  deepEqual([inside, side, outside].map(graph.has), [true, true, false]);
});

test("stepsTo() counts first-parent steps, for commits on the line and beside it", async () => {
  await using opened = await open(FORK);
  const { graph, id } = opened;
  const steps = async (name: string): Promise<number> => await graph.stepsTo(await id(name));
  equal(await steps("HEAD"), 0);
  equal(await steps("HEAD~2"), 2);
  equal(await steps("s1"), 3);
  equal(await steps("side"), 3);
  equal(await steps("HEAD~3"), 3);
  equal(await steps("HEAD~4"), 4);
  equal(graph.line[1], await id("HEAD~1"));
});

test("stepsTo() counts the whole line for a release of an unrelated history that was merged", async () => {
  await using opened = await open([
    { commit: "0" },
    { commit: "1" },
    { commit: "2", merge: ["imported"] },
  ].flatMap((step, at): Step[] =>
    at === 2 ? [{ commit: "i0", on: "imported", orphan: true }, step] : [step]
  ));
  const { graph, id } = opened;
  equal(await graph.stepsTo(await id("imported")), 3);
});

test("a graph starts git when HEAD alone is not enough, and once", async () => {
  await using opened = await open(FORK);
  const { graph, id, started } = opened;
  const head = await id("HEAD");
  await graph.seek([head]);
  equal(graph.has(head), true);
  equal(await graph.stepsTo(head), 0);
  deepEqual(started, []);
  await graph.seek([await id("HEAD~1")]);
  await graph.stepsTo(await id("s1"));
  deepEqual(started, ["rev-list"]);
});

test("seek() reads no further back than what it looks for", async () => {
  const commits = Array.from({ length: 5000 }, (_, at): Step => ({ commit: `${at}` }));
  await using opened = await open(commits);
  await opened.graph.seek([await opened.id("HEAD~10")]);
  ok(opened.graph.size() < 2500, `${opened.graph.size()} commits were read`);
});

test("has() holds where clocks ran backwards", async () => {
  await using opened = await open(
    FORK.map((step, at) => "commit" in step ? { ...step, minute: -at } : step),
  );
  const { graph, id } = opened;
  const [inside, side, outside] = [await id("HEAD~4"), await id("s1"), await id("other")];
  await graph.seek([inside, side, outside]);
  deepEqual([inside, side, outside].map(graph.has), [true, true, false]);
  equal(await graph.stepsTo(side), 3);
});
