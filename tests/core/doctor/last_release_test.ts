import { deepEqual, equal, match } from "node:assert/strict";
import { test } from "node:test";
import type { PackageOnline } from "../../../src/core/doctor/online_facts.ts";
import { lastPhase } from "../../../src/core/doctor/trust/last_release.ts";
import { doctorFacts, released } from "../../support/doctor_facts.ts";

const FACTS = doctorFacts();
const [, JS] = FACTS.config!.packages;
type Newest = NonNullable<PackageOnline["newest"]>;
const TRUSTED = ["trusted-publisher", "provenance"] as const;

const ROWS: readonly {
  readonly name: string;
  readonly newest?: Newest;
  readonly failure?: string;
  readonly facts?: Parameters<typeof doctorFacts>[0];
  readonly verdict: string;
  readonly line: RegExp;
}[] = [
  { name: "nothing is released", verdict: "neutral", line: /^nothing is released yet$/ },
  {
    name: "the same as today",
    newest: {
      version: "1.0.0",
      evidence: TRUSTED,
      origin: { repository: "Ada/demo", workflow: "release.yml" },
    },
    verdict: "passed",
    line:
      /^demo-js 1\.0\.0 from release\.yml, Ada\/demo \(its registry does not tell environment\)$/,
  },
  {
    name: "with the environment",
    newest: {
      version: "1.0.0",
      evidence: TRUSTED,
      origin: { repository: "ada/demo", workflow: "release.yml", environment: "Release" },
    },
    verdict: "passed",
    line: /release\.yml, Release, ada\/demo$/,
  },
  {
    name: "another workflow",
    newest: {
      version: "1.0.0",
      evidence: TRUSTED,
      origin: { repository: "ada/demo", workflow: "old.yml" },
    },
    verdict: "warning",
    line: /published by old\.yml, and today release\.yml publishes/,
  },
  {
    name: "another repository",
    newest: { version: "1.0.0", evidence: TRUSTED, origin: { repository: "ada/old" } },
    verdict: "failed",
    line: /came from ada\/old, and this is ada\/demo/,
  },
  {
    name: "no environment then",
    newest: {
      version: "1.0.0",
      evidence: TRUSTED,
      origin: { workflow: "release.yml", environment: null },
    },
    verdict: "warning",
    line: /published in no environment, and today the job runs in environment release/,
  },
  {
    name: "nothing public tells",
    newest: { version: "1.0.0", evidence: [] },
    verdict: "neutral",
    line: /nothing public tells where demo-js 1\.0\.0 came from/,
  },
  {
    name: "a proof that will fall",
    newest: { version: "1.0.0", evidence: TRUSTED },
    facts: released(["      contents: write\n      id-token: write\n", "      contents: write\n"]),
    verdict: "failed",
    line: /shows trusted publisher and provenance, and the next version would not/,
  },
  {
    name: "a registry without an answer",
    failure: "503",
    verdict: "unknown",
    line: /cannot be told: 503/,
  },
  {
    name: "an origin without an answer",
    newest: { version: "1.0.0", evidence: TRUSTED, failure: "504" },
    verdict: "unknown",
    line: /came from cannot be told: 504/,
  },
];

for (const { name, newest, failure, facts, verdict, line } of ROWS) {
  test(`the last release: ${name}`, () => {
    const one: PackageOnline = {
      pkg: JS!,
      missing: [],
      ...(newest === undefined ? {} : { newest }),
      ...(failure === undefined ? {} : { failure }),
    };
    const online = { packages: [one], environments: new Map() };
    const phase = lastPhase({ ...doctorFacts(facts), online });
    equal(phase.verdict, verdict, JSON.stringify(phase));
    match(phase.line, line);
  });
}

test("the last release: nobody is asked without --online", () => {
  deepEqual(lastPhase(FACTS), {
    name: "trust policy (last release)",
    verdict: "neutral",
    line: "not asked: run with --online",
    found: [],
  });
});
