import { equal } from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import fc from "../../support/property.ts";
import { tagProblem } from "../../../src/core/release/git_ref.ts";
import { GIT_ENV } from "../../support/git_repo.ts";

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
  const parts = fc.constantFrom(
    ..."a @ { } . .. / - _ ~ ^ : ? * [ \\ + é .lock".split(" "),
    " ",
    "\n",
    "\x7f",
  );
  const tag = fc.array(parts, { minLength: 1, maxLength: 5 }).map((list) => list.join(""));
  await fc.assert(
    fc.asyncProperty(tag, async (text) => {
      const takes = await gitTakes(text);
      equal(tagProblem(text) === undefined, takes && !text.startsWith("-"), JSON.stringify(text));
    }),
    { numRuns: 150 },
  );
});
