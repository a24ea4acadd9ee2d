import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../support/property.ts";
import { combineFailures, Failure } from "../../src/error.ts";
import { planSummary, publishSummary } from "../../src/report/job_summary.ts";
import type { Outcome } from "../../src/report/outcome.ts";
import { utf8Length } from "../../src/report/markdown.ts";
import { hostileText } from "../support/hostile.ts";
import { ALL_OUTCOMES, CORE } from "../support/outcomes.ts";
import { planned, planOf, POLYGLOT, POLYGLOT_MERMAID } from "../support/plans.ts";

/** What a summary stays below; GitHub drops one of more than 1 MiB whole. */
const MOST_BYTES = 900 * 1024;

test("planSummary() shows the table, what stays, warnings, and the drawing", () => {
  assert.equal(
    planSummary({ ...POLYGLOT, warnings: ["docs: no file"] }),
    `### Release plan

| Package | Kind | Version | Why | Tag |
| --- | --- | --- | --- | --- |
| <code>core</code> | crates | 1.2.0 → 1.3.0 (minor) | files changed | <code>core-v1.3.0</code> |
| <code>wheel</code> | pypi | 0.4.0 → 0.4.1 (patch) | depends on core | <code>wheel-v0.4.1</code> |
| <code>&#64;demo/web</code> | npm | 0.1.0 | first release | <code>&#64;demo/web-v0.1.0</code> |

<details><summary>Left out: 2</summary>

- <code>tools</code>: already released at this commit
- <code>docs</code>: unchanged

</details>

- ⚠️ docs&#58; no file

\`\`\`mermaid
${POLYGLOT_MERMAID}\`\`\`
`,
  );
});

test("planSummary() of an empty plan is a line", () => {
  assert.equal(
    planSummary(planOf()),
    "### Release plan\n\nNothing to release&#58; no package changed since its last release\n",
  );
});

test("planSummary() draws up to 60 packages, and no thicket of arrows", () => {
  const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `p${at}`);
  const cases: readonly (readonly [string, readonly string[], readonly string[], boolean])[] = [
    ["60 packages", names(60), [], true],
    ["61 packages", names(61), [], false],
    ["500 arrows", names(10), names(50), false],
    ["labels that are too long", ["x".repeat(60_000)], [], false],
  ];
  for (const [name, packages, depends_on, drawn] of cases) {
    const plan = planOf({
      packages: packages.map((pkg) => planned({ name: pkg, depends_on })),
    });
    assert.equal(planSummary(plan).includes("```mermaid"), drawn, name);
  }
});

test("publishSummary() shows the outcomes, the failures, and what running again does", () => {
  assert.equal(
    publishSummary({ outcomes: ALL_OUTCOMES, mode: "release" }),
    `### Release

**Release&#58; 1 published, 2 healed, 1 skipped, 1 staged, 1 checked, 1 unconfirmed, 1 failed, 2 blocked**

| Result | Package | Kind | Details |
| --- | --- | --- | --- |
| ✅ published | <a href="https://crates.io/crates/core/1.3.0">core 1.3.0</a> | crates |  |
| ✅ skipped | <a href="https://crates.io/crates/core/1.3.0">old 1.3.0</a> | crates |  |
| ✅ healed | <a href="https://crates.io/crates/core/1.3.0">half 1.3.0</a> | crates | made now&#58; tag half-v1.3.0, GitHub Release |
| ✅ healed | <a href="https://crates.io/crates/core/1.3.0">older 1.3.0</a> | crates | made now&#58; tag older-v1.3.0&#59; made from aaaaaaaaaaaa&#58; what has changed since ships as 1.3.1 in the next run |
| ⏳ staged | <code>&#64;demo/web 0.1.0</code> | npm | waits for the approval of a maintainer of &#64;&#8203;demo/web |
| ✅ checked | <code>dry 1.3.0</code> | crates | 2 files to upload |
| ❓ unconfirmed | <code>unseen 0.4.1</code> | pypi | not confirmed&#58; unseen-0.4.1.tar.gz (PyPI does not show it after 600 s) |
| ❌ failed | <code>bad 1.3.0</code> | crates | PIOT&#95;AUTH&#95;REFUSED |
| ⛔ blocked | <code>wheel 0.4.1</code> | pypi | not started&#58; waits for bad |
| ⛔ blocked | <code>late 0.4.1</code> | pypi | not started&#58; the run ended before its turn |

- ❌ <code>bad 1.3.0 (crates)</code>: <code>PIOT&#95;AUTH&#95;REFUSED</code> Cannot upload core-1.3.0.crate&#58; 403 not an owner (Add the owner)

Running again from this commit:

- what is published stays as it is&#58; nothing of it is sent again
- what has changed since the earlier commit that a package was made from ships, at its next version&#58; plan and build anew
- a staged package is tagged once its version is approved&#59; until then it stays staged
- an unconfirmed package is looked for first&#58; what its registry shows by then is kept and tagged, and only files that it does not have are sent
- a checked package is checked again, then published
- a failed package is tried again from its checks on, and only files that its registry lacks are sent
- a blocked package is published once the packages that it waits for are
- a package whose turn did not come is checked again, then published

What to do:

- bad (PIOT&#95;AUTH&#95;REFUSED)&#58; Give the credential that the message names, or mend what the registry has on file, and run again from the same commit&#58; secrets and trusted publishers are read anew, and only files that the registry lacks are sent: <code>gh run rerun RUN --failed</code>, <code>putitoutthere publish</code> (<a href="https://github.com/putitoutthere/putitoutthere/blob/main/docs/recovery.md#credential">more</a>)
- unseen&#58; Run again from the same commit once the registry has caught up&#58; it is asked first, what it shows is kept and tagged, and only files that it does not have are sent. PIOT&#95;PATIENCE sets how many seconds a run waits: <code>gh run rerun RUN --failed</code>, <code>putitoutthere publish</code> (<a href="https://github.com/putitoutthere/putitoutthere/blob/main/docs/recovery.md#unconfirmed">more</a>)
- late&#58; Run again from the same commit&#58; it goes on where this one stopped, and sends nothing twice: <code>gh run rerun RUN --failed</code>, <code>putitoutthere publish</code> (<a href="https://github.com/putitoutthere/putitoutthere/blob/main/docs/recovery.md#interrupted">more</a>)
`,
  );
});

test("publishSummary() of a run without packages is a line", () => {
  assert.equal(
    publishSummary({ outcomes: [], mode: "release" }),
    "### Release\n\n**Nothing was released&#58; the plan is empty**\n",
  );
});

test("publishSummary() lists the first problems of a failure", () => {
  const failure = combineFailures(
    Array.from({ length: 12 }, (_, at) => new Failure("PIOT_GIT", `Cannot ${at}`)),
  );
  const text = publishSummary({
    outcomes: [{ ...CORE, status: "failed", failure }],
    mode: "release",
  });
  assert.ok(text.includes("Cannot 9; and 2 more in the log\n"), text);
});

test("summaries stay below their bound, and count what they leave out", () => {
  const long = "@scope/ñame|".repeat(40);
  const packages = Array.from({ length: 2_000 }, (_, at) => planned({ name: `${at}${long}` }));
  const left_out = packages.map(({ name }) =>
    ({ name, previous: null, reason: "unchanged" }) as const
  );
  const warnings = packages.map(({ name }) => `${name} is odd`);
  const plan = planSummary(planOf({ packages, left_out, warnings }));
  const failure = new Failure("PIOT_GIT", long, { hint: long });
  const outcomes = packages.map(({ name }): Outcome => ({
    ...CORE,
    name,
    status: "failed",
    failure,
  }));
  for (const text of [plan, publishSummary({ outcomes, mode: "release" })]) {
    assert.ok(utf8Length(text) < MOST_BYTES, `${utf8Length(text)} bytes`);
    assert.match(text, /… and \d+ more/);
  }
});

function summariesOf(name: string, text: string): readonly [plan: string, publish: string] {
  const plan = planOf({
    packages: [planned({ name, version: text, previous: null, tag: text })],
    left_out: [{ name: text, previous: null, reason: "unchanged" }],
    warnings: [text],
  });
  const failure = new Failure("PIOT_GIT", text, { hint: name });
  const base = { ...CORE, name, version: text, registryUrl: text };
  const outcomes: readonly Outcome[] = [
    { ...base, status: "published" },
    { ...base, status: "healed", made: [text] },
    { ...base, status: "failed", failure },
    { ...base, status: "staged", approval: text },
  ];
  return [planSummary(plan), publishSummary({ outcomes, mode: "release" })];
}

test("no text in a summary forges a cell, a line, markup, a mention or a fence", () => {
  const tame = summariesOf("demo", "words");
  fc.assert(fc.property(hostileText(), hostileText(), (name, text) => {
    for (const [at, summary] of summariesOf(name, text).entries()) {
      const shape = (markdown: string): unknown => [
        markdown.split("\n").map((line) => line.split("|").length),
        markdown.split("```").length,
      ];
      assert.deepEqual(shape(summary), shape(tame[at]!));
      assert.doesNotMatch(summary, /<(?!\/?(?:code|a|details|summary|br)\b)|@\w/);
    }
  }));
});
