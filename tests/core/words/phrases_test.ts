import fc from "../../support/property.ts";
import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import { didYouMean, editDistance, nearest, someOf } from "../../../src/core/words/phrases.ts";

const KEYS = ["name", "path", "paths", "depends_on", "tag_format", "targets"];

const NEAREST: readonly { name: string; word: string; nearest: string | undefined }[] = [
  { name: "two letters swapped", word: "taregts", nearest: "targets" },
  { name: "a letter left out", word: "pth", nearest: "path" },
  { name: "a letter too many", word: "naame", nearest: "name" },
  { name: "another case", word: "NAME", nearest: "name" },
  { name: "a hyphen for an underscore", word: "tag-format", nearest: "tag_format" },
  { name: "an underscore left out", word: "dependson", nearest: "depends_on" },
  { name: "the word itself, though another is as near", word: "paths", nearest: "paths" },
  { name: "the first of two that are as near", word: "pathz", nearest: "path" },
  { name: "another word", word: "version", nearest: undefined },
  { name: "nothing at all", word: "", nearest: undefined },
];

for (const row of NEAREST) {
  test(`nearest() with ${row.name}`, () => equal(nearest(row.word, KEYS), row.nearest));
}

test("nearest() does not take one letter for another", () => {
  equal(nearest("c", ["a", "b"]), undefined);
  equal(nearest("C", ["a", "c"]), "c");
  equal(nearest("ab", ["ac"]), "ac");
});

test("nearest() finds a word after any one slip", () => {
  const word = fc.string({ unit: fc.constantFrom(..."abcdefgh"), minLength: 3, maxLength: 12 });
  fc.assert(fc.property(word, fc.nat(), fc.constantFrom(..."xyz"), (right, at, letter) => {
    const place = at % right.length;
    for (const slip of [letter, "", `${right[place]}${letter}`]) {
      const wrong = `${right.slice(0, place)}${slip}${right.slice(place + 1)}`;
      equal(nearest(wrong, [right]), right);
    }
  }));
});

test("editDistance() is a distance", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 6 });
  fc.assert(fc.property(word, word, (a, b) => {
    const distance = editDistance(a, b);
    equal(distance, editDistance(b, a));
    equal(distance === 0, a === b);
    ok(distance >= Math.abs(a.length - b.length) && distance <= Math.max(a.length, b.length));
  }));
});

test("didYouMean() asks, or keeps silent", () => {
  deepEqual(didYouMean("nmae", KEYS), ['Did you mean "name"?']);
  deepEqual(didYouMean("zzzzz", KEYS), []);
});

test("someOf() names the first few and counts the rest", () => {
  equal(someOf(["a", "b"], 2), "a, b");
  equal(someOf(["a", "b", "c", "d"], 2), "a, b and 2 more");
  equal(someOf([], 2), "");
});
