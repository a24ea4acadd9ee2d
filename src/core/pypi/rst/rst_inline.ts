/**
 * Markup inside the text of reStructuredText (docutils, `parsers/rst/states.py`, `Inliner`): what begins has to end, roles have to
 * be known, and references are noted.
 *
 * @module
 */

import { addName, addTarget, type RstDocument } from "./rst_document.ts";
import type { RstLine } from "./rst_lines.ts";

/** Roles of docutils that a text may use (docutils, `parsers/rst/languages/en.py`). */
const ROLES = new Set(
  ("ab abbreviation ac acronym code emphasis literal math pep pep-reference rfc rfc-reference strong sub subscript sup superscript " +
    "t title title-reference").split(" "),
);

const BEFORE =
  "(?<=^|[\\s\\-/:\"'<(\\[{\\p{Ps}\\p{Pi}\\p{Pf}\\p{Pd}\\u00a1-\\u00bf\\u2010-\\u2e7f])";
const AFTER =
  "(?=$|[\\s\\0\\\\.,;!?\\-/:'\")>\\]}\\p{Pe}\\p{Pi}\\p{Pf}\\p{Pd}\\u00a1-\\u00bf\\u2010-\\u2e7f])";
/** A longer one is no name that somebody types, and would be looked for at each of its pieces. */
const SIMPLE_NAME = "(?:(?!_)[\\p{L}\\p{N}])(?:[\\-._+:]?(?:(?!_)[\\p{L}\\p{N}])){0,200}";

/** Whatever may begin markup, the longest first; a NUL is in front of each escaped character. */
const START = new RegExp(
  `${BEFORE}(?:(?<open>\\*\\*|\\*(?!\\*)|\`\`|_\`|\\|(?!\\|))(?![\\s\\0]|$)|` +
    `\\[(?<note>[0-9]+|#(?:${SIMPLE_NAME})?|\\*|${SIMPLE_NAME})\\]_${AFTER}|` +
    `(?<name>${SIMPLE_NAME})(?<end>__?)${AFTER}|` +
    `(?:(?<role>:${SIMPLE_NAME}:)?\`(?!\`)(?![\\s]|$)))`,
  "u",
);

const CLOSE: Readonly<Record<string, RegExp>> = {
  "**": new RegExp(`(?<![\\s\\0])\\*\\*${AFTER}`, "gu"),
  "*": new RegExp(`(?<![\\s\\0])\\*${AFTER}`, "gu"),
  "``": new RegExp(`(?<!\\s)\`\`${AFTER}`, "gu"),
  "_`": new RegExp(`(?<![\\s\\0])\`${AFTER}`, "gu"),
  "|": new RegExp(`(?<![\\s\\0])\\|(?<end>__?)?${AFTER}`, "gu"),
  "`": new RegExp(`(?<![\\s\\0])\`(?<role>:${SIMPLE_NAME}:)?(?<end>__?)?${AFTER}`, "gu"),
};

const KINDS: Readonly<Record<string, string>> = {
  "**": "strong text",
  "*": "emphasis",
  "``": "a literal",
  "_`": "an inline target",
  "|": "a substitution",
  "`": "interpreted text or a phrase reference",
};

/** Reads the text of a paragraph, a term, a title. */
export function readInline(document: RstDocument, lines: readonly RstLine[]): void {
  const text = lines.map((line) => line.text).join("\n").replace(/\\([^])/g, "\0$1");
  const start = new RegExp(START.source, "gu");
  let line = lines[0]?.number ?? 1;
  let counted = 0;
  for (let found = start.exec(text); found !== null; found = start.exec(text)) {
    for (; counted < found.index; counted++) if (text[counted] === "\n") line++;
    start.lastIndex = readMarkup(document, { text, found, line });
  }
}

/** The first match at or behind an offset, with what stands in front of it. */
function matchFrom(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset;
  return pattern.exec(text);
}

interface Markup {
  readonly text: string;
  readonly found: RegExpExecArray;
  readonly line: number;
}

/** Reads one markup, and gives the offset behind it. */
function readMarkup(document: RstDocument, markup: Markup): number {
  const { text, found, line } = markup;
  const { open, note, name, end } = found.groups as Readonly<Record<string, string | undefined>>;
  const behind = found.index + found[0].length;
  if (note !== undefined) {
    noteReference(document, note, line);
    return behind;
  }
  if (name !== undefined) {
    if (end === "__") document.anonymous.references++;
    else document.references.push({ name, line });
    return behind;
  }
  const start = open ?? "`";
  if (isQuoted(text, found.index, behind)) return behind;
  const close = matchFrom(CLOSE[start]!, text, behind + 1 - (start === "``" ? 1 : 0));
  if (close === null) {
    document.problems.push({
      line,
      clause: `${KINDS[start]} begins with "${start}" and does not end`,
    });
    // docutils stops here, and so does the search for other ends.
    return text.length;
  }
  closeMarkup(document, { markup, start, close, content: text.slice(behind, close.index) });
  return close.index + close[0].length;
}

function noteReference(document: RstDocument, note: string, line: number): void {
  if (note === "#") document.automatic.references++;
  else if (note !== "*") document.footnoteReferences.push({ name: note.replace("#", ""), line });
}

/** A mark in quotes or parentheses of its own is none: `"*"`, `(*)`. */
function isQuoted(text: string, from: number, to: number): boolean {
  const pairs: Readonly<Record<string, string>> = {
    '"': '"',
    "'": "'",
    "(": ")",
    "[": "]",
    "{": "}",
    "<": ">",
  };
  const before = text[from - 1];
  return before !== undefined && pairs[before] !== undefined && pairs[before] === text[to];
}

function closeMarkup(
  document: RstDocument,
  { markup, start, close, content }: {
    readonly markup: Markup;
    readonly start: string;
    readonly close: RegExpExecArray;
    readonly content: string;
  },
): void {
  const { line } = markup;
  const { role: suffix, end } = (close.groups ?? {}) as Readonly<
    Record<string, string | undefined>
  >;
  if (start === "_`") addTarget(document, { name: content, line });
  if (start === "|") {
    document.substitutionReferences.push({ name: content, line });
    if (end === "_") document.references.push({ name: content, line });
    if (end === "__") document.anonymous.references++;
  }
  if (start !== "`") return;
  const role = markup.found.groups?.role ?? suffix;
  if (role !== undefined && end !== undefined) {
    document.problems.push({ line, clause: `"${role}" stands at a reference` });
  } else if (role !== undefined) {
    checkRole(document, { name: role.slice(1, -1), content, line });
  } else if (end !== undefined) {
    phraseReference(document, { content, end, line });
  }
}

function checkRole(
  document: RstDocument,
  { name, content, line }: {
    readonly name: string;
    readonly content: string;
    readonly line: number;
  },
): void {
  const known = name.toLowerCase();
  if (!ROLES.has(known) && !document.roles.has(known)) {
    document.problems.push({ line, clause: `the role "${name}" is unknown` });
  }
  if (/^(?:pep|rfc)(?:-reference)?$/.test(known) && !/^\d+(?:#.*)?$/.test(content)) {
    document.problems.push({
      line,
      clause: `the role "${name}" stands at "${content}", which is no number`,
    });
  }
}

function phraseReference(
  document: RstDocument,
  { content, end, line }: { readonly content: string; readonly end: string; readonly line: number },
): void {
  const [, phrase = "", address] = /^([^]*?)(?:(?:^|\s)<([^<>\0]+)>)$/.exec(content) ?? [];
  if (address === undefined) {
    if (end === "__") document.anonymous.references++;
    else document.references.push({ name: content.replaceAll("\0", ""), line });
    return;
  }
  const isAlias = /[^\\]_$/.test(address);
  const name = (phrase === "" ? address.replace(/_$/, "") : phrase).replaceAll("\0", "");
  if (isAlias) document.references.push({ name: address.slice(0, -1), line });
  // Two links of one name are two links, and either is found by it.
  if (end === "_") addName(document, name);
}
