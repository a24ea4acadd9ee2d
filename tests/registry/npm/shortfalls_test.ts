import assert from "node:assert/strict";
import { test } from "node:test";
import { heldPackage, manifestText, npmRelease, npmWorld } from "./world.ts";

const FILES = { "packages/demo/package.json": manifestText() };

const CASES: readonly {
  readonly name: string;
  /** Where the tags stand after the upload of 1.1.0; the registry's own doing when left out. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly says?: string;
}[] = [
  { name: "the tag that the registry moved" },
  {
    name: "a tag that stands on the version before",
    tags: { latest: "1.0.0" },
    says: 'npm has demo@1.1.0, and its dist-tag "latest" still stands on 1.0.0',
  },
  {
    name: "a tag that is nowhere",
    tags: {},
    says: 'npm has demo@1.1.0, and its dist-tag "latest" is nowhere',
  },
  { name: "a tag that a later release moved on", tags: { latest: "1.2.0" } },
  {
    name: "a tag on a pre-release of a later version, which had to give way",
    tags: { latest: "2.0.0-beta.1" },
    says: 'npm has demo@1.1.0, and its dist-tag "latest" still stands on 2.0.0-beta.1',
  },
];

for (const { name, tags, says } of CASES) {
  test(`a lost dist-tag is told of with the way out: ${name}`, async () => {
    await using world = await npmWorld(FILES);
    await world.publish(npmRelease({ version: "1.0.0" }));
    const prepared = await world.prepare(npmRelease({ version: "1.1.0" }));
    const credential = await world.npm.authorise(prepared, await world.npm.look(prepared));
    await world.npm.upload(prepared, prepared.files[0]!, { credential });
    const { distTags } = world.server.state.packages.get("demo")!;
    if (tags !== undefined) {
      distTags.clear();
      for (const [tag, version] of Object.entries(tags)) distTags.set(tag, version);
      // A tag is shown with the version that it stands on.
      const { versions } = world.server.state.packages.get("demo")!;
      for (const version of Object.values(tags)) versions.set(version, versions.get("1.1.0")!);
    }
    const look = await world.npm.look(prepared, { fresh: true });
    const shortfalls = world.npm.shortfalls!(prepared, look, credential);
    assert.deepEqual(shortfalls.map(({ message }) => message), says === undefined ? [] : [says]);
    for (const { hint } of shortfalls) assert.match(hint, /npm dist-tag add demo@1\.1\.0 latest$/);
  });
}

test("provenance that was accepted and is not shown is told of, and what is shown is not", async () => {
  const repository = "github:ada/engine";
  const job = { repository: "ada/engine", workflow: "release.yml" };
  await using world = await npmWorld(
    { "packages/demo/package.json": manifestText({ repository }) },
    { job, trust: { demo: { ...job, permissions: ["createPackage"] } } },
  );
  world.server.state.packages.set("demo", heldPackage("demo"));
  const prepared = await world.prepare(npmRelease({ version: "1.1.0" }));
  const credential = await world.npm.authorise(prepared, await world.npm.look(prepared));
  await world.npm.upload(prepared, prepared.files[0]!, { credential });
  assert.deepEqual(
    world.npm.shortfalls?.(prepared, await world.npm.look(prepared), credential),
    [],
  );

  const stored = world.server.state.packages.get("demo")!.versions.get("1.1.0")!;
  Object.assign(stored.manifest, { _npmUser: { name: "ada" } });
  Object.assign(stored.manifest["dist"] as object, { attestations: undefined });
  const look = await world.npm.look(prepared);
  assert.deepEqual(world.npm.shortfalls?.(prepared, look, credential), [{
    message: "npm has demo@1.1.0, and does not show its trusted publisher and provenance",
    hint: "Look again in some minutes: npm view demo@1.1.0 _npmUser dist.attestations",
  }]);
});
