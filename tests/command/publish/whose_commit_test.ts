/** Whose commit it is: what the registry's records name decides, for every state of the bytes. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { heldVersions } from "../../../src/core/model/version.ts";
import type { Package } from "../../../src/core/model/package.ts";
import { judge, type Verdict } from "../../../src/command/publish/judge.ts";
import type { Lie } from "../../../src/host/git_facts/ancestry.ts";
import type { Look, Prepared, Presence } from "../../../src/registry/registry.ts";
import { crate } from "../../registry/crates/crates_world.ts";
import { npmPackage } from "../../registry/npm/world.ts";
import { pypiPackage } from "../../support/pypi_release.ts";

const [HEAD, EARLIER, OLDEST] = ["b", "a", "9"].map((digit) => digit.repeat(40)) as [
  string,
  string,
  string,
];
const [FOREIGN, UNSEEN] = ["c", "d"].map((digit) => digit.repeat(40)) as [string, string];
const LIES: ReadonlyMap<string, Lie> = new Map([
  [HEAD, "within"],
  [EARLIER, "within"],
  [OLDEST, "within"],
  [FOREIGN, "outside"],
  [UNSEEN, "unknown"],
]);

const ABSENT: Presence = { state: "absent" };
const SAME: Presence = { state: "same" };
const OTHER: Presence = { state: "other", held: "sha256-22" };

interface Case {
  /** By file name: what is there, and the commit that its record names. */
  readonly held: Readonly<Record<string, readonly [Presence, (string | undefined)?]>>;
  /** Files of this version that the release does not have, with the commits that their records name. */
  readonly strays?: Readonly<Record<string, string>>;
  readonly previous?: string | null;
  readonly versions?: readonly string[];
  readonly isShallow?: boolean;
}

function judged(pkg: Package, { held, strays = {}, ...row }: Case): Verdict {
  const names = Object.keys(held);
  const prepared: Prepared = {
    release: {
      package: pkg,
      version: "2.0.0",
      tag: "demo-v2.0.0",
      previous: row.previous === undefined ? "1.0.0" : row.previous,
      commit: HEAD,
      artifacts: [],
    },
    files: names.map((name) => ({ name, size: 1, digest: "sha256-11" })),
    warnings: [],
  };
  const look: Look = {
    files: new Map(names.map((name) => [name, held[name]![0]])),
    ...heldVersions("2.0.0", row.versions ?? []),
  };
  const named = [
    ...names.map((name) => [name, held[name]![1]] as const),
    ...Object.entries(strays),
  ];
  const commits = named.flatMap(([name, commit]) =>
    commit === undefined ? [] : [[name, { commit, source: "its record" }] as const]
  );
  return judge(prepared, look, {
    records: { commits: new Map(commits), notes: [] },
    ancestry: { lies: LIES, isShallow: row.isShallow ?? false },
  });
}

const KINDS: readonly (readonly [string, Package])[] = [
  ["npm", npmPackage()],
  ["crates.io", crate("demo")],
  ["PyPI", pypiPackage("demo")],
];

const BYTES: readonly (readonly [string, Presence])[] = [["the same", SAME], ["other", OTHER]];

const TAGS: readonly (readonly [string, string | null])[] = [
  ["after a tagged release", "1.0.0"],
  ["as a first release", null],
];

/** What becomes of a whole release by what its records name: its commit and what is kept, or a code. */
const TABLE: readonly {
  readonly records: string;
  readonly named: string | undefined;
  readonly same: string;
  readonly other: string;
}[] = [
  { records: "name HEAD", named: HEAD, same: HEAD, other: `${HEAD} kept` },
  { records: "name an earlier commit", named: EARLIER, same: EARLIER, other: EARLIER },
  {
    records: "name a commit outside of this history",
    named: FOREIGN,
    same: "PIOT_COMMIT_ELSEWHERE",
    other: "PIOT_COMMIT_ELSEWHERE",
  },
  {
    records: "name a commit that this clone does not have",
    named: UNSEEN,
    same: "PIOT_COMMIT_ELSEWHERE",
    other: "PIOT_COMMIT_ELSEWHERE",
  },
  { records: "are silent", named: undefined, same: HEAD, other: "PIOT_VERSION_TAKEN" },
];

function told(verdict: Verdict): string {
  if (verdict.to === "refuse") return verdict.failure.code;
  assert.ok(verdict.to === "send");
  assert.deepEqual(verdict.absent, []);
  return verdict.kept.length > 0 ? `${verdict.commit} kept` : String(verdict.commit);
}

for (const [registry, pkg] of KINDS) {
  for (const { records, named, ...expected } of TABLE) {
    for (const [bytes, presence] of BYTES) {
      for (const [tags, previous] of TAGS) {
        test(`${registry} has ${bytes} bytes ${tags}, and its records ${records}`, () => {
          const one: Case = { held: { one: [presence, named] }, previous, versions: ["2.0.0"] };
          const wanted = bytes === "other" ? expected.other : expected.same;
          assert.equal(told(judged(pkg, one)), wanted);
        });
      }
    }
  }
}

const PARTS: readonly (Case & {
  readonly name: string;
  readonly expected: string;
  /** What its message and hint say. */
  readonly words?: readonly string[];
})[] = [
  {
    name: "all parts are of one earlier commit",
    held: { one: [SAME, EARLIER], two: [OTHER, EARLIER] },
    expected: EARLIER,
  },
  {
    name: "half of it is there from an earlier commit",
    held: { one: [SAME, EARLIER], two: [ABSENT] },
    expected: "PIOT_RELEASE_HALF",
    words: [
      `name ${EARLIER} for one (its record); two is missing`,
      `run the release of ${EARLIER} again`,
      "--release demo@2.0.0",
      "--release demo@VERSION",
    ],
  },
  {
    name: "half of it is there from a commit that is not in this history",
    held: { one: [OTHER, FOREIGN], two: [ABSENT] },
    expected: "PIOT_COMMIT_ELSEWHERE",
    words: [
      `name ${FOREIGN} for one (its record), which is not in the history of ${HEAD}`,
      `git tag -a -m "Release demo 2.0.0" "demo-v2.0.0" ${FOREIGN}`,
    ],
  },
  {
    name: "a part is of an earlier commit and one of HEAD",
    held: { one: [SAME, EARLIER], two: [SAME, HEAD], three: [ABSENT] },
    expected: "PIOT_RELEASE_MIXED",
    words: [`${EARLIER}: one (its record); ${HEAD}: two (its record)`, "--release demo@VERSION"],
  },
  {
    name: "a part is of an earlier commit and of another nothing but the bytes tells",
    held: { one: [SAME, EARLIER], two: [SAME] },
    expected: "PIOT_RELEASE_MIXED",
    words: [`${HEAD}: two (the same bytes as here, of no commit that is named)`],
  },
  {
    name: "parts are of two earlier commits",
    held: { one: [OTHER, EARLIER], two: [OTHER, OLDEST] },
    expected: "PIOT_RELEASE_MIXED",
  },
  {
    name: "a part is of an earlier commit and one of a commit outside of this history",
    held: { one: [SAME, EARLIER], two: [SAME, FOREIGN] },
    expected: "PIOT_RELEASE_MIXED",
    words: [EARLIER, FOREIGN],
  },
  {
    name: "a part is of an earlier commit, and others bytes are of nobody",
    held: { one: [SAME, EARLIER], two: [OTHER] },
    expected: "PIOT_VERSION_TAKEN",
  },
  {
    name: "the registry has a file of an earlier commit under a name that this one does not make",
    held: { one: [ABSENT] },
    strays: { "one-old": EARLIER },
    expected: "PIOT_RELEASE_HALF",
    words: [`name ${EARLIER} for one-old`],
  },
  {
    name: "a file of HEAD stands beside one of an earlier commit that this one does not make",
    held: { one: [SAME, HEAD] },
    strays: { "one-old": EARLIER },
    expected: "PIOT_RELEASE_MIXED",
    words: [`${EARLIER}: one-old`],
  },
  {
    name: "more of HEAD is there than this release makes",
    held: { one: [SAME, HEAD] },
    strays: { more: HEAD },
    expected: HEAD,
  },
  {
    name: "the commit may be in the part of history that a shallow clone lacks",
    held: { one: [SAME, UNSEEN] },
    isShallow: true,
    expected: "PIOT_COMMIT_ELSEWHERE",
    words: ["which is shallow", "fetch-depth: 0", "--release demo@VERSION"],
  },
  {
    name: "a whole clone does not have the commit",
    held: { one: [SAME, UNSEEN] },
    expected: "PIOT_COMMIT_ELSEWHERE",
    words: [`${UNSEEN} for one (its record), which this clone does not have`],
  },
  {
    name: "a first release of an earlier commit has no tag, and nothing else is there",
    held: { one: [OTHER, EARLIER] },
    previous: null,
    versions: ["1.0.0", "2.0.0"],
    expected: EARLIER,
  },
  {
    name: "a first release of an earlier commit has no tag, and a later version is there as well",
    held: { one: [OTHER, EARLIER] },
    previous: null,
    versions: ["2.0.0", "2.1.0"],
    expected: "PIOT_UNTAGGED_HISTORY",
    words: ['"demo-v2.1.0" COMMIT', "first_version in putitoutthere.toml above 2.1.0"],
  },
  {
    name: "a first release has no tag, and its version is there with bytes of nobody",
    held: { one: [OTHER] },
    previous: null,
    versions: ["2.0.0"],
    expected: "PIOT_VERSION_TAKEN",
    words: ["set first_version above 2.0.0", "tag the commit that this version was made from"],
  },
];

for (const { name, expected, words = [], ...row } of PARTS) {
  test(`whose release it is: ${name}`, () => {
    const verdict = judged(npmPackage(), row);
    assert.equal(told(verdict), expected);
    if (verdict.to !== "refuse") return;
    const text = `${verdict.failure.message}\n${verdict.failure.hint}`;
    for (const word of words) assert.ok(text.includes(word), `${word} is not in: ${text}`);
  });
}
