import { test } from "node:test";
import assert from "node:assert/strict";
import { Failure } from "../../../src/error.ts";
import { COMMIT, manifestText, npmRelease, npmWorld, TOKEN } from "./world.ts";

const PLAIN = {
  "packages/demo/package.json": manifestText({ main: "index.js" }),
  "packages/demo/index.js": "module.exports = 1;\n",
  "packages/demo/README.md": "# demo\n\nA package.\n",
};

test("publish puts a package on the registry under the planned version", async () => {
  await using world = await npmWorld(PLAIN);
  await world.publish(npmRelease({ version: "1.2.3" }));
  const stored = world.server.state.packages.get("demo");
  assert.deepEqual([...stored!.distTags], [["latest", "1.2.3"]]);
  const { manifest } = stored!.versions.get("1.2.3")!;
  assert.equal(manifest["gitHead"], COMMIT);
  assert.equal(manifest["readme"], "# demo\n\nA package.\n");
  assert.equal(manifest["readmeFilename"], "README.md");
});

test("look says absent before and same after, and proves the commit of other bytes", async () => {
  await using world = await npmWorld(PLAIN);
  const release = npmRelease();
  const prepared = await world.prepare(release);
  assert.deepEqual([...(await world.npm.look(prepared)).files], [["demo@1.0.0", {
    state: "absent",
  }]]);
  await world.publish(release);
  const look = await world.npm.look(prepared, { fresh: true });
  assert.deepEqual([...look.files], [["demo@1.0.0", { state: "same" }]]);
  assert.deepEqual(look.versions, ["1.0.0"]);
});

test("an upload whose answer is lost is found on the registry by the next look", async () => {
  await using world = await npmWorld(PLAIN);
  const prepared = await world.prepare(npmRelease());
  world.server.breakNext({ matches: ({ method }) => method === "PUT", how: "lost-after" });
  await world.npm.look(prepared);
  await assert.rejects(
    world.npm.upload(prepared, prepared.files[0]!, { kind: "token", secret: TOKEN, why: "" }),
    (error: Failure) => error.code === "PIOT_NETWORK",
  );
  const look = await world.npm.look(prepared, { fresh: true });
  assert.deepEqual([...look.files], [["demo@1.0.0", { state: "same" }]]);
  assert.equal(world.server.log.filter(({ method }) => method === "PUT").length, 1);
});
