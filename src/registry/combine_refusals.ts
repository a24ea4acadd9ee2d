/**
 * Several failures of one release as one.
 *
 * @module
 */

import { combineFailures, type Failure } from "../error.ts";
import { ReleaseRefused } from "./registry.ts";

/** One failure for several of one release: its own trouble when each of them is. */
export function combineRefusals(failures: readonly Failure[]): Failure {
  const failure = combineFailures(failures);
  if (failures.length === 1 || failures.some((one) => !(one instanceof ReleaseRefused))) {
    return failure;
  }
  const { code, message, problems, cause } = failure;
  return new ReleaseRefused(code, message, { problems, cause });
}
