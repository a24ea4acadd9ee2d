import { deepEqual, equal, throws } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { parsePlan } from "../../../src/core/plan/plan_document.ts";
import { KINDS } from "../../../src/registry/kinds.ts";
import { Failure } from "../../../src/error.ts";

const PLAN = await readFile("tests/fixtures/plan/every_kind/plan.json", "utf8");

test("parsePlan() reads what plan prints, and leaves out what it does not know", () => {
  const plan = JSON.parse(PLAN);
  deepEqual(parsePlan(PLAN, KINDS), plan);
  deepEqual(parsePlan(JSON.stringify({ ...plan, added: "later" }), KINDS), plan);
});

/** A plan whose first package has other keys. */
function planWith(keys: object): string {
  const plan = JSON.parse(PLAN);
  return JSON.stringify({ ...plan, packages: [{ ...plan.packages[0], ...keys }] });
}

const ARTIFACT = {
  target: "noarch",
  artifact_name: "x",
  artifact_path: "a.crate",
  runs_on: "ubuntu-latest",
  required: true,
};

const BROKEN: readonly (readonly [string, string, why: string])[] = [
  ["a text that is not JSON", "{", "it is not JSON: "],
  ["a list", "[]", "✖ Invalid input: expected object, received array"],
  [
    "a plan of another version",
    JSON.stringify({ ...JSON.parse(PLAN), schema: 2 }),
    "✖ Invalid input: expected 1\n  → at schema",
  ],
  [
    "a name that is a number",
    planWith({ name: 1 }),
    "✖ Invalid input: expected string, received number\n  → at packages[0].name",
  ],
  [
    "a kind that there is not",
    planWith({ kind: "maven" }),
    `✖ Invalid option: expected one of "crates"|"pypi"|"npm"\n  → at packages[0].kind`,
  ],
  [
    "a word that is none",
    planWith({ reason: "because" }),
    `✖ Invalid option: expected one of "requested"|"trailer"|"first-release"|"changed"|"dependency"`,
  ],
  [
    "an artifact that leads out of its folder",
    planWith({ name: "a", artifacts: [{ ...ARTIFACT, artifact_name: "a/.." }] }),
    "✖ Invalid string: must match pattern",
  ],
];

for (const [name, text, why] of BROKEN) {
  test(`parsePlan() refuses ${name}, and says where`, () => {
    throws(() => parsePlan(text, KINDS), (error: unknown) => {
      equal(error instanceof Failure && error.code, "PIOT_PLAN_INVALID");
      const start = `Cannot use the plan: ${why}`;
      equal((error as Failure).message.slice(0, start.length), start);
      return true;
    });
  });
}
