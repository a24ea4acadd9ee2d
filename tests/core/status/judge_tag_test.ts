import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeTag, type Place, type UntaggedVersion } from "../../../src/core/status/judge_tag.ts";
import type { VersionRecords } from "../../../src/core/status/registry_state.ts";

const A = "a".repeat(40);
const B = "b".repeat(40);
const ONE: UntaggedVersion = { name: "demo", held: "1.0.0", version: "1.0.0", tag: "demo-v1.0.0" };

function records(
  commits: Readonly<Record<string, string>>,
  witnesses: readonly string[] = Object.keys(commits),
): VersionRecords {
  const entries = Object.entries(commits).map(([file, commit]) =>
    [file, { commit, source: "its gitHead" }] as const
  );
  return { commits: new Map(entries), notes: [], witnesses };
}

const PUSH = "&& git push origin refs/tags/demo-v1.0.0";
const rows: readonly {
  name: string;
  records: VersionRecords;
  version?: UntaggedVersion;
  place?: Place;
  commit?: string;
  why?: RegExp;
  command?: string;
}[] = [
  { name: "one file that names a commit of this history", records: records({ x: A }), commit: A },
  { name: "several that name the same", records: records({ x: A, y: A }), commit: A },
  {
    name: "a member without a record, whose main package has one",
    records: records({ main: A }, ["main"]),
    commit: A,
  },
  {
    name: "a member that objects",
    records: records({ main: A, member: B }, ["main"]),
    why: /^the registry's records name several commits: main a{40}, member b{40}$/,
    command: `git tag demo-v1.0.0 COMMIT ${PUSH}`,
  },
  {
    name: "a witness that is silent",
    records: records({ x: A }, ["x", "y"]),
    why: /^of y the registry's records name no commit, of the rest a{40}$/,
    command: `git tag demo-v1.0.0 ${A} ${PUSH}`,
  },
  {
    name: "nobody who says anything",
    records: records({}, ["x"]),
    why: /name no commit$/,
    command: `git tag demo-v1.0.0 COMMIT ${PUSH}`,
  },
  {
    name: "no file at all",
    records: records({}),
    why: /name no commit$/,
    command: `git tag demo-v1.0.0 COMMIT ${PUSH}`,
  },
  {
    name: "a commit of another branch",
    records: records({ x: A }),
    place: "outside",
    why: /which HEAD does not descend from$/,
    command: `git tag demo-v1.0.0 ${A} ${PUSH}`,
  },
  {
    name: "a commit that the clone lacks",
    records: records({ x: A }),
    place: "unknown",
    why: /which this clone does not have: fetch the whole history, and run again$/,
    command: `git tag demo-v1.0.0 ${A} ${PUSH}`,
  },
  {
    name: "a version that has no spelling here",
    version: { name: "demo", held: "1.0.post1", version: undefined, tag: undefined },
    records: records({ x: A }),
    why: /^"1\.0\.post1" is no version that a release from here could have/,
  },
];
for (const { name, records, version = ONE, place = "within", commit, why, command } of rows) {
  test(`a missing tag is ${commit === undefined ? "left" : "made"}: ${name}`, () => {
    const verdict = judgeTag(version, records, () => place);
    if (commit !== undefined) {
      const { tag } = ONE;
      assert.deepEqual(verdict, {
        to: "tag",
        version: "1.0.0",
        tag,
        commit,
        source: "its gitHead",
      });
      return;
    }
    assert.ok(verdict.to === "leave");
    assert.match(verdict.why, why!);
    assert.equal(verdict.command, command);
    assert.equal(verdict.risk === undefined, command === undefined);
  });
}
