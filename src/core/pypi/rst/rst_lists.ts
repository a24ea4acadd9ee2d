/**
 * Lists of reStructuredText, by the marks in front of their items (docutils, `parsers/rst/states.py`, `Body.patterns`).
 *
 * @module
 */

import { type IndentedBlock, indentedBlock, type RstLine } from "./rst_lines.ts";

/** A kind of list. */
export interface ListKind {
  /** As a sentence names it. */
  readonly name: string;
  /** The mark in front of an item; the text is behind it. */
  readonly mark: RegExp;
  /** Whether an item that goes on below is as far right as its first line. */
  readonly isAligned: boolean;
}

const OPTION =
  "(?:-[a-zA-Z0-9](?: ?(?:[a-zA-Z][\\w-]*|<[^<>]+>))?|(?:--|/)[a-zA-Z0-9][\\w-]*(?:[ =](?:[a-zA-Z][\\w-]*|<[^<>]+>))?)";

const KINDS: readonly ListKind[] = [
  { name: "a bullet list", mark: /^[-+*\u2022\u2023\u2043](?: +|$)/, isAligned: true },
  {
    name: "a numbered list",
    mark:
      /^(?:\((?:\d+|[a-zA-Z]|[ivxlcdmIVXLCDM]+|#)\)|(?:\d+|[a-zA-Z]|[ivxlcdmIVXLCDM]+|#)[.)])(?: +|$)/,
    isAligned: true,
  },
  {
    name: "a field list",
    mark: /^:(?![: ])(?:[^:\\]|\\.|:(?!([ `]|$)))*(?<! ):(?: +|$)/,
    isAligned: false,
  },
  {
    name: "an option list",
    mark: new RegExp(`^${OPTION}(?:, ${OPTION})*(?:  +|$)`),
    isAligned: false,
  },
  { name: "a line block", mark: /^\|(?: +|$)/, isAligned: false },
];

/** The list that begins with a line; undefined where none does. */
export function listAt(lines: readonly RstLine[], start: number): ListKind | undefined {
  const { text } = lines[start]!;
  const kind = KINDS.find(({ mark }) => mark.test(text));
  if (kind?.name === "a numbered list" && !isNumbered(text, lines[start + 1]?.text ?? "")) {
    return undefined;
  }
  // An option without a description is text.
  if (kind?.name === "an option list" && itemAt(lines, start, kind).lines.length === 0) {
    return undefined;
  }
  return kind;
}

/** A number in front of a text is a list's where the next line is blank, indented, or has the next number. */
function isNumbered(text: string, next: string): boolean {
  if (next === "" || next.startsWith(" ")) return true;
  const following = nextNumber(text);
  return following === undefined || next.startsWith(`${following} `) || /^\(?#[.)] /.test(next);
}

/** The mark that follows another one; undefined for one that can be read as several. */
function nextNumber(text: string): string | undefined {
  const [, open = "", value = "", close = ""] = /^(\(?)([^.)]+)([.)])/.exec(text) ?? [];
  if (/^\d+$/.test(value)) return `${open}${Number(value) + 1}${close}`;
  if (value === "#") return `${open}#${close}`;
  return /^[a-zA-Z]$/.test(value) && !/^[iI]$/.test(value)
    ? `${open}${String.fromCharCode(value.charCodeAt(0) + 1)}${close}`
    : undefined;
}

/** Whether a line goes on with a list. */
export function goesOn(kind: ListKind, first: string, text: string): boolean {
  if (!kind.mark.test(text)) return false;
  if (kind.name === "a bullet list") return text[0] === first[0];
  if (kind.name !== "a numbered list") return true;
  const expected = nextNumber(first);
  return expected === undefined || text.startsWith(`${expected} `) || text === expected ||
    /^\(?#[.)]/.test(text);
}

/** One item's text. */
export function itemAt(lines: readonly RstLine[], start: number, kind: ListKind): IndentedBlock {
  const { text } = lines[start]!;
  const [mark = ""] = kind.mark.exec(text) ?? [];
  return kind.isAligned && text.length > mark.length
    ? indentedBlock(lines, start, { indent: mark.length })
    : indentedBlock(lines, start, { firstIndent: mark.length });
}
