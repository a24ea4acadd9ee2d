/** Rows of the checks that registries and GitHub are asked for. */

import type { EnvironmentRules } from "../../../../src/core/doctor/online_facts.ts";
import { doctorFacts, type FactsInput } from "../../../support/doctor_facts.ts";
import type { CheckRow } from "./check_row.ts";

const [PY, JS] = doctorFacts().config!.packages;

function online(
  { missing = [], rules = { state: "read", branches: ["main"], reviewed: false } }: {
    readonly missing?: readonly string[];
    readonly rules?: EnvironmentRules;
  } = {},
): FactsInput {
  return {
    more: {
      online: {
        packages: [{ pkg: PY!, missing: [] }, { pkg: JS!, missing }],
        environments: new Map([["release", rules]]),
      },
    },
  };
}

export const ONLINE_ROWS: readonly CheckRow[] = [
  {
    check: "names-there",
    name: "a name that is new",
    facts: online({ missing: ["demo-js"] }),
    verdict: "warning",
    says: /npm does not have "demo-js" yet/,
  },
  {
    check: "names-there",
    name: "a platform's name that is new",
    facts: online({ missing: ["demo-js-linux"] }),
    verdict: "warning",
    says: /needs for one of its platforms/,
  },
  { check: "names-there", name: "all are there", facts: online(), verdict: "passed" },
  { check: "names-there", name: "nobody was asked", facts: {}, verdict: "not-applicable" },
  { check: "environment-rules", name: "some branches", facts: online(), verdict: "passed" },
  {
    check: "environment-rules",
    name: "every branch",
    facts: online({ rules: { state: "read", branches: undefined, reviewed: true } }),
    verdict: "warning",
    says: /lets every branch through/,
  },
  {
    check: "environment-rules",
    name: "not there yet",
    facts: online({ rules: { state: "absent" } }),
    verdict: "warning",
  },
  {
    check: "environment-rules",
    name: "no right to read it",
    facts: online({ rules: { state: "unreadable", why: "403" } }),
    verdict: "unknown",
  },
];
