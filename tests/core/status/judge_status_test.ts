import assert from "node:assert/strict";
import { test } from "node:test";
import type { Package } from "../../../src/core/model/package.ts";
import {
  judgeStatus,
  lockstepNotes,
  type PackageFacts,
  type PackageStatus,
} from "../../../src/core/status/judge_status.ts";
import type { RegistryState } from "../../../src/core/status/registry_state.ts";
import { Failure } from "../../../src/error.ts";
import { parseConfig } from "../../support/parse_config.ts";

const { packages } = parseConfig(
  `[putitoutthere]\nversion = 1\n${
    ["a", "b", "c"].map((name) =>
      `[[package]]\nname = "${name}"\nkind = "npm"\npath = "${name}"\npaths = ["${name}/**"]\nlockstep = "all"\n`
    ).join("")
  }`,
  "putitoutthere.toml",
);
const NOW = new Date("2026-01-10T00:00:00Z");
const WHOLE: RegistryState = { above: [], notes: [], tagged: { state: "whole", missing: [] } };

function facts(more: Partial<PackageFacts>): PackageFacts {
  return {
    package: packages[0] as Package,
    last: { version: "1.0.0", tag: { name: "a-v1.0.0", commit: "c0ffee" } },
    ...{ elsewhere: [], ships: false, planned: undefined, shown: WHOLE },
    ...more,
  };
}

const rows: readonly {
  name: string;
  facts: Partial<PackageFacts>;
  state: PackageStatus["state"];
  notes?: RegExp;
}[] = [
  { name: "whole, and nothing ships", facts: {}, state: "in-sync" },
  { name: "whole, and something ships", facts: { ships: true }, state: "changes-waiting" },
  {
    name: "no tag, and nothing there",
    facts: { last: undefined, ships: true, shown: { above: [], notes: [] } },
    state: "never-released",
  },
  {
    name: "no tag, and something there",
    facts: { last: undefined, shown: { above: ["0.1.0", "0.2.0", "0.3.0", "0.4.0"], notes: [] } },
    state: "untagged",
    notes: /^0\.4\.0, 0\.3\.0, 0\.2\.0 and 1 more are on the registry, and no tag stands for them/,
  },
  {
    name: "a higher version",
    facts: { shown: { ...WHOLE, above: ["1.1.0"] } },
    state: "untagged",
    notes: /^1\.1\.0 is on the registry, and no tag stands for it\n/,
  },
  {
    name: "a higher version that another branch has tagged",
    facts: { shown: { ...WHOLE, above: ["1.1.0"] }, elsewhere: ["1.1.0"] },
    state: "in-sync",
  },
  {
    name: "a tag alone",
    facts: { shown: { ...WHOLE, tagged: { state: "absent", missing: [] } } },
    state: "not-published",
    notes:
      /^a-v1\.0\.0 stands for 1\.0\.0, .*\nPublish from its commit \(c0ffee\) with --release a@1\.0\.0/,
  },
  {
    name: "half there, and open for days",
    facts: {
      shown: {
        ...WHOLE,
        tagged: { state: "half", missing: ["an sdist"], closes: new Date("2026-01-13T12:00:00Z") },
      },
    },
    state: "half-there",
    notes:
      /^1\.0\.0 of a is half there, without an sdist; the registry takes them for 3 days more\nPublish from the commit of a-v1\.0\.0 \(c0ffee\)/,
  },
  {
    name: "half there, and open for hours",
    facts: {
      shown: {
        ...WHOLE,
        tagged: { state: "half", missing: ["x"], closes: new Date("2026-01-10T05:30:00Z") },
      },
    },
    state: "half-there",
    notes: /for 5 hours more/,
  },
  {
    name: "half there, and closed",
    facts: {
      shown: {
        ...WHOLE,
        tagged: { state: "half", missing: ["x"], closes: new Date("2026-01-09T00:00:00Z") },
      },
    },
    state: "half-there",
    notes:
      /^1\.0\.0 of a is half there, without x; the registry takes no more files of it since 2026-01-09: release a higher version$/,
  },
  {
    name: "a version of its family waits for approval",
    facts: {
      shown: { ...WHOLE, waiting: [{ name: "a-linux", version: "1.1.0", how: "approve it" }] },
    },
    state: "staged",
    notes: /^approve it\nOnce it is approved, publishing from the same commit again tags it$/,
  },
  {
    name: "nothing waits",
    facts: { shown: { ...WHOLE, waiting: [] } },
    state: "in-sync",
  },
  {
    name: "a registry that nobody understands",
    facts: { shown: new Failure("PIOT_REGISTRY_UNKNOWN", "Cannot tell", { hint: "Run again" }) },
    state: "unreachable",
    notes: /^Cannot tell\nRun again$/,
  },
];
for (const { name, facts: more, state, notes = /^$/ } of rows) {
  test(`a package is ${state}: ${name}`, () => {
    const judged = judgeStatus(facts(more), NOW);
    assert.equal(judged.state, state);
    assert.match(judged.notes.join("\n"), notes);
  });
}

test("what the registry's reader noted stands behind what the state needs", () => {
  const { notes } = judgeStatus(facts({ shown: { ...WHOLE, notes: ["a is yanked"] } }), NOW);
  assert.deepEqual(notes, ["a is yanked"]);
});

test("a group in lockstep that stands at several versions is told, once", () => {
  const at = (index: number, version: string | undefined): PackageStatus =>
    judgeStatus(
      facts({
        package: packages[index] as Package,
        last: version === undefined ? undefined : { version, tag: { name: "t", commit: "c" } },
      }),
      NOW,
    );
  assert.deepEqual(lockstepNotes([at(0, "1.0.0"), at(1, "1.0.0"), at(2, "1.0.0")]), []);
  assert.deepEqual(lockstepNotes([at(0, "1.0.0"), at(1, "1.1.0"), at(2, undefined)]), [
    'the group in lockstep "all" is not at one version: a 1.0.0, b 1.1.0, c none',
  ]);
});
