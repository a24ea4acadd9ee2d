import { equal } from "node:assert/strict";
import { test } from "node:test";
import { CHECKS } from "../../../src/core/doctor/checks.ts";
import { judgeAll } from "../../../src/core/doctor/doctor_document.ts";
import { change, doctorFacts, RELEASE } from "../../support/doctor_facts.ts";

const STEP = "      - run: ./build.sh\n";
const run = (script: string): string =>
  change(RELEASE, STEP, `      - run: ${JSON.stringify(script)}\n`);
const levels = Array.from(
  { length: 12 },
  (_, at) => `  x${at + 1}: &x${at + 1} [${Array(10).fill(`*x${at}`).join(", ")}]\n`,
).join("");

/** Workflows that stand for more than they are, or that a reader could stumble over. None is to take long, or to throw. */
const HOSTILE: Readonly<Record<string, string>> = {
  "aliases of aliases": change(
    RELEASE,
    "permissions: {}\n",
    `permissions: {}\nx:\n  x0: &x0 [needs, needs]\n${levels}`,
  )
    .replace(STEP, `${STEP}      - run: x\n        env: { A: *x12 }\n`),
  "steps of steps": change(
    RELEASE,
    STEP,
    `      - parallel: &p0 [{ run: a }]\n${
      Array.from(
        { length: 7 },
        (_, at) =>
          `      - parallel: &p${at + 1} [${Array(9).fill(`{ parallel: *p${at} }`).join(", ")}]\n`,
      ).join("")
    }`,
  ),
  "an alias of its own": change(
    RELEASE,
    "    steps:\n",
    "    steps: &self\n      - parallel: *self\n",
  ),
  "a job called like a pattern": RELEASE.replaceAll("plan:", '"plan(":').replaceAll(
    "needs: plan\n",
    'needs: "plan("\n',
  ),
  "expressions that do not end": run("${{ ".repeat(5_000)),
  "events in expressions that do not end": run(`\${{ ${"github.event.issue ".repeat(1_000)}`),
  "a name of gaps": change(
    RELEASE,
    "name: ${{ matrix.artifact_name }}",
    `name: "${"a${{ env.A }}".repeat(60)}b"`,
  ),
  "a pattern of stars": change(
    RELEASE,
    "          path: artifacts\n",
    `          path: artifacts\n          pattern: "${"*a".repeat(60)}b"\n`,
  ),
  "keys without number": `${RELEASE}${
    Array.from({ length: 10_000 }, (_, at) => `k${at}: 1\n`).join("")
  }`,
  "jobs without number": `on: push\njobs:\n${
    Array.from({ length: 500 }, (_, at) =>
      `  j${at}: { runs-on: a, steps: [{ run: piot publish }] }\n`).join("")
  }`,
  "workflows that call themselves": `on: [push, workflow_call]\njobs:\n${
    Array.from({ length: 40 }, (_, at) => `  j${at}: { uses: ./.github/workflows/release.yml }\n`)
      .join("")
  }`,
  "values of the wrong kind":
    "on: { push: 1, schedule: [a] }\npermissions: [a]\nconcurrency: []\nenv: a\njobs:\n  a: 1\n  b: []\n  c: { needs: { a: b }, steps: { a: b }, permissions: 3, environment: [a], runs-on: {}, strategy: 1, env: [1], if: {}, uses: [] }\n  d: { steps: [1, [], { run: {}, uses: {}, with: [], env: 1 }, null] }\n",
  "keys of the wrong kind":
    "on: push\n? [a, b]\n: c\njobs: { ? { a: b } : {}, 1: { steps: [] }, null: {} }\n",
  "a tag": "on: !!set { push }\njobs: !!omap [a: 1]\n",
  "several documents": `${RELEASE}---\n${RELEASE}`,
  "a byte order mark": `\uFEFF${RELEASE}`,
  "other line ends": RELEASE.replaceAll("\n", "\r\n"),
  "no characters at all": "\0\0\0",
};

for (const [name, text] of Object.entries(HOSTILE)) {
  test(`doctor judges what could trip it: ${name}`, () => {
    const facts = doctorFacts({ workflows: { "release.yml": text, "other.yml": RELEASE } });
    equal(judgeAll(CHECKS, facts).length, CHECKS.length);
  });
}

test("twenty workflows, one of them in order, have one that publishes", () => {
  const many = Object.fromEntries(
    Array.from(
      { length: 20 },
      (_, at) => [`w${at}.yml`, `on: push\njobs: { a: { runs-on: a, steps: [] } }\n`],
    ),
  );
  const facts = doctorFacts({ workflows: { ...many, "release.yml": RELEASE } });
  equal(judgeAll(CHECKS, facts).flatMap(({ findings }) => findings).length, 0);
});
