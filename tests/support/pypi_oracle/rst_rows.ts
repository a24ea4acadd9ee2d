/** Descriptions in reStructuredText, whole and broken, one thing at a time; each stands below its name in one file. */

import { readFileSync } from "node:fs";
import { FOLDER } from "./ask_pypi.ts";

/** A description. */
export interface RstRow {
  readonly name: string;
  readonly text: string;
}

/** Every text by its name. */
export const RST_ROWS: readonly RstRow[] = readFileSync(`${FOLDER}/rst_rows.txt`, "utf8")
  .split(/^@@ /m).slice(1).map((block) => {
    const [name = "", ...lines] = block.split("\n");
    return { name, text: lines.join("\n") };
  });
