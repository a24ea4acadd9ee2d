/**
 * The failure of a plan that was given and cannot be used.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import { quote } from "../words/phrases.ts";

/** What a package is called in these failures. */
export function called(name: string): string {
  return `package ${quote(name)}`;
}

/** `PIOT_PLAN_INVALID`; `why` completes "Cannot use the plan: …". */
export function invalid(why: string): Failure {
  return new Failure("PIOT_PLAN_INVALID", `Cannot use the plan: ${why}`, {
    hint: "Plan again at this commit, with its configuration and its tags, and give that plan",
  });
}
