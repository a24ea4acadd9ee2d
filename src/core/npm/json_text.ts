/**
 * JSON as text: where it stops being JSON, where a value stands in it, and edits that keep every other byte, such as
 * indentation, order, line ends and a byte order mark.
 *
 * @module
 */

import { applyEdits, type Node, parseTree, visit } from "jsonc-parser";

/**
 * The offset, in UTF-16 units, of the first token that cannot stand where it does; undefined for a text that is JSON.
 * `JSON.parse` says so in words that differ from engine to engine, and often not at all.
 */
export function jsonMistake(text: string): number | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    return firstMistake(text);
  }
}

function firstMistake(text: string): number {
  let first: number | undefined;
  const onError = (_code: number, offset: number): void => void (first ??= offset);
  try {
    visit(text, { onError }, { disallowComments: true });
  } catch (error) {
    // It goes down level by level, some thousand of them.
    if (!(error instanceof RangeError)) throw error;
  }
  return first ?? 0;
}

/** The place of a value in a text, as UTF-16 offsets. */
export interface Span {
  readonly start: number;
  /** One past its last character. */
  readonly end: number;
}

/** One value to replace: where it is, and the string that takes its place. */
export interface JsonEdit {
  readonly path: readonly string[];
  readonly value: string;
}

/**
 * Where the value at a path of object keys stands. The text must be valid JSON (a byte order mark is allowed). Of a key
 * that is there twice the last one counts, as it does for `JSON.parse`. Undefined when there is none.
 */
export function findJsonValue(text: string, path: readonly string[]): Span | undefined {
  return spanAt(rootOf(text), path);
}

function spanAt(root: Node, path: readonly string[]): Span | undefined {
  let node: Node | undefined = root;
  for (const key of path) node = node && memberOf(node, key)?.value;
  return node && { start: node.offset, end: endOf(node) };
}

/** Replaces values, each by a JSON string. Every path must be there. */
export function editJson(text: string, edits: readonly JsonEdit[]): string {
  const root = rootOf(text);
  const places = edits.map(({ path, value }) => {
    const span = spanAt(root, path);
    if (span === undefined) throw new Error(`unreachable: no value at ${path.join(".")}`);
    const { start, end } = span;
    return { offset: start, length: end - start, content: JSON.stringify(value) };
  });
  return applyEdits(text, places);
}

/** A key and its value. */
export interface JsonMember {
  readonly key: string;
  readonly value: unknown;
}

/**
 * Puts a member behind an existing one of the same object, on a line of its own when the existing one has one. The
 * existing key must be there, at the top level.
 */
export function insertAfter(text: string, key: string, member: JsonMember): string {
  const root = rootOf(text);
  const before = memberOf(root, key);
  if (before === undefined) throw new Error(`unreachable: no member ${key}`);
  const inFront = text.slice(root.offset + 1, before.key.offset);
  const lead = /(?:\r?\n)?[ \t]*$/.exec(inFront)?.[0] ?? "";
  const added = `,${lead}${JSON.stringify(member.key)}: ${JSON.stringify(member.value)}`;
  return splice(text, { start: endOf(before.value), end: endOf(before.value) }, added);
}

/**
 * Sets a member of the object that the text is: replaces its value, or puts it behind the last one. The value is laid out
 * as the text is: over several lines, indented like its neighbours, when those have lines of their own. The text must be
 * an object.
 */
export function setJsonMember(text: string, { key, value }: JsonMember): string {
  const root = rootOf(text);
  const members = membersOf(root);
  const [first] = members;
  const inFront = text.slice(root.offset + 1, first?.key.offset ?? root.offset + 1);
  const [, newline = "", indent = ""] = /(\r?\n)([ \t]*)$/.exec(inFront) ?? [];
  const content = newline === ""
    ? JSON.stringify(value)
    : JSON.stringify(value, null, indent).replaceAll("\n", newline + indent);
  const there = memberOf(root, key)?.value;
  if (there !== undefined) return splice(text, { start: there.offset, end: endOf(there) }, content);
  const last = members.at(-1);
  const comma = last === undefined ? "" : `,${newline === "" ? " " : newline + indent}`;
  const at = last === undefined ? root.offset + 1 : endOf(last.value);
  return splice(text, { start: at, end: at }, `${comma}${JSON.stringify(key)}: ${content}`);
}

/** A member as the tree has it. */
interface MemberNodes {
  readonly key: Node;
  readonly value: Node;
}

/** The text's one value. A byte order mark is no JSON, and is read as a blank so that offsets stay what they are. */
function rootOf(text: string): Node {
  const root = parseTree(text.replace(/^\uFEFF/, " "));
  if (root === undefined) throw new Error("unreachable: a text that is parsed has a value");
  return root;
}

/** The members of an object; none of anything else. */
function membersOf(node: Node): readonly MemberNodes[] {
  if (node.type !== "object") return [];
  return (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
    key === undefined || value === undefined ? [] : [{ key, value }]
  );
}

function memberOf(node: Node, key: string): MemberNodes | undefined {
  return membersOf(node).findLast((member) => member.key.value === key);
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}

function splice(text: string, { start, end }: Span, content: string): string {
  return text.slice(0, start) + content + text.slice(end);
}
