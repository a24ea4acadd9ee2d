import assert from "node:assert/strict";
import { test } from "node:test";
import { heldVersions } from "../../../src/core/model/version.ts";
import { heldPep440Versions } from "../../../src/core/pypi/pep440.ts";
import type { Package } from "../../../src/core/model/package.ts";
import { judge, SILENT } from "../../../src/command/publish/judge.ts";
import type { Look, Prepared, Presence } from "../../../src/registry/registry.ts";
import { crate } from "../../registry/crates/crates_world.ts";
import { npmPackage } from "../../registry/npm/world.ts";
import { pypiPackage } from "../../support/pypi_release.ts";

/** The commit that is released. */
const HEAD = "b".repeat(40);

/** What is there of a file, and the commit that the records name for it. */
type Held = Presence & { readonly named?: string };

const ABSENT: Held = { state: "absent" };
const SAME: Held = { state: "same" };
const OURS: Held = { state: "other", held: "sha256-22", named: HEAD };
const THEIRS: Held = { state: "other", held: "sha256-22" };

interface Row {
  readonly name: string;
  /** Of the files `one`, `two`, …, in this order. */
  readonly held: readonly Held[];
  /** An npm package `demo` when left out. */
  readonly package?: Package;
  /** 2.0.0 when left out. */
  readonly version?: string;
  /** The version of the last tag; none when left out. */
  readonly previous?: string;
  /** Whether the run is outside a git work tree. */
  readonly withoutGit?: true;
  /** As the registry lists them, lowest first; none when left out. */
  readonly versions?: readonly string[];
}

const FILES = ["one", "two", "three"];

function judged(row: Row): ReturnType<typeof judge> {
  const prepared: Prepared = {
    release: {
      package: row.package ?? npmPackage(),
      version: row.version ?? "2.0.0",
      tag: "demo-v2.0.0",
      previous: row.previous ?? null,
      commit: row.withoutGit ? undefined : HEAD,
      artifacts: [],
    },
    files: row.held.map((_, index) => ({ name: FILES[index]!, size: 1, digest: "sha256-11" })),
    warnings: [],
  };
  const { release } = prepared;
  const order = release.package.kind === "pypi" ? heldPep440Versions : heldVersions;
  const look: Look = {
    files: new Map(row.held.map((presence, index) => [FILES[index]!, presence])),
    ...order(release.version, row.versions ?? []),
  };
  const commits = row.held.flatMap(({ named }, index) =>
    named === undefined ? [] : [[FILES[index]!, { commit: named, source: "its record" }] as const]
  );
  return judge(prepared, look, { ...SILENT, records: { commits: new Map(commits), notes: [] } });
}

const SENT: readonly (Row & {
  readonly absent: readonly string[];
  readonly kept: readonly string[];
})[] = [
  { name: "nothing is there", held: [ABSENT, ABSENT], absent: ["one", "two"], kept: [] },
  { name: "everything is there", held: [SAME, SAME], absent: [], kept: [] },
  { name: "half of it is there", held: [SAME, ABSENT], absent: ["two"], kept: [] },
  {
    name: "other bytes of this commit are there",
    held: [OURS, ABSENT, SAME],
    absent: ["two"],
    kept: ["one"],
  },
  {
    name: "the registry has later versions, and a tag tells of a release before this one",
    held: [ABSENT],
    previous: "1.0.0",
    versions: ["1.0.0", "3.0.0"],
    absent: ["one"],
    kept: [],
  },
  {
    name: "the registry has later versions, and there is no git that could have tags",
    held: [ABSENT],
    withoutGit: true,
    versions: ["3.0.0"],
    absent: ["one"],
    kept: [],
  },
  {
    name: "all that no tag tells about is lower, and what it is itself",
    held: [SAME],
    versions: ["1.0.0", "2.0.0-rc.1", "2.0.0"],
    absent: [],
    kept: [],
  },
  {
    name: "all that no tag tells about is lower, on crates.io",
    held: [ABSENT],
    package: crate("demo"),
    versions: ["1.10.0"],
    absent: ["one"],
    kept: [],
  },
  {
    name: "PyPI spells this very release in another way, or has its pre-releases",
    held: [SAME],
    package: pypiPackage("demo"),
    versions: ["2.0rc1", "2.0"],
    absent: [],
    kept: [],
  },
];

for (const row of SENT) {
  test(`a release is sent as far as it is absent: ${row.name}`, () => {
    const verdict = judged(row);
    assert.ok(verdict.to === "send", JSON.stringify(verdict));
    assert.deepEqual(verdict.absent.map(({ name }) => name), row.absent);
    assert.deepEqual(verdict.kept.map(({ file }) => file.name), row.kept);
  });
}

const REFUSED: readonly (Row & {
  readonly code: string;
  /** In its message and hint. */
  readonly words: RegExp;
})[] = [
  {
    name: "other bytes are there, and nothing shows of which commit",
    held: [SAME, THEIRS],
    code: "PIOT_VERSION_TAKEN",
    words: /publish two: .*\(sha256-22 there, sha256-11 here\).*release demo@VERSION/s,
  },
  {
    name: "other bytes are there although a tag tells of a release before this one",
    held: [THEIRS],
    previous: "1.0.0",
    code: "PIOT_VERSION_TAKEN",
    words: /publish one/,
  },
  {
    name: "other bytes are there, outside a git work tree",
    held: [THEIRS],
    withoutGit: true,
    code: "PIOT_VERSION_TAKEN",
    words: /publish one/,
  },
  {
    name: "other bytes are there, and versions that no tag tells about",
    held: [THEIRS],
    versions: ["3.0.0"],
    code: "PIOT_VERSION_TAKEN",
    words: /publish one/,
  },
  {
    name: "some of its bytes are of this commit and others are not",
    held: [OURS, THEIRS],
    code: "PIOT_VERSION_TAKEN",
    words: /publish two/,
  },
  {
    name: "a first release stands below what no tag tells about",
    held: [ABSENT],
    version: "0.1.0",
    versions: ["1.0.0"],
    code: "PIOT_UNTAGGED_HISTORY",
    words: /demo 0\.1\.0 as its first.* has demo 1\.0\.0, .*"demo-v1\.0\.0".* above 1\.0\.0/s,
  },
  {
    name: "the highest of many is the one to tag, and three are named",
    held: [ABSENT],
    version: "1.0.0",
    versions: ["0.9.0", "1.2.0", "1.9.0", "1.9.5", "2.0.0"],
    code: "PIOT_UNTAGGED_HISTORY",
    words: /has demo 1\.9\.0, 1\.9\.5, 2\.0\.0, .*"demo-v2\.0\.0".* above 2\.0\.0/s,
  },
  {
    name: "it is there itself, and a higher one as well",
    held: [SAME],
    versions: ["2.0.0", "2.0.1"],
    code: "PIOT_UNTAGGED_HISTORY",
    words: /has demo 2\.0\.1, /,
  },
  {
    name: "nobody can tell whether what is no version is lower",
    held: [ABSENT],
    versions: ["1.0"],
    code: "PIOT_UNTAGGED_HISTORY",
    words: /has demo 1\.0, /,
  },
  {
    name: "a build of this release has no place before or behind it",
    held: [ABSENT],
    package: crate("demo"),
    versions: ["2.0.0+linux"],
    code: "PIOT_UNTAGGED_HISTORY",
    words: /has demo 2\.0\.0\+linux, /,
  },
  {
    name: "PyPI has a post-release of it",
    held: [ABSENT],
    package: pypiPackage("demo"),
    versions: ["2.0", "2.0.post1"],
    code: "PIOT_UNTAGGED_HISTORY",
    words: /has demo 2\.0\.post1, /,
  },
  {
    name: "PyPI has what is no version in Python",
    held: [ABSENT],
    package: pypiPackage("demo"),
    versions: ["2004d", "1.0"],
    code: "PIOT_UNTAGGED_HISTORY",
    words: /has demo 2004d, /,
  },
];

for (const row of REFUSED) {
  test(`a release is refused: ${row.name}`, () => {
    const verdict = judged(row);
    assert.ok(verdict.to === "refuse", JSON.stringify(verdict));
    assert.equal(verdict.failure.code, row.code);
    assert.match(`${verdict.failure.message}\n${verdict.failure.hint}`, row.words);
  });
}

test("a look that leaves out a file is a bug of its registry, and nothing is made of it", () => {
  const prepared: Prepared = {
    release: {
      package: npmPackage(),
      version: "2.0.0",
      tag: "demo-v2.0.0",
      previous: null,
      commit: undefined,
      artifacts: [],
    },
    files: [{ name: "one", size: 1, digest: "sha256-11" }],
    warnings: [],
  };
  assert.throws(
    () => judge(prepared, { files: new Map(), versions: [], notBelow: [] }),
    /looked for one/,
  );
});
