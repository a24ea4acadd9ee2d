import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import fc from "../../support/property.ts";
import { mayHoldTrailer, readCommit, readTrailer } from "../../../src/core/request/trailer.ts";

const body = (text: string): string => `Subject\n\n${text}`;

const TRAILERS: readonly (readonly [name: string, text: string, expected: string])[] = [
  ["a bump for all", "release: minor", "minor"],
  ["a bump without a blank", "release:major", "major"],
  ["an upper-case key and word", "RELEASE: Patch", "patch"],
  ["blanks everywhere", " \t release \t: \t minor \t [ a ,  b ] \t", "minor a b"],
  ["names without blanks", "release: minor[a,b]", "minor a b"],
  ["names given twice", "release: minor [a, a]", "minor a"],
  ["a comma too many", "release: minor [a,]", "minor a"],
  ["scoped names and slashes", "release: skip [@me/pkg, crates/core]", "skip @me/pkg crates/core"],
  ["the last of several", "release: minor\n\ntext\n\nrelease: patch [b]\nmore text", "patch b"],
  ["a line among others", "text\nrelease: minor\ntext", "minor"],
  ["an unclosed fence above it", "```\nrelease: minor", "minor"],
  ["a fence closed by a shorter one", "````\n```\nrelease: minor", "minor"],
  ["a comment that nothing ends above it", "<!-- oops\nrelease: minor", "minor"],
  ["what stands after a comment", "<!-- a -->\nrelease: minor", "minor"],
  ["what stands before a comment", "release: minor <!-- patch or minor -->", "minor"],
  ["what stands before comments", "release: minor [a] <!-- a --><!-- b --> <!--\nc -->", "minor a"],
  ["lines that end with CR", "text\r\rrelease: minor\r", "minor"],
];

for (const [name, text, expected] of TRAILERS) {
  test(`readTrailer() reads ${name}`, () => {
    const { trailer, odd } = readTrailer(body(text));
    equal([trailer?.word, ...trailer?.names ?? []].join(" "), expected);
    deepEqual(odd, []);
    ok(mayHoldTrailer(body(text)));
  });
}

const NONE: readonly (readonly [name: string, message: string])[] = [
  ["nothing", ""],
  ["a subject line", "release: minor"],
  ["blank lines and a subject line", "\n\n  release: minor\n"],
  ["another key", body("releases: minor\nprerelease: minor\nrelease-notes: x\nRelease notes: y")],
  ["a list item", body("* release: minor\n- release: minor\n> release: minor")],
  ["fenced code", body("```\nrelease: minor\n```")],
  ["fenced code of another kind", body("~~~~ text\nrelease: minor\n```\n~~~~~")],
  ["a comment", body("<!--\nrelease: minor\n-->")],
  ["what stands behind a comment", body("<!-- a --> release: minor\n<!--\n-->release: minor")],
  ["words that a comment divides", body("rel<!-- a -->ease: minor\nrelease<!-- a -->: minor")],
];

for (const [name, message] of NONE) {
  test(`readTrailer() finds no trailer in ${name}`, () => {
    const { trailer, odd } = readTrailer(message);
    equal(trailer, undefined);
    deepEqual(odd, []);
  });
}

const ODD: readonly (readonly [name: string, text: string, last: boolean])[] = [
  ["in the last paragraph", "text\n\nrelease: minro", true],
  ["above a trailer in the last paragraph", "release: minro\nrelease: minor", true],
  ["above another paragraph", "release: minro\n\ntext", false],
  ["around a comment", "release: minor <!-- only --> [a]", true],
  ["that a comment divides", "release: min<!-- a -->or", true],
  ["above co-authors", "release: minro\n\n---------\n\nCo-authored-by: B <b@example.com>", true],
  ["above a sign-off", "release: minro\n\nSigned-off-by: B <b@example.com>", true],
  ["above where it was picked from", "release: minro\n\n(cherry picked from commit abc)", true],
  ["above fenced code", "release: minro\n\n```\nx\n```", true],
  ["with an empty list", "release: minor []", true],
  ["with a list of blanks", "release: minor [ , ]", true],
  ["with a list that nothing closes", "release: minor [a", true],
  ["with two lists", "release: minor [a] [b]", true],
  ["with nothing after it", "release:", true],
];

for (const [name, text, last] of ODD) {
  test(`readTrailer() tells of a line that is no trailer ${name}`, () => {
    deepEqual(readTrailer(body(text)).odd.map((line) => line.last), [last]);
  });
}

test("readTrailer() tells of a subject line that would be a trailer", () => {
  equal(readTrailer("release: minor [a]").inSubject, true);
  equal(readTrailer("release: v1.2.3").inSubject, false);
  equal(readTrailer("release: v1.2.3\n\nrelease: minor").inSubject, false);
});

test("readCommit() reads merged tips only where the merge itself says nothing", () => {
  const tips = [body("release: major"), body("release: minor [a]"), body("nothing")];
  equal(readCommit({ message: body("release: patch"), tips }).trailer?.word, "patch");
  equal(readCommit({ message: "Merge", tips }).trailer?.line, "release: minor [a]");
  equal(readCommit({ message: "Merge", tips: [] }).trailer, undefined);
});

/** Messages that come near to trailers. */
const MESSAGES = fc.array(
  fc.oneof(
    fc.string({ unit: "binary", maxLength: 3 }),
    fc.constantFrom(
      "release:",
      "release: minor\n",
      "minor",
      "skip",
      "[a, b]",
      "[",
      "]",
      "\n",
      "\n\n",
      "\r\n",
      " ",
      "```",
      "<!--",
      "-->",
    ),
    fc.constantFrom("release: minor [a]", "Release : skip", "---------", "~~~", "* "),
  ),
  { minLength: 5, maxLength: 40, size: "max" },
).map((pieces) => pieces.join(""));

/** Whether some line of a message starts so. */
function holdsLine(message: string, start: string): boolean {
  return message.split(/\r\n|\n|\r/).some((line) => line.trim().startsWith(start));
}

test("readTrailer() never throws, and never invents a name or a word", () => {
  fc.assert(
    fc.property(MESSAGES, (message) => {
      const { trailer, outdone, odd } = readTrailer(message);
      for (const found of [...outdone, ...trailer === undefined ? [] : [trailer]]) {
        ok(holdsLine(message, found.line));
        ok(found.line.toLowerCase().includes(found.word));
        for (const name of found.names ?? []) ok(found.line.includes(name) && name === name.trim());
        ok(found.names === undefined || found.names.length > 0);
      }
      for (const { line } of odd) ok(holdsLine(message, line));
    }),
    { numRuns: 1000 },
  );
});

test("mayHoldTrailer() misses no message with a trailer or with a line that is none", () => {
  fc.assert(
    fc.property(MESSAGES, (message) => {
      const { trailer, odd } = readTrailer(message);
      if (trailer !== undefined || odd.length > 0) ok(mayHoldTrailer(message), message);
    }),
    { numRuns: 1000 },
  );
});

test("readTrailer() finds a trailer wherever it is put into a message without code and comments", () => {
  const lines = fc.array(
    fc.string({ unit: "grapheme-ascii" }).filter((line) => !/[`~<>\n\r]/.test(line)),
  );
  const names = fc.array(fc.stringMatching(/^@?[A-Za-z0-9]{1,5}([-_.+/][A-Za-z0-9]{1,5})?$/), {
    minLength: 1,
  });
  fc.assert(fc.property(lines, lines, names, (before, after, list) => {
    const line = `release: minor [${list.join(", ")}]`;
    const rest = after.filter((one) => !/^\s*release/i.test(one));
    const { trailer } = readTrailer(["Subject", ...before, line, ...rest].join("\n"));
    deepEqual(trailer, { word: "minor", names: [...new Set(list)], line });
  }));
});

const HOSTILE: readonly (readonly [name: string, message: string])[] = [
  ["blanks", body(`release:${" ".repeat(200_000)}x`)],
  ["blank lines", body(`${" \n".repeat(100_000)}release: x`)],
  ["brackets", body(`release: minor ${"[".repeat(200_000)}`)],
  ["fences that nothing closes", body("```x\n".repeat(100_000))],
  ["comments that nothing ends", body("<!--\n".repeat(100_000))],
  ["comments", body("<!-- a -->\n".repeat(100_000))],
  ["fences", body("```\n".repeat(1_000_000))],
  ["line separators", body("\u2028".repeat(1_000_000))],
];

for (const [name, message] of HOSTILE) {
  test(`readTrailer() is not slowed down by a long run of ${name}`, () => {
    // Quadratic work on these lengths would take minutes: to come to an end at all is the test.
    equal(readTrailer(message).trailer, undefined);
    equal(typeof mayHoldTrailer(message), "boolean");
  });
}
