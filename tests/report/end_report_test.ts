import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "../../src/report/outcome.ts";
import { renderEndReport, rerunSentences } from "../../src/report/end_report.ts";
import type { Mode } from "../../src/report/report.ts";
import { ALL_OUTCOMES, CORE, REFUSED, WHEEL } from "../support/outcomes.ts";

test("renderEndReport() names every package, shows failures, and says what running again does", () => {
  assert.equal(
    renderEndReport(ALL_OUTCOMES, { mode: "release" }),
    `Release: 1 published, 2 healed, 1 skipped, 1 staged, 1 checked, 1 unconfirmed, 1 failed, 2 blocked
  published    core 1.3.0       crates  https://crates.io/crates/core/1.3.0
  skipped      old 1.3.0        crates  https://crates.io/crates/core/1.3.0
  healed       half 1.3.0       crates  https://crates.io/crates/core/1.3.0 (made now: tag half-v1.3.0, GitHub Release)
  healed       older 1.3.0      crates  https://crates.io/crates/core/1.3.0 (made now: tag older-v1.3.0); made from aaaaaaaaaaaa: what has changed since ships as 1.3.1 in the next run
  staged       @demo/web 0.1.0  npm     waits for the approval of a maintainer of @demo/web
  checked      dry 1.3.0        crates  2 files to upload
  unconfirmed  unseen 0.4.1     pypi    not confirmed: unseen-0.4.1.tar.gz (PyPI does not show it after 600 s)
  failed       bad 1.3.0        crates  PIOT_AUTH_REFUSED
  blocked      wheel 0.4.1      pypi    not started: waits for bad
  blocked      late 0.4.1       pypi    not started: the run ended before its turn

error[PIOT_AUTH_REFUSED]: bad 1.3.0 (crates): Cannot upload core-1.3.0.crate: 403 not an owner
help: Add the owner

Running again from this commit:
  - what is published stays as it is: nothing of it is sent again
  - what has changed since the earlier commit that a package was made from ships, at its next version: plan and build anew
  - a staged package is tagged once its version is approved; until then it stays staged
  - an unconfirmed package is looked for first: what its registry shows by then is kept and tagged, and only files that it does not have are sent
  - a checked package is checked again, then published
  - a failed package is tried again from its checks on, and only files that its registry lacks are sent
  - a blocked package is published once the packages that it waits for are
  - a package whose turn did not come is checked again, then published

What to do:
  - bad (PIOT_AUTH_REFUSED): Give the credential that the message names, or mend what the registry has on file, and run again from the same commit: secrets and trusted publishers are read anew, and only files that the registry lacks are sent
      gh run rerun RUN --failed
      putitoutthere publish
    https://github.com/putitoutthere/putitoutthere/blob/main/docs/recovery.md#credential
  - unseen: Run again from the same commit once the registry has caught up: it is asked first, what it shows is kept and tagged, and only files that it does not have are sent. PIOT_PATIENCE sets how many seconds a run waits
      gh run rerun RUN --failed
      putitoutthere publish
    https://github.com/putitoutthere/putitoutthere/blob/main/docs/recovery.md#unconfirmed
  - late: Run again from the same commit: it goes on where this one stopped, and sends nothing twice
      gh run rerun RUN --failed
      putitoutthere publish
    https://github.com/putitoutthere/putitoutthere/blob/main/docs/recovery.md#interrupted`,
  );
});

test("renderEndReport() shows what lies underneath a failure when asked", () => {
  const failed: Outcome = { ...CORE, status: "failed", failure: REFUSED };
  const text = renderEndReport([failed], { mode: "release", verbose: true });
  assert.ok(text.includes("\nhelp: Add the owner\ncaused by Error: socket said so\n"), text);
});

test("renderEndReport() says when nothing was released, and why", () => {
  const checked: Outcome = { ...CORE, status: "checked", absent: 1 };
  const cases:
    readonly (readonly [string, readonly Outcome[], Mode, string, string | undefined])[] = [
      ["an empty plan", [], "release", "Nothing was released: the plan is empty", undefined],
      [
        "a dry run",
        [checked],
        "dry-run",
        "Dry run, nothing was released: 1 checked",
        "  - does the same checks; without --dry-run it then publishes",
      ],
      [
        "a pull request",
        [{ ...checked, absent: 0 }],
        "pull-request",
        "Pull request, nothing was released: 1 checked",
        "  - does the same checks; outside a pull_request event it then publishes",
      ],
    ];
  for (const [name, outcomes, mode, first, last] of cases) {
    const lines = renderEndReport(outcomes, { mode }).split("\n");
    assert.equal(lines[0], first, name);
    if (last !== undefined) assert.equal(lines.at(-1), last, name);
  }
});

test("renderEndReport() says that nothing is tagged outside a git work tree", () => {
  const note = "Nothing was tagged: this folder is not a git work tree";
  const cases: readonly (readonly [string, Outcome, Mode, boolean])[] = [
    ["published", { ...CORE, tag: null, status: "published" }, "release", true],
    ["published with a tag", { ...CORE, status: "published" }, "release", false],
    ["failed", { ...CORE, tag: null, status: "failed", failure: REFUSED }, "release", false],
    ["a dry run", { ...CORE, tag: null, status: "checked", absent: 1 }, "dry-run", false],
  ];
  for (const [name, outcome, mode, expected] of cases) {
    assert.equal(renderEndReport([outcome], { mode }).split("\n").includes(note), expected, name);
  }
});

test("rerunSentences() speaks only of cases that occurred", () => {
  const kept = "what is published stays as it is: nothing of it is sent again";
  const cases: readonly (readonly [string, readonly Outcome[], readonly string[]])[] = [
    ["nothing", [], []],
    ["published", [{ ...CORE, status: "published" }], [kept]],
    ["healed", [{ ...CORE, status: "healed", made: [] }], [kept]],
    ["skipped", [{ ...CORE, status: "skipped" }], [kept]],
    [
      "blocked by a package",
      [{ ...WHEEL, status: "blocked", by: ["core"] }],
      ["a blocked package is published once the packages that it waits for are"],
    ],
    [
      "not reached",
      [{ ...WHEEL, status: "blocked", by: [] }],
      ["a package whose turn did not come is checked again, then published"],
    ],
  ];
  for (const [name, outcomes, expected] of cases) {
    assert.deepEqual(rerunSentences(outcomes, "release"), expected, name);
  }
});
