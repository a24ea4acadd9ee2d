/**
 * Descriptions in reStructuredText held against docutils, with which PyPI renders them. Its verdicts are recorded; where
 * `PIOT_PYPI_ORACLE` names a Python that has it, it is asked once more.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseMetadata } from "../../../src/core/pypi/core_metadata.ts";
import { metadataProblems } from "../../../src/core/pypi/metadata_rules.ts";
import { rstProblem } from "../../../src/core/pypi/rst/rst_problem.ts";
import { askPypi, FOLDER, NO_ORACLE } from "../../support/pypi_oracle/ask_pypi.ts";
import { RST_ROWS } from "../../support/pypi_oracle/rst_rows.ts";

const { refused } = JSON.parse(readFileSync(`${FOLDER}/rst_verdicts.json`, "utf8")) as {
  readonly refused: Readonly<Record<string, string>>;
};

test("a description renders here where docutils renders it, and nowhere else", () => {
  const differing = RST_ROWS.filter(({ name, text }) =>
    (rstProblem(text) !== undefined) !== (name in refused)
  );
  assert.deepEqual(differing.map(({ name }) => name), []);
  assert.ok(RST_ROWS.length > 190 && Object.keys(refused).length > 80);
});

test("a problem is told at the line at which docutils sees it, or at the one beside it", () => {
  const far = RST_ROWS.flatMap(({ name, text }) => {
    const line = Number(/^<string>:(\d+):/.exec(refused[name] ?? "")?.[1]);
    const own = rstProblem(text)?.line ?? line;
    return Number.isNaN(line) || Math.abs(own - line) <= 2
      ? []
      : [`${name}: ${own}, docutils ${line}`];
  });
  assert.deepEqual(far, []);
});

test(
  "the recorded verdicts are those of the docutils that is there",
  { skip: NO_ORACLE },
  async () => {
    const { verdicts } = await askPypi("judge_rst.py", RST_ROWS.map(({ text }) => text));
    const differing = RST_ROWS.filter(({ name }, at) =>
      (verdicts[at]!.length > 0) !== (name in refused)
    );
    assert.deepEqual(differing.map(({ name }) => name), []);
  },
);

const HEAD = "Metadata-Version: 2.4\nName: demo\nVersion: 1.0\n";

for (
  const { name, text, problem } of [
    {
      name: "broken reStructuredText is refused with the line",
      text: `${HEAD}Description-Content-Type: text/x-rst\n\nTitle\n====\n`,
      problem:
        "the description does not render: in its line 2, the line below a heading is shorter than it",
    },
    {
      name: "Markdown without a content type is refused with its way out",
      text: `${HEAD}\n# Title\n\n- a\nb [c](d)\n`,
      problem:
        "without Description-Content-Type PyPI reads the description as reStructuredText, and it does not render: " +
        "in its line 4, a bullet list ends without a blank line; it looks like Markdown, which wants Description-Content-Type: text/markdown",
    },
    {
      name: "Markdown is taken as it is",
      text: `${HEAD}Description-Content-Type: text/markdown\n\n*a\n`,
      problem: undefined,
    },
    {
      name: "plain text is taken as it is",
      text: `${HEAD}Description-Content-Type: text/plain\n\n*a\n`,
      problem: undefined,
    },
    { name: "no description is none", text: HEAD, problem: undefined },
  ]
) {
  test(
    name,
    () =>
      assert.deepEqual(
        metadataProblems(parseMetadata(text)),
        problem === undefined ? [] : [problem],
      ),
  );
}

test("a long description is read in no time that grows with its square", () => {
  const text = "`a b`_ *c* **d** |e| f_ ".repeat(20_000);
  assert.notEqual(rstProblem(`${text}\n`), undefined);
});
