import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { judgeHead } from "../../../src/core/request/head_trailer.ts";

const NAMES = ["core", "@me/pkg"];
const FORMS =
  "Write `release: patch`, `minor`, `major` or `skip`, alone or with `[name, name]` after it";

/** What HEAD's message comes to: the trailer's line, and what is said. */
function judged(text: string, tips: readonly string[] = []): Record<string, unknown> {
  const { trailer, failures, warnings } = judgeHead({ message: `Subject\n\n${text}`, tips }, NAMES);
  return { trailer: trailer?.line, failures: failures.map(({ message }) => message), warnings };
}

const REFUSED: readonly (readonly [name: string, text: string, message: string, hint: string])[] = [
  [
    "an unknown word",
    "release: mnor",
    'Cannot read the trailer "release: mnor": "mnor" is none of patch, minor, major, skip',
    `Did you mean "minor"? ${FORMS}`,
  ],
  [
    "an unknown word with a list",
    "release: mnor [core]",
    'Cannot read the trailer "release: mnor [core]": "mnor" is none of patch, minor, major, skip',
    `Did you mean "minor"? ${FORMS}`,
  ],
  [
    "no word at all",
    "release:",
    'Cannot read the trailer "release:": none of patch, minor, major, skip follows the colon',
    FORMS,
  ],
  [
    "a list without a word",
    "release: [core]",
    'Cannot read the trailer "release: [core]": none of patch, minor, major, skip follows the colon',
    FORMS,
  ],
  [
    "an empty list",
    "release: minor []",
    'Cannot read the trailer "release: minor []": its list names no package',
    FORMS,
  ],
  [
    "a list of commas",
    "release: skip [ , ]",
    'Cannot read the trailer "release: skip [ , ]": its list names no package',
    FORMS,
  ],
  [
    "a name without brackets",
    "release: minor core",
    'Cannot read the trailer "release: minor core": "core" is no list of names, which stands in brackets',
    `Did you mean "release: minor [core]"? ${FORMS}`,
  ],
  [
    "names without brackets and blanks",
    "Release: Minor core,@me/pkg",
    'Cannot read the trailer "Release: Minor core,@me/pkg": "core,@me/pkg" is no list of names, which stands in brackets',
    `Did you mean "release: minor [core,@me/pkg]"? ${FORMS}`,
  ],
  [
    "a list that is not closed",
    "release: minor [core,\n@me/pkg]",
    'Cannot read the trailer "release: minor [core,": its list is not closed',
    FORMS,
  ],
  [
    "two lists",
    "release: minor [core] [@me/pkg]",
    'Cannot read the trailer "release: minor [core] [@me/pkg]": what follows its word is no list of names',
    FORMS,
  ],
  [
    "words behind a list",
    "release: minor [core] and more",
    'Cannot read the trailer "release: minor [core] and more": what follows its word is no list of names',
    FORMS,
  ],
  [
    "a broken list above another paragraph",
    "release: minor []\n\nMore words.",
    'Cannot read the trailer "release: minor []": its list names no package',
    FORMS,
  ],
  [
    "a name that no package has",
    "release: minor [cor]",
    'Cannot follow the trailer "release: minor [cor]": no package is called "cor"',
    'Did you mean "core"? Declared packages: core, @me/pkg',
  ],
];

for (const [name, text, message, hint] of REFUSED) {
  test(`judgeHead() refuses ${name}, and says what to write`, () => {
    const { failures, warnings } = judgeHead({ message: `Subject\n\n${text}`, tips: [] }, NAMES);
    deepEqual(failures.map((failure) => [failure.message, failure.hint]), [[message, hint]]);
    deepEqual(warnings, []);
    equal(failures[0]!.exitCode, 2);
  });
}

const noTrailer = (line: string): string =>
  `The line ${JSON.stringify(line)} in the message of HEAD is no trailer, so it does not count`;

const PROSE: readonly string[] = [
  "Release: the parser is stable now",
  "Release: the parser is now stable",
  "release: minor fixes and more",
  "release: skip the queue",
  "Release: notes are in the wiki",
];

for (const text of PROSE) {
  test(`judgeHead() takes ${JSON.stringify(text)} for prose, and says that it does not count`, () => {
    deepEqual(judged(text), { trailer: undefined, failures: [], warnings: [noTrailer(text)] });
  });
}

test("judgeHead() only warns of an unknown word above the last paragraph", () => {
  deepEqual(judged("release: mnor\n\nMore words."), {
    trailer: undefined,
    failures: [],
    warnings: [noTrailer("release: mnor")],
  });
});

test("judgeHead() only warns of a broken list that a trailer below it outdoes", () => {
  deepEqual(judged("release: minor core\nrelease: minor [core]"), {
    trailer: "release: minor [core]",
    failures: [],
    warnings: [noTrailer("release: minor core")],
  });
});

test("judgeHead() refuses a broken list below a trailer: it was meant to win", () => {
  equal((judged("release: minor\nrelease: major core").failures as string[]).length, 1);
});

test("judgeHead() warns of a list on the line below its trailer, which is for every package then", () => {
  deepEqual(judged("release: minor\n[core]"), {
    trailer: "release: minor",
    failures: [],
    warnings: [
      'The list "[core]" in the message of HEAD stands below its trailer and not in it, ' +
      "so the trailer is for every package",
    ],
  });
  deepEqual(judged("release: minor\n\n[core]").warnings, []);
  deepEqual(judged("release: minor [core]\n[1]: https://example.com").warnings, []);
});

test("judgeHead() judges the tips that a merge reads as HEAD's own words", () => {
  const tip = (text: string): string => `Tip\n\n${text}`;
  equal((judged("Merge", [tip("release: mnor")]).failures as string[]).length, 1);
  equal((judged("Merge", [tip("release: minor [nobody]")]).failures as string[]).length, 1);
  equal((judged("release: patch", [tip("release: mnor")]).failures as string[]).length, 0);
});

test("a mistake that HEAD makes twice in the same words is told once", () => {
  const { failures } = judgeHead(
    { message: "Mend\n\nrelease: mnor\nrelease: mnor\n", tips: [] },
    [],
  );
  deepEqual(failures.map(({ code }) => code), ["PIOT_TRAILER_INVALID"]);
});
