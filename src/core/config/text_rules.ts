/**
 * What single values of the configuration may be, paths and globs apart: each rule judges a value, and says the same as
 * a pattern for editors.
 *
 * @module
 */

import type { FailureCode } from "../../failure_codes.ts";
import { forbiddenCharacter } from "../model/artifact_name.ts";
import { isVersion } from "../model/version.ts";
import { type NameRules, registryNameProblem } from "../model/kind.ts";
import { isKnownTriple, KNOWN_TRIPLES, tripleHint } from "../target/target.ts";
import { didYouMean } from "../words/phrases.ts";

/** What is wrong with a value. */
export interface Verdict {
  /** What was found, as a clause: `it leaves the repository`. */
  readonly found: string;
  /** What to do, when it is more than what the key's description says. */
  readonly hint?: string;
  readonly code?: FailureCode;
}

/** A rule for one string. Its pattern may let more through than its judge, never less. */
export interface TextRule {
  /** For JSON Schema: keywords that describe what the rule lets through. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly judge: (value: string) => Verdict | undefined;
}

/** What breaks a line, or a terminal. */
// deno-lint-ignore no-control-regex
export const CONTROL: RegExp = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/**
 * One thing that may be wrong with a value: a test that gives `true`, or the part that is bad; what is found then; and
 * what to do about it.
 */
export type Check = readonly [
  isBad: (value: string) => boolean | string | undefined,
  found: string | ((bad: string) => string),
  hint?: string | ((bad: string) => string),
];

/** Asks the checks in turn; the first that finds something is the verdict. Thousands of values are right. */
export function judgeBy(checks: readonly Check[]): TextRule["judge"] {
  return (value) => {
    for (const check of checks) {
      const bad = check[0](value);
      if (bad !== undefined && bad !== false) return verdictOf(check, bad === true ? value : bad);
    }
    return undefined;
  };
}

function verdictOf([, found, hint]: Check, bad: string): Verdict {
  const say = (words: string | ((bad: string) => string)): string =>
    typeof words === "string" ? words : words(bad);
  return hint === undefined ? { found: say(found) } : { found: say(found), hint: say(hint) };
}

/** Any text that is not empty and stays on one line. */
export const TEXT: TextRule = {
  schema: { minLength: 1 },
  judge: judgeBy([
    [(value) => value.trim() === "", "it is empty"],
    [(value) => CONTROL.test(value), "it holds a control character"],
  ]),
};

const holds = (bad: string): string => `it holds ${JSON.stringify(bad)}`;

/** A package's name: part of artifact names, tags, trailers and arguments, so plain in all of them. */
export const PACKAGE_NAME: TextRule = {
  schema: {
    pattern: "^(?!.*__)@?[A-Za-z0-9_+][A-Za-z0-9._+-]*(/[A-Za-z0-9_+-][A-Za-z0-9._+-]*)*$",
    maxLength: 214,
  },
  judge: judgeBy([
    [(value) => value === "", "it is empty"],
    [(value) => value.length > 214, "it is longer than 214 characters"],
    [(value) => value.includes("__"), `it holds "__", which stands for "/" in artifact names`],
    [
      (value) => forbiddenCharacter(value.replaceAll("/", "")),
      (bad) => `${holds(bad)}, which artifact names may not`,
    ],
    [(value) => /[^A-Za-z0-9._+/-]/u.exec(value.replace(/^@/, ""))?.[0], holds],
    [(value) => /^@?[.-]/.test(value), `it starts with "." or "-"`],
    [
      (value) =>
        value.split("/").some((part) => part.replace(/^@/, "") === "" || part.startsWith(".")),
      `a part of it is empty or starts with "."`,
    ],
  ]),
};

/** A version in semver's spelling that can be released: no `v`, no build metadata. */
export const VERSION: TextRule = {
  schema: {
    pattern: "^(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?$",
  },
  judge: judgeBy([
    [(value) => value.includes("+") && isVersion(value), "it has build metadata"],
    [
      (value) => !isVersion(value),
      "it is not a semantic version",
      "Write three numbers, and a pre-release after `-` if need be: 0.1.0, 1.0.0-rc.1",
    ],
  ]),
};

function placeholders(format: string): readonly string[] {
  return format.match(/\{[^{}]*\}/g) ?? [];
}

function versions(format: string): number {
  return placeholders(format).filter((word) => word === "{version}").length;
}

/** How tags are made of a name and a version. */
export const TAG_FORMAT: TextRule = {
  schema: { pattern: "^(?!.*\\{version\\}.*\\{version\\}).*\\{version\\}.*$" },
  judge: judgeBy([
    [(value) => CONTROL.test(value), "it holds a control character"],
    [
      (value) => placeholders(value).find((word) => word !== "{version}" && word !== "{name}"),
      (unknown) => `it holds ${unknown}, which stands for nothing`,
      (unknown) =>
        [...didYouMean(unknown, ["{version}", "{name}"]), "Use {version} and {name}"].join(" "),
    ],
    [
      (value) => versions(value) === 0,
      "it does not hold {version}",
      "Put {version} into it, such as v{version}",
    ],
    [(value) => versions(value) > 1, "it holds {version} more than once"],
  ]),
};

/** A repository on GitHub. Owners of managed accounts have an underscore in their names. */
export const REPOSITORY: TextRule = {
  schema: { pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*/(?!\\.\\.?$)[A-Za-z0-9._-]+$" },
  judge: judgeBy([[
    (value) => !/^[A-Za-z0-9][A-Za-z0-9_-]*\/(?!\.\.?$)[A-Za-z0-9._-]+$/.test(value),
    "it is not of the form owner/name",
    "Write owner/name, such as me/my-repo, not an address",
  ]]),
};

/** A triple of the table. */
export const TRIPLE: TextRule = {
  // Triples match in any case, which JSON Schema cannot say of an enumeration.
  schema: { anyOf: [{ enum: KNOWN_TRIPLES }, { pattern: "[A-Z]" }] },
  judge: (value) =>
    isKnownTriple(value) ? undefined : {
      code: "PIOT_TARGET_UNKNOWN",
      found: "no such target is known",
      hint: tripleHint(value),
    },
};

/** A name on a registry. */
export function registryName(names: NameRules): TextRule {
  const { pattern, maxLength, words } = names;
  return {
    schema: { pattern, maxLength },
    judge: (value) => {
      const found = registryNameProblem(names, value);
      return found === undefined ? undefined : { found, hint: `A name there ${words}` };
    },
  };
}
