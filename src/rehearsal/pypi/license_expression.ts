/**
 * What a licence expression is to PyPI (pypa/packaging, `licenses/__init__.py`): words in any case, one operator between two of them,
 * identifiers of SPDX's list.
 *
 * @module
 */

import { EXCEPTIONS, LICENSES } from "../server/license_ids.ts";

const lower = (words: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...words].map((word) => word.toLowerCase()));
const KNOWN = lower(LICENSES);
const KNOWN_EXCEPTIONS = lower(EXCEPTIONS);

/** What PyPI says against an expression; undefined when it takes it. */
export function wrongLicense(expression: string): string | undefined {
  const words = expression.toLowerCase().replace(/[()]/g, " $& ").trim().split(/\s+/);
  let depth = 0;
  let before = "";
  for (const word of words) {
    const mayStand = ["", "and", "or", "("].includes(before);
    if (word === "(") depth++;
    if (word === ")") depth--;
    const isOperand = !["and", "or", "with", ")"].includes(word);
    if (before !== "with" && isOperand !== mayStand) {
      return `Invalid license expression: '${expression}'`;
    }
    if (depth < 0 || (word === "with" && before === ")")) {
      return `Invalid license expression: '${expression}'`;
    }
    const unknown = before === "with"
      ? !isException(word)
      : isOperand && word !== "(" && !isLicense(word);
    if (unknown) return `Unknown license: '${word}'`;
    before = word;
  }
  const isWhole = depth === 0 && !["and", "or", "with", "(", ""].includes(before);
  return isWhole ? undefined : `Invalid license expression: '${expression}'`;
}

function isLicense(word: string): boolean {
  return /^licenseref-[a-z0-9.-]+$/.test(word) || KNOWN.has(word) ||
    KNOWN.has(word.replace(/\+$/, ""));
}

/** crates.io's list of these is shorter than PyPI's, in which all but a few have the word in their names. */
function isException(word: string): boolean {
  return KNOWN_EXCEPTIONS.has(word) || /-exception(?:-[\d.]+)?$/.test(word);
}
