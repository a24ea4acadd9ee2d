/**
 * Whether a text is a licence expression to crates.io, read token by token as its parser does (EmbarkStudios/spdx, `src/lexer.rs`
 * and `src/expression/parser.rs`, in the mode of rust-lang/crates.io's `src/licenses.rs`): operators in capitals, `/` for OR,
 * `+` right after an identifier, also one of GNU.
 *
 * @module
 */

import { EXCEPTIONS, LICENSES } from "../server/license_ids.ts";

/** What a token is; how parentheses match is counted beside it. */
type Kind = "license" | "ref" | "plus" | "with" | "exception" | "operator" | "(" | ")";

interface Token {
  readonly kind: Kind;
  readonly text: string;
}

/** What may stand before a token; `undefined` is the beginning. */
const AFTER: Readonly<Record<Kind, readonly (Kind | undefined)[]>> = {
  license: [undefined, "operator", "("],
  ref: [undefined, "operator", "("],
  "(": [undefined, "operator", "("],
  plus: ["license"],
  with: ["license", "ref", "plus"],
  exception: ["with"],
  operator: ["license", "ref", "plus", "exception", ")"],
  ")": ["license", "ref", "plus", "exception", ")"],
};

/** What may stand last: what an operator may follow. */
const LAST = AFTER.operator;

/** What is wrong with an expression, with its place below it; undefined when nothing is. */
export function wrongLicense(expression: string): string | undefined {
  let at = 0;
  let before: Kind | undefined;
  const open: number[] = [];
  const wrong = (why: string, from = at, length = 1): string =>
    `${expression}\n${" ".repeat(from)}${"^".repeat(Math.max(1, length))} ${why}`;
  for (;;) {
    const space = /^\s*/.exec(expression.slice(at))![0].length;
    at += space;
    if (at >= expression.length) break;
    const token = readToken(expression.slice(at));
    if (typeof token === "string") {
      const length = /^[-A-Za-z0-9.:]*/.exec(expression.slice(at))![0].length;
      return wrong(token, at, length || expression.length - at);
    }
    if (token.kind === "plus" && space > 0) return wrong("`+` must not follow whitespace");
    if (!AFTER[token.kind].includes(before)) return wrong("unexpected term", at, token.text.length);
    if (token.kind === "(") open.push(at);
    if (token.kind === ")" && open.pop() === undefined) return wrong("unopened parens");
    before = token.kind;
    at += token.text.length;
  }
  if (before === undefined) return wrong("empty expression", 0, expression.length);
  if (!LAST.includes(before)) return wrong("expected a term here", expression.length);
  return open.length === 0 ? undefined : wrong("unclosed parens", open[0]);
}

const MARKS: Readonly<Record<string, Kind>> = {
  "+": "plus",
  "(": "(",
  ")": ")",
  "/": "operator",
};

/** The token at the beginning of a text, or why there is none. */
function readToken(text: string): Token | string {
  const mark = MARKS[text[0]!];
  if (mark !== undefined) return { kind: mark, text: text[0]! };
  const word = /^[-A-Za-z0-9.:]+/.exec(text)?.[0];
  if (word === undefined) return "invalid character(s)";
  const kind = kindOf(word);
  return kind === undefined ? "unknown term" : { kind, text: word };
}

function kindOf(word: string): Kind | undefined {
  if (word === "AND" || word === "OR") return "operator";
  if (word === "WITH") return "with";
  if (LICENSES.has(word)) return "license";
  if (EXCEPTIONS.has(word)) return "exception";
  return /^(?:DocumentRef-[-A-Za-z0-9.]*:)?LicenseRef-[-A-Za-z0-9.]*$/.test(word)
    ? "ref"
    : undefined;
}
