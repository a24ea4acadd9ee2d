/**
 * Edits single values in JSON text and keeps every other byte: indentation, order, line ends, a byte order mark.
 *
 * @module
 */

/** The place of a value in a text, as UTF-16 offsets. */
export interface Span {
  readonly start: number;
  /** One past its last character. */
  readonly end: number;
}

/** One value to replace: where it is, and the text of the JSON value that takes its place. */
export interface JsonEdit {
  readonly path: readonly string[];
  readonly value: string;
}

/**
 * Where the value at a path of object keys stands. The text must be valid JSON (a byte order mark is allowed). Of a key
 * that is there twice the last one counts, as it does for `JSON.parse`. Undefined when there is none.
 */
export function findJsonValue(text: string, path: readonly string[]): Span | undefined {
  let start = skipSpace(text, text.startsWith("\uFEFF") ? 1 : 0);
  let span: Span = { start, end: endOfValue(text, start) };
  for (const key of path) {
    if (text[start] !== "{") return undefined;
    const member = members(text, start).filter((one) => one.key === key).at(-1);
    if (member === undefined) return undefined;
    span = member.value;
    start = span.start;
  }
  return span;
}

/** Replaces values, each by a JSON string. Every path must be there. */
export function editJson(text: string, edits: readonly JsonEdit[]): string {
  const places = edits.map(({ path, value }) => {
    const span = findJsonValue(text, path);
    if (span === undefined) throw new Error(`unreachable: no value at ${path.join(".")}`);
    return { ...span, value: JSON.stringify(value) };
  }).sort((a, b) => b.start - a.start);
  return places.reduce(
    (edited, { start, end, value }) => edited.slice(0, start) + value + edited.slice(end),
    text,
  );
}

interface Member {
  readonly key: string;
  readonly keyStart: number;
  readonly value: Span;
}

/** The members of the object that starts at an offset. */
function members(text: string, object: number): readonly Member[] {
  const found: Member[] = [];
  let at = skipSpace(text, object + 1);
  while (text[at] === '"') {
    const keyEnd = endOfString(text, at);
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = endOfValue(text, start);
    found.push({
      key: JSON.parse(text.slice(at, keyEnd)) as string,
      keyStart: at,
      value: { start, end },
    });
    at = skipSpace(text, end);
    if (text[at] === ",") at = skipSpace(text, at + 1);
  }
  return found;
}

/**
 * Puts a member behind an existing one of the same object, on a line of its own when the existing one has one. The
 * existing key must be there, at the top level.
 */
export function insertAfter(text: string, key: string, member: Readonly<JsonMember>): string {
  const object = skipSpace(text, text.startsWith("\uFEFF") ? 1 : 0);
  const before = members(text, object).filter((one) => one.key === key).at(-1);
  if (before === undefined) throw new Error(`unreachable: no member ${key}`);
  const lead = /(?:\r?\n)?[ \t]*$/.exec(text.slice(object + 1, before.keyStart))?.[0] ?? "";
  const added = `,${lead}${JSON.stringify(member.key)}: ${JSON.stringify(member.value)}`;
  return text.slice(0, before.value.end) + added + text.slice(before.value.end);
}

/** A key and its string. */
export interface JsonMember {
  readonly key: string;
  readonly value: string;
}

/**
 * Sets a member of the object that the text is: replaces its value, or puts it behind the last one. The value is laid out
 * as the text is: over several lines, indented like its neighbours, when those have lines of their own. The text must be
 * an object.
 */
export function setJsonMember(
  text: string,
  { key, value }: { readonly key: string; readonly value: unknown },
): string {
  const object = skipSpace(text, text.startsWith("\uFEFF") ? 1 : 0);
  const all = members(text, object);
  const last = all.at(-1);
  if (last === undefined) {
    return `${text.slice(0, object + 1)}${JSON.stringify(key)}: ${JSON.stringify(value)}${
      text.slice(object + 1)
    }`;
  }
  const [, newline = "", indent = ""] =
    /(\r?\n)([ \t]*)$/.exec(text.slice(object + 1, all[0]!.keyStart)) ?? [];
  const plain = newline === ""
    ? JSON.stringify(value)
    : JSON.stringify(value, null, indent).replaceAll("\n", newline + indent);
  const there = all.filter((one) => one.key === key).at(-1);
  if (there !== undefined) {
    return text.slice(0, there.value.start) + plain + text.slice(there.value.end);
  }
  const lead = newline === "" ? " " : newline + indent;
  const added = `,${lead}${JSON.stringify(key)}: ${plain}`;
  return text.slice(0, last.value.end) + added + text.slice(last.value.end);
}

function skipSpace(text: string, at: number): number {
  while (" \t\r\n".includes(text[at] ?? "x")) at++;
  return at;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length;) {
    const character = text[at]!;
    if (character === '"') {
      at = endOfString(text, at);
      if (depth === 0) return at;
      continue;
    }
    if ("{[".includes(character)) depth++;
    else if ("}]".includes(character)) {
      // A bare number or word ends where its object does.
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    } else if (depth === 0 && ", \t\r\n".includes(character)) return at;
    at++;
  }
  return text.length;
}
