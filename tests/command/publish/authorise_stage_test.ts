import assert from "node:assert/strict";
import { test } from "node:test";
import { authoriseStage, checkedOutcomes } from "../../../src/command/publish/authorise_stage.ts";
import type { Run } from "../../../src/command/publish/run.ts";
import { Failure } from "../../../src/error.ts";
import { combineRefusals } from "../../../src/registry/combine_refusals.ts";
import { type Credential, ReleaseRefused } from "../../../src/registry/registry.ts";
import { declare, type SmallRegistry, smallRegistry, smallRun, TOKEN } from "./small_registry.ts";

const missing = (name: string): Failure => new Failure("PIOT_AUTH_MISSING", `no token for ${name}`);

/** A registry that finds no credential for some packages, and the same failure for all of the others that have none. */
function withoutTokens(names: readonly string[], shared: readonly string[] = []): SmallRegistry {
  const npm = smallRegistry();
  const dead = new Failure("PIOT_AUTH_REFUSED", "the token is dead");
  const authorise: typeof npm.authorise = async (prepared, look) => {
    const { name } = prepared.release.package;
    if (names.includes(name)) throw missing(name);
    if (shared.includes(name)) throw dead;
    return await npm.authorise(prepared, look);
  };
  return { ...npm, authorise };
}

test("nobody asks for a credential when nothing is to be uploaded", async () => {
  const npm = withoutTokens(["there", "taken"]);
  npm.held.set("there", "sha256-there-0").set("taken", "sha256-of-another");
  const world = smallRun(declare({ there: [], taken: [], sent: [] }), { registries: { npm } });
  const ready = await authoriseStage(world.run, await world.ready());
  assert.deepEqual(ready.map(({ credential }) => credential?.secret), [
    undefined,
    undefined,
    TOKEN,
  ]);
});

test("every package without a credential is told of in one failure, in the plan's order", async () => {
  const npm = withoutTokens(["a", "c"], ["b", "d"]);
  const world = smallRun(declare({ a: [], b: [], c: [], d: [], e: [] }), { registries: { npm } });
  const ready = await world.ready();
  await assert.rejects(authoriseStage(world.run, ready), (error) => {
    assert.ok(error instanceof Failure);
    assert.deepEqual(error.problems.map(({ message }) => message), [
      "no token for a",
      "the token is dead",
      "no token for c",
    ]);
    return true;
  });
});

test("what a registry has against one package is its own trouble: the others are authorised", async () => {
  const npm = smallRegistry();
  const own = new ReleaseRefused("PIOT_NPM_ACCESS", "b is restricted");
  const authorise: typeof npm.authorise = (prepared, look) =>
    prepared.release.package.name === "b" ? Promise.reject(own) : npm.authorise(prepared, look);
  const world = smallRun(declare({ a: [], b: [], c: ["b"] }), {
    registries: { npm: { ...npm, authorise } },
  });
  const ready = await authoriseStage(world.run, await world.ready());
  assert.deepEqual(ready.map(({ credential }) => credential?.secret), [TOKEN, undefined, TOKEN]);
  const outcomes = checkedOutcomes(world.run, ready);
  assert.deepEqual(outcomes.map(({ status }) => status), ["checked", "failed", "checked"]);
  const [, b] = outcomes;
  assert.equal(b?.status === "failed" && b.failure, own);
});

test("in a pull request what a registry has against a package is a warning", async () => {
  const npm = smallRegistry();
  const authorise = (): Promise<never> =>
    Promise.reject(new ReleaseRefused("PIOT_NPM_ACCESS", "a is restricted"));
  const world = smallRun(declare({ a: [] }), { registries: { npm: { ...npm, authorise } } });
  const run: Run = { ...world.run, mode: "pull-request" };
  const [ready] = await authoriseStage(run, await world.ready());
  assert.equal(ready?.verdict.to, "send");
  assert.deepEqual(
    world.events.flatMap((event) => event.type === "warning" ? event.message : []),
    ["a is restricted"],
  );
});

test("several refusals of one release are its own trouble when each of them is", () => {
  const own = new ReleaseRefused("PIOT_NPM_ACCESS", "restricted");
  const shared = new Failure("PIOT_AUTH_MISSING", "no token");
  assert.equal(combineRefusals([own]), own);
  assert.ok(combineRefusals([own, own]) instanceof ReleaseRefused);
  assert.deepEqual(combineRefusals([own, own]).problems.length, 2);
  for (const failures of [[shared], [own, shared], [shared, own]]) {
    assert.ok(!(combineRefusals(failures) instanceof ReleaseRefused));
  }
});

test("in a pull request, which has no secrets, a missing credential is a warning", async () => {
  const npm = withoutTokens(["a"], ["b", "c"]);
  const world = smallRun(declare({ a: [], b: [], c: [] }), { registries: { npm } });
  const run: Run = { ...world.run, mode: "pull-request" };
  const ready = await authoriseStage(run, await world.ready());
  assert.deepEqual(ready.map(({ credential }) => credential), [undefined, undefined, undefined]);
  const warnings = world.events.flatMap((event) => event.type === "warning" ? event.message : []);
  assert.deepEqual(warnings, ["no token for a", "the token is dead"]);
});

test("a credential is masked before it is told of, and given back at the end", async () => {
  const npm = smallRegistry();
  const given: string[] = [];
  const credential: Credential = {
    kind: "oidc",
    secret: "fresh",
    why: "trusted publishing",
    revoke: () => Promise.resolve(void given.push("fresh")),
  };
  const world = smallRun(declare({ a: [] }), {
    registries: { npm: { ...npm, authorise: () => Promise.resolve(credential) } },
  });
  const undo: (() => Promise<void>)[] = [];
  const run: Run = { ...world.run, defer: (step) => void undo.push(step) };
  await authoriseStage(run, await world.ready());
  assert.deepEqual(world.events, [
    { type: "stage", stage: "authorise" },
    { type: "secret", secret: "fresh" },
    {
      type: "credential",
      release: { name: "a", kind: "npm", version: "1.0.0" },
      kind: "oidc",
      why: "trusted publishing",
      names: [],
    },
  ]);
  for (const step of undo) await step();
  assert.deepEqual(given, ["fresh"]);
});

test("a run that only checks says of each package what is absent, or why it would be refused", async () => {
  const npm = smallRegistry();
  npm.held.set("there", "sha256-there-0").set("taken", "sha256-of-another");
  const world = smallRun(declare({ there: [], taken: [], sent: [] }), { registries: { npm } });
  const outcomes = checkedOutcomes(world.run, await world.ready({ sent: [0, 0, 1] }));
  const words = outcomes.map((outcome) =>
    outcome.status === "checked"
      ? `checked ${outcome.absent}`
      : outcome.status === "failed"
      ? outcome.failure.code
      : outcome.status
  );
  assert.deepEqual(words, ["checked 0", "PIOT_VERSION_TAKEN", "checked 3"]);
});
