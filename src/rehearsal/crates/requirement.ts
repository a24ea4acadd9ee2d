/**
 * Version requirements as cargo and crates.io read them (dtolnay/semver, `src/parse.rs`): comparators between commas, each
 * with one to three numbers of which the last may be any.
 *
 * @module
 */

const NUMBER = "(?:0|[1-9][0-9]*)";
const ANY = "[*xX]";
const PRE = "(?:-(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)" +
  "(?:\\.(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*)?";
const BUILD = "(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?";
const COMPARATOR = new RegExp(
  `^ *(?:>=|<=|[=><~^])? *${NUMBER}(?:\\.(?:${ANY}(?:\\.${ANY})?|${NUMBER}(?:\\.(?:${ANY}|${NUMBER}${PRE}${BUILD}))?))? *$`,
);
const MOST_COMPARATORS = 32;

/** Whether a text is a requirement: `1`, `^1.2`, `1.*`, `>=1, <2`, or `*` alone. */
export function isRequirement(text: string): boolean {
  if (new RegExp(`^ *${ANY} *$`).test(text)) return true;
  const comparators = text.split(",");
  return comparators.length <= MOST_COMPARATORS && comparators.every((one) => COMPARATOR.test(one));
}
