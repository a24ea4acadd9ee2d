/** One row of the table of checks: what is read, and what becomes of the check. */

import type { Verdict } from "../../../../src/core/doctor/finding.ts";
import type { FactsInput } from "../../../support/doctor_facts.ts";

export interface CheckRow {
  readonly check: string;
  readonly name: string;
  readonly facts: FactsInput;
  readonly verdict: Verdict;
  /** What its first finding says. */
  readonly says?: RegExp;
  /** Where, as `file:line:column`. */
  readonly at?: string;
}
