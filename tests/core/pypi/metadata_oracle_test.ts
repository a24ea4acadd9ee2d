/**
 * Core metadata held against what PyPI says of it: `packaging`, and the checks that pypi/warehouse adds. Their verdicts are
 * recorded; where `PIOT_PYPI_ORACLE` names a Python that has the libraries, they are asked once more.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import { parseMetadata } from "../../../src/core/pypi/core_metadata.ts";
import { metadataProblems } from "../../../src/core/pypi/metadata_rules.ts";
import { askPypi, FOLDER, NO_ORACLE } from "../../support/pypi_oracle/ask_pypi.ts";
import { METADATA_ROWS, STRICTER } from "../../support/pypi_oracle/metadata_rows.ts";

/** Row → why PyPI refuses it; what it takes is not in it. */
type Refused = Readonly<Record<string, string>>;

const recorded = (JSON.parse(readFileSync(`${FOLDER}/metadata_verdicts.json`, "utf8")) as {
  readonly refused: Refused;
}).refused;

const ours = new Map(
  METADATA_ROWS.map(({ name, text }) => [name, metadataProblems(parseMetadata(text))]),
);

test("no odd metadata that PyPI refuses passes", () => {
  const passed = METADATA_ROWS.filter(({ name }) =>
    name in recorded && ours.get(name)?.length === 0
  );
  assert.deepEqual(passed.map(({ name }) => `${name}: ${recorded[name]}`), []);
});

test("what is refused although PyPI takes it has its reason", () => {
  const stricter = METADATA_ROWS.filter(({ name }) =>
    !(name in recorded) && ours.get(name)!.length > 0
  );
  assert.deepEqual(stricter.map(({ name }) => name), Object.keys(STRICTER));
});

test("the table has enough rows, each with a name of its own and on both sides", () => {
  assert.equal(new Set(METADATA_ROWS.map(({ name }) => name)).size, METADATA_ROWS.length);
  assert.ok(METADATA_ROWS.length >= 250, `${METADATA_ROWS.length} rows`);
  const names = new Set(METADATA_ROWS.map(({ name }) => name));
  assert.deepEqual(Object.keys(recorded).filter((name) => !names.has(name)), []);
  assert.ok(
    Object.keys(recorded).length > 150 && Object.keys(recorded).length < METADATA_ROWS.length - 100,
  );
});

test(
  "the recorded verdicts are those of the libraries that are there",
  { skip: NO_ORACLE },
  async () => {
    const { verdicts } = await askPypi("judge_metadata.py", METADATA_ROWS.map(({ text }) => text));
    const differing = METADATA_ROWS.filter(({ name }, at) =>
      (verdicts[at]!.length > 0) !== (name in recorded)
    );
    assert.deepEqual(differing.map(({ name }) => name), []);
  },
);

test("a judge of PyPI's side is asked for by a variable alone", () => {
  assert.equal(NO_ORACLE === false, process.env.PIOT_PYPI_ORACLE !== undefined);
});
