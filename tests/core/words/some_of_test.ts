import { equal } from "node:assert/strict";
import { test } from "node:test";
import { someOf } from "../../../src/core/words/some_of.ts";

test("someOf() names the first few and counts the rest", () => {
  equal(someOf(["a", "b"], 2), "a, b");
  equal(someOf(["a", "b", "c", "d"], 2), "a, b and 2 more");
  equal(someOf([], 2), "");
});
