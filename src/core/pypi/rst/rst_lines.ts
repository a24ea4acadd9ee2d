/**
 * Lines of reStructuredText, and the blocks that their indentation makes (docutils, `statemachine.py`).
 *
 * @module
 */

/** A line without what stands in front of its block. */
export interface RstLine {
  readonly text: string;
  /** As the author counts, from 1. */
  readonly number: number;
}

/** Lines that belong together by their indentation. */
export interface IndentedBlock {
  /** Without the indentation that all of them have. */
  readonly lines: readonly RstLine[];
  /** Where the text goes on, as an index. */
  readonly end: number;
  /** Whether a blank line or the end of the text follows, as it should. */
  readonly isFinished: boolean;
}

/** A text's lines as docutils takes them: tabs are eight wide, blanks at their ends are gone. */
export function rstLines(text: string): readonly RstLine[] {
  return text.split(/\r\n|[\n\r]/).map((line, index) => ({
    text: expandTabs(line.replace(/[\v\f]/g, " ")).trimEnd(),
    number: index + 1,
  }));
}

function expandTabs(line: string): string {
  const [first = "", ...rest] = line.split("\t");
  return rest.reduce((text, piece) => text + " ".repeat(8 - text.length % 8) + piece, first);
}

/** Whether a line has nothing on it; there is none behind the last. */
export function isBlank(line: RstLine | undefined): boolean {
  return line === undefined || line.text === "";
}

/** How a block begins: with a known indentation for all its lines, or for the first one, which is behind a mark. */
interface BlockStart {
  readonly indent?: number;
  readonly firstIndent?: number;
  readonly untilBlank?: boolean;
  /** Whether the line with the mark stays although nothing is behind it. */
  readonly keepsFirst?: boolean;
}

/** The block that begins at a line. */
export function indentedBlock(
  lines: readonly RstLine[],
  start: number,
  { indent, firstIndent = indent, untilBlank = false, keepsFirst = false }: BlockStart = {},
): IndentedBlock {
  let end = firstIndent === undefined ? start : start + 1;
  let isFinished = true;
  let least = indent;
  for (; end < lines.length; end++) {
    const { text } = lines[end]!;
    const own = text.length - text.trimStart().length;
    if (text === "") {
      if (untilBlank) break;
      continue;
    }
    if (own === 0 || (indent !== undefined && own < indent)) {
      isFinished = end > start && lines[end - 1]!.text === "";
      break;
    }
    if (indent === undefined) least = Math.min(least ?? own, own);
  }
  const block = lines.slice(start, end).map((line, index) => ({
    ...line,
    text: line.text.slice(index === 0 && firstIndent !== undefined ? firstIndent : least ?? 0),
  }));
  return { lines: keepsFirst ? block : trimBlank(block), end, isFinished };
}

/** The lines without blank ones in front and behind. */
export function trimBlank(lines: readonly RstLine[]): readonly RstLine[] {
  const from = lines.findIndex(({ text }) => text !== "");
  return from < 0 ? [] : lines.slice(from, lines.findLastIndex(({ text }) => text !== "") + 1);
}

const WIDE = new RegExp(
  "[\\u1100-\\u115f\\u2e80-\\ua4cf\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff00-\\uff60\\uffe0-\\uffe6]|\\p{Emoji_Presentation}",
  "u",
);

/** Columns: East Asian letters and pictures are two wide, marks on other letters none (docutils, `utils`, `column_width`). */
export function columnWidth(text: string): number {
  return [...text].reduce((sum, character) => {
    if (/\p{Mn}|\p{Me}/u.test(character)) return sum;
    return sum + (WIDE.test(character) ? 2 : 1);
  }, 0);
}
