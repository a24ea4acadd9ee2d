/**
 * How lines look in a terminal: colours as functions, so that whoever renders a text never asks whether there is one, and
 * columns that line up.
 *
 * @module
 */

import { styleText } from "node:util";

/** Puts a colour or weight around a text that holds none itself. */
export type Paint = (text: string) => string;

/** The few colours that the voice has. */
export interface Palette {
  /** Headings and names. */
  readonly bold: Paint;
  /** What matters less. */
  readonly dim: Paint;
  /** What failed. */
  readonly red: Paint;
  /** What went well. */
  readonly green: Paint;
  /** What is odd, or waits. */
  readonly yellow: Paint;
  /** Places and hints. */
  readonly cyan: Paint;
}

/** What decides about colour. */
export interface ColourFacts {
  /** Whether what is written to is a terminal. */
  readonly isTTY: boolean;
  /** The environment: NO_COLOR, FORCE_COLOR and TERM are looked at. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether `--no-color` was given. */
  readonly noColor?: boolean;
}

/**
 * Whether to colour: `--no-color`, then NO_COLOR (set and not empty: no-color.org), then
 * FORCE_COLOR (set, and neither empty nor `0`), then whether it is a terminal that is not `dumb`.
 */
export function wantsColour({ isTTY, env, noColor = false }: ColourFacts): boolean {
  if (noColor || (env.NO_COLOR ?? "") !== "") return false;
  if ((env.FORCE_COLOR ?? "") !== "") return env.FORCE_COLOR !== "0";
  return isTTY && env.TERM !== "dumb";
}

/** The colours, or functions that leave a text as it is. */
export function createPalette(colour: boolean): Palette {
  const paint = (format: keyof Palette): Paint => (text) =>
    // Whether to colour is decided by now; asked to validate its stream, node decides it again, by standard output.
    colour && text !== "" ? styleText(format, text, { validateStream: false }) : text;
  return {
    bold: paint("bold"),
    dim: paint("dim"),
    red: paint("red"),
    green: paint("green"),
    yellow: paint("yellow"),
    cyan: paint("cyan"),
  };
}

/** No colours at all. */
export const PLAIN: Palette = createPalette(false);

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
