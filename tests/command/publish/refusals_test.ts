/** What is said of a version that a registry has, and that is not this release. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  tagCommands,
  untaggedHistory,
  versionTaken,
  wayOn,
} from "../../../src/command/publish/judge_refusals.ts";
import {
  halfElsewhere,
  madeElsewhere,
  mixedCommits,
  type Part,
  recordWords,
} from "../../../src/command/publish/whose_refusals.ts";
import type { Failure } from "../../../src/error.ts";
import type { Lie } from "../../../src/host/git_facts/ancestry.ts";
import type { Release, ReleaseFile } from "../../../src/registry/registry.ts";
import { npmPackage } from "../../registry/npm/world.ts";

const [HEAD, EARLIER] = ["b".repeat(40), "a".repeat(40)] as const;
const AGAIN: Release = {
  package: npmPackage({ name: "demo", registryName: "@ada/demo" }),
  ...{ version: "2.0.0", tag: "demo-v2.0.0", previous: "1.0.0", commit: HEAD, artifacts: [] },
};
const FIRST: Release = { ...AGAIN, previous: null };
const file = (name: string): ReleaseFile => ({ name, size: 1, digest: "sha256-11" });
const record = { commit: EARLIER, source: "its gitHead" };
const part = (name: string): Part => ({ name, commit: EARLIER, record });

const HIGHER = "Versions cannot be replaced: release a higher one with --release demo@VERSION";
const BY_HAND = 'git tag -a -m "Release demo 2.0.0" "demo-v2.0.0" ' +
  `${EARLIER} && git push origin "demo-v2.0.0"`;

test("the way on from a version that is taken is a higher one, or first_version where none was released", () => {
  assert.equal(wayOn(AGAIN), HIGHER);
  assert.equal(wayOn(FIRST), `${HIGHER}, or set first_version above 2.0.0`);
});

test("the commands of a tag by hand are complete", () => {
  const demo = { name: "demo", version: "2.0.0", tag: "demo-v2.0.0" };
  assert.equal(tagCommands(demo, EARLIER).join(" && "), BY_HAND);
});

const ROWS: readonly {
  readonly name: string;
  readonly failure: Failure;
  readonly code: string;
  readonly message: RegExp;
  readonly hint: RegExp;
}[] = [
  {
    name: "a version that is taken with other bytes tells both digests, and what else was answered",
    failure: versionTaken(AGAIN, { file: file("demo.tgz"), held: "sha256-22" }),
    code: "PIOT_VERSION_TAKEN",
    message:
      /^Cannot publish demo\.tgz: .* that name with other bytes \(sha256-22 there, sha256-11 here\), and nothing shows that they were made from this commit$/,
    hint:
      /^Versions cannot be replaced: .*@VERSION, or tag the commit that this version was made from$/,
  },
  {
    name: "a version that is taken by another commit names it, and asks to run again",
    failure: versionTaken(FIRST, { file: file("demo.tgz"), held: undefined, record }),
    code: "PIOT_VERSION_TAKEN",
    message: /has that name already, and its gitHead names a{40}, not this commit$/,
    hint:
      /^Run again, which tells what becomes of it; or else: Versions .* first_version above 2\.0\.0, /,
  },
  {
    name: "a history without a tag names the last three versions, and the tag of the very last",
    failure: untaggedHistory(FIRST, ["1.0.0", "1.1.0", "1.2.0", "1.3.0"]),
    code: "PIOT_UNTAGGED_HISTORY",
    message:
      /^Cannot release demo 2\.0\.0 as .*: the registry has @ada\/demo 1\.1\.0, 1\.2\.0, 1\.3\.0, /,
    hint:
      /"Release demo 1\.3\.0" "demo-v1\.3\.0" COMMIT && .* in putitoutthere\.toml above 1\.3\.0$/,
  },
  {
    name: "a commit that is here and in no history of HEAD is to be tagged by hand and merged",
    failure: elsewhere("outside", false),
    code: "PIOT_COMMIT_ELSEWHERE",
    message: /name a{40} for demo \(its gitHead\), which is not in the history of b{40}$/,
    hint:
      /^When it is a release of this repository, tag it by hand \(git tag .*\) and merge it\. Else: Versions/,
  },
  {
    name: "a commit that a shallow clone may lack asks for a deep one first",
    failure: elsewhere("unknown", true),
    code: "PIOT_COMMIT_ELSEWHERE",
    message: /which is not in this clone, which is shallow$/,
    hint: /^Set `fetch-depth: 0` .* in no branch any more: Versions cannot/,
  },
  {
    name: "a commit that a whole clone lacks is nowhere",
    failure: elsewhere("unknown", false),
    code: "PIOT_COMMIT_ELSEWHERE",
    message: /which this clone does not have$/,
    hint: /^When it is a release/,
  },
  {
    name: "a commit that a shallow clone does have needs no deeper one",
    failure: elsewhere("outside", true),
    code: "PIOT_COMMIT_ELSEWHERE",
    message: /which is not in the history of b{40}$/,
    hint: /^When it is a release/,
  },
  {
    name: "a half release of one missing file",
    failure: halfElsewhere(AGAIN, { parts: [part("demo")], absent: [file("demo-linux")] }),
    code: "PIOT_RELEASE_HALF",
    message: /^Cannot complete demo 2\.0\.0 from b{40}: .*; demo-linux is missing$/,
    hint:
      /^Complete it where .* of a{40} again, .* --release demo@2\.0\.0\. .* Or give it up\. Versions/,
  },
  {
    name: "a half release of several missing files",
    failure: halfElsewhere(AGAIN, { parts: [part("demo")], absent: ["x", "y"].map(file) }),
    code: "PIOT_RELEASE_HALF",
    message: /; x and y are missing$|; x, y are missing$/,
    hint: /^Complete it/,
  },
  {
    name: "a release of several commits tells which part is whose",
    failure: mixedCommits(AGAIN, [
      part("demo-linux"),
      { name: "demo-mac", commit: HEAD },
      { ...part("demo-win"), record: { ...record, repository: "eve/engine" } },
    ]),
    code: "PIOT_RELEASE_MIXED",
    message:
      /different commits: a{40}: demo-linux, demo-win \(its gitHead; its gitHead, of eve\/engine\); b{40}: demo-mac \(the same bytes as here, of no commit that is named\)$/,
    hint: /^No tag could be true of it\. Versions .*; take this one back /,
  },
];

function elsewhere(lie: Lie, isShallow: boolean): Failure {
  const ancestry = { lies: new Map([[EARLIER, lie]]), isShallow };
  return madeElsewhere(AGAIN, { parts: [part("demo")], ancestry });
}

for (const { name, failure, code, message, hint } of ROWS) {
  test(name, () => {
    assert.equal(failure.code, code);
    assert.match(failure.message, message);
    assert.match(failure.hint ?? "", hint);
  });
}

test("of a large family six names are spelled out", () => {
  const words = recordWords("abcdefgh".split("").map(part));
  assert.match(words, /name a{40} for a, b, c, d, e, f/);
  assert.doesNotMatch(words, /\bg\b/);
  assert.equal(words.match(/its gitHead/g)?.length, 1, "one source is said once");
});
