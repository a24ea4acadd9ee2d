/** What a test may be skipped for: never for a program that `.ci/run` has found or installed. */

import process from "node:process";

/**
 * Why a test is skipped, when it may be. Throws where the program is listed in `PIOT_TEST_PROVIDED` and `CI` is `true`:
 * there a skipped test would hide that the program was not found.
 */
export function maySkip(
  program: string,
  why: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const provided = (env.PIOT_TEST_PROVIDED ?? "").split(" ");
  if (env.CI === "true" && provided.includes(program)) {
    throw new Error(`Cannot skip a test (${why}): .ci/run provides ${program}`);
  }
  return why;
}
