import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../../support/property.ts";
import type { MatrixRow } from "../../../src/core/model/plan.ts";
import { cutShards } from "../../../src/core/plan/shards.ts";
import { matrixRow as row } from "../../support/plans.ts";

function rows(count: number): readonly MatrixRow[] {
  return Array.from({ length: count }, (_, at) => row(`p${at}`));
}

test("cutShards() cuts at 200 rows", () => {
  const cases: readonly (readonly [number, readonly number[]])[] = [
    [0, []],
    [1, [1]],
    [200, [200]],
    [201, [200, 1]],
    [512, [200, 200, 112]],
  ];
  for (const [count, sizes] of cases) {
    assert.deepEqual(cutShards(rows(count)).map((shard) => shard.length), sizes, `${count} rows`);
  }
});

test("cutShards() lets a row that passes the bound by itself stand alone", () => {
  const huge = row("x".repeat(1_000));
  const shards = cutShards([row("a"), huge, row("b"), row("c")], { units: 1_000 });
  assert.deepEqual(shards.map((shard) => shard.map((row) => row.name.slice(0, 1))), [
    ["a"],
    ["x"],
    ["b", "c"],
  ]);
});

test("cutShards() keeps every row, in order, within both bounds", () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 80 });
  fc.assert(fc.property(lengths, fc.integer({ min: 1, max: 20 }), (all, most) => {
    const given = all.map((length, at) => row(`${at}-${"n".repeat(length)}`));
    const shards = cutShards(given, { rows: most, units: 2_000 });
    assert.deepEqual(shards.flat(), given);
    for (const shard of shards) {
      assert.ok(shard.length >= 1 && shard.length <= most);
      assert.ok(JSON.stringify(shard).length <= 2_001);
    }
  }));
});
