/**
 * Explicit markup of reStructuredText, which begins with two dots: footnotes, targets, substitutions, directives, comments (docutils,
 * `parsers/rst/states.py`, `Body.explicit_markup`).
 *
 * @module
 */

import {
  OPTION_VALUES,
  RST_DIRECTIVES,
  type RstDirective,
  SWITCHED_OFF,
} from "./rst_directives.ts";
import { addTarget, type RstDocument } from "./rst_document.ts";
import { readInline } from "./rst_inline.ts";
import {
  type IndentedBlock,
  indentedBlock,
  isBlank,
  type RstLine,
  trimBlank,
} from "./rst_lines.ts";

/** Reads lines as a body of their own, one without sections. */
export type ReadBody = (document: RstDocument, lines: readonly RstLine[]) => void;

const NAME = "[\\p{L}\\p{N}]+(?:[-._+:][\\p{L}\\p{N}]+)*";
const FOOTNOTE = new RegExp(`^\\.\\. +\\[(\\d+|#|#${NAME}|\\*|${NAME})\\](?: +|$)`, "u");
const TARGET = /^\.\. +_(?![ ]|$)/;
const SUBSTITUTION = /^\.\. +\|(?! )/;
const DIRECTIVE = new RegExp(`^\\.\\. +(${NAME}) ?::(?: +|$)`, "u");

/** Where explicit markup ends, and whether it is a comment. */
export type ExplicitBlock = Pick<IndentedBlock, "end" | "isFinished"> & {
  readonly isComment?: boolean;
};

/** Reads one piece of explicit markup, which begins at an index; gives where the text goes on. */
export function readExplicit(
  document: RstDocument,
  { lines, start, readBody }: {
    readonly lines: readonly RstLine[];
    readonly start: number;
    readonly readBody: ReadBody;
  },
): ExplicitBlock {
  const { text, number } = lines[start]!;
  const behind = (length: number): IndentedBlock =>
    indentedBlock(lines, start, { firstIndent: length });
  if (/^__(?: |$)|^\.\. +__:/.test(text)) {
    document.anonymous.targets++;
    return indentedBlock(lines, start, { firstIndent: text.length, untilBlank: true });
  }
  const note = FOOTNOTE.exec(text);
  if (note !== null) {
    if (note[1] === "#") document.automatic.footnotes++;
    else document.footnotes.add(note[1]!.replace("#", "").toLowerCase());
    const block = behind(note[0].length);
    readBody(document, block.lines);
    return block;
  }
  if (TARGET.test(text)) return readTarget(document, lines, start);
  if (SUBSTITUTION.test(text)) {
    const block = behind(3);
    readSubstitution(document, block, number);
    return block;
  }
  const [mark, name] = DIRECTIVE.exec(text) ?? [];
  if (mark !== undefined && name !== undefined) {
    const block = indentedBlock(lines, start, { firstIndent: mark.length, keepsFirst: true });
    readDirective(document, { name: name.toLowerCase(), block, line: number, readBody });
    return block;
  }
  const isEmptyComment = text === ".." && isBlank(lines[start + 1]);
  const comment = isEmptyComment
    ? { end: start + 1, isFinished: true }
    : behind(Math.min(3, text.length));
  return { ...comment, isComment: true };
}

function readTarget(
  document: RstDocument,
  lines: readonly RstLine[],
  start: number,
): IndentedBlock {
  const [mark = ""] = TARGET.exec(lines[start]!.text) ?? [];
  const block = indentedBlock(lines, start, { firstIndent: mark.length, untilBlank: true });
  const { number } = lines[start]!;
  const text = block.lines.map((line) => line.text.trim()).join(" ");
  const [, quoted, plain, address = ""] =
    /^(?:`((?:[^`\\]|\\.)+)`|((?:[^:\\]|\\.|:(?! |$))+)):(?: +(.*))?$/.exec(text) ?? [];
  const name = quoted ?? plain;
  if (name === undefined) {
    document.problems.push({ line: number, clause: "a target is spelled as none is" });
    return block;
  }
  const [, quotedAlias, alias] = /^(?:`([^`]+)`_|((?:(?!_)\S|_(?!$))+)_)$/.exec(address) ?? [];
  const other = quotedAlias ??
    (alias !== undefined && /^[\p{L}\p{N}]/u.test(alias) && !alias.includes("/")
      ? alias
      : undefined);
  if (other !== undefined) document.references.push({ name: other, line: number });
  addTarget(document, {
    name,
    line: number,
    ...(address === "" ? {} : { address: address.replace(/\s+/g, "") }),
  });
  return block;
}

function readSubstitution(document: RstDocument, block: IndentedBlock, line: number): void {
  const [first, ...rest] = block.lines;
  const [mark, name, directive] =
    new RegExp(`^\\|((?:[^|\\\\]|\\\\.)+)\\| +(${NAME}) ?::(?: +|$)`, "u").exec(
      first?.text ?? "",
    ) ?? [];
  if (mark === undefined || name === undefined) {
    document.problems.push({ line, clause: "a substitution is defined as none is" });
    return;
  }
  const key = name.replace(/\s+/g, " ").trim().toLowerCase();
  if (document.substitutions.has(key)) {
    document.problems.push({ line, clause: `the substitution "${name}" is defined twice` });
  }
  document.substitutions.add(key);
  const inner = {
    ...block,
    lines: [{ text: first!.text.slice(mark.length), number: line }, ...rest],
  };
  if (directive === "replace") return readInline(document, trimBlank(inner.lines));
  readDirective(document, {
    name: directive!.toLowerCase(),
    block: inner,
    line,
    readBody: () => {},
  });
}

interface Used {
  readonly name: string;
  /** What stands behind its `::` and below it. */
  readonly block: IndentedBlock;
  readonly line: number;
  readonly readBody: ReadBody;
}

function readDirective(document: RstDocument, used: Used): void {
  const { name, line, block } = used;
  const known = RST_DIRECTIVES.get(name);
  const wrong = (clause: string): void => {
    document.problems.push({ line, clause: `the directive "${name}" ${clause}` });
  };
  if (SWITCHED_OFF.has(name)) return wrong("is switched off on PyPI");
  if (known === undefined) return wrong("is unknown");
  const { args, options, content } = split(known, block.lines);
  const strange = options.find((option) => !(known.options ?? []).includes(option.name));
  if (strange !== undefined) return wrong(`has no option "${strange.name}"`);
  const odd = options.find((option) => OPTION_VALUES[option.name]?.test(option.value) === false);
  if (odd !== undefined) return wrong(`cannot have "${odd.value}" for "${odd.name}"`);
  const count = args === "" ? 0 : args.split(/\s+/).length;
  if (count < known.required) return wrong("lacks its argument");
  if (count > known.most && (!known.isOpenEnded || known.most === 0)) {
    return wrong("has too many arguments");
  }
  if (content.length > 0 && known.content === "none") {
    return wrong("has content, which it cannot have");
  }
  if (content.length === 0 && known.needsContent) return wrong("has no content");
  if (name === "role") noteRole(document, content[0]?.text ?? args);
  if (known.content === "text") used.readBody(document, content);
}

function noteRole(document: RstDocument, text: string): void {
  const [, role] = /^([\w.+:-]+?)(?:\(.*\))?$/.exec(text.trim()) ?? [];
  if (role !== undefined) document.roles.add(role.toLowerCase());
}

interface Parts {
  readonly args: string;
  readonly options: readonly { readonly name: string; readonly value: string }[];
  readonly content: readonly RstLine[];
}

/** What stands in front of the first blank line is arguments and options, for a directive that takes any. */
function split(known: RstDirective, block: readonly RstLine[]): Parts {
  // Only the line of the mark may be empty in front of them.
  const lines = isBlank(block[0]) ? block.slice(1) : block;
  if (known.most === 0 && known.options === undefined) {
    return { args: "", options: [], content: trimBlank(lines) };
  }
  const blank = lines.findIndex(({ text }) => text === "");
  const head = blank < 0 ? lines : lines.slice(0, blank);
  const rest = blank < 0 ? [] : lines.slice(blank);
  const isOption = ({ text }: RstLine): boolean =>
    /^:(?![: ])(?:[^:\\]|\\.|:(?!([ `]|$)))*(?<! ):( +|$)/.test(text);
  const from = known.options === undefined ? -1 : head.findIndex(isOption);
  const before = from < 0 ? head : head.slice(0, from);
  const options = (from < 0 ? [] : head.slice(from)).filter(isOption)
    .map(({ text }) => {
      const [, name = "", value = ""] = /^:([^:]*):\s*(.*)$/.exec(text) ?? [];
      return { name: name.toLowerCase(), value };
    });
  // Without arguments to take, it is content already.
  if (known.most === 0) return { args: "", options, content: trimBlank([...before, ...rest]) };
  return {
    args: before.map(({ text }) => text.trim()).join(" ").trim(),
    options,
    content: trimBlank(rest),
  };
}
