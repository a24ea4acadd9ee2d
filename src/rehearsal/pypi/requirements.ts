/**
 * What a dependency specifier is to PyPI (PEP 508, in pypa/packaging's `_parser.py`): one expression for what stands in front of a
 * marker, and a marker that is shortened, comparison by comparison, until a single truth is left.
 *
 * @module
 */

import { wrongSpecifier } from "./packaging.ts";

const IDENTIFIER = "[A-Za-z0-9](?:[\\w.-]*\\w)?";

/** Name, extras, and an address or specifiers; a line break is no blank. */
const FRONT = new RegExp(
  `^[ \\t]*${IDENTIFIER}[ \\t]*(?:\\[[ \\t]*(?:${IDENTIFIER}[ \\t]*(?:,[ \\t]*${IDENTIFIER}[ \\t]*)*)?\\][ \\t]*)?` +
    `(?:(@)[ \\t]*[^ \\t]+|(.*?))[ \\t]*$`,
  "s",
);

const VARIABLE =
  "python_version|python_full_version|os[._]name|sys[._]platform|platform_release|platform_system|" +
  "platform[._]version|platform[._]machine|platform[._]python_implementation|python_implementation|" +
  "implementation_name|implementation_version|extras?|dependency_groups";

/** A text in quotes is a bullet by then, and so is a variable. */
const COMPARISON = /•[ \t]*(?:===|==|~=|!=|<=|>=|<|>|\bnot[ \t]+in\b|\bin\b)[ \t]*•/;

/** What PyPI says against a requirement; undefined when it takes it. */
export function wrongRequirement(text: string): string | undefined {
  const bare = text.replace(/'[^'\n]*'|"[^"\n]*"/g, (quoted) => "•".repeat(quoted.length));
  const semicolon = markerStart(bare);
  const found = FRONT.exec(semicolon < 0 ? text : text.slice(0, semicolon));
  if (found === null) return `Expected a dependency specifier, not '${text}'`;
  if (found[1] === "@") return `Can't have direct dependency: '${text}'`;
  const list = (found[2] ?? "").replace(/^\((.*)\)$/s, "$1").trim();
  if (list.startsWith(",") || /,\s*,/.test(list) || /[\n()]/.test(list)) {
    return `Invalid specifier: '${list}'`;
  }
  if (wrongSpecifier(list) !== undefined) return `Invalid specifier: '${list}'`;
  return semicolon < 0 || isMarker(bare.slice(semicolon + 1))
    ? undefined
    : `Invalid marker: '${text}'`;
}

/** Behind an address a marker stands after a blank. */
function markerStart(bare: string): number {
  const isAddress = /^[^;]*@/.test(bare);
  return isAddress ? bare.search(/(?<=[ \t]);/) : bare.indexOf(";");
}

function isMarker(bare: string): boolean {
  let text = bare.replace(/•+/g, "•").replace(new RegExp(`\\b(?:${VARIABLE})\\b`, "g"), "•");
  for (;;) {
    const shorter = text.replace(COMPARISON, "✓").replace(/\([ \t]*✓[ \t]*\)/, "✓")
      .replace(/✓[ \t]*\b(?:and|or)\b[ \t]*✓/, "✓");
    if (shorter === text) return text.trim() === "✓";
    text = shorter;
  }
}
