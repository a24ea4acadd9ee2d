/**
 * Versions and ranges of versions as npm and crates.io know them, by their grammars (semver.org 2.0.0; the "Range Grammar"
 * of node-semver's README).
 *
 * @module
 */

const NUMBER = "(?:0|[1-9][0-9]*)";
const WORD = "[0-9]*[A-Za-z-][0-9A-Za-z-]*";
const PRERELEASE = `(?:-(?:${NUMBER}|${WORD})(?:\\.(?:${NUMBER}|${WORD}))*)?`;
const BUILD = "(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?";

const VERSION = new RegExp(`^${NUMBER}\\.${NUMBER}\\.${NUMBER}${PRERELEASE}${BUILD}$`);

/** Whether a text is a version. */
export function isSemver(text: string): boolean {
  return VERSION.test(text);
}

/** Some of a version's numbers: what follows one that may be any may be any too. npm forgives zeros in front of them. */
const ANY = "[xX*]";
const SOME = "[0-9]+";
/** What follows the third number; npm forgives that a pre-release comes without its dash. */
const TAIL = `(?:-?(?:${SOME}|${WORD})(?:\\.(?:${SOME}|${WORD}))*)?${BUILD}`;
const ANY_TWO = `(?:\\.${ANY}(?:\\.${ANY}${TAIL})?)?`;
const PARTIAL = `[v=\\s]*(?:(?:${ANY}|${SOME})${ANY_TWO}|` +
  `${SOME}\\.${SOME}(?:\\.(?:${ANY}|${SOME})${TAIL})?)`;

const COMPARATOR = new RegExp(`^(?:[<>]=?|=|~>?|\\^)?${PARTIAL}$`);
const HYPHEN = new RegExp(`^${PARTIAL}\\s+-\\s+${PARTIAL}$`);

/** Whether a text is a range: `1.x`, `v1`, `>=1 <2`, `1.2 - 2.3`, `^1 || ^2`; nothing at all is one too. */
export function isSemverRange(text: string): boolean {
  return text.split("||").every((alternative) => {
    const plain = alternative.trim().replace(/([<>=~^])\s+/g, "$1");
    return plain === "" || HYPHEN.test(plain) ||
      plain.split(/\s+/).every((comparator) => COMPARATOR.test(comparator));
  });
}
