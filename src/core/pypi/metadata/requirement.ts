/**
 * A requirement on another project (PEP 508, now the dependency specifiers specification), read as `packaging` reads it, which
 * PyPI and pip both ask: `requests[socks] >=2.8, <3; python_version < "3.9"`.
 *
 * @module
 */

import { isSpecifier } from "../pep440.ts";

/** A requirement, as far as PyPI looks at it. */
export interface Requirement {
  readonly name: string;
  /** Where it is to be had, behind `@`; undefined for one that an index answers. */
  readonly url: string | undefined;
}

/** The rest of a text that is being read. Only blanks and tabs are space: a line break ends nothing and joins nothing. */
class Reading {
  rest: string;

  constructor(text: string) {
    this.rest = text;
  }

  /** Takes what the rest begins with; undefined, and nothing taken, when it begins otherwise. */
  take(pattern: RegExp): string | undefined {
    const [found] = pattern.exec(this.rest) ?? [];
    if (found !== undefined) this.rest = this.rest.slice(found.length);
    return found;
  }

  /** Takes what has to come now, or throws what was expected. */
  need(pattern: RegExp, what: string): string {
    const found = this.take(pattern);
    if (found === undefined) throw new Expected(what, this.rest);
    return found;
  }

  space(): void {
    this.take(/^[ \t]+/);
  }
}

class Expected extends Error {
  constructor(what: string, rest: string) {
    super(`${what} is expected ${rest === "" ? "at its end" : `at ${JSON.stringify(rest)}`}`);
  }
}

/** Reads a requirement; a text says why it is none, as a clause. */
export function readRequirement(text: string): Requirement | string {
  try {
    return requirement(new Reading(text));
  } catch (error) {
    if (error instanceof Expected) return error.message;
    throw error;
  }
}

const IDENTIFIER = /^[a-z0-9][a-z0-9._-]*\b/i;

function requirement(reading: Reading): Requirement {
  reading.space();
  const name = reading.need(IDENTIFIER, "the name of a project");
  reading.space();
  extras(reading);
  reading.space();
  const url = reading.take(/^@/) === undefined ? undefined : address(reading);
  if (url === undefined) specifiers(reading);
  reading.space();
  if (reading.rest !== "") marker(reading);
  return { name, url };
}

function address(reading: Reading): string {
  reading.space();
  const url = reading.need(/^[^ \t]+/, "a URL");
  if (reading.rest !== "") reading.need(/^[ \t]/, "a blank behind the URL");
  return url;
}

function extras(reading: Reading): void {
  if (reading.take(/^\[/) === undefined) return;
  reading.space();
  if (reading.take(IDENTIFIER) !== undefined) {
    reading.space();
    while (reading.take(/^,/) !== undefined) {
      reading.space();
      reading.need(IDENTIFIER, "the name of an extra");
      reading.space();
    }
  }
  reading.need(/^\]/, '"]"');
}

/** A list of specifiers, with or without parentheses; a comma may end it. */
function specifiers(reading: Reading): void {
  const isOpen = reading.take(/^\(/) !== undefined;
  reading.space();
  for (;;) {
    // Behind `===` stands any text; a comma ends it too, since the whole list is split there.
    const clause = reading.take(/^===\s*[^\s,;)]*|^(?:~=|==|!=|<=|>=|<|>)\s*[^\s,;()]*/);
    if (clause === undefined) break;
    if (!isSpecifier(clause)) throw new Expected("a version specifier", clause + reading.rest);
    reading.space();
    if (reading.take(/^,/) === undefined) break;
    reading.space();
  }
  if (isOpen) reading.need(/^\)/, '")"');
}

function marker(reading: Reading): void {
  reading.need(/^;/, 'a version specifier or ";"');
  alternatives(reading);
  if (reading.rest !== "") throw new Expected('"and", "or" or the end', reading.rest);
}

function alternatives(reading: Reading): void {
  do {
    reading.space();
    if (reading.take(/^\(/) !== undefined) {
      alternatives(reading);
      reading.need(/^\)/, '")"');
    } else {
      comparison(reading);
    }
    reading.space();
  } while (reading.take(/^(?:or|and)\b/) !== undefined);
}

const OPERATOR = /^(?:===|==|~=|!=|<=|>=|<|>|in\b|not[ \t]+in\b)/;

function comparison(reading: Reading): void {
  operand(reading);
  reading.space();
  reading.need(OPERATOR, "a comparison");
  reading.space();
  operand(reading);
}

/** What a marker may ask about, and older spellings of it. */
const VARIABLE = new RegExp(
  "^(?:python_version|python_full_version|os[._]name|sys[._]platform|platform_(?:release|system)|" +
    "platform[._](?:version|machine|python_implementation)|python_implementation|" +
    "implementation_(?:name|version)|extras?|dependency_groups)\\b",
);

function operand(reading: Reading): void {
  if (reading.take(VARIABLE) !== undefined) return;
  const text = reading.need(/^'[^']*'|^"[^"]*"/, "a variable of markers or a text in quotes");
  if (!isPythonText(text)) throw new Expected("a text that Python can read", text);
}

/** Whether a text in quotes is one to Python too: escapes are whole, and it ends on its line. */
function isPythonText(quoted: string): boolean {
  if (/[\n\r\0]/.test(quoted)) return false;
  const escapes = quoted.slice(1, -1).match(/\\[^]?/g) ?? [];
  if (escapes.some((escape) => escape.length < 2)) return false;
  const long = quoted.match(/(?<!\\)(?:\\\\)*\\[xuUN].{0,8}/gs) ?? [];
  return long.every((escape) =>
    /\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U00(?:0[0-9a-f]|10)[0-9a-f]{4})/i.test(escape)
  );
}
