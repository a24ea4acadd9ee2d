/**
 * What single values of the configuration may be, paths and globs apart.
 *
 * @module
 */

import { forbiddenCharacter } from "../artifact_name.ts";
import { isDistTag } from "../npm/dist_tag.ts";
import type { Kind } from "../package.ts";
import { NAME_FORMS, registryNameProblem } from "../registry_name.ts";
import { didYouMean } from "../suggest.ts";
import { isVersion } from "../version.ts";
import { isKnownTriple, KNOWN_TRIPLES, tripleHint } from "../target.ts";
import { CONTROL, firstOf, type TextRule } from "./text_rule.ts";

/** Any text that is not empty and stays on one line. */
export const TEXT: TextRule = {
  schema: { minLength: 1 },
  judge: (value) =>
    firstOf(
      [value.trim() === "", "it is empty"],
      [CONTROL.test(value), "it holds a control character"],
    ),
};

/** A package's name: part of artifact names, tags, trailers and arguments, so plain in all of them. */
export const PACKAGE_NAME: TextRule = {
  schema: {
    pattern: "^(?!.*__)@?[A-Za-z0-9_+][A-Za-z0-9._+-]*(/[A-Za-z0-9_+-][A-Za-z0-9._+-]*)*$",
    maxLength: 214,
  },
  judge: (value) => {
    const forbidden = forbiddenCharacter(value.replaceAll("/", ""));
    const odd = /[^A-Za-z0-9._+/-]/u.exec(value.replace(/^@/, ""))?.[0];
    return firstOf(
      [value === "", "it is empty"],
      [value.length > 214, "it is longer than 214 characters"],
      [value.includes("__"), `it holds "__", which stands for "/" in artifact names`],
      [
        forbidden !== undefined,
        `it holds ${JSON.stringify(forbidden)}, which artifact names may not`,
      ],
      [odd !== undefined, `it holds ${JSON.stringify(odd)}`],
      [/^@?[.-]/.test(value), `it starts with "." or "-"`],
      [
        value.split("/").some((part) => part.replace(/^@/, "") === "" || part.startsWith(".")),
        `a part of it is empty or starts with "."`,
      ],
    );
  },
};

/** A version in semver's spelling that can be released: no `v`, no build metadata. */
export const VERSION: TextRule = {
  schema: {
    pattern: "^(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?$",
  },
  judge: (value) =>
    firstOf(
      [value.includes("+") && isVersion(value), "it has build metadata"],
      [
        !isVersion(value),
        "it is not a semantic version",
        "Write three numbers, and a pre-release after `-` if need be: 0.1.0, 1.0.0-rc.1",
      ],
    ),
};

/** How tags are made of a name and a version. */
export const TAG_FORMAT: TextRule = {
  schema: { pattern: "^(?!.*\\{version\\}.*\\{version\\}).*\\{version\\}.*$" },
  judge: (value) => {
    const placeholders = value.match(/\{[^{}]*\}/g) ?? [];
    const unknown = placeholders.find((one) => one !== "{version}" && one !== "{name}");
    const versions = placeholders.filter((one) => one === "{version}").length;
    return firstOf(
      [CONTROL.test(value), "it holds a control character"],
      [
        unknown !== undefined,
        `it holds ${unknown}, which stands for nothing`,
        [...didYouMean(unknown ?? "", ["{version}", "{name}"]), "Use {version} and {name}"].join(
          " ",
        ),
      ],
      [versions === 0, "it does not hold {version}", "Put {version} into it, such as v{version}"],
      [versions > 1, "it holds {version} more than once"],
    );
  },
};

/** A repository on GitHub. Owners of managed accounts have an underscore in their names. */
export const REPOSITORY: TextRule = {
  schema: { pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*/(?!\\.\\.?$)[A-Za-z0-9._-]+$" },
  judge: (value) =>
    firstOf([
      !/^[A-Za-z0-9][A-Za-z0-9_-]*\/(?!\.\.?$)[A-Za-z0-9._-]+$/.test(value),
      "it is not of the form owner/name",
      "Write owner/name, such as me/my-repo, not an address",
    ]),
};

/** A dist-tag: what npm would not take for a range of versions (npm-package-arg). */
export const DIST_TAG: TextRule = {
  schema: { pattern: "^[A-Za-z0-9_.!~*'()-]+$" },
  judge: (value) =>
    firstOf(
      [value === "", "it is empty"],
      [/[^A-Za-z0-9_.!~*'()-]/.test(value), "it holds characters that a dist-tag may not"],
      [
        !isDistTag(value),
        "npm reads it as a range of versions",
        "Use a word, such as latest or next",
      ],
    ),
};

/** A cargo feature: they are joined by commas on cargo's command line. */
export const FEATURE: TextRule = {
  schema: { pattern: "^[^\\s,-][^\\s,]*$" },
  judge: (value) =>
    firstOf([
      !/^[^\s,-][^\s,]*$/u.test(value) || CONTROL.test(value),
      "it is not the name of one feature",
      "Write one feature in each string, without blanks and commas",
    ]),
};

/** The name of a binary. */
export const BINARY: TextRule = {
  schema: { pattern: "^[A-Za-z0-9_][A-Za-z0-9_.-]*$" },
  judge: (value) =>
    firstOf([
      !/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(value),
      "it is not the name of a binary",
      "Write its name as Cargo.toml has it, without folder and extension",
    ]),
};

/** A triple of the table. */
export const TRIPLE: TextRule = {
  schema: { enum: KNOWN_TRIPLES },
  judge: (value) =>
    isKnownTriple(value) ? undefined : {
      code: "PIOT_TARGET_UNKNOWN",
      found: "no such target is known",
      hint: tripleHint(value),
    },
};

/** A name on a registry. */
export function registryName(kind: Kind): TextRule {
  const { pattern, maxLength, words } = NAME_FORMS[kind];
  return {
    schema: { pattern, maxLength },
    judge: (value) => {
      const found = registryNameProblem(kind, value);
      return found === undefined ? undefined : { found, hint: `A name there ${words}` };
    },
  };
}
