/**
 * The text of `docs/errors.md`, made from the tables of codes.
 *
 * @module
 */

import { FAILURE_TABLES, type FailureDoc, type FailureTable } from "../src/failure_codes.ts";

const HEAD = `<!-- deno-fmt-ignore-file -->
<!-- Written by scripts/write_errors.ts from src/failure_codes/. -->

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

/** The page: the exit statuses, a list of links for each table, then each table with a section for every code. */
export function errorsPage(
  tables: Readonly<Record<string, FailureTable>> = { ...FAILURE_TABLES },
): string {
  const rooms = Object.entries(tables);
  return [HEAD, ...rooms.map(links), ...rooms.map(chapter)].join("\n");
}

function links([heading, table]: readonly [string, FailureTable]): string {
  const items = Object.keys(table).map((code) => `- [${code}](#${code.toLowerCase()})`);
  return `**${heading}**\n\n${items.join("\n")}\n`;
}

function chapter([heading, table]: readonly [string, FailureTable]): string {
  return [`## ${heading}\n`, ...Object.entries(table).map(section)].join("\n");
}

function section([code, { exit, trips, mend }]: readonly [string, FailureDoc]): string {
  return `### ${code}\n\n${trips}\n\nThe way out: ${mend}\n\nExit status: ${exit}\n`;
}
