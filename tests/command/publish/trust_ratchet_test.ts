import assert from "node:assert/strict";
import { test } from "node:test";
import { authoriseStage, checkedOutcomes } from "../../../src/command/publish/authorise_stage.ts";
import type { Run } from "../../../src/command/publish/run.ts";
import { readAllowed } from "../../../src/command/publish/trust_ratchet.ts";
import { uploadStage } from "../../../src/command/publish/upload_stage.ts";
import { Failure } from "../../../src/error.ts";
import type { Credential, Proof } from "../../../src/registry/registry.ts";
import type { Outcome } from "../../../src/report/outcome.ts";
import { declare, smallRegistry, type SmallRun, smallRun, TOKEN } from "./small_registry.ts";

const PROVEN = { version: "0.9.0", evidence: ["trusted-publisher", "provenance"] } as const;
const BARE = { version: "0.9.0", evidence: [] } as const;

function proof(changes: Partial<Proof> = {}): Proof {
  return {
    name: "a",
    kind: "token",
    evidence: [],
    before: [PROVEN],
    whyNoMore: "trusted publishing failed: 404",
    hint: "Register the job",
    ...changes,
  };
}

/** A run of packages whose credentials prove what the table says; of others nothing. */
function provenRun(
  proofs: Readonly<Record<string, readonly Proof[]>>,
  changes: Partial<Run> = {},
  dependencies: Readonly<Record<string, readonly string[]>> = {},
): SmallRun & { readonly allRun: Run } {
  const npm = smallRegistry();
  const authorise: typeof npm.authorise = ({ release: { package: { name } } }): Promise<
    Credential
  > => Promise.resolve({ kind: "token", secret: TOKEN, why: "NPM", proofs: proofs[name] ?? [] });
  const names = Object.fromEntries(Object.keys(proofs).map((name) => [name, []]));
  const world = smallRun(declare({ ...names, ...dependencies }), {
    registries: { npm: { ...npm, authorise } },
  });
  return { ...world, allRun: { ...world.run, ...changes } };
}

async function outcomes(world: ReturnType<typeof provenRun>): Promise<readonly Outcome[]> {
  const { allRun } = world;
  const ready = await authoriseStage(allRun, await world.ready());
  return allRun.mode === "release"
    ? await uploadStage(allRun, ready, undefined)
    : checkedOutcomes(allRun, ready);
}

const warningsOf = ({ events }: SmallRun): readonly string[] =>
  events.flatMap((event) => event.type === "warning" ? [event.message] : []);

const FALL =
  "a 1.0.0 shows less of its origin than 0.9.0, the version before it: trusted publisher and provenance there, " +
  "none here; trusted publishing failed: 404";

test("a package whose evidence falls fails with both evidences and the reason; what depends on it is blocked, the rest goes on", async () => {
  const world = provenRun({ a: [proof()], b: [proof({ name: "b", before: [BARE] })] }, {}, {
    c: ["a"],
  });
  const [a, b, c] = await outcomes(world);
  assert.equal(a?.status, "failed");
  const { failure } = a as Extract<Outcome, { status: "failed" }>;
  assert.equal(failure.code, "PIOT_TRUST_DOWNGRADE");
  assert.equal(failure.message, `Cannot publish a: ${FALL}`);
  assert.equal(
    failure.hint,
    "Register the job; or let it pass with --allow-downgrade a: whoever looks for that evidence will find it gone",
  );
  assert.deepEqual([b?.status, c?.status], ["published", "blocked"]);
});

test("a release that is half there is held against its own files too", async () => {
  const own = { version: "1.0.0", evidence: ["attestations"], isHalfThere: true } as const;
  const [a] = await outcomes(provenRun({ a: [proof({ before: [BARE, own] })] }));
  assert.equal(
    a?.status === "failed" ? a.failure.message : a?.status,
    "Cannot publish a: a 1.0.0 shows less of its origin than the files of it that are there already: " +
      "attestations there, none here; trusted publishing failed: 404",
  );
});

test("a dry run finds the fall too", async () => {
  const [a] = await outcomes(provenRun({ a: [proof()] }, { mode: "dry-run" }));
  assert.equal(a?.status === "failed" ? a.failure.code : a?.status, "PIOT_TRUST_DOWNGRADE");
});

test("a pull request, whose credentials are not the release's, is only warned", async () => {
  const world = provenRun({ a: [proof()] }, { mode: "pull-request" });
  const [a] = await outcomes(world);
  assert.equal(a?.status, "checked");
  assert.deepEqual(warningsOf(world), [`Cannot publish a: ${FALL}`]);
});

test("a fall that is allowed by name passes with a warning, and the outcome says so", async () => {
  const world = provenRun({ a: [proof()] }, { allowDowngrade: new Set(["a"]) });
  const [a] = await outcomes(world);
  assert.equal(a?.status, "published");
  assert.deepEqual(warningsOf(world), [`${FALL}; --allow-downgrade a lets it pass`]);
  assert.deepEqual(a?.authorisation, {
    credential: "token",
    why: "NPM",
    names: [{
      name: "a",
      credential: "token",
      evidence: [],
      before: PROVEN,
      whyNoMore: "trusted publishing failed: 404",
      isAllowedToFall: true,
    }],
  });
});

test("allowing one package lets no other pass", async () => {
  const world = provenRun(
    { a: [proof()], b: [proof({ name: "b" })] },
    { allowDowngrade: new Set(["b"]) },
  );
  assert.deepEqual((await outcomes(world)).map(({ status }) => status), ["failed", "published"]);
});

test("a permission that was not needed is told of: left in place, it would let the next fall pass", async () => {
  const world = provenRun({ a: [proof({ before: [BARE] })] }, { allowDowngrade: new Set(["a"]) });
  await outcomes(world);
  assert.deepEqual(warningsOf(world), [
    "--allow-downgrade a was not needed: what it shows of its origin does not fall",
  ]);
});

test("names of a family that fall alike are one problem, those that fall otherwise another", async () => {
  const world = provenRun({
    a: [
      proof(),
      proof({ name: "a-linux-x64" }),
      proof({ name: "a-new", before: [] }),
      proof({
        name: "a-darwin-arm64",
        kind: "oidc",
        evidence: ["trusted-publisher"],
        whyNoMore: "no provenance: it is switched off",
      }),
    ],
  });
  const [a] = await outcomes(world);
  assert.ok(a?.status === "failed");
  assert.deepEqual(a.failure.problems.map(({ code, message }) => `${code} ${message}`), [
    `PIOT_TRUST_DOWNGRADE Cannot publish a: ${FALL.replace("a 1", "a, a-linux-x64 1")}`,
    "PIOT_TRUST_DOWNGRADE Cannot publish a: a-darwin-arm64 1.0.0 shows less of its origin than 0.9.0, the version " +
    "before it: trusted publisher and provenance there, trusted publisher here; no provenance: it is switched off",
  ]);
});

test("what the registry showed right before the tag is in the outcome", async () => {
  const npm = smallRegistry();
  const shown = new Map([["a", { distTags: ["latest"], evidence: ["provenance"] as const }]]);
  const look: typeof npm.look = async (prepared) => ({ ...await npm.look(prepared), shown });
  const world = smallRun(declare({ a: [] }), { registries: { npm: { ...npm, look } } });
  const [a] = await uploadStage(world.run, await world.ready(), undefined);
  assert.deepEqual(a?.readBack, [{
    file: "a",
    bytes: "same",
    digest: "sha256-a-0",
    distTags: ["latest"],
    evidence: ["provenance"],
  }]);
});

test("a name that nobody declared cannot be allowed, and the nearest is suggested", () => {
  const packages = declare({ core: [], cli: [] });
  assert.deepEqual([...readAllowed(["core"], packages)], ["core"]);
  assert.deepEqual([...readAllowed([], packages)], []);
  assert.throws(() => readAllowed(["cli", "coer"], packages), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, "PIOT_USAGE");
    assert.equal(error.message, 'Cannot use --allow-downgrade "coer": no package has that name');
    assert.equal(
      error.hint,
      'Did you mean "core"? The packages are core, cli; give the flag once for each',
    );
    return true;
  });
});
