/**
 * Version specifiers, as `Requires-Python` has them.
 *
 * @module
 */

import { parsePep440 } from "./pep440.ts";

/** Whether a text is a list of version specifiers: `>=3.9, !=3.10.*` (version specifiers specification). */
export function isSpecifierSet(text: string): boolean {
  return text.split(",").map((part) => part.trim()).filter((part) => part !== "").every((part) => {
    const [, operator = "", version = ""] = /^(===|~=|==|!=|<=|>=|<|>)\s*(\S+)$/.exec(part) ?? [];
    if (operator === "") return false;
    if (operator === "===") return true;
    // Only equality knows prefixes, and a compatible release needs two numbers to be compatible in.
    const plain = /^[!=]=$/.test(operator) ? version.replace(/\.\*$/, "") : version;
    const parsed = parsePep440(plain);
    if (parsed === undefined) return false;
    if (plain !== version && (parsed.dev !== undefined || parsed.local !== undefined)) return false;
    if (parsed.local !== undefined && !/^[!=]=$/.test(operator)) return false;
    return operator !== "~=" || parsed.release.length > 1;
  });
}
