import { ok } from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Failure } from "../../src/error.ts";
import { equalsGolden, goldenJson } from "../support/golden.ts";
import { inShort, planCase, readCase } from "../support/plan_case.ts";

const CASES = "tests/fixtures/plan";

for (const name of readdirSync(CASES)) {
  const folder = join(CASES, name);
  const planned = readCase(folder);
  test(`plan (${name}): ${planned.about}`, async () => {
    const outcome = await planCase(folder, planned);
    if (!("plan" in planned.expected)) {
      const expected = inShort(outcome);
      await equalsGolden(join(folder, "case.json"), goldenJson({ ...planned, expected }));
      return;
    }
    ok(!(outcome instanceof Failure));
    await equalsGolden(join(folder, planned.expected.plan), goldenJson(outcome));
  });
}
