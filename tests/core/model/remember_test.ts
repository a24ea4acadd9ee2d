import { equal, notEqual } from "node:assert/strict";
import { test } from "node:test";
import { remembering } from "../../../src/core/model/remember.ts";

test("remembering() computes once for each pair of objects, and undefined as well", () => {
  let computed = 0;
  const join = remembering((a: { readonly text: string }, b: { readonly text: string }) => {
    computed++;
    return a === b ? undefined : { text: a.text + b.text };
  });
  const [a, b] = [{ text: "a" }, { text: "a" }];
  equal(join(a, b), join(a, b));
  notEqual(join(b, a), join(a, b));
  equal(join(a, a), undefined);
  equal(join(a, a), undefined);
  equal(computed, 3);
});
