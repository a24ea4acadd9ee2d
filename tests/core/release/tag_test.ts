import fc from "../../support/property.ts";
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { indexTags, renderTag, tagProblem } from "../../../src/core/release/tag.ts";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { GIT_ENV } from "../../support/git_repo.ts";

const owner = (tagFormat: string, name = "demo"): { name: string; tagFormat: string } => ({
  name,
  tagFormat,
});

/** The version that a tag stands for, when there is one package. */
function versionOf(pkg: ReturnType<typeof owner>, tag: string): string | undefined {
  return indexTags([pkg])(tag)?.version;
}

test("renderTag() fills in the name and the version", () => {
  equal(renderTag(owner("{name}-v{version}"), "1.2.3"), "demo-v1.2.3");
  equal(renderTag(owner("{name}@{version}", "@me/pkg"), "1.0.0-rc.1"), "@me/pkg@1.0.0-rc.1");
  equal(renderTag(owner("v{version}"), "0.1.0"), "v0.1.0");
  equal(renderTag(owner("{name}/{name}@{version}"), "0.1.0"), "demo/demo@0.1.0");
});

const NOT_TAGS: readonly string[] = [
  ...["demo-v1.2", "demo-v1.2.3.4", "demo-vv1.2.3", "demo-v=1.2.3", "demo-v 1.2.3", "demo-v01.2.3"],
  ...["demo-v1.2.3-", "demo-v1.2.3_x", "demo-v", "demo-1.2.3", "xdemo-v1.2.3", "DEMO-v1.2.3", ""],
  ...["demo-v1.2.3-01", "demo-v99999999999999999.0.0"],
];

for (const tag of NOT_TAGS) {
  test(`indexTags() does not take ${JSON.stringify(tag)} for a release`, () => {
    equal(versionOf(owner("{name}-v{version}"), tag), undefined);
  });
}

const NUMBER = fc.nat({ max: 10_000 });
const WORD = fc.stringMatching(/^([1-9][0-9]{0,3}|[a-z][a-z0-9-]{0,4})$/);
const VERSION = fc.tuple(NUMBER, NUMBER, NUMBER, fc.array(WORD, { maxLength: 3 }))
  .map(([a, b, c, pre]) => `${a}.${b}.${c}${pre.length === 0 ? "" : `-${pre.join(".")}`}`);
const NAME = fc.stringMatching(/^@?[a-zA-Z0-9]{1,4}([-./][a-zA-Z0-9]{1,4}){0,2}$/);
const FORMAT = fc.tuple(
  fc.stringMatching(/^[a-zA-Z0-9/@v.-]{0,5}$/),
  fc.constantFrom("{name}", "", "{name}/{name}"),
  fc.stringMatching(/^[a-z0-9/@v.-]{0,4}$/),
  fc.stringMatching(/^([/_][a-z0-9]{0,4})?$/),
).map(([a, name, b, end]) => `${a}${name}${b}{version}${end}`);

test("indexTags() reads back what renderTag() writes", () => {
  fc.assert(fc.property(FORMAT, NAME, VERSION, (format, name, version) => {
    equal(versionOf(owner(format, name), renderTag(owner(format, name), version)), version);
  }));
});

/** Something else in a tag's place: a piece is cut out of it, and another one put in. */
function edited(tag: string, edit: { at: number; cut: number; put: string }): string {
  const at = Math.floor(edit.at * tag.length);
  return tag.slice(0, at) + edit.put + tag.slice(at + edit.cut);
}

test("indexTags() takes nothing but what renderTag() writes", () => {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat({ max: 3 }),
    put: fc.oneof(fc.string({ maxLength: 2 }), fc.constantFrom("v", "-", "+", ".", "0", "1", "A")),
  });
  fc.assert(
    fc.property(FORMAT, NAME, VERSION, edit, (format, name, version, change) => {
      const pkg = owner(format, name);
      const tag = edited(renderTag(pkg, version), change);
      const found = versionOf(pkg, tag);
      if (found !== undefined) equal(renderTag(pkg, found), tag);
    }),
    { numRuns: 2_000 },
  );
});

test("indexTags() finds among many owners the one that it finds alone", () => {
  const owners = [
    owner("{name}-v{version}", "demo"),
    owner("{name}-v{version}", "demo2"),
    owner("{name}-v{version}", "2"),
    owner("{name}@{version}", "@me/x1"),
    owner("{version}", "bare"),
    owner("r/{version}/done", "slashed"),
  ];
  const ownerOf = indexTags(owners);
  const tags = fc.oneof(
    fc.tuple(fc.constantFrom(...owners), VERSION).map(([pkg, version]) => renderTag(pkg, version)),
    fc.tuple(fc.constantFrom("demo", "2-v", "@me/x1@", "r/"), VERSION).map((pieces) =>
      pieces.join("")
    ),
  );
  fc.assert(fc.property(tags, (tag) => {
    const expected = owners.flatMap((pkg) => {
      const version = versionOf(pkg, tag);
      return version === undefined ? [] : [{ owner: pkg.name, version }];
    });
    deepEqual(ownerOf(tag), expected[0]);
  }));
});

const run = promisify(execFile);

/** What git itself says of a tag's name. */
async function gitTakes(tag: string): Promise<boolean> {
  const args = ["check-ref-format", `refs/tags/${tag}`];
  return await run("git", args, { env: GIT_ENV }).then(() => true, () => false);
}

const TAGS: readonly (readonly [tag: string, problem: string | undefined])[] = [
  ["v1.2.3", undefined],
  ["@scope/pkg-v1.2.3", undefined],
  ["@scope/pkg@1.2.3", undefined],
  ["a{b}", undefined],
  ["1.0.0+build", undefined],
  ["日本-1.0.0", undefined],
  ["a/-b", undefined],
  ["", "it is empty"],
  ["-v1", 'it starts with "-"'],
  ["a b", 'it holds " "'],
  ["a\tb", 'it holds "\\t"'],
  ["a~b", 'it holds "~"'],
  ["a^b", 'it holds "^"'],
  ["a:b", 'it holds ":"'],
  ["a?b", 'it holds "?"'],
  ["a*b", 'it holds "*"'],
  ["a[b", 'it holds "["'],
  ["a\\b", 'it holds "\\\\"'],
  ["a..b", 'it holds ".."'],
  ["a@{b", 'it holds "@{"'],
  ["a//b", 'it holds "//"'],
  ["/a", 'it starts with "/"'],
  ["a/", 'it ends with "/"'],
  ["a.", 'it ends with "."'],
  [".a", 'a part of it starts with "."'],
  ["a/.b", 'a part of it starts with "."'],
  ["a.lock", 'a part of it ends with ".lock"'],
  ["a.lock/b", 'a part of it ends with ".lock"'],
  ["é".repeat(126), "a part of it is longer than 250 bytes"],
];

for (const [tag, problem] of TAGS) {
  test(`tagProblem() of ${JSON.stringify(tag.slice(0, 20))}`, () => {
    equal(tagProblem(tag), problem);
  });
}

test("tagProblem() agrees with git, which alone lets a leading dash and a long name through", async () => {
  const piece = fc.constantFrom(
    ..."a @ { } . .. / - _ ~ ^ : ? * [ \\ + é .lock".split(" "),
    " ",
    "\n",
    "\x7f",
  );
  const tag = fc.array(piece, { minLength: 1, maxLength: 5 }).map((list) => list.join(""));
  await fc.assert(
    fc.asyncProperty(tag, async (text) => {
      const takes = await gitTakes(text);
      equal(tagProblem(text) === undefined, takes && !text.startsWith("-"), JSON.stringify(text));
    }),
    { numRuns: 150 },
  );
});
