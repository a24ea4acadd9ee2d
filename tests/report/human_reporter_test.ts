import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import fc from "../support/property.ts";
import { Failure } from "../../src/error.ts";
import { humanReporter, type Verbosity } from "../../src/report/human_reporter.ts";
import { createPalette } from "../../src/report/terminal.ts";
import type { Event, Reporter } from "../../src/report/report.ts";
import { RUN, SECRET } from "../support/events.ts";
import { hostileText } from "../support/hostile.ts";
import { sealedLog } from "../support/sealed_log.ts";
import { CORE } from "../support/outcomes.ts";
import { readRunnerLog } from "../support/runner.ts";

function textOf(events: readonly Event[], verbosity: Verbosity): string {
  return sealedLog(events, { make: (write) => humanReporter({ write, verbosity }) }).text();
}

/** What a run says before its end report. */
function progress(verbosity: Verbosity): readonly string[] {
  const [before] = textOf(RUN, verbosity).split("\n\nRelease: 1 published");
  return before!.split("\n");
}

test("the reporter for people tells a run line by line", () => {
  assert.deepEqual(progress("normal"), [
    "Plan: what ships on this commit",
    "package    kind    version                why              tag",
    "core       crates  1.2.0 → 1.3.0 (minor)  files changed    core-v1.3.0",
    "wheel      pypi    0.4.0 → 0.4.1 (patch)  depends on core  wheel-v0.4.1",
    "@demo/web  npm     0.1.0                  first release    @demo/web-v0.1.0",
    "left out, already released at this commit: 1 package (tools)",
    "left out, unchanged: 1 package (docs)",
    "warning: docs: no file matches docs/**",
    "Prepare: check, write versions, pack, hash",
    "  core 1.3.0 (crates): 1 file, 12 kB, fit to publish",
    "Look: what the registries hold",
    "warning: wheel 0.4.1 (pypi): the registry holds other bytes",
    " --> py/pyproject.toml:2:1",
    "  |",
    '2 | name = "wheel"',
    "  | ^",
    "help: The registry's file is kept",
    "Authorise: a credential for each package",
    "  core 1.3.0 (crates): OIDC: a trusted publisher is set up",
    "Upload: in dependency order",
    "  core 1.3.0 (crates): uploaded core-1.3.0.crate (12 kB)",
    "  core 1.3.0 (crates): waiting up to 1 min for the index to show it",
    "  core 1.3.0 (crates): tag core-v1.3.0 pushed",
    "  core 1.3.0 (crates): GitHub Release created: https://github.com/o/r/releases/1",
    "Tokens are revoked",
    "  core 1.3.0 (crates): published",
    "  old 1.3.0 (crates): skipped",
    "  half 1.3.0 (crates): healed",
    "  older 1.3.0 (crates): healed",
    "  @demo/web 0.1.0 (npm): staged",
    "  dry 1.3.0 (crates): checked",
    "  unseen 0.4.1 (pypi): unconfirmed: PyPI does not show it after 600 s",
    "  bad 1.3.0 (crates): failed: Cannot upload core-1.3.0.crate: 403 not an owner",
    "  wheel 0.4.1 (pypi): blocked",
    "  late 0.4.1 (pypi): blocked",
  ]);
});

test("--verbose adds files, requests and what was there already", () => {
  const normal = new Set(progress("normal"));
  assert.deepEqual(progress("verbose").filter((line) => !normal.has(line)), [
    "  GET https://index.crates.io/co/re/core: 404",
    "  GET https://pypi.org/simple/wheel/: no answer",
    "  core 1.3.0 (crates): core-1.3.0.crate is not there yet",
    "  wheel 0.4.1 (pypi): wheel-0.4.1.tar.gz is there already",
    "  wheel 0.4.1 (pypi): wheel-0.4.1-py3-none-any.whl is there with other bytes (sha256-aa, built sha256-bb)",
    "  core 1.3.0 (crates): uploading core-1.3.0.crate (12 kB)",
    "  core 1.3.0 (crates): tag core-v1.3.0 written",
    "  wheel 0.4.1 (pypi): tag wheel-v0.4.1 is there already",
    "  wheel 0.4.1 (pypi): GitHub Release kept",
  ]);
});

test("--quiet leaves warnings, failures and the end", () => {
  assert.deepEqual(progress("quiet"), [
    "warning: docs: no file matches docs/**",
    "warning: wheel 0.4.1 (pypi): the registry holds other bytes",
    " --> py/pyproject.toml:2:1",
    "  |",
    '2 | name = "wheel"',
    "  | ^",
    "help: The registry's file is kept",
  ]);
  assert.ok(textOf(RUN, "quiet").includes("\n  failed       bad 1.3.0"));
  assert.ok(textOf(RUN, "quiet").includes("\nerror[PIOT_USAGE]: Cannot use ***\nhelp: Do not\n"));
});

test("a secret that was heard of is never textOf, whoever says it", () => {
  for (const verbosity of ["quiet", "normal", "verbose"] as const) {
    assert.ok(!textOf(RUN, verbosity).includes(SECRET), verbosity);
  }
});

test("the palette colours a run and changes no word of it", () => {
  const palette = createPalette(true);
  const make = (write: (text: string) => void): Reporter =>
    humanReporter({ write, palette, verbosity: "verbose" });
  const coloured = sealedLog(RUN, { make }).text();
  assert.ok(coloured.includes("\x1b[31m"));
  assert.equal(stripVTControlCharacters(coloured), textOf(RUN, "verbose"));
});

test("no text of any event forges a line, a colour or a command", () => {
  fc.assert(fc.property(hostileText(), hostileText(), (name, text) => {
    const release = { ...CORE, name, version: text };
    const failure = new Failure("PIOT_GIT", text, { hint: name, cause: new Error(text) });
    const events: readonly Event[] = [
      { type: "file-present", release, file: text, state: "other", held: name, built: text },
      { type: "credential", release, kind: "token", why: text, names: [] },
      { type: "upload-finished", release, file: text, bytes: 1 },
      { type: "waiting", release, reason: text, milliseconds: 1 },
      { type: "tag", release, tag: text, done: "pushed" },
      { type: "github-release", release, done: "created", url: text },
      { type: "request", method: "GET", url: text },
      { type: "warning", message: text, release },
      { type: "notice", message: text },
      { type: "outcome", outcome: { ...release, tag: null, status: "staged", approval: text } },
    ];
    for (const event of events) {
      assert.equal(textOf([event], "verbose").split("\n").length, 2, event.type);
    }
    const failed: Event = {
      type: "outcome",
      outcome: { ...release, tag: name, status: "failed", failure },
    };
    const all = textOf([
      ...events,
      failed,
      { type: "finished", outcomes: [failed.outcome], mode: "release" },
      { type: "failure", failure },
    ], "verbose");
    assert.deepEqual(readRunnerLog(all), []);
    assert.doesNotMatch(all.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u);
  }));
});
