import assert from "node:assert/strict";
import { test } from "node:test";
import satisfies from "semver/functions/satisfies.js";
import { followSibling, type Sibling } from "../../../src/core/npm/sibling_range.ts";
import fc from "../../support/property.ts";

const rows: readonly {
  name: string;
  range: string;
  sibling: Sibling;
  becomes: string | "keep" | "refuse";
}[] = [
  { name: "a caret", range: "^1.0.0", sibling: { version: "2.0.0" }, becomes: "^2.0.0" },
  { name: "a caret of two numbers", range: "^1.2", sibling: { version: "2.3.4" }, becomes: "^2.3" },
  { name: "a caret of one number", range: "^1", sibling: { version: "2.3.4" }, becomes: "^2" },
  { name: "a tilde", range: "~1.2.0", sibling: { version: "1.3.0" }, becomes: "~1.3.0" },
  { name: "an exact pin", range: "1.2.3", sibling: { version: "1.2.4" }, becomes: "1.2.4" },
  {
    name: "an exact pin with =",
    range: "=1.2.3",
    sibling: { version: "1.2.4" },
    becomes: "=1.2.4",
  },
  { name: "an exact pin with v", range: "v1.2.3", sibling: { version: "1.2.4" }, becomes: "1.2.4" },
  { name: "an x range", range: "1.x", sibling: { version: "2.3.4" }, becomes: "2.x" },
  {
    name: "an x range of two numbers",
    range: "1.2.X",
    sibling: { version: "2.3.4" },
    becomes: "2.3.X",
  },
  { name: "a star range", range: "1.*", sibling: { version: "2.3.4" }, becomes: "2.*" },
  { name: "a bare number", range: "1", sibling: { version: "2.3.4" }, becomes: "2" },
  { name: "two bare numbers", range: "1.2", sibling: { version: "2.3.4" }, becomes: "2.3" },
  {
    name: "an interval up to the next major version",
    range: ">=1.2.0 <2.0.0",
    sibling: { version: "2.3.4" },
    becomes: ">=2.3.4 <3.0.0",
  },
  {
    name: "a short interval",
    range: ">=1.2 <2",
    sibling: { version: "2.3.4" },
    becomes: ">=2.3 <3",
  },
  {
    name: "an interval that leaves pre-releases out",
    range: ">=1.2.0 <2.0.0-0",
    sibling: { version: "2.3.4" },
    becomes: ">=2.3.4 <3.0.0",
  },
  {
    name: "an interval up to the next minor version",
    range: ">=1.2.0 <1.3.0",
    sibling: { version: "1.3.0" },
    becomes: ">=1.3.0 <1.4.0",
  },
  {
    name: "a pre-release, which a caret never admits",
    range: "^1.0.0",
    sibling: { version: "1.1.0-rc.1" },
    becomes: "^1.1.0-rc.1",
  },
  {
    name: "a pre-release under an x range",
    range: "1.x",
    sibling: { version: "2.0.0-rc.1" },
    becomes: "2.0.0-rc.1",
  },
  {
    name: "what admits it and was never another",
    range: "^1.0.0",
    sibling: { version: "1.4.0" },
    becomes: "keep",
  },
  {
    name: "what admits it, where package.json says the same",
    range: "^1.0.0",
    sibling: { version: "1.4.0", declared: "1.4.0" },
    becomes: "keep",
  },
  {
    name: "what admits it, where package.json says less",
    range: "^1.0.0",
    sibling: { version: "1.4.0", declared: "1.3.0" },
    becomes: "^1.4.0",
  },
  {
    name: "everything",
    range: "*",
    sibling: { version: "2.0.0", declared: "1.0.0" },
    becomes: "keep",
  },
  {
    name: "nothing said",
    range: "",
    sibling: { version: "2.0.0", declared: "1.0.0" },
    becomes: "keep",
  },
  {
    name: "a dist-tag",
    range: "latest",
    sibling: { version: "2.0.0", declared: "1.0.0" },
    becomes: "keep",
  },
  {
    name: "an address",
    range: "github:me/core#v1",
    sibling: { version: "2.0.0" },
    becomes: "keep",
  },
  {
    name: "a list that admits it",
    range: "^1.0.0 || ^2.0.0",
    sibling: { version: "2.0.0", declared: "1.0.0" },
    becomes: "keep",
  },
  {
    name: "a comparison that admits it",
    range: ">=1.0.0",
    sibling: { version: "2.0.0", declared: "1.0.0" },
    becomes: "keep",
  },
  {
    name: "a list that does not",
    range: "^1.0.0 || ^2.0.0",
    sibling: { version: "3.0.0" },
    becomes: "refuse",
  },
  {
    name: "an odd interval",
    range: ">=1.0.0 <5.0.0",
    sibling: { version: "6.0.0" },
    becomes: "refuse",
  },
  {
    name: "a range with a hyphen",
    range: "1.0.0 - 1.9.9",
    sibling: { version: "2.0.0" },
    becomes: "refuse",
  },
  {
    name: "an interval before a pre-release",
    range: ">=1.0.0 <2.0.0",
    sibling: { version: "2.0.0-rc.1" },
    becomes: "refuse",
  },
];
for (const { name, range, sibling, becomes } of rows) {
  test(`followSibling: ${name}: "${range}" beside ${sibling.version} ${becomes}`, () => {
    const followed = followSibling(range, sibling);
    assert.equal(followed.to === "write" ? followed.range : followed.to, becomes);
  });
}

test("whatever a range becomes admits the sibling, and following it again changes nothing", () => {
  const part = fc.nat(20);
  const version = fc.tuple(part, part, part, fc.constantFrom("", "-rc.1"))
    .map(([major, minor, patch, pre]) => `${major}.${minor}.${patch}${pre}`);
  const range = fc.tuple(
    fc.constantFrom("^", "~", "=", ""),
    fc.array(part, { minLength: 1, maxLength: 3 }),
    fc.constantFrom("", ".x"),
  )
    .map(([operator, parts, wild]) =>
      parts.length < 3 && operator === ""
        ? `${parts.join(".")}${wild}`
        : `${operator}${parts.join(".")}`
    );
  fc.assert(
    fc.property(
      range,
      version,
      fc.option(version, { nil: undefined }),
      (range, version, declared) => {
        const sibling = { version, ...(declared === undefined ? {} : { declared }) };
        const followed = followSibling(range, sibling);
        assert.notEqual(followed.to, "refuse");
        const after = followed.to === "write" ? followed.range : range;
        assert.ok(satisfies(version, after), `${range} → ${after} beside ${version}`);
        assert.equal(followSibling(after, sibling).to, "keep");
      },
    ),
  );
});
