import { deepEqual, equal, match } from "node:assert/strict";
import { test } from "node:test";
import { judge } from "../../../src/core/doctor/check.ts";
import { CHECKS } from "../../../src/core/doctor/checks.ts";
import { doctorFacts } from "../../support/doctor_facts.ts";
import type { CheckRow } from "./rows/check_row.ts";
import { DELIVERY_ROWS } from "./rows/delivery_rows.ts";
import { MANIFEST_ROWS } from "./rows/manifest_rows.ts";
import { ONLINE_ROWS } from "./rows/online_rows.ts";
import { SAFETY_ROWS } from "./rows/safety_rows.ts";
import { TRUST_ROWS } from "./rows/trust_rows.ts";
import { WORKFLOW_ROWS } from "./rows/workflow_rows.ts";

const ROWS: readonly CheckRow[] = [
  ...TRUST_ROWS,
  ...WORKFLOW_ROWS,
  ...DELIVERY_ROWS,
  ...SAFETY_ROWS,
  ...MANIFEST_ROWS,
  ...ONLINE_ROWS,
];

test("a repository in order has no finding", () => {
  const facts = doctorFacts();
  deepEqual(CHECKS.flatMap((check) => judge(check, facts).findings), []);
});

for (const { check: id, name, facts, verdict, says, at } of ROWS) {
  test(`${id}: ${name}`, () => {
    const check = CHECKS.find((one) => one.id === id)!;
    const judged = judge(check, doctorFacts(facts));
    equal(judged.verdict, verdict, JSON.stringify(judged.findings, null, 1));
    const [first] = judged.findings;
    if (says !== undefined) match(first!.message, says);
    const { file, line, column } = first?.location ?? {};
    if (at !== undefined) equal(`${file}:${line}:${column}`, at);
  });
}

test("every check has a row that it fails, and one that it passes", () => {
  const healthy = doctorFacts();
  const verdictsOf = (id: string): ReadonlySet<string> => {
    const check = CHECKS.find((one) => one.id === id)!;
    const ofRows = ROWS.filter((row) => row.check === id).map(({ verdict }) => verdict);
    return new Set([...ofRows, judge(check, healthy).verdict]);
  };
  const lacking = CHECKS.filter(({ id, severity }) => {
    const verdicts = verdictsOf(id);
    return !verdicts.has(severity) || !verdicts.has("passed");
  });
  deepEqual(lacking.map(({ id }) => id), []);
});

test("every check is known by a word of its own, and says what to do in one sentence", () => {
  const ids = CHECKS.map(({ id }) => id);
  equal(new Set(ids).size, ids.length);
  for (const { id, mend, title } of CHECKS) {
    match(id, /^[a-z]+(?:-[a-z]+)*$/);
    for (const text of [mend, title]) match(text, /[^.]$/);
  }
});
