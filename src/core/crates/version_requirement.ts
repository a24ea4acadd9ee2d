/**
 * A requirement in the one spelling that cargo sends it in: `1.2` is `^1.2`, `= 1.2.3+build` is `=1.2.3` (the semver
 * crate's `Display` of what it parsed).
 *
 * @module
 */

const CLAUSE =
  /^(>=|<=|>|<|=|~|\^)?\s*(\d+)(?:\.(\d+|[*xX]))?(?:\.(\d+|[*xX]))?(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

/** Writes a requirement anew; undefined for what is none. */
export function showRequirement(requirement: string): string | undefined {
  if (/^[*xX]$/.test(requirement.trim())) return "*";
  const clauses = requirement.split(",").map((clause) => showClause(clause.trim()));
  // A comma may stand at the end.
  if (requirement.trim().endsWith(",")) clauses.pop();
  return clauses.length === 0 || clauses.includes(undefined) ? undefined : clauses.join(", ");
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
  // `=1.*` and `1.*` are one to it; another operator says the same without the star.
  return operator === undefined || operator === "=" ? `${version}.*` : operator + version;
}
