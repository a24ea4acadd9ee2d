import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Evidence,
  evidenceOf,
  heaviest,
  lostMarks,
  tellEvidence,
} from "../../../src/core/release/evidence.ts";

test("marks stand in their order, the strongest first, however they were found", () => {
  assert.deepEqual(
    evidenceOf({ provenance: true, approved: true, "trusted-publisher": true }),
    ["approved", "trusted-publisher", "provenance"],
  );
  assert.deepEqual(evidenceOf({ attestations: false, provenance: undefined }), []);
});

const WORDS: readonly { evidence: Evidence; words: string }[] = [
  { evidence: [], words: "none" },
  { evidence: ["attestations"], words: "attestations" },
  { evidence: ["trusted-publisher", "provenance"], words: "trusted publisher and provenance" },
  {
    evidence: ["approved", "trusted-publisher", "provenance"],
    words: "approval, trusted publisher and provenance",
  },
];

for (const { evidence, words } of WORDS) {
  test(`evidence reads "${words}"`, () => assert.equal(tellEvidence(evidence), words));
}

const LOSSES: readonly { name: string; before: Evidence; now: Evidence; lost: Evidence }[] = [
  { name: "none after none", before: [], now: [], lost: [] },
  { name: "provenance after none", before: [], now: ["provenance"], lost: [] },
  { name: "none after provenance", before: ["provenance"], now: [], lost: ["provenance"] },
  {
    name: "a trusted publisher with provenance after provenance",
    before: ["provenance"],
    now: ["trusted-publisher", "provenance"],
    lost: [],
  },
  {
    name: "a trusted publisher without provenance after one with it",
    before: ["trusted-publisher", "provenance"],
    now: ["trusted-publisher"],
    lost: ["provenance"],
  },
  {
    name: "a trusted publisher without provenance after provenance, which pnpm counts as none",
    before: ["provenance"],
    now: ["trusted-publisher"],
    lost: ["provenance"],
  },
  {
    name: "a trusted publisher after an approval",
    before: ["approved", "trusted-publisher", "provenance"],
    now: ["trusted-publisher", "provenance"],
    lost: ["approved"],
  },
];

for (const { name, before, now, lost } of LOSSES) {
  test(`what is lost by ${name} is ${tellEvidence(lost)}`, () => {
    assert.deepEqual(lostMarks(before, now), lost);
  });
}

test("of several versions the one counts that most is lost of, the highest where they are equal", () => {
  const [beta, stable] = [
    { version: "2.0.0-beta.1", evidence: [] },
    { version: "1.9.0", evidence: ["provenance"] as const },
  ];
  assert.equal(heaviest([beta, stable], []), stable);
  assert.equal(heaviest([beta, stable], ["provenance"]), beta);
  assert.equal(heaviest([], []), undefined);
});
