import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import fc from "../../support/property.ts";
import { dependencyOrder, makeGraph, reach } from "../../../src/core/model/graph.ts";

const node = (name: string, ...dependsOn: string[]): { name: string; dependsOn: string[] } => ({
  name,
  dependsOn,
});

const DIAMOND = [
  node("top", "left", "right"),
  node("left", "base"),
  node("right", "base"),
  node("base"),
];

test("reach() finds everything over edges, each with the nearest way back", () => {
  const { dependencies, dependents } = makeGraph(DIAMOND);
  deepEqual([...reach(dependencies, ["top"])], [
    ["top", undefined],
    ["left", "top"],
    ["right", "top"],
    ["base", "left"],
  ]);
  deepEqual([...reach(dependents, ["base"]).keys()], ["base", "left", "right", "top"]);
  deepEqual([...reach(dependents, ["right", "top"])], [["right", undefined], ["top", undefined]]);
});

test("dependencyOrder() puts dependencies first and keeps the order otherwise", () => {
  const names = (all: readonly { name: string }[]): string => all.map(({ name }) => name).join(" ");
  equal(names(dependencyOrder(DIAMOND)), "base left right top");
  equal(names(dependencyOrder([node("z"), node("a", "m"), node("m"), node("b")])), "z m a b");
});

test("dependencyOrder() holds for any graph without cycles", () => {
  const graphs = fc.array(fc.array(fc.nat({ max: 20 }), { maxLength: 4 }), { maxLength: 20 }).map((
    rows,
  ) =>
    rows.map((targets, at) =>
      node(`${at}`, ...new Set(targets.filter((target) => target < at).map(String)))
    )
  );
  fc.assert(fc.property(graphs, fc.infiniteStream(fc.nat()), (nodes, keys) => {
    const shuffled = nodes.map((value) => ({ value, key: keys.next().value! }))
      .sort((a, b) => a.key - b.key).map(({ value }) => value);
    const order = dependencyOrder(shuffled).map(({ name }) => name);
    deepEqual(order.toSorted(), nodes.map(({ name }) => name).toSorted());
    for (const { name, dependsOn } of nodes) {
      for (const other of dependsOn) ok(order.indexOf(other) < order.indexOf(name));
    }
  }));
});

test("dependencyOrder() and reach() take a chain of a hundred thousand", () => {
  const chain = Array.from(
    { length: 100_000 },
    (_, at) => node(`${at}`, ...at === 0 ? [] : [`${at - 1}`]),
  );
  equal(dependencyOrder(chain.toReversed())[0]!.name, "0");
  equal(reach(makeGraph(chain).dependents, ["0"]).size, 100_000);
});
