/**
 * The blocks of reStructuredText (docutils, `parsers/rst/states.py`): paragraphs, sections, lists, quotes, literals, and what is wrong
 * with where they begin and end. The inside of tables is not looked at.
 *
 * @module
 */

import type { RstDocument } from "./rst_document.ts";
import { readExplicit } from "./rst_explicit.ts";
import { readInline } from "./rst_inline.ts";
import {
  columnWidth,
  type IndentedBlock,
  indentedBlock,
  isBlank,
  type RstLine,
} from "./rst_lines.ts";
import { goesOn, itemAt, listAt } from "./rst_lists.ts";
import { MARKS, openSection, readOverline, type SectionPlace } from "./rst_sections.ts";
import { readTable, tableAt } from "./rst_tables.ts";

/** Reads a text, or the inside of one of its blocks, which has no sections. */
export function readBody(
  document: RstDocument,
  lines: readonly RstLine[],
  hasSections = false,
): void {
  for (let at = 0; at < lines.length;) {
    const wasLast = document.last;
    if (hasSections) document.last = "block";
    const place = { lines, at, hasSections, wasLast };
    at = isBlank(lines[at]) ? blankLine(document, place) : readBlock(document, place);
  }
}

function blankLine(document: RstDocument, { at, wasLast }: Place): number {
  document.last = wasLast;
  return at + 1;
}

interface Place extends SectionPlace {
  readonly hasSections: boolean;
}

/** Reads a block, and gives where the text goes on. */
function readBlock(document: RstDocument, place: Place): number {
  const { lines, at } = place;
  const { text, number } = lines[at]!;
  if (text.startsWith(" ")) {
    const block = indentedBlock(lines, at);
    readBody(document, block.lines);
    return ended(document, { block, lines, name: "a block quote" });
  }
  if (listAt(lines, at) !== undefined) return readList(document, place);
  if (/^>>>(?: +|$)/.test(text)) return endOfParagraph(lines, at);
  if (tableAt(text)) return readTable(document, lines, at);
  if (/^\.\.(?: +|$)|^__(?: +|$)/.test(text)) return readExplicits(document, place);
  if (MARKS.test(text) && !(text === "::" && !place.hasSections)) {
    const end = place.hasSections ? readOverline(document, place) : undefined;
    if (end !== undefined) return end;
    if (!place.hasSections && text.length >= 4) {
      document.problems.push({
        line: number,
        clause: "a heading or a transition stands inside of a block",
      });
      return at + 1;
    }
  }
  return readText(document, place);
}

/** Notes a block that text follows without a blank line. */
function ended(
  document: RstDocument,
  { block, lines, name }: {
    readonly block: Pick<IndentedBlock, "end" | "isFinished">;
    readonly lines: readonly RstLine[];
    readonly name: string;
  },
): number {
  if (!block.isFinished) {
    const line = lines[block.end]?.number ?? 1;
    document.problems.push({ line, clause: `${name} ends without a blank line` });
  }
  return block.end;
}

function readList(document: RstDocument, { lines, at }: Place): number {
  const kind = listAt(lines, at)!;
  let first = lines[at]!.text;
  let block: Pick<IndentedBlock, "end" | "isFinished"> = { end: at, isFinished: true };
  let next = at;
  do {
    first = lines[next]!.text;
    const item = itemAt(lines, next, kind);
    if (kind.name === "a line block") readInline(document, item.lines);
    else readBody(document, item.lines);
    block = item;
    next = item.end;
    while (next < lines.length && isBlank(lines[next])) next++;
  } while (next < lines.length && goesOn(kind, first, lines[next]!.text));
  return ended(document, { block, lines, name: kind.name });
}

function readExplicits(document: RstDocument, { lines, at, hasSections, wasLast }: Place): number {
  let block = readExplicit(document, { lines, start: at, readBody });
  let isNothing = block.isComment === true;
  let next = block.end;
  for (;;) {
    while (next < lines.length && isBlank(lines[next])) next++;
    if (next >= lines.length || !/^\.\.(?: +|$)|^__(?: +|$)/.test(lines[next]!.text)) break;
    block = readExplicit(document, { lines, start: next, readBody });
    isNothing &&= block.isComment === true;
    next = block.end;
  }
  if (hasSections && isNothing) document.last = wasLast;
  return ended(document, { block, lines, name: "explicit markup" });
}

function endOfParagraph(lines: readonly RstLine[], at: number): number {
  let end = at + 1;
  while (end < lines.length && !isBlank(lines[end])) end++;
  return end;
}

/** A heading with a line below it, a definition, or a paragraph. */
function readText(document: RstDocument, place: Place): number {
  const { lines, at, hasSections } = place;
  const [own, next] = [lines[at]!, lines[at + 1]];
  if (next !== undefined && MARKS.test(next.text)) {
    const isShort = columnWidth(own.text) > next.text.length;
    if (!isShort || next.text.length >= 4) {
      if (!hasSections) {
        document.problems.push({ line: next.number, clause: "a heading stands inside of a block" });
      } else if (isShort) {
        document.problems.push({
          line: next.number,
          clause: "the line below a heading is shorter than it",
        });
      } else {
        openSection(document, { style: next.text[0]!, title: own });
      }
      return at + 2;
    }
  }
  if (next !== undefined && next.text.startsWith(" ")) return readDefinitions(document, place);
  const end = endOfParagraph(lines, at);
  const paragraph = lines.slice(at, end);
  const indented = paragraph.find(({ text }) => text.startsWith(" "));
  if (indented !== undefined) {
    document.problems.push({
      line: indented.number,
      clause: "a line is indented in the middle of a paragraph",
    });
    return end;
  }
  readInline(document, paragraph);
  return isLiteralNext(paragraph) ? readLiteral(document, lines, end) : end;
}

/** Two colons at its end announce a literal; a backslash in front of them takes that back. */
function isLiteralNext(paragraph: readonly RstLine[]): boolean {
  const { text } = paragraph.at(-1)!;
  return /(?:^|[^\\])(?:\\\\)*::$/.test(text);
}

function readDefinitions(document: RstDocument, { lines, at }: Place): number {
  let block: IndentedBlock | undefined;
  let next = at;
  do {
    readInline(document, [lines[next]!]);
    block = indentedBlock(lines, next + 1);
    readBody(document, block.lines);
    next = block.end;
    while (next < lines.length && isBlank(lines[next])) next++;
  } while (isTerm(lines, next));
  return ended(document, { block, lines, name: "a definition list" });
}

function isTerm(lines: readonly RstLine[], at: number): boolean {
  const [own, next] = [lines[at], lines[at + 1]];
  if (own === undefined || next === undefined || !next.text.startsWith(" ")) return false;
  return !/^[ ]|^\.\.(?: |$)|^__(?: |$)|^>>>(?: |$)/.test(own.text) && !MARKS.test(own.text) &&
    listAt(lines, at) === undefined && !tableAt(own.text);
}

function readLiteral(document: RstDocument, lines: readonly RstLine[], from: number): number {
  let start = from;
  while (start < lines.length && isBlank(lines[start])) start++;
  const [mark] = /^[!-/:-@[-`{-~]/.exec(lines[start]?.text ?? "") ?? [];
  if (lines[start]?.text.startsWith(" ")) {
    return ended(document, { block: indentedBlock(lines, start), lines, name: "a literal block" });
  }
  const end = start < lines.length ? endOfParagraph(lines, start) : start;
  const isQuoted = mark !== undefined &&
    lines.slice(start, end).every(({ text }) => text.startsWith(mark));
  if (!isQuoted) {
    const line = lines[start]?.number ?? lines.at(-1)!.number;
    document.problems.push({ line, clause: '"::" announces a literal block, and none follows' });
    return start;
  }
  return end;
}
