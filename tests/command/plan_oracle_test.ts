/** The planner on real repositories, with the facts that git tells, against the one of the description alone. */

import { deepEqual, ok } from "node:assert/strict";
import { test } from "node:test";
import { stringify } from "smol-toml";
import { readFacts } from "../../src/command/read_facts.ts";
import { openWorkspace } from "../../src/command/workspace.ts";
import { makePlan } from "../../src/core/plan/make_plan.ts";
import { Failure } from "../../src/error.ts";
import { GIT_ENV } from "../support/git_repo.ts";
import { git } from "../support/history.ts";
import { importStream, pastOf } from "../support/oracle/memory_repo.ts";
import { type NaivePlan, naivePlan, type NaiveProblems } from "../support/oracle/naive_plan.ts";
import { inShort } from "../support/oracle/planned.ts";
import { drawCase, type OracleCase } from "../support/oracle/random_case.ts";
import { tempFolder, writeTree } from "../support/temp.ts";
import { needs } from "../support/tools.ts";

const withGit = await needs("git");

/** The configuration of a case; in the work tree alone, so that no glob meets it. */
function configOf({ packages }: OracleCase): string {
  return stringify({
    putitoutthere: { version: 1 },
    package: packages.map((pkg) => ({
      ...{ name: pkg.name, kind: pkg.kind, path: pkg.path, paths: pkg.paths },
      ...{ depends_on: pkg.dependsOn, first_version: pkg.firstVersion, tag_format: pkg.tagFormat },
      ...(pkg.lockstep === undefined ? {} : { lockstep: pkg.lockstep }),
    })),
  });
}

/** Plans a case in a repository, or in a clone that is cut at a depth; commits have their own ids in what is told. */
async function planInGit(one: OracleCase, depth?: number): Promise<NaivePlan | NaiveProblems> {
  await using folder = await tempFolder();
  const [origin, clone] = [`${folder.path}/origin`, `${folder.path}/clone`];
  await git(folder.path, ["init", "-q", "--initial-branch=main", origin]);
  await git(origin, ["fast-import", "--quiet", "--force"], importStream(one.repo));
  const cut = depth === undefined ? [] : [`--depth=${depth}`, "--branch=main"];
  await git(folder.path, ["clone", "-q", ...cut, `file://${origin}`, clone]);
  await writeTree(clone, { "putitoutthere.toml": configOf(one) });
  const ids = (await git(origin, ["log", "--format=%H", "--reverse", "--topo-order", "--all"]))
    .trim().split("\n");
  ok(ids.length === one.repo.commits.size, "every commit is another one");
  try {
    const workspace = openWorkspace({ cwd: clone, env: GIT_ENV });
    const { facts } = await readFacts(workspace, { requests: one.requests });
    return inShort(makePlan(facts));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { codes: error.problems.map(({ code }) => code).sort() };
  }
}

/** Warnings name commits, and those have other ids in git: that there is one is what both can tell. */
function withoutIds(outcome: NaivePlan | NaiveProblems): NaivePlan | NaiveProblems {
  if ("codes" in outcome) return outcome;
  const warnings = outcome.warnings.map((text) => text.replace(/^stranger: \w+/, "stranger:"));
  return { ...outcome, warnings: [...new Set(warnings)].sort() };
}

for (let from = 5000; from < 5040; from += 10) {
  test(
    `readFacts() tells what a plan needs of histories ${from} to ${from + 9}`,
    withGit,
    async () => {
      for (let seed = from; seed < from + 10; seed++) {
        const one = drawCase(seed);
        deepEqual(withoutIds(await planInGit(one)), withoutIds(naivePlan(one)), `seed ${seed}`);
      }
    },
  );
}

/** How many steps it takes at least from HEAD to each commit of its past. */
function distances({ repo }: OracleCase): ReadonlyMap<string, number> {
  const steps = new Map([[repo.head, 0]]);
  for (const [id, step] of steps) {
    for (const parent of repo.commits.get(id)!.parents) {
      if (!steps.has(parent)) steps.set(parent, step + 1);
    }
  }
  return steps;
}

/** The case as a clone of HEAD's branch has it: git brings along the tags of what it brings. */
function ofOneBranch(one: OracleCase): OracleCase {
  const past = pastOf(one.repo, one.repo.head);
  const tags = [...one.repo.tags].filter(([, commit]) => commit !== null && past.has(commit));
  return { ...one, repo: { ...one.repo, tags: new Map(tags) } };
}

test(
  "a clone that is cut anywhere in HEAD's past is refused, and any other plans",
  withGit,
  async () => {
    const seen = { cut: 0, whole: 0 };
    for (let seed = 6000; seed < 6016; seed++) {
      const one = ofOneBranch(drawCase(seed));
      const depth = 1 + seed % 8;
      // git cuts every commit that is so far away off its parents, also off those that another way leads to (shallow.c,
      // `get_shallow_commits()`).
      const isCut = [...distances(one)].some(([id, steps]) =>
        steps === depth - 1 && one.repo.commits.get(id)!.parents.length > 0
      );
      const outcome = await planInGit(one, depth);
      seen[isCut ? "cut" : "whole"]++;
      const expected = isCut ? { codes: ["PIOT_SHALLOW_CLONE"] } : naivePlan(one);
      deepEqual(withoutIds(outcome), withoutIds(expected), `seed ${seed} at depth ${depth}`);
    }
    ok(seen.cut > 3 && seen.whole > 3, JSON.stringify(seen));
  },
);
