/**
 * The text of `docs/errors.md`, made from the table of codes.
 *
 * @module
 */

import { FAILURE_CODES, type FailureDoc } from "../src/failure_codes.ts";

const HEAD = `<!-- deno-fmt-ignore-file -->
<!-- Written by scripts/write_errors.ts from src/failure_codes.ts. -->

# Error codes

Every failure that can be mended carries one of these codes: in the text (\`error[PIOT_USAGE]\`), as the title of the
annotation in GitHub Actions, and as \`code\` with \`--json\`. Codes are added, never renamed.

| exit status | meaning |
| --- | --- |
| 0 | done |
| 1 | the release or the check did not succeed |
| 2 | the input is wrong: flags, configuration, trailer, arguments |
| 4 | a bug of putitoutthere: please report it with the text that it printed |
| 130 | interrupted |
`;

/** The page: the exit statuses, then a section for each code in alphabetical order. */
export function errorsPage(codes: Readonly<Record<string, FailureDoc>> = FAILURE_CODES): string {
  const sections = Object.entries(codes).sort(([a], [b]) => a < b ? -1 : 1).map(section);
  return [HEAD, ...sections].join("\n");
}

function section([code, { exit, trips, mend }]: readonly [string, FailureDoc]): string {
  return `## ${code}\n\n${trips}\n\nThe way out: ${mend}\n\nExit status: ${exit}\n`;
}
