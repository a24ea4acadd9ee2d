import { test } from "node:test";
import assert from "node:assert/strict";
import fc from "../../support/property.ts";
import { type NotesFacts, releaseNotes } from "../../../src/core/release/release_notes.ts";
import { tagMessage } from "../../../src/core/release/tag.ts";

const FACTS: NotesFacts = {
  name: "demo",
  version: "1.1.0",
  why: "files changed",
  registryUrl: "https://pypi.org/project/demo/1.1.0/",
  previousTag: "demo-v1.0.0",
  tag: "demo-v1.1.0",
  commits: [
    { id: "1234567890".repeat(4), subject: "Read empty files (#12)" },
    { id: "abcdef0123".repeat(4), subject: "Fix `parse()`" },
  ],
  repositoryUrl: "https://github.com/ada/engine",
};

test("releaseNotes() tells why, where, and which commits", () => {
  assert.equal(
    releaseNotes(FACTS),
    `\`demo\` \`1.1.0\`, released for this reason: \`files changed\`.

Get it from <https://pypi.org/project/demo/1.1.0/>.

Commits that touched its files since [\`demo-v1.0.0\`](https://github.com/ada/engine/compare/demo-v1.0.0...demo-v1.1.0):

- \`Read empty files (#12)\` ([\`12345678\`](https://github.com/ada/engine/commit/${
      FACTS.commits[0]!.id
    }))
- \`\` Fix \`parse()\` \`\` ([\`abcdef01\`](https://github.com/ada/engine/commit/${
      FACTS.commits[1]!.id
    }))
`,
  );
});

test("releaseNotes() of a first release lists no commits", () => {
  const text = releaseNotes({ ...FACTS, previousTag: null, why: "first release" });
  assert.equal(text.includes("12345678"), false);
  assert.ok(text.includes("first release"));
});

test("releaseNotes() says that a release was pulled in by what it depends on", () => {
  const text = releaseNotes({ ...FACTS, commits: [], why: "depends on @ada/core" });
  assert.ok(text.includes("`depends on @ada/core`"));
  assert.ok(text.includes("No commit touched its files since [`demo-v1.0.0`]"));
});

test("releaseNotes() links nothing when the repository has no address", () => {
  const { repositoryUrl: _, ...rest } = FACTS;
  const text = releaseNotes(rest);
  assert.equal(text.includes("]("), false);
  assert.ok(text.includes("- `Read empty files (#12)` (`12345678`)"));
});

test("releaseNotes() keeps tags from breaking out of the link", () => {
  const text = releaseNotes({ ...FACTS, previousTag: "@ada/x(1)-v1", tag: "a b" });
  assert.ok(text.includes("/compare/%40ada/x%281%29-v1...a%20b)"), text);
});

/** What is left of a line of Markdown when its code spans are taken out (CommonMark §6.1). */
function outsideCode(line: string): string {
  let left = "";
  for (let at = 0; at < line.length;) {
    const run = /^`+/.exec(line.slice(at))?.[0];
    if (run === undefined) {
      left += line[at++];
      continue;
    }
    const rest = line.slice(at + run.length);
    const close = new RegExp(`(?<!\`)\`{${run.length}}(?!\`)`).exec(rest);
    assert.ok(close, `the code span of ${JSON.stringify(line)} does not end`);
    at += run.length + close.index + run.length;
  }
  return left;
}

const HOSTILE = [
  "@everyone look",
  "<img src=x onerror=alert(1)>",
  "[free money](https://evil.example)",
  "https://evil.example",
  "closes #1, ada/engine#2",
  "` ``` @octocat `",
  "ends with a tick `",
  "` starts with one",
  "```",
  "two\nlines\r\n# Heading",
  "\u202egnp.exe",
  "- [ ] task | cell",
  "",
  "   ",
];
for (const subject of HOSTILE) {
  test(`releaseNotes() defuses the subject ${JSON.stringify(subject)}`, () => {
    const commits = [{ id: "0".repeat(40), subject }];
    const line = releaseNotes({ ...FACTS, commits }).trimEnd().split("\n").at(-1)!;
    const link = `[](https://github.com/ada/engine/commit/${"0".repeat(40)})`;
    const expected = subject.trim() === "" ? `- (no subject) (${link})` : `-  (${link})`;
    assert.equal(outsideCode(line), expected);
    assert.equal(line.includes("\u202e"), false);
  });
}

test("releaseNotes() defuses any subject", () => {
  const texts = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom("`", "@", "<", "[", "]", "(", "\n", "a", " ", "\\")).map((all) =>
      all.join("")
    ),
  );
  fc.assert(fc.property(texts, (subject) => {
    const commits = [{ id: "0".repeat(40), subject }];
    const lines = releaseNotes({ ...FACTS, commits }).trimEnd().split("\n");
    assert.equal(lines.length, 7);
    assert.match(outsideCode(lines[6]!), /^- (\(no subject\))? ?\(\[\]\(https:[^()]+\)\)$/);
  }));
});

test("releaseNotes() stays below what GitHub takes, and says how many commits it left out", () => {
  const commits = Array.from({ length: 5_000 }, (_, index) => ({
    id: String(index).padStart(40, "0"),
    subject: `${"😀".repeat(300)} ${index}`,
  }));
  const text = releaseNotes({ ...FACTS, commits });
  assert.ok(text.length <= 120_000, `${text.length}`);
  const listed = text.split("\n").filter((line) => line.includes("/commit/")).length;
  assert.ok(listed > 100);
  assert.ok(text.endsWith(`- … and ${5_000 - listed} more\n`));
});

test("tagMessage() is one line of name and version", () => {
  assert.equal(tagMessage({ name: "@ada/core", version: "1.0.0" }), "Release @ada/core 1.0.0");
});
