/**
 * Which licence expressions crates.io takes: SPDX's, with leniencies of its own (rust-lang/crates.io, `src/licenses.rs`).
 *
 * @module
 */

// @ts-types="@types/spdx-expression-parse"
import parse from "spdx-expression-parse";

/**
 * Why crates.io would refuse an expression, as a clause; undefined when it would not. `/` is an OR to it. Identifiers newer than
 * the list that this program carries are unknown here.
 */
export function licenseFault(expression: string): string | undefined {
  const text = expression.replaceAll("/", " OR ").replace(/\s+/g, " ").trim();
  if (text === "") return "it is empty";
  const operator = wrongOperator(text);
  if (operator !== undefined) return `"${operator}" is no operator: AND, OR and WITH are`;
  // The parser forgives spaces there.
  if (/\s:|:\s/.test(text)) return "a space stands beside a colon";
  try {
    parse(text);
    return undefined;
  } catch (error) {
    const word = unknownTerm(text, error);
    return word === undefined ? "it is no expression of SPDX" : `SPDX has no licence "${word}"`;
  }
}

/** What the parser would take for an operator: it reads them in small letters too, and without a space after them. */
function wrongOperator(text: string): string | undefined {
  const words = text.split(/[\s()+]+/).filter((word) => /^(?:AND|OR|WITH)/i.test(word));
  return words.find((word) => !/^(?:AND|OR|WITH)$/.test(word));
}

function unknownTerm(text: string, error: unknown): string | undefined {
  const message = error instanceof Error ? error.message : "";
  const offset = /^Unexpected `[^]*` at offset (\d+)$/.exec(message)?.[1];
  if (offset === undefined) return undefined;
  return /^[^\s()]+/.exec(text.slice(Number(offset)).trimStart())?.[0];
}
