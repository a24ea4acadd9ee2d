import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { test } from "node:test";
import fc from "../../support/property.ts";
import type { Facts } from "../../../src/core/model/facts.ts";
import { makePlan } from "../../../src/core/plan/make_plan.ts";
import type { PlannedPackage } from "../../../src/core/model/plan.ts";
import { explained, FACTS, factsOf, plainPackage, published } from "../../support/plan_facts.ts";

const RUNS = { numRuns: 500 };

function shuffled<T>(values: readonly T[], keys: Iterator<number>): T[] {
  return values.map((value) => ({ value, key: keys.next().value! }))
    .sort((a, b) => a.key - b.key).map(({ value }) => value);
}

test("a plan is the same for the same facts in any order", () => {
  fc.assert(
    fc.property(FACTS, fc.infiniteStream(fc.nat()), (facts, keys) => {
      const other: Facts = {
        ...facts,
        tags: shuffled(facts.tags, keys),
        changes: new Map(
          shuffled([...facts.changes], keys).map(([commit, files]) => [
            commit,
            shuffled(files, keys),
          ]),
        ),
        since: new Map(shuffled([...facts.since], keys)),
        history: shuffled(facts.history, keys),
      };
      const [plan, again] = [makePlan(facts), makePlan(other)];
      equal(JSON.stringify(again), JSON.stringify(plan));
      for (const { name } of facts.config.packages) {
        deepEqual(explained(other, name), explained(facts, name));
      }
    }),
    RUNS,
  );
});

test("files that belong to nobody never change a plan", () => {
  // What the packages of these facts own lies in the folders a, b, c, @me/d and e, and right in shared.
  const strangers = fc.array(
    fc.tuple(
      fc.constantFrom("z/", "", "A/", "ab/", "@me/dd/", "z/a/", "shared/in/", "shared/x.txt/"),
      fc.string({ minLength: 1 }).filter((name) => !/[/]/.test(name)),
    ).map((pieces) => pieces.join("")),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(FACTS, strangers, (facts, files) => {
      const changes = new Map(
        [...facts.changes].map(([commit, own]) => [commit, [...files, ...own]]),
      );
      const history = facts.history.map((commit) => ({
        ...commit,
        files: [...files, ...commit.files],
      }));
      deepEqual(makePlan({ ...facts, changes, history }), makePlan(facts));
    }),
    RUNS,
  );
});

test("after everything planned was published, nothing is planned", () => {
  fc.assert(
    fc.property(FACTS, (facts) => {
      deepEqual(makePlan(published(facts, makePlan(facts))).packages, []);
    }),
    RUNS,
  );
});

test("after any part of a plan was published, the rest is planned as before", () => {
  fc.assert(
    fc.property(FACTS, fc.infiniteStream(fc.boolean()), (facts, coins) => {
      const plan = makePlan(facts);
      // Dependencies are published before their dependents; a failure leaves those out.
      const done = new Set<string>();
      for (const pkg of plan.packages) {
        const open = pkg.depends_on.filter((name) =>
          plan.packages.some((other) => other.name === name) && !done.has(name)
        );
        if (open.length === 0 && coins.next().value === true) done.add(pkg.name);
      }
      const part = { ...plan, packages: plan.packages.filter(({ name }) => done.has(name)) };
      const again = makePlan(published(facts, part));
      const rest = plan.packages.filter(({ name }) => !done.has(name));
      const released = (packages: readonly PlannedPackage[]): unknown =>
        packages.map(({ name, version, tag, artifacts }) => ({ name, version, tag, artifacts }));
      deepEqual(released(again.packages), released(rest));
    }),
    RUNS,
  );
});

test("every package is planned or left out, in the configuration's order, above its last version", () => {
  fc.assert(
    fc.property(FACTS, (facts) => {
      const plan = makePlan(facts);
      const order = facts.config.packages.map(({ name }) => name);
      const ships = plan.packages.map(({ name }) => name);
      const stays = plan.left_out.map(({ name }) => name);
      deepEqual([...ships, ...stays].toSorted(), order.toSorted());
      deepEqual(ships, order.filter((name) => ships.includes(name)));
      deepEqual(stays, order.filter((name) => stays.includes(name)));
      deepEqual([...new Set(plan.matrix.map(({ name }) => name))], ships);
      for (const { version, previous } of plan.packages) ok(version !== previous);
    }),
    RUNS,
  );
});

test("what depends on a package that ships, ships too, unless it did or HEAD leaves it out", () => {
  fc.assert(
    fc.property(FACTS, (facts) => {
      const plan = makePlan(facts);
      const ships = new Set(plan.packages.map(({ name }) => name));
      const stays = new Map(plan.left_out.map(({ name, reason }) => [name, reason]));
      for (const { name, dependsOn } of facts.config.packages) {
        if (!dependsOn.some((dependency) => ships.has(dependency)) || ships.has(name)) continue;
        ok(["released", "skipped"].includes(stays.get(name)!));
      }
    }),
    RUNS,
  );
});

test("makePlan() tells everything that is wrong in one go, as wrong input", () => {
  const facts = factsOf([plainPackage("a")], {
    head: { id: "f".repeat(40), message: "x\n\nrelease: minor [b]\nrelease: maj", tips: [] },
    requests: [{ name: "c" }],
  });
  throws(() => makePlan(facts), { code: "PIOT_SEVERAL_PROBLEMS", exitCode: 2 });
});

test("makePlan() says a thing about a trailer once, however many packages it concerns", () => {
  const facts = factsOf([plainPackage("a"), plainPackage("b")], {
    head: {
      id: "f".repeat(40),
      message: "x\n\nrelease: the hounds\n\nrelease: the hounds\n\nx",
      tips: [],
    },
  });
  equal(makePlan(facts).warnings.length, 1);
});

test("a plan has its keys in the order that is documented", () => {
  const plan = makePlan(factsOf([plainPackage("a")]));
  deepEqual(Object.keys(plan), ["schema", "head", "packages", "left_out", "warnings", "matrix"]);
  deepEqual(Object.keys(plan.packages[0]!), [
    ...["name", "kind", "registry_name", "path", "version", "previous", "bump", "tag"],
    ...["depends_on", "reason", "artifacts"],
  ]);
});
