/**
 * Headings and transitions of reStructuredText (docutils, `parsers/rst/states.py`, `Line`, and `transforms/misc.py`, `Transitions`).
 *
 * @module
 */

import { addName, type RstDocument } from "./rst_document.ts";
import { readInline } from "./rst_inline.ts";
import { columnWidth, isBlank, type RstLine } from "./rst_lines.ts";

/** A line of one mark over and over. */
export const MARKS: RegExp = /^([!-/:-@[-`{-~])\1*$/;

/** Where a heading or a transition may begin. */
export interface SectionPlace {
  readonly lines: readonly RstLine[];
  readonly at: number;
  /** What stood in front of it, of which blank lines and comments are nothing. */
  readonly wasLast: RstDocument["last"];
}

/** A heading with a line above it, or a transition; undefined for a line that is ordinary text. */
export function readOverline(document: RstDocument, place: SectionPlace): number | undefined {
  const { lines, at } = place;
  const { text, number } = lines[at]!;
  const wrong = (clause: string): number | undefined => {
    if (text.length < 4) return undefined;
    document.problems.push({ line: number, clause });
    return at + 2;
  };
  if (isBlank(lines[at + 1])) return text.length < 4 ? undefined : readTransition(document, place);
  const [title, under] = [lines[at + 1]!, lines[at + 2]];
  if (MARKS.test(title.text)) return wrong("two lines of marks follow each other");
  if (under === undefined || !MARKS.test(under.text)) {
    return wrong("a heading has a line above it and none below");
  }
  if (under.text !== text) return wrong("the lines above and below a heading differ");
  if (columnWidth(title.text) > text.length) {
    const end = wrong("the line above a heading is shorter than it");
    return end === undefined ? undefined : end + 1;
  }
  openSection(document, { style: text[0]!.repeat(2), title });
  return at + 3;
}

function readTransition(document: RstDocument, { lines, at, wasLast }: SectionPlace): number {
  if (wasLast !== "block") {
    const clause = "a transition has no text in front of it";
    document.problems.push({ line: lines[at]!.number, clause });
  }
  document.last = "transition";
  return at + 1;
}

/** Notes a heading, whose style has to be one that may stand at this depth. */
export function openSection(
  document: RstDocument,
  { style, title }: { readonly style: string; readonly title: RstLine },
): void {
  const { titleStyles } = document;
  const known = titleStyles.indexOf(style);
  const level = known < 0 ? titleStyles.length + 1 : known + 1;
  if (level > document.sectionLevel + 1) {
    document.problems.push({ line: title.number, clause: "a heading skips a level" });
  } else {
    if (known < 0) titleStyles.push(style);
    document.sectionLevel = level;
  }
  document.last = "start";
  readInline(document, [{ ...title, text: title.text.trim() }]);
  addName(document, title.text);
}
