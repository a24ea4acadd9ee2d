/**
 * Requirements and ranges that mean one version, and how they follow when that is another one: cargo and npm write them
 * alike.
 *
 * @module
 */

const PLAIN = /^(\s*[\^~=]?\s*)(\d+)(\.\d+)?(\.\d+)?(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?\s*$/;
const WILDCARD = /^\s*(\d+)(\.\d+)?((?:\.[*xX])+)\s*$/;

/**
 * The requirement that means for `version` what `requirement` meant for the version before it: operator and precision
 * are kept (`^1.2` → `^2.3`, `1.*` → `2.*`). A pre-release is written out in full, since `^1.2` never matches one.
 * Undefined for comparisons, lists and `*`, which are the author's own business (as cargo-release and release-plz do).
 */
export function followRequirement(requirement: string, version: string): string | undefined {
  const target = version.split("+")[0]!;
  const [major, minor] = target.split("-")[0]!.split(".");
  const isPrerelease = target.includes("-");
  const plain = PLAIN.exec(requirement);
  if (plain !== null) {
    const [, operator = "", , hasMinor, hasPatch] = plain;
    if (isPrerelease || hasPatch !== undefined) return operator + target;
    return operator + (hasMinor === undefined ? major : `${major}.${minor}`);
  }
  const wildcard = WILDCARD.exec(requirement);
  if (wildcard === null) return undefined;
  if (isPrerelease) return target;
  const [, , hasMinor, stars = ""] = wildcard;
  return (hasMinor === undefined ? major : `${major}.${minor}`) + stars;
}

/** Whether a release may have written one requirement in place of another: it means some version as the other meant one. */
export function isFollowing(committed: string, written: string): boolean {
  if (written === committed) return true;
  const [, , major, minor = ".0", patch = ".0"] = PLAIN.exec(written) ?? [];
  const [, pre = ""] = /(-[0-9A-Za-z.-]+)/.exec(written) ?? [];
  const [, first, second = ".0"] = WILDCARD.exec(written) ?? [];
  const version = major === undefined
    ? `${first}${second}.0`
    : `${major}${minor}${patch}${pre.split("+")[0]}`;
  return (major ?? first) !== undefined && followRequirement(committed, version) === written;
}
