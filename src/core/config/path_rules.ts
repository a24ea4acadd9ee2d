/**
 * What paths, globs and file names of the configuration may be: all of them stay inside the repository.
 *
 * @module
 */

import { CONTROL, firstOf, type TextRule } from "./text_rule.ts";

/** The same path without `.` and empty parts; `.` for the root. `./py//my-py/` → `py/my-py`. */
export function cleanPath(path: string): string {
  return path.split("/").filter((part) => part !== "" && part !== ".").join("/") || ".";
}

function isAbsolute(path: string): boolean {
  return path.startsWith("/") || /^[A-Za-z]:/.test(path);
}

function leaves(path: string): boolean {
  return path.split("/").includes("..");
}

/** A folder inside the repository. */
export const FOLDER: TextRule = {
  schema: {
    pattern: '^(?!/|[A-Za-z]:)(?!(.*/)?\\.\\.(/|$))[^\\\\*?\\[\\]"<>|:]+$',
  },
  judge: (value) => {
    const odd = /[*?[\]"<>|:]/.exec(value)?.[0];
    return firstOf(
      [value.trim() === "", "it is empty", `Write "." when no folder below is meant`],
      [CONTROL.test(value), "it holds a control character"],
      [value !== value.trim(), "it starts or ends with a blank"],
      [value.includes("\\"), "it holds a backslash", "Separate folders by `/` on every system"],
      [isAbsolute(value), "it is absolute"],
      [leaves(value), `it holds "..", which can lead out of the repository`],
      [
        odd !== undefined,
        `it holds "${odd}"`,
        "Name one folder; each package has a [[package]] of its own",
      ],
    );
  },
};

/** A glob over the repository's files. */
export const GLOB: TextRule = {
  schema: {
    pattern: "^(?!!|/|[A-Za-z]:)(?!(.*/)?\\.\\.(/|$))(?!.*/$).+$",
    maxLength: 4096,
  },
  judge: (value) =>
    firstOf(
      [value.trim() === "", "it is empty"],
      [CONTROL.test(value), "it holds a control character"],
      [value.length > 4096, "it is longer than 4096 characters"],
      [
        value.startsWith("!") || /(^|[^\\])!\(/.test(value),
        "it is a negation",
        "List the files that belong to the package; files that do not cannot be taken out again",
      ],
      [isAbsolute(value), "it is absolute"],
      [leaves(value), `it holds "..", which can lead out of the repository`],
      [
        /\\(?![*?[\](){}!+@|\\])/.test(value),
        "a backslash in it does not escape a glob character",
        "Separate folders by `/` on every system",
      ],
      [
        value.endsWith("/") || cleanPath(value) === ".",
        "it names a folder, which matches no file",
        `Write ${JSON.stringify(cleanPath(`${value}/**`))}`,
      ],
    ),
};

/** The bare name of a workflow file. */
export const WORKFLOW: TextRule = {
  schema: { pattern: "^[^/\\\\]+\\.ya?ml$" },
  judge: (value) =>
    firstOf(
      [CONTROL.test(value), "it holds a control character"],
      [/[/\\]/.test(value), "it is a path", "Write the file's bare name, such as release.yml"],
      [!/^.+\.ya?ml$/u.test(value), `it does not end with ".yml" or ".yaml"`],
    ),
};
