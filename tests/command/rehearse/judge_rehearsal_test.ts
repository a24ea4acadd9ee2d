import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type JudgedRehearsal,
  leftToDo,
  rehearsalProblems,
} from "../../../src/command/rehearse/judge_rehearsal.ts";
import type { RehearsedRun } from "../../../src/command/rehearse/rehearsed_run.ts";
import { KINDS } from "../../../src/registry/kinds.ts";
import { planWithoutGit } from "../../../src/core/plan/plan_without_git.ts";
import { Failure } from "../../../src/error.ts";
import type { Outcome } from "../../../src/report/outcome.ts";
import { declare } from "../publish/small_registry.ts";

const HEAD = "b".repeat(40);
const PLAN = {
  ...planWithoutGit({ cadence: "immediate", kinds: KINDS, packages: declare({ a: [], b: [] }) }, [
    { name: "a", version: "1.0.0" },
    { name: "b", version: "2.0.0" },
  ]),
  head: HEAD,
};
const SKIPPED: readonly Outcome[] = PLAN.packages.map(({ name, kind, version, tag }) => ({
  ...{ name, kind, version, tag, commit: HEAD, registryUrl: "https://small.example" },
  ...{
    status: "skipped" as const,
    githubRelease: { state: "kept" as const, url: "https://x.example" },
  },
}));
const DONE: RehearsedRun = {
  ...{ outcomes: SKIPPED, uploads: [], requests: [], writes: [] },
  tags: PLAN.packages.map(({ tag }) => ({ name: tag, commit: HEAD })),
  releases: PLAN.packages.map(({ tag }) => tag),
};
const GOOD: JudgedRehearsal = {
  ...{ plan: PLAN, last: DONE, unmet: [], replanned: [], isRequest: false, installations: [] },
};
const [A, B] = SKIPPED as [Outcome, Outcome];
const last = (changes: Partial<RehearsedRun>): Partial<JudgedRehearsal> => ({
  last: { ...DONE, ...changes },
});
const OFF = { ...A, githubRelease: { state: "off" as const } };

const ROWS: readonly (readonly [string, Partial<JudgedRehearsal>, readonly string[]])[] = [
  ["everything that was to be shown is no problem", {}, []],
  [
    "a package that did not end well",
    last({ outcomes: [{ ...A, status: "blocked", by: ["b"] }, B] }),
    ["a 1.0.0 is blocked after the last run"],
  ],
  [
    "a package that the last run did not skip",
    last({ outcomes: [A, { ...B, status: "healed", made: ["tag"] }] }),
    ["the last run did not skip b 2.0.0, which is healed"],
  ],
  ["a tag that is not there", last({ tags: DONE.tags.slice(1) }), ["a has no tag a-v1.0.0"]],
  [
    "a tag on another commit",
    last({ tags: [{ name: "a-v1.0.0", commit: "other" }, DONE.tags[1]!] }),
    ["the tag a-v1.0.0 of a is on other"],
  ],
  [
    "a GitHub Release that is not there",
    last({ releases: ["b-v2.0.0"] }),
    ["a has no GitHub Release of a-v1.0.0"],
  ],
  [
    "a GitHub Release that nobody wanted",
    last({ outcomes: [OFF, B] }),
    ["a has a GitHub Release of a-v1.0.0 despite github_release = false"],
  ],
  [
    "no GitHub Release where none is wanted",
    last({ outcomes: [OFF, B], releases: ["b-v2.0.0"] }),
    [],
  ],
  [
    "a request of the last run that wrote",
    last({ writes: [{ service: "npm", method: "PUT", path: "/@ada%2fb", status: 201, bytes: 1 }] }),
    ["the last run wrote to npm: PUT /@ada/b"],
  ],
  ["a fault that no run met", { unmet: ["npm 503"] }, ["no run met npm 503"]],
  [
    "a package that is planned again",
    { replanned: ["a", "b"] },
    ["a new plan of the same commit still has a, b"],
  ],
  [
    "a package that was asked for and is planned again",
    { replanned: ["a", "c"], isRequest: true },
    ["a new plan of the same commit still has a"],
  ],
  ["another package that is due beside a request is no problem", {
    replanned: ["c"],
    isRequest: true,
  }, []],
  [
    "a package that its client does not install",
    {
      installations: [
        { package: "a", client: "npm", state: "failed", why: "ENOENT" },
        { package: "b", client: "npm", state: "skipped", why: "no npm" },
      ],
    },
    ["npm does not install a: ENOENT"],
  ],
];
for (const [name, changes, problems] of ROWS) {
  test(`judging a rehearsal: ${name}`, () => {
    assert.deepEqual(rehearsalProblems({ ...GOOD, ...changes }), problems);
  });
}

test("a failed package is told once, by how it ended", () => {
  const failed: Outcome = { ...A, status: "failed", failure: new Failure("PIOT_NETWORK", "no") };
  const judged = { ...GOOD, ...last({ outcomes: [failed, B] }) };
  assert.deepEqual(rehearsalProblems(judged), ["a 1.0.0 is failed after the last run"]);
});

test("what is due beside a request is told, and of a whole release nothing is left", () => {
  const replanned = ["a", "c"];
  assert.deepEqual(leftToDo({ ...GOOD, replanned, isRequest: true }), [
    "c is due too: it was not asked for, and is not rehearsed",
  ]);
  assert.deepEqual(leftToDo({ ...GOOD, replanned }), []);
});
