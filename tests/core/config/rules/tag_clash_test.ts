import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import { test } from "node:test";
import {
  indexTags,
  renderTag,
  shapeOf,
  tagProblem,
  type TagShape,
} from "../../../../src/core/release/tag.ts";
import fc from "../../../support/property.ts";
import { tagClash } from "../../../../src/core/config/rules/tag_clash.ts";

interface Row {
  readonly name: string;
  readonly a: string;
  readonly b: string;
  readonly clash: ReturnType<typeof tagClash>;
}

/** Formats with their names filled in. */
const FORMATS: readonly Row[] = [
  {
    name: "one format twice",
    a: "v{version}",
    b: "v{version}",
    clash: { kind: "same", tag: "v0.0.0" },
  },
  { name: "two names", a: "a-v{version}", b: "b-v{version}", clash: undefined },
  {
    name: "a name that starts as another does",
    a: "a-v{version}",
    b: "a-b-v{version}",
    clash: undefined,
  },
  { name: "a name that ends in a number", a: "a-{version}", b: "a-1-{version}", clash: undefined },
  {
    name: "a digit before the version",
    a: "v{version}",
    b: "v1{version}",
    clash: { kind: "same", tag: "v10.0.0" },
  },
  {
    name: "a zero before the version, which no number starts with",
    a: "v{version}",
    b: "v0{version}",
    clash: undefined,
  },
  {
    name: "a pre-release for a suffix",
    a: "v{version}",
    b: "v{version}-rc.1",
    clash: { kind: "same", tag: "v0.0.0-rc.1" },
  },
  {
    name: "build metadata for a suffix",
    a: "v{version}",
    b: "v{version}+py",
    clash: { kind: "same", tag: "v0.0.0+py" },
  },
  { name: "a suffix that no version has", a: "v{version}", b: "v{version}_py", clash: undefined },
  {
    name: "a version and more in a name",
    a: "a-{version}",
    b: "a-1.0.0-b-{version}",
    clash: { kind: "same", tag: "a-1.0.0-b-0.0.0" },
  },
  {
    name: "a suffix against a prefix",
    a: "{version}-a",
    b: "1.0.0-{version}",
    clash: { kind: "same", tag: "1.0.0-0.0.0-a" },
  },
  { name: "a folder of each", a: "a/{version}", b: "b/{version}", clash: undefined },
  { name: "a folder of one", a: "v{version}", b: "v/{version}", clash: undefined },
  {
    name: "a tag for a folder",
    a: "v{version}",
    b: "v{version}/b",
    clash: { kind: "folder", tag: "v0.0.0/b" },
  },
  {
    name: "a tag for a folder, by its name",
    a: "{version}",
    b: "1.0.0/v{version}",
    clash: { kind: "folder", tag: "1.0.0/v0.0.0" },
  },
  {
    name: "folders that only look like tags",
    a: "v{version}",
    b: "v1.0/{version}",
    clash: undefined,
  },
];

for (const { name, a, b, clash } of FORMATS) {
  test(`tagClash() of ${name}`, () => {
    const [one, other] = [a, b].map((tagFormat) => shapeOf({ name: "", tagFormat }));
    deepEqual(tagClash(one!, other!), clash);
    deepEqual(tagClash(other!, one!), clash);
  });
}

test("shapeOf() fills the name in wherever it stands", () => {
  deepEqual(shapeOf({ name: "a", tagFormat: "{name}/{name}-v{version}.{name}" }), {
    prefix: "a/a-v",
    suffix: ".a",
  });
});

const VERSIONS = [
  "0.0.0",
  "1.0.0",
  "10.0.0",
  "1.1.1",
  "0.0.0-0",
  "1.0.0-a",
  "0.0.0-a.1",
  "1.0.0-1.0.0",
  "0.0.0-1.0.0-0",
  "0.0.0+a",
  "1.0.0-a+1",
];

const part = fc.array(
  fc.constantFrom("a", "v", "1", "0", "-", ".", "/", "+", "1.0.0", "1.0.0-", "-a", "/a", "v1"),
  { maxLength: 4 },
).map((words) => words.join(""));
// A format that gives no tag at all is refused before anybody asks whether it clashes.
const shape = fc.record({ prefix: part, suffix: part }).filter((shape) =>
  tagProblem(renderTag(owner(shape), "1.0.0")) === undefined
);

function owner({ prefix, suffix }: TagShape): { name: string; tagFormat: string } {
  return { name: "x", tagFormat: `${prefix}{version}${suffix}` };
}

test("tagClash() finds whatever trying versions finds", () => {
  fc.assert(
    fc.property(shape, shape, (a, b) => {
      for (const version of VERSIONS) {
        const tag = renderTag(owner(a), version);
        for (const other of VERSIONS) {
          const theirs = renderTag(owner(b), other);
          const meets = tag === theirs || tag.startsWith(`${theirs}/`) ||
            theirs.startsWith(`${tag}/`);
          if (meets) notEqual(tagClash(a, b), undefined, `${tag} and ${theirs}`);
        }
      }
    }),
    { numRuns: 500 },
  );
});

function isTagOf(format: Parameters<typeof owner>[0], tag: string): boolean {
  return indexTags([owner(format)])(tag) !== undefined;
}

test("tagClash() gives a tag that both formats have", () => {
  fc.assert(
    fc.property(shape, shape, (a, b) => {
      const clash = tagClash(a, b);
      if (clash === undefined) return;
      const own = [a, b].map((shape) => isTagOf(shape, clash.tag));
      if (clash.kind === "same") {
        deepEqual(own, [true, true], clash.tag);
        return;
      }
      const outer = own[0] ? b : a;
      const folders = clash.tag.split("/").map((_, depth, all) => all.slice(0, depth).join("/"));
      ok(folders.some((folder) => isTagOf(outer, folder)), clash.tag);
      equal(own.filter(Boolean).length, 1);
    }),
    { numRuns: 500 },
  );
});
