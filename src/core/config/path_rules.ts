/**
 * What paths, globs and file names of the configuration may be: all of them stay inside the repository.
 *
 * @module
 */

import { CONTROL, judgeBy, type TextRule } from "./text_rules.ts";

/** The same path without `.` and empty parts; `.` for the root. `./py//my-py/` → `py/my-py`. */
export function cleanPath(path: string): string {
  if (!NOTHING_PART.test(path)) return path;
  return path.split("/").filter((part) => part !== "" && part !== ".").join("/") || ".";
}

/** A part of a path that is empty or `.`; nearly no path has one. */
const NOTHING_PART = /(?:^|\/)\.?(?:\/|$)/;

function isAbsolute(path: string): boolean {
  return path.startsWith("/") || /^[A-Za-z]:/.test(path);
}

function leaves(path: string): boolean {
  return path.split("/").includes("..");
}

const CANNOT_LEAVE = `it holds "..", which can lead out of the repository`;
const SLASHES = "Separate folders by `/` on every system";

/** A folder inside the repository. */
export const FOLDER: TextRule = {
  schema: {
    pattern: '^(?!/|[A-Za-z]:)(?!(.*/)?\\.\\.(/|$))[^\\\\*?\\[\\]"<>|:]+$',
  },
  judge: judgeBy([
    [(value) => value.trim() === "", "it is empty", `Write "." when no folder below is meant`],
    [(value) => CONTROL.test(value), "it holds a control character"],
    [(value) => value !== value.trim(), "it starts or ends with a blank"],
    [(value) => value.includes("\\"), "it holds a backslash", SLASHES],
    [isAbsolute, "it is absolute"],
    [leaves, CANNOT_LEAVE],
    [
      (value) => /[*?[\]"<>|:]/.exec(value)?.[0],
      (odd) => `it holds "${odd}"`,
      "Name one folder; each package has a [[package]] of its own",
    ],
  ]),
};

/** A glob over the repository's files. */
export const GLOB: TextRule = {
  schema: {
    pattern: "^(?!!|/|[A-Za-z]:)(?!(.*/)?\\.\\.(/|$))(?!.*/$).+$",
    maxLength: 4096,
  },
  judge: judgeBy([
    [(value) => value.trim() === "", "it is empty"],
    [(value) => CONTROL.test(value), "it holds a control character"],
    [(value) => value.length > 4096, "it is longer than 4096 characters"],
    [
      (value) => value.startsWith("!") || /(^|[^\\])!\(/.test(value),
      "it is a negation",
      "List the files that belong to the package; files that do not cannot be taken out again",
    ],
    [isAbsolute, "it is absolute"],
    [leaves, CANNOT_LEAVE],
    [
      (value) => /\\(?![*?[\](){}!+@|\\])/.test(value),
      "a backslash in it does not escape a glob character",
      SLASHES,
    ],
    [
      (value) => value.endsWith("/") || cleanPath(value) === "." ? value : undefined,
      "it names a folder, which matches no file",
      (folder) => `Write ${JSON.stringify(cleanPath(`${folder}/**`))}`,
    ],
  ]),
};

/** The bare name of a workflow file. */
export const WORKFLOW: TextRule = {
  schema: { pattern: "^[^/\\\\]+\\.ya?ml$" },
  judge: judgeBy([
    [(value) => CONTROL.test(value), "it holds a control character"],
    [
      (value) => /[/\\]/.test(value),
      "it is a path",
      "Write the file's bare name, such as release.yml",
    ],
    [(value) => !/^.+\.ya?ml$/u.test(value), `it does not end with ".yml" or ".yaml"`],
  ]),
};
