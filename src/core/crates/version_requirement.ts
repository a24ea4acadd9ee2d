/**
 * A requirement in the one spelling that cargo sends it in: `1.2` is `^1.2`, `= 1.2.3+build` is `=1.2.3` (the semver
 * crate's `Display` of what it parsed).
 *
 * @module
 */

const CLAUSE =
  /^(>=|<=|>|<|=|~|\^)?\s*(0|[1-9]\d*)(?:\.(0|[1-9]\d*|[*xX]))?(?:\.(0|[1-9]\d*|[*xX]))?(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

/** Writes a requirement anew; undefined for what is none. */
export function showRequirement(requirement: string): string | undefined {
  if (/^[*xX]$/.test(requirement.trim())) return "*";
  const clauses = requirement.split(",").map((clause) => showClause(clause.trim()));
  return clauses.includes(undefined) ? undefined : clauses.join(", ");
}

function showClause(clause: string): string | undefined {
  const [, operator, major, minor, patch, pre = ""] = CLAUSE.exec(clause) ?? [];
  if (major === undefined) return undefined;
  const numbers = [major, minor, patch];
  const star = numbers.findIndex((number) => number !== undefined && !/^\d/.test(number));
  if (star === -1) {
    const version = numbers.filter((number) => number !== undefined).join(".") + pre;
    return (operator ?? "^") + version;
  }
  const version = numbers.slice(0, star).join(".");
  // Without an operator the star is one; behind an operator it says nothing.
  return operator === undefined ? `${version}.*` : operator + version;
}
