/**
 * How PyPI refuses a field of an upload's form.
 *
 * @module
 */

import { Refusal } from "./refusal.ts";

/** Where PyPI sends people to read about fields. */
export const SPECIFICATION: string =
  "See https://packaging.python.org/specifications/core-metadata for more information.";

/** 400 for a value; `why` is a sentence. */
export function invalidField(
  value: string | undefined,
  { header, why }: { readonly header: string; readonly why: string },
): Refusal {
  return new Refusal(
    400,
    `'${value ?? ""}' is an invalid value for ${header}. Error: ${why} ${SPECIFICATION}`,
  );
}
