/** Packages in lockstep: who ships, at which version, and what is said of it. */

import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { test } from "node:test";
import { drawPlan } from "../../../src/core/explain/plan_graph.ts";
import { explanationText } from "../../../src/core/explain/explain.ts";
import { whyPlanned } from "../../../src/core/explain/why.ts";
import type { Facts } from "../../../src/core/model/facts.ts";
import type { Package } from "../../../src/core/model/package.ts";
import type { Plan } from "../../../src/core/model/plan.ts";
import { checkPlan } from "../../../src/core/plan/check_plan.ts";
import { makePlan } from "../../../src/core/plan/make_plan.ts";
import { parsePlan } from "../../../src/core/plan/plan_document.ts";
import { KINDS } from "../../../src/registry/kinds.ts";
import { explained, FACTS, factsOf, plainPackage, published } from "../../support/plan_facts.ts";
import fc from "../../support/property.ts";

const OLD = "1".repeat(40);
const HEAD = "f".repeat(40);

function core(name: string, changes: Parameters<typeof plainPackage>[1] = {}): Package {
  return plainPackage(name, { lockstep: "core", ...changes });
}

interface History {
  /** Tags as `name@version`, at an earlier commit; a `!` behind puts it on HEAD. */
  readonly tags?: readonly string[];
  readonly files?: readonly string[];
  readonly message?: string;
  readonly requests?: Facts["requests"];
}

function facts(packages: readonly Package[], history: History = {}): Facts {
  const { tags = [], files = [], message = "Change\n", requests } = history;
  return factsOf(packages, {
    head: { id: HEAD, message, tips: [] },
    tags: tags.map((text) => {
      const [, name, version, here] = /^(.+)@([^!]+)(!?)$/.exec(text)!;
      return { name: `${name}-v${version}`, commit: here === "!" ? HEAD : OLD, reachable: true };
    }),
    changes: new Map([[OLD, files]]),
    since: new Map([[OLD, 1]]),
    ...(requests === undefined ? {} : { requests }),
  });
}

/** What ships, as `name version reason bump`. */
function told({ packages }: Plan): readonly string[] {
  return packages.map(({ name, version, reason, bump }) => `${name} ${version} ${reason} ${bump}`);
}

const rows: readonly {
  readonly name: string;
  readonly packages: readonly Package[];
  readonly history: History;
  readonly plan: readonly string[];
}[] = [
  {
    name: "one changes, and all ship at the highest last version, raised",
    packages: [core("a"), core("b"), plainPackage("c")],
    history: { tags: ["a@1.2.0", "b@1.4.0", "c@0.1.0"], files: ["a/x"] },
    plan: ["a 1.4.1 changed patch", "b 1.4.1 lockstep patch"],
  },
  {
    name: "nothing changes, and nothing ships",
    packages: [core("a"), core("b")],
    history: { tags: ["a@1.2.0", "b@1.4.0"] },
    plan: [],
  },
  {
    name: "the largest bump of any member is everybody's",
    packages: [core("a"), core("b")],
    history: {
      tags: ["a@1.0.0", "b@1.0.0"],
      files: ["a/x", "b/x"],
      message: "Change\n\nrelease: minor [b]\n",
    },
    plan: ["a 1.1.0 changed minor", "b 1.1.0 trailer minor"],
  },
  {
    name: "a member without a tag takes the group's version",
    packages: [core("a"), core("b", { firstVersion: "0.3.0" })],
    history: { tags: ["a@1.0.0"] },
    plan: ["a 1.0.1 lockstep patch", "b 1.0.1 first-release null"],
  },
  {
    name: "all are new, and ship at the highest first version",
    packages: [core("a"), core("b", { firstVersion: "0.3.0" })],
    history: {},
    plan: ["a 0.3.0 first-release null", "b 0.3.0 first-release null"],
  },
  {
    name: "some were released at this commit, and the rest follow at that very version",
    packages: [core("a"), core("b"), core("d")],
    history: { tags: ["a@1.0.0", "b@1.0.0", "a@1.0.1!"], files: ["a/x"] },
    plan: ["b 1.0.1 lockstep null", "d 1.0.1 first-release null"],
  },
  {
    name: "what depends on a member that is drawn in ships too, and draws in its own group",
    packages: [
      core("a"),
      core("b"),
      plainPackage("c", { dependsOn: ["b"], lockstep: "other" }),
      plainPackage("d", { lockstep: "other" }),
    ],
    history: { tags: ["a@1.0.0", "b@1.0.0", "c@2.0.0", "d@2.1.0"], files: ["a/x"] },
    plan: [
      "a 1.0.1 changed patch",
      "b 1.0.1 lockstep patch",
      "c 2.1.1 dependency patch",
      "d 2.1.1 lockstep patch",
    ],
  },
  {
    name: "a trailer that skips one skips the group",
    packages: [core("a"), core("b"), plainPackage("c")],
    history: {
      tags: ["a@1.0.0", "b@1.0.0", "c@1.0.0"],
      files: ["a/x", "b/x", "c/x"],
      message: "Change\n\nrelease: skip [a]\n",
    },
    plan: ["c 1.0.1 changed patch"],
  },
  {
    name: "the whole group is asked for by a bump",
    packages: [core("a"), core("b")],
    history: {
      tags: ["a@1.0.0", "b@1.2.0"],
      requests: [{ name: "a", bump: "minor" }, { name: "b" }],
    },
    plan: ["a 1.3.0 requested minor", "b 1.3.0 requested minor"],
  },
  {
    name: "the whole group is asked for at a version",
    packages: [core("a"), core("b")],
    history: {
      tags: ["a@1.0.0"],
      requests: [{ name: "a", version: "2.0.0" }, { name: "b", version: "2.0.0" }],
    },
    plan: ["a 2.0.0 requested null", "b 2.0.0 requested null"],
  },
  {
    name: "one is asked for where this commit released the other",
    packages: [core("a"), core("b")],
    history: { tags: ["a@1.0.0", "b@1.0.0", "a@1.1.0!"], requests: [{ name: "b" }] },
    plan: ["b 1.1.0 requested null"],
  },
  {
    name: "pre-releases are raised together",
    packages: [core("a"), core("b")],
    history: { tags: ["a@1.0.0", "b@1.1.0-rc.1"], files: ["a/x"] },
    plan: ["a 1.1.0 changed patch", "b 1.1.0 lockstep patch"],
  },
];
for (const { name, packages, history, plan } of rows) {
  test(`in lockstep: ${name}`, () => {
    const made = makePlan(facts(packages, history));
    deepEqual(told(made), plan);
    const config = { cadence: "immediate", kinds: KINDS, packages } as const;
    const read = parsePlan(JSON.stringify(made), KINDS);
    deepEqual(told(checkPlan(read, { config, last: undefined })), plan);
  });
}

test("a trailer that skips a group says whom it leaves out besides", () => {
  const history = { tags: ["a@1.0.0", "b@1.0.0"], message: "Change\n\nrelease: skip [a]\n" };
  deepEqual(makePlan(facts([core("a"), core("b")], history)).warnings, [
    `HEAD's trailer "release: skip [a]" leaves out what is in lockstep with them too: b`,
  ]);
});

test("a trailer that --release outweighs leaves nobody out, and says so of nobody", () => {
  const made = makePlan(
    facts([core("a"), core("b"), plainPackage("c")], {
      ...{ tags: ["a@1.0.0", "b@1.0.0", "c@1.0.0"], requests: [{ name: "c" }] },
      message: "Change\n\nrelease: skip [a]\n",
    }),
  );
  deepEqual(made.warnings, [`HEAD's trailer "release: skip [a]" is outweighed by --release`]);
});

test("a new member that a bump is asked for is said to take the group's version", () => {
  const made = makePlan(
    facts([core("a"), core("b")], {
      tags: ["a@2.0.0"],
      requests: [{ name: "a" }, { name: "b", bump: "patch" }],
    }),
  );
  deepEqual(made.warnings, [
    "b was never released, so it ships at 2.0.1, with what it is in lockstep with: a",
  ]);
});

for (
  const { name, requests, message, tags = [] } of [
    {
      name: "a part of the group, where this commit has an older version of the rest",
      tags: ["a@1.0.0", "b@1.0.0", "b@0.9.0!"],
      requests: [{ name: "a" }],
      message: 'Cannot release a alone: b is in lockstep "core" with it',
    },
    {
      name: "a part of the group",
      requests: [{ name: "a" }],
      message: 'Cannot release a alone: b is in lockstep "core" with it',
    },
    {
      name: "two versions",
      requests: [{ name: "a", version: "2.0.0" }, { name: "b", version: "2.0.1" }],
      message:
        'Cannot release a@2.0.0, b@2.0.1: they are in lockstep "core", and ship at one version',
    },
    {
      name: "a version for one of them",
      requests: [{ name: "a", version: "2.0.0" }, { name: "b" }],
      message: 'Cannot release a@2.0.0, b: they are in lockstep "core", and ship at one version',
    },
  ]
) {
  test(`--release may not name ${name}`, () => {
    throws(() => makePlan(facts([core("a"), core("b")], { requests, tags })), {
      code: "PIOT_RELEASE_REQUEST_LOCKSTEP",
      message,
    });
  });
}

test("tables, drawings and explanations say who draws whom", () => {
  const known = facts([core("a"), core("b")], {
    tags: ["a@1.0.0", "b@1.2.0"],
    files: ["a/x"],
  });
  const plan = makePlan(known);
  equal(whyPlanned(plan.packages[1]!, plan), "in lockstep with a");
  match(drawPlan(plan, "mermaid"), /p1\["b<br\/>npm 1\.2\.0 .* 1\.2\.1<br\/>in lockstep with a"\]/);
  equal(
    explanationText(explained(known, "b")),
    [
      "b ships at 1.2.1, after 1.2.0 (tag b-v1.2.1)",
      '  because it is in lockstep "core" with a',
      `  last release: 1.2.0 (tag b-v1.2.0, commit ${OLD.slice(0, 12)})`,
      '  lockstep "core": from 1.2.0 of b',
      "  version: patch, the largest of what its group asks for",
      "",
    ].join("\n"),
  );
  deepEqual(explained(known, "a").lockstep, {
    word: "core",
    others: ["b"],
    drawnBy: [],
    from: { name: "b", version: "1.2.0" },
  });
});

test("a plan that was changed by hand cannot tear a group apart", () => {
  const packages = [core("a"), core("b")];
  const config = { cadence: "immediate", kinds: KINDS, packages } as const;
  const plan = makePlan(facts(packages, { tags: ["a@1.0.0", "b@1.0.0"], files: ["a/x"] }));
  const [a, b] = plan.packages;
  const without = {
    ...plan,
    packages: [a!],
    left_out: [{ name: "b", previous: "1.0.0", reason: "unchanged" } as const],
    matrix: plan.matrix.filter(({ name }) => name === "a"),
  };
  throws(() => checkPlan(without, { config, last: undefined }), {
    message: 'Cannot use the plan: package "b" is left out, and in lockstep "core" with a',
  });
  const other = { ...plan, packages: [a!, { ...b!, version: "1.1.0", tag: "b-v1.1.0" }] };
  throws(() => checkPlan(other, { config, last: undefined }), {
    message: /package "b" is at 1\.1\.0 and a at 1\.0\.1, in lockstep "core"/,
  });
});

/** Some facts, with the packages in groups: by turns in none, in one and in another, or all in one. */
const GROUPED = fc.tuple(FACTS, fc.array(fc.constantFrom(undefined, "x", "y"), { minLength: 5 }))
  .map(([known, words]) => ({ known, grouped: inGroups(known, (at) => words[at]) }));

function inGroups(known: Facts, wordOf: (at: number) => string | undefined): Facts {
  const packages = known.config.packages.map((pkg, at) => {
    const lockstep = wordOf(at);
    return lockstep === undefined ? pkg : { ...pkg, lockstep };
  });
  return { ...known, config: { ...known.config, packages } };
}

/** A plan, or undefined for facts that allow none: a tag of the version stands elsewhere. */
function planned(known: Facts): Plan | undefined {
  try {
    return makePlan(known);
  } catch {
    return undefined;
  }
}

test("members of a group that ship always end at one version, and nobody is left behind", () => {
  let grouped = 0;
  fc.assert(
    fc.property(GROUPED, ({ grouped: known }) => {
      const plan = planned(known);
      if (plan === undefined) return;
      for (const word of ["x", "y"]) {
        const shipping: Plan["packages"] = plan.packages.filter((one) => one.lockstep === word);
        if (shipping.length === 0) continue;
        ok(new Set(shipping.map((one) => one.version)).size === 1);
        const members = known.config.packages.filter(({ lockstep }) => lockstep === word);
        const left = plan.left_out.filter(({ name }) => members.some((pkg) => pkg.name === name));
        ok(left.every(({ reason }) => reason === "released"), JSON.stringify(left));
        if (members.length > 1) grouped++;
      }
    }),
    { numRuns: 1000 },
  );
  ok(grouped > 50, `${grouped} groups shipped`);
});

test("putting all packages into one group never plans fewer, but for what a trailer skips by name", () => {
  fc.assert(
    fc.property(FACTS, (known) => {
      if (/release: skip \[/.test(known.head.message)) return;
      const [alone, together] = [planned(known), planned(inGroups(known, () => "all"))];
      if (alone === undefined || together === undefined) return;
      const names = new Set(together.packages.map(({ name }) => name));
      for (const { name } of alone.packages) ok(names.has(name), name);
    }),
    { numRuns: 1000 },
  );
});

test("a plan of groups is one that checks, and once it is published nothing of them ships again", () => {
  fc.assert(
    fc.property(GROUPED, ({ grouped: known }) => {
      const plan = planned(known);
      if (plan === undefined) return;
      const read = parsePlan(JSON.stringify(plan), KINDS);
      deepEqual(told(checkPlan(read, { config: known.config, last: undefined })), told(plan));
      const again = planned(published(known, plan));
      const shipped = new Set(plan.packages.map(({ name }) => name));
      deepEqual(again?.packages.filter(({ name }) => shipped.has(name)) ?? [], []);
    }),
    { numRuns: 1000 },
  );
});
