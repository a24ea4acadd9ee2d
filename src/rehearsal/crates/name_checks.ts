/**
 * Which names crates.io takes for crates, for dependencies and for features, in its words (rust-lang/crates.io,
 * `crates/crates_io_validation`).
 *
 * @module
 */

import { Refusal } from "../server/messages.ts";

const MOST_CHARACTERS = 64;

/** What a name is for: crates may not begin with `_`, aliases of dependencies may. */
type NameOf = "crate" | "dependency" | "alias";

/** Throws status 400 for what is no name. */
export function checkName(name: string, of: NameOf): void {
  const what = of === "alias" ? "dependency" : of;
  const [first = "", ...others] = name;
  if (others.length >= MOST_CHARACTERS) {
    throw refusal(`the ${what} name \`${name}\` is too long (max ${MOST_CHARACTERS} characters)`);
  }
  if (first === "") throw refusal(`${what} name cannot be empty`);
  if (/^[0-9]$/.test(first)) {
    throw refusal(
      `the name \`${name}\` cannot be used as a ${what} name, the name cannot start with a digit`,
    );
  }
  const mayBegin = of === "alias" ? /^[A-Za-z_]$/ : /^[A-Za-z]$/;
  if (!mayBegin.test(first)) {
    throw refusal(
      `invalid character \`${first}\` in ${what} name: \`${name}\`, the first character must be an ASCII character${
        of === "alias" ? ", or `_`" : ""
      }`,
    );
  }
  const invalid = others.find((character) => !/^[A-Za-z0-9_-]$/.test(character));
  if (invalid === undefined) return;
  throw refusal(
    `invalid character \`${invalid}\` in ${what} name: \`${name}\`, characters must be an ASCII alphanumeric characters, \`-\`, or \`_\``,
  );
}

/** Throws status 400 for what is no feature's name. */
export function checkFeatureName(name: string): void {
  const [first = "", ...others] = name;
  if (first === "") throw refusal("feature cannot be empty");
  if (!/^[\p{XID_Start}_0-9]$/u.test(first)) {
    throw refusal(
      `invalid character \`${first}\` in feature \`${name}\`, the first character must be a Unicode XID start character or digit (most letters or \`_\` or \`0\` to \`9\`)`,
    );
  }
  const invalid = others.find((character) => !/^[\p{XID_Continue}+\-.]$/u.test(character));
  if (invalid === undefined) return;
  throw refusal(
    `invalid character \`${invalid}\` in feature \`${name}\`, characters must be Unicode XID characters, \`+\`, \`-\`, or \`.\` (numbers, \`+\`, \`-\`, \`_\`, \`.\`, or most letters)`,
  );
}

/** Throws status 400 for what no feature can switch on: `other`, `dep:one`, `one/other`, `one?/other`. */
export function checkFeature(item: string): void {
  const slash = item.indexOf("/");
  if (slash >= 0) {
    checkName(item.slice(0, slash).replace(/\?$/, ""), "alias");
    checkFeatureName(item.slice(slash + 1));
    return;
  }
  const dep = item.indexOf("dep:");
  if (dep >= 0) checkName(item.slice(dep + "dep:".length), "alias");
  else checkFeatureName(item);
}

function refusal(message: string): Refusal {
  return new Refusal(400, message);
}
