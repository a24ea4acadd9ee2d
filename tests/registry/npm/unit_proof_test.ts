import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_PACKUMENT, type Packument } from "../../../src/core/npm/packument.ts";
import type { Evidence } from "../../../src/core/release/evidence.ts";
import {
  approvedBefore,
  proofOf,
  type ProvenUnit,
  silentLosses,
} from "../../../src/registry/npm/unit_proof.ts";

const TRUSTED = ["trusted-publisher", "provenance"] as const;

function packument(versions: Readonly<Record<string, Evidence>>): Packument {
  const hashes = { integrity: undefined, shasum: undefined, gitHead: undefined, pins: [] };
  const entries = Object.entries(versions).map(([version, evidence]) =>
    [version, { ...hashes, evidence }] as const
  );
  return { ...NO_PACKUMENT, versions: new Map(entries) };
}

const GRANT = { secret: "s", claims: {}, renewAt: 0 };

/** A unit at 1.1.0 that goes out by trusted publishing, with provenance. */
function proven(changes: Partial<ProvenUnit> = {}): ProvenUnit {
  return {
    unit: { name: "demo", version: "1.1.0" },
    credential: { kind: "oidc", grant: GRANT, claims: {}, how: "trusted publishing" },
    decision: { signs: true },
    packument: packument({ "1.0.0": TRUSTED }),
    stagesAfter: undefined,
    ...changes,
  };
}

const BY_TOKEN: ProvenUnit["credential"] = {
  kind: "token",
  secret: "s",
  claims: {},
  how: "NPM_TOKEN, since trusted publishing failed: 404",
  instead: { why: "trusted publishing failed: 404", hint: "Register the job", isTried: true },
};
const UNSIGNED: ProvenUnit["decision"] = {
  signs: false,
  why: 'the runner is "self-hosted"',
  hint: "Publish on a GitHub-hosted runner",
  isSlip: true,
};
const BESIDE_TOKEN: ProvenUnit["decision"] = {
  signs: false,
  why: "it comes with trusted publishing",
  hint: "Publish by trusted publishing",
  isSlip: false,
};

const PROOFS: readonly {
  name: string;
  unit: ProvenUnit;
  evidence: Evidence;
  whyNoMore?: string;
  hint?: string;
}[] = [
  { name: "all of trusted publishing", unit: proven(), evidence: TRUSTED },
  {
    name: "a runner that is not GitHub's",
    unit: proven({ decision: UNSIGNED }),
    evidence: ["trusted-publisher"],
    whyNoMore: 'no provenance: the runner is "self-hosted"',
    hint: "Publish on a GitHub-hosted runner",
  },
  {
    name: "a token, whose provenance is not worth a word beside why it is one",
    unit: proven({ credential: BY_TOKEN, decision: BESIDE_TOKEN }),
    evidence: [],
    whyNoMore: "trusted publishing failed: 404",
    hint: "Register the job",
  },
  {
    name: "a token with the provenance that was asked for",
    unit: proven({ credential: BY_TOKEN }),
    evidence: ["provenance"],
    whyNoMore: "trusted publishing failed: 404",
    hint: "Register the job",
  },
  {
    name: "what is staged after an approved version",
    unit: proven({
      packument: packument({ "1.0.0": ["approved", ...TRUSTED] }),
      stagesAfter: "1.0.0",
    }),
    evidence: ["approved", ...TRUSTED],
  },
  {
    name: "what is published at once after an approved version",
    unit: proven({ packument: packument({ "1.0.0": ["approved", ...TRUSTED] }) }),
    evidence: TRUSTED,
    whyNoMore: "it is published without waiting for an approval",
    hint: "Have it staged, and approve it",
  },
];

for (const { name, unit, evidence, whyNoMore, hint } of PROOFS) {
  test(`the proof of ${name}`, () => {
    const proof = proofOf(unit);
    assert.deepEqual(proof.evidence, evidence);
    assert.equal(proof.whyNoMore, whyNoMore);
    assert.equal(proof.hint, hint);
    assert.equal(proof.before[0]?.version, "1.0.0");
  });
}

test("a first version is held against nothing", () => {
  assert.deepEqual(proofOf(proven({ packument: NO_PACKUMENT })).before, []);
  assert.equal(approvedBefore({ version: "1.1.0" }, NO_PACKUMENT), undefined);
});

const QUIET: readonly { name: string; unit: ProvenUnit; says: readonly string[] }[] = [
  { name: "nothing is less", unit: proven(), says: [] },
  {
    name: "a token stands in where the version before has nothing either",
    unit: proven({
      credential: BY_TOKEN,
      decision: BESIDE_TOKEN,
      packument: packument({ "1.0.0": [] }),
    }),
    says: [
      "demo: a token stands in for trusted publishing: NPM_TOKEN, since trusted publishing failed: 404",
    ],
  },
  {
    name: "the first version needs a token",
    unit: proven({ credential: BY_TOKEN, decision: BESIDE_TOKEN, packument: NO_PACKUMENT }),
    says: [],
  },
  {
    name: "there is no identity that could have been tried",
    unit: proven({
      credential: { ...BY_TOKEN, instead: { ...BY_TOKEN.instead!, isTried: false } },
      decision: BESIDE_TOKEN,
      packument: packument({ "1.0.0": [] }),
    }),
    says: [],
  },
  {
    name: "provenance is left out by the job's doing",
    unit: proven({
      decision: UNSIGNED,
      packument: packument({ "1.0.0": ["trusted-publisher"] }),
    }),
    says: ['demo: it goes out without provenance: the runner is "self-hosted"'],
  },
  {
    name: "it falls: that is told by whoever weighs it",
    unit: proven({ credential: BY_TOKEN, decision: UNSIGNED }),
    says: [],
  },
  {
    name: "a version of a newer line shows more, which pnpm goes by",
    unit: proven({
      credential: { ...BY_TOKEN, instead: { ...BY_TOKEN.instead!, isTried: false } },
      decision: BESIDE_TOKEN,
      packument: packument({ "1.0.0": [], "2.0.0": TRUSTED, "2.1.0-rc.1": ["approved"] }),
    }),
    says: [
      "demo: pnpm's no-downgrade, which goes by dates, will not install it: 2.0.0 was published before, " +
      "with trusted publisher and provenance",
    ],
  },
  {
    name: "a trusted publisher without provenance is none to pnpm",
    unit: proven({ packument: packument({ "1.0.0": [], "2.0.0": ["trusted-publisher"] }) }),
    says: [],
  },
];

for (const { name, unit, says } of QUIET) {
  test(`what nobody breaks is ${says.length === 0 ? "not told" : "told"}: ${name}`, () => {
    assert.deepEqual(silentLosses([unit]), says);
  });
}

test("a family that loses alike is told of in one sentence", () => {
  const unit = proven({
    decision: UNSIGNED,
    packument: packument({ "1.0.0": ["trusted-publisher"] }),
  });
  const other = { ...unit, unit: { name: "demo-linux-x64", version: "1.1.0" } };
  assert.deepEqual(silentLosses([unit, other]), [
    'demo, demo-linux-x64: it goes out without provenance: the runner is "self-hosted"',
  ]);
});
