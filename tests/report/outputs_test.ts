import assert from "node:assert/strict";
import { test } from "node:test";
import type { MatrixRow } from "../../src/core/model/plan.ts";
import { Failure } from "../../src/error.ts";
import { type PublishDocument, publishDocument } from "../../src/report/documents.ts";
import { planOutputs, type PublishOutputs, publishOutputs } from "../../src/report/outputs.ts";
import { matrixRow, planOf, POLYGLOT } from "../support/plans.ts";
import type { Outcome } from "../../src/report/outcome.ts";
import { ALL_OUTCOMES, COMMIT, CORE } from "../support/outcomes.ts";

function rows(count: number, name = "p"): readonly MatrixRow[] {
  return Array.from({ length: count }, (_, at) => matrixRow(`${name}${at}`));
}

/** What GitHub allows: 1 MB of outputs for a job, counted in UTF-16. */
const MOST_UNITS = 524_288;

test("planOutputs() says what there is to build and to release", () => {
  const row = matrixRow("demo");
  const cases: readonly (readonly [string, Parameters<typeof planOf>[0], object])[] = [
    ["nothing", {}, {
      matrix: "[]",
      has_rows: "false",
      has_release: "false",
      shards: "[]",
    }],
    [
      "a package without build rows",
      { packages: POLYGLOT.packages },
      { matrix: "[]", has_rows: "false", has_release: "true", shards: "[]" },
    ],
    [
      "a package to build",
      { packages: POLYGLOT.packages, matrix: [row] },
      {
        matrix: JSON.stringify([row]),
        has_rows: "true",
        has_release: "true",
        shards: "[]",
      },
    ],
  ];
  for (const [name, changes, expected] of cases) {
    const plan = planOf(changes);
    assert.deepEqual(planOutputs(plan), { ...expected, head: plan.head }, name);
    const { matrix, has_rows, has_release } = planOutputs(plan, { isBuilt: true });
    const { has_release: same } = planOutputs(plan);
    assert.deepEqual({ matrix, has_rows, has_release }, {
      matrix: "[]",
      has_rows: "false",
      has_release: same,
    }, `${name}, and built`);
  }
});

test("planOutputs() cuts the rows into shards when one matrix does not take them", () => {
  const cases: readonly (readonly [number, readonly number[]])[] = [
    [256, []],
    [257, [200, 57]],
    [600, [200, 200, 200]],
  ];
  for (const [count, sizes] of cases) {
    const matrix = rows(count);
    const outputs = planOutputs(planOf({ matrix }));
    const shards = JSON.parse(outputs.shards) as {
      shard: number;
      of: number;
      matrix: MatrixRow[];
    }[];
    assert.deepEqual(shards.map((shard) => shard.matrix.length), sizes, `${count} rows`);
    assert.deepEqual(
      shards.map(({ shard, of }) => [shard, of]),
      sizes.map((_, at) => [at + 1, sizes.length]),
    );
    assert.deepEqual(JSON.parse(outputs.matrix), matrix);
    if (sizes.length > 0) assert.deepEqual(shards.flatMap((shard) => shard.matrix), matrix);
  }
});

test("planOutputs() leaves the matrix empty when only the shards have room", () => {
  const matrix = rows(1_500);
  const outputs = planOutputs(planOf({ matrix }));
  assert.equal(outputs.matrix, "[]");
  assert.equal(outputs.has_rows, "true");
  assert.equal(JSON.parse(outputs.shards).length, 8);
  assert.ok(Object.values(outputs).join("").length < MOST_UNITS);
});

test("planOutputs() never writes outputs that GitHub would drop", () => {
  const cases: readonly (readonly [string, readonly MatrixRow[], RegExp])[] = [
    [
      "too many rows",
      rows(5_000),
      /^Cannot hand 5000 build rows to the next job: they need \d+ characters/,
    ],
    ["too long names", rows(200, "n".repeat(900)), /^Cannot hand 200 build rows to the next job/],
  ];
  for (const [name, matrix, message] of cases) {
    assert.throws(() => planOutputs(planOf({ matrix })), (error) => {
      assert.ok(error instanceof Failure, name);
      assert.equal(error.code, "PIOT_OUTPUTS_TOO_LARGE");
      assert.match(error.message, message, name);
      return true;
    });
  }
});

function documentOf(
  outcomes: readonly Outcome[],
  warnings: readonly string[] = [],
): PublishDocument {
  return publishDocument({ head: null, mode: "release", outcomes }, warnings);
}

function outputsOf(outcomes: readonly Outcome[]): Omit<PublishOutputs, "result"> {
  const { result: _, ...rest } = publishOutputs(outcomes, documentOf(outcomes));
  return rest;
}

test("publishOutputs() names the releases that this run made complete", () => {
  assert.deepEqual(outputsOf(ALL_OUTCOMES), {
    released: "true",
    released_packages: JSON.stringify([
      {
        name: "core",
        version: "1.3.0",
        tag: "core-v1.3.0",
        commit: COMMIT,
        registry_url: "https://crates.io/crates/core/1.3.0",
      },
      {
        name: "half",
        version: "1.3.0",
        tag: "core-v1.3.0",
        commit: COMMIT,
        registry_url: "https://crates.io/crates/core/1.3.0",
      },
      {
        name: "older",
        version: "1.3.0",
        tag: "core-v1.3.0",
        commit: "a".repeat(40),
        registry_url: "https://crates.io/crates/core/1.3.0",
      },
    ]),
  });
});

test("publishOutputs() counts nothing that an earlier run completed or that nobody published", () => {
  const others = ALL_OUTCOMES.filter(({ status }) => !["published", "healed"].includes(status));
  const cases: readonly (readonly [string, readonly Outcome[]])[] = [["all others", others], [
    "none",
    [],
  ]];
  for (const [name, outcomes] of cases) {
    assert.deepEqual(
      outputsOf(outcomes),
      { released: "false", released_packages: "[]" },
      name,
    );
  }
});

test("publishOutputs() says null for the tag of a release outside a git work tree", () => {
  const { released_packages } = outputsOf([{ ...CORE, tag: null, status: "published" }]);
  assert.equal(JSON.parse(released_packages)[0].tag, null);
});

test("publishOutputs() hands on the whole document as `result`", () => {
  const document = documentOf(ALL_OUTCOMES, ["a token stood in"]);
  assert.deepEqual(JSON.parse(publishOutputs(ALL_OUTCOMES, document).result), document);
});

test("publishOutputs() cuts a document that GitHub would drop with all the other outputs, and says so", () => {
  const many = (count: number, name: string): readonly Outcome[] =>
    Array.from({ length: count }, (_, index) => ({
      ...CORE,
      name: `${name}${index}`,
      status: "failed" as const,
      failure: new Failure("PIOT_AUTH_REFUSED", "no".repeat(1000)),
    }));
  const outcomes = many(1000, "a");
  const result = JSON.parse(publishOutputs(outcomes, documentOf(outcomes, ["w"])).result);
  assert.equal(result.cut, true);
  assert.deepEqual(result.warnings, []);
  assert.deepEqual(result.packages[999], {
    name: "a999",
    kind: "crates",
    version: "1.3.0",
    tag: "core-v1.3.0",
    commit: COMMIT,
    registry_url: "https://crates.io/crates/core/1.3.0",
    status: "failed",
  });
  const tooMany = many(1000, "a".repeat(500));
  assert.equal(publishOutputs(tooMany, documentOf(tooMany)).result, "");
});
