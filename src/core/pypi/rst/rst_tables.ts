/**
 * The frames of tables in reStructuredText (docutils, `parsers/rst/tableparser.py` and `states.py`). What stands in their cells is not
 * looked at.
 *
 * @module
 */

import type { RstDocument } from "./rst_document.ts";
import { columnWidth, type RstLine } from "./rst_lines.ts";

const GRID = /^\+-[-+]+-\+$/;
const SIMPLE = /^=+(?: +=+)+$/;

/** Whether a line is the top of a table. */
export function tableAt(text: string): boolean {
  return GRID.test(text) || SIMPLE.test(text);
}

/** Reads a table, and gives where the text goes on. */
export function readTable(document: RstDocument, lines: readonly RstLine[], at: number): number {
  document.hasTables = true;
  return GRID.test(lines[at]!.text)
    ? readGrid(document, lines, at)
    : readSimple(document, lines, at);
}

function readGrid(document: RstDocument, lines: readonly RstLine[], at: number): number {
  const blank = lines.findIndex(({ text }, index) => index > at && text === "");
  const block = lines.slice(at, blank < 0 ? lines.length : blank);
  const { text: top } = block[0]!;
  const odd = block.find(({ text }) =>
    !/^[+|].*[+|]$/.test(text) || columnWidth(text) !== top.length
  );
  if (odd !== undefined || !GRID.test(block.at(-1)!.text)) {
    document.problems.push({
      line: (odd ?? block.at(-1)!).number,
      clause: "a table's frame is not closed",
    });
  }
  return at + block.length;
}

function readSimple(document: RstDocument, lines: readonly RstLine[], at: number): number {
  const top = lines[at]!;
  let found = 0;
  for (let index = at + 1; index < lines.length; index++) {
    const { text, number } = lines[index]!;
    if (!/^=+[ =]*$/.test(text)) continue;
    if (text.length !== top.text.length) {
      document.problems.push({
        line: number,
        clause: "a line of a table is not as long as its top",
      });
      return index + 1;
    }
    found++;
    if (found === 2 || (lines[index + 1]?.text ?? "") === "") {
      checkMargins(document, lines.slice(at, index));
      return index + 1;
    }
  }
  document.problems.push({ line: top.number, clause: "a table has no line at its end" });
  return lines.length;
}

/** Between two columns stands nothing, unless a row of dashes says that cells span them. */
function checkMargins(document: RstDocument, [top, ...rows]: readonly RstLine[]): void {
  if (top === undefined || rows.some(({ text }) => /^-[ -]*$/.test(text))) return;
  const margins = [...top.text.matchAll(/ +/g)].map((gap) =>
    [gap.index, gap.index + gap[0].length] as const
  );
  const odd = rows.find(({ text }) =>
    /^[ -~]*$/.test(text) && !/^=+[ =]*$/.test(text) &&
    margins.some(([from, to]) => text.slice(from, to).trim() !== "")
  );
  if (odd !== undefined) {
    document.problems.push({
      line: odd.number,
      clause: "a text stands between two columns of a table",
    });
  }
}
