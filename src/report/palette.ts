/**
 * Colours as functions, so that whoever renders a text never asks whether there is a terminal.
 *
 * @module
 */

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
  const paint = (on: number, off: number): Paint => (text) =>
    colour && text !== "" ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39),
  };
}

/** No colours at all. */
export const PLAIN: Palette = createPalette(false);
