/**
 * The libraries that PyPI itself asks, in a Python that has them: `packaging`, `trove-classifiers`, `email-validator`, `rfc3986`
 * and `docutils` with `pygments`. `deno run -A tests/support/pypi_oracle/record_verdicts.ts PYTHON` records what they say.
 */

import { execFile } from "node:child_process";
import process from "node:process";

/** Where the judges and their recorded verdicts are. */
export const FOLDER = "tests/fixtures/pypi";

/** What a judge says. */
export interface Judged {
  /** The release of the library that judged. */
  readonly library: string;
  /** For each document the reasons against it; none for one that is taken. */
  readonly verdicts: readonly (readonly string[])[];
}

/** `false`, or why nobody is asked here. */
export const NO_ORACLE: string | false = process.env.PIOT_PYPI_ORACLE === undefined
  ? "PIOT_PYPI_ORACLE names no Python"
  : false;

/** Asks a judge about documents. */
export function askPypi(
  judge: string,
  documents: readonly string[],
  program: string = process.env.PIOT_PYPI_ORACLE ?? "python3",
): Promise<Judged> {
  const script = `${FOLDER}/${judge}`;
  return new Promise((resolve, reject) => {
    const child = execFile(program, [script], { maxBuffer: 1 << 26 }, (error, stdout) => {
      if (error === null) resolve(JSON.parse(stdout) as Judged);
      else reject(error);
    });
    child.stdin?.end(JSON.stringify(documents));
  });
}
