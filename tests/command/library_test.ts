/** What only callers of the library have: plans as values, facts of their own, and looks. */

import { deepEqual, equal, match, ok, rejects, throws } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import {
  createHost,
  Failure,
  look,
  makePlan,
  parseConfig,
  plan,
  publish,
  setVersion,
  verifyArtifacts,
} from "../../mod.ts";
import { releaseWorld } from "../support/release_world.ts";
import { needs } from "../support/tools.ts";

const withGit = await needs("git");

const CONFIG = `[putitoutthere]
version = 1
[[package]]
name = "demo"
kind = "npm"
path = "js"
paths = ["js/**"]
`;
const [LAST, HEAD] = ["a".repeat(40), "b".repeat(40)];
const TAG = { name: "demo-v1.2.3", commit: LAST, reachable: true };

test("parseConfig() gives what is declared, or one failure with every problem and its place", () => {
  const { cadence, packages } = parseConfig(new TextEncoder().encode(CONFIG));
  deepEqual([cadence, packages.map(({ name, tagFormat }) => [name, tagFormat])], [
    "immediate",
    [["demo", "{name}-v{version}"]],
  ]);
  throws(
    () => parseConfig(`${CONFIG}taag = "x"\n[[package]]\nkind = "deb"\n`, { file: "p.toml" }),
    (
      error,
    ) => {
      ok(error instanceof Failure);
      ok(error.problems.length >= 2);
      for (const { location } of error.problems) equal(location?.file, "p.toml");
      return true;
    },
  );
});

test("makePlan() plans facts that are few: nothing changed, something changed, a trailer, a request", () => {
  const config = parseConfig(CONFIG);
  const head = { id: HEAD, message: "Mend" };
  const changes = new Map([[LAST, ["js/index.js"]]]);
  const versions = (facts: Partial<Parameters<typeof makePlan>[0]>): readonly string[] =>
    makePlan({ config, head, tags: [TAG], ...facts }).packages.map(({ version }) => version);
  deepEqual(versions({}), []);
  deepEqual(versions({ tags: [] }), ["0.1.0"]);
  deepEqual(versions({ changes }), ["1.2.4"]);
  deepEqual(versions({ changes, head: { ...head, message: "Mend\n\nrelease: minor" } }), ["1.3.0"]);
  deepEqual(versions({ requests: [{ name: "demo", version: "2.0.0" }] }), ["2.0.0"]);
  deepEqual(versions({ changes, requests: [] }), []);
  throws(
    () => versions({ tags: [{ name: "demo-v1.2.3", commit: LAST }] }),
    (error) => error instanceof Failure && error.code.startsWith("PIOT_"),
  );
  throws(() => versions({ head: { ...head, message: "Mend\n\nrelease: minor [nobody]" } }), {
    code: "PIOT_TRAILER_UNKNOWN_PACKAGE",
  });
});

test(
  "a plan is published as it was given, and refused where it is not of this commit or no plan; looks tell of each file",
  withGit,
  async () => {
    await using world = await releaseWorld();
    const host = createHost({ cwd: world.root, env: world.env });
    const { artifacts } = world;
    const planned = await plan(host);
    const { name } = planned.packages.find(({ kind }) => kind === "npm")!;
    const one = await plan(host, { release: [name] });
    const [npm] = one.packages;
    const verified = await verifyArtifacts(host, { plan: one, artifacts });
    deepEqual(verified.map(({ name, files }) => [name, files.length]), [[npm!.name, 1]]);
    match(verified[0]!.files[0]!.digest, /^sha512-/);
    const before = await look(host, { plan: one, artifacts });
    deepEqual(before.map(({ next, files }) => [next, files[0]!.state]), [["upload", "absent"]]);
    deepEqual(world.writes(), []);

    await rejects(publish(host, { plan: { ...planned, head: HEAD }, artifacts }), {
      code: "PIOT_PLAN_STALE",
    });
    // A plan says of every package what becomes of it: one that is cut down is none.
    const cut = { ...planned, packages: one.packages, matrix: one.matrix };
    await rejects(publish(host, { plan: cut, artifacts }), { code: "PIOT_PLAN_INVALID" });
    const broken = { ...planned, matrix: "none" } as unknown as typeof planned;
    await rejects(publish(host, { plan: broken, artifacts }), { code: "PIOT_PLAN_INVALID" });
    deepEqual(world.writes(), []);

    const { outcomes, asked } = await publish(host, { plan: one, artifacts });
    deepEqual(outcomes.map(({ name, status }) => [name, status]), [[npm!.name, "published"]]);
    deepEqual(asked.what, ["--plan", "PLAN"]);
    const after = await look(host, { plan: one, artifacts });
    deepEqual(after.map(({ next, files }) => [next, files[0]!.state]), [["nothing", "same"]]);

    const written = await setVersion(host, { plan: one });
    deepEqual(written.packages, [{ name: npm!.name, version: npm!.version }]);
    const manifest = join(world.root, npm!.path, "package.json");
    const text = await readFile(manifest, "utf8");
    ok(text.includes(`"${npm!.version}"`));
  },
);
