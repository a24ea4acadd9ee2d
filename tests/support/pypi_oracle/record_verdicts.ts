/** Writes what PyPI's libraries say of the tables' rows. */

import { writeFileSync } from "node:fs";
import process from "node:process";
import { askPypi, FOLDER } from "./ask_pypi.ts";
import { METADATA_ROWS } from "./metadata_rows.ts";
import { RST_ROWS } from "./rst_rows.ts";

interface Row {
  readonly name: string;
  readonly text: string;
}

async function record(judge: string, rows: readonly Row[], file: string): Promise<void> {
  const { library, verdicts } = await askPypi(judge, rows.map(({ text }) => text), process.argv[2]);
  const refused = Object.fromEntries(
    rows.flatMap(({ name }, at) => {
      const reason = verdicts[at]![0]?.split("\n")[0];
      return reason === undefined ? [] : [[name, reason.slice(0, 160)]];
    }),
  );
  const text = `${JSON.stringify({ library, refused }, undefined, 2)}\n`;
  writeFileSync(`${FOLDER}/${file}`, text);
}

await record("judge_metadata.py", METADATA_ROWS, "metadata_verdicts.json");
await record("judge_rst.py", RST_ROWS, "rst_verdicts.json");
