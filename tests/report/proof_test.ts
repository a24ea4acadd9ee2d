import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeDocument } from "../../src/report/documents.ts";
import { publishSummary } from "../../src/report/job_summary.ts";
import type { ReadBack } from "../../src/report/outcome.ts";
import { originLine, proofDocument, shownLine } from "../../src/report/proof.ts";
import { PROOF, WEB, WHEEL } from "../support/outcomes.ts";

test("a proof becomes JSON with every name, its evidence, that of the version before, and what was read back", () => {
  const expected = {
    authorisation: {
      credential: "token",
      why: "NPM_TOKEN (for @demo/web-linux-x64); trusted publishing (for @demo/web)",
      names: [
        {
          name: "@demo/web",
          credential: "oidc",
          evidence: ["trusted-publisher", "provenance"],
          before: { version: "0.0.9", evidence: ["trusted-publisher", "provenance"] },
          allowed_to_fall: false,
        },
        {
          name: "@demo/web-linux-x64",
          credential: "token",
          evidence: [],
          before: { version: "0.0.9", evidence: ["provenance"] },
          why_no_more: "trusted publishing failed: npm answers 404",
          allowed_to_fall: true,
        },
        {
          name: "@demo/web-new",
          credential: "token",
          evidence: [],
          before: null,
          allowed_to_fall: false,
        },
      ],
    },
    read_back: [
      {
        file: "@demo/web@0.1.0",
        bytes: "same",
        digest: "sha512-aa",
        dist_tags: ["latest"],
        evidence: ["trusted-publisher", "provenance"],
      },
      {
        file: "@demo/web-linux-x64@0.1.0",
        bytes: "kept",
        digest: "sha512-bb",
        dist_tags: ["latest"],
        evidence: [],
      },
    ],
  };
  assert.deepEqual(proofDocument(PROOF), expected);
  const document = outcomeDocument({ ...WEB, ...PROOF, status: "published" });
  assert.deepEqual({ ...document, ...expected }, document);
});

test("an outcome without a proof says nothing of one", () => {
  assert.deepEqual(proofDocument({}), {});
});

test("people read the evidence of each name beside that of the version before", () => {
  const { names } = PROOF.authorisation;
  assert.equal(originLine({ names: [] }), undefined);
  assert.equal(
    originLine({ names: names.slice(0, 1) }),
    "trusted publisher and provenance, as 0.0.9",
  );
  assert.equal(
    originLine({ names }),
    "trusted publisher and provenance, as 0.0.9 (for @demo/web); none; 0.0.9 has provenance " +
      "(for @demo/web-linux-x64); none; it has no version before (for @demo/web-new)",
  );
});

const SHOWN: readonly { name: string; readBack: readonly ReadBack[]; line: string }[] = [
  {
    name: "bytes, tags and marks",
    readBack: PROOF.readBack.slice(0, 1),
    line: "the bytes of 1 file; dist-tag latest; origin trusted publisher and provenance",
  },
  {
    name: "files of an earlier build, and marks that differ",
    readBack: PROOF.readBack,
    line: "the bytes of 2 files, 1 of an earlier build; dist-tag latest; " +
      "origin trusted publisher and provenance / none",
  },
  {
    name: "a version without a dist-tag",
    readBack: [{ file: "a@1.0.0", bytes: "same", digest: "sha512-aa", distTags: [] }],
    line: "the bytes of 1 file; no dist-tag",
  },
  {
    name: "a registry without dist-tags that was not asked for marks",
    readBack: [{ file: "a-1.0.0.crate", bytes: "same", digest: "sha256-aa" }],
    line: "the bytes of 1 file",
  },
];

for (const { name, readBack, line } of SHOWN) {
  test(`people read what a registry showed: ${name}`, () => {
    assert.equal(shownLine(readBack), line);
  });
}

test("the job summary has a table of how packages were authorised and what was shown of them", () => {
  const text = publishSummary({
    mode: "release",
    outcomes: [
      { ...WEB, ...PROOF, status: "published" },
      {
        ...WHEEL,
        status: "skipped",
        readBack: [{ file: "w", bytes: "same", digest: "sha256-aa" }],
      },
      { ...WHEEL, name: "blocked", status: "blocked", by: [] },
    ],
  });
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  const table = rows.slice(rows.findIndex((line) => line.includes("Authorised by")));
  assert.equal(table.length, 4);
  assert.match(table[2]!, /web 0\.1\.0<.*NPM&#95;TOKEN.*as 0\.0\.9.*the bytes of 2 files/);
  assert.match(table[3]!, /wheel 0\.4\.1<.* \| nothing was uploaded \| {2}\| the bytes of 1 file/);
});
