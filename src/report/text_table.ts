/**
 * Columns of text that line up in a terminal.
 *
 * @module
 */

import type { Paint } from "./palette.ts";

/** One cell: a text, or a text and the colour that goes around it once it is padded. */
export type Cell = string | readonly [text: string, paint: Paint];

/** Ranges that a terminal draws two columns wide (Unicode Annex 11, the blocks that matter). */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** How many columns a terminal needs for a text without control characters. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (!/\p{M}/u.test(character)) width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}

/**
 * Lines in which every column starts at the same place, two blanks after the widest cell of the one
 * before it.
 */
export function alignColumns(rows: readonly (readonly Cell[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, cell] of row.entries()) {
      widths[at] = Math.max(widths[at] ?? 0, displayWidth(textOf(cell)));
    }
  }
  const last = widths.length - 1;
  return rows.map((row) => {
    const cells = row.map((cell, at) => paintCell(cell, at === last ? 0 : widths[at]! + 2));
    return cells.join("").trimEnd();
  });
}

function paintCell(cell: Cell, columns: number): string {
  const text = textOf(cell);
  const painted = typeof cell === "string" ? text : cell[1](text);
  return painted + " ".repeat(Math.max(0, columns - displayWidth(text)));
}

function textOf(cell: Cell): string {
  return typeof cell === "string" ? cell : cell[0];
}
