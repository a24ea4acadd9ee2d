import { test } from "node:test";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Failure } from "../../../src/error.ts";
import type { Fault } from "../../../src/rehearsal/server/faults.ts";
import { ANSWERS, NAME_REFUSALS, TOKEN_REFUSALS } from "./answers.ts";
import { manifestText, npmRelease, npmWorld, TOKEN, tokenCredential } from "./world.ts";

const FILES = {
  "packages/demo/package.json": manifestText({ main: "index.js" }),
  "packages/demo/index.js": "exports.a = 1;\n",
};

async function refusal(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof Failure, String(error));
    return error;
  }
  assert.fail("nothing was refused");
}

test("upload sends the headers and the access that npm's own client sends (published)", async () => {
  const files = { "packages/demo/package.json": manifestText({ name: "@acme/demo" }) };
  await using world = await npmWorld(files);
  await world.publish(npmRelease({ package: { registryName: "@acme/demo" } }));
  const put = world.server.log.find(({ method }) => method === "PUT")!;
  assert.equal(put.path, "/@acme%2fdemo");
  assert.equal(put.headers.get("content-type"), "application/json");
  assert.equal(put.headers.get("authorization"), `Bearer ${TOKEN}`);
  assert.equal(put.headers.get("npm-command"), "publish");
  assert.equal(put.headers.get("npm-auth-type"), "web");
  assert.equal(put.headers.get("npm-scope"), "@acme");
  assert.match(put.headers.get("user-agent") ?? "", /^putitoutthere\//);
  assert.equal(put.headers.get("content-length"), String(put.size));
  assert.equal(world.server.state.packages.get("@acme/demo")?.access, "public");
});

test("upload moves the configured tag and leaves latest alone for a backport", async () => {
  await using world = await npmWorld(FILES);
  await world.publish(npmRelease({ version: "1.9.0" }));
  await world.publish(npmRelease({ version: "2.0.0" }));
  await world.publish(npmRelease({ version: "1.9.1" }));
  await world.publish(npmRelease({ version: "3.0.0-beta.1" }));
  await world.publish(npmRelease({ version: "3.0.0", package: { distTag: "next" } }));
  assert.deepEqual(Object.fromEntries(world.server.state.packages.get("demo")!.distTags), {
    latest: "2.0.0",
    "release-1.9": "1.9.1",
    beta: "3.0.0-beta.1",
    next: "3.0.0",
  });
});

for (const { id, name, tokens, code, words, hint } of TOKEN_REFUSALS) {
  test(`upload explains the refusal of ${name} (${id})`, async () => {
    await using world = await npmWorld(FILES, { tokens });
    const prepared = await world.prepare(npmRelease());
    const credential = tokenCredential(prepared);
    const error = await refusal(world.npm.upload(prepared, prepared.files[0]!, { credential }));
    assert.equal(error.code, code);
    assert.match(error.message, words);
    assert.match(error.message, /^Cannot upload demo@1\.0\.0: npm answers/);
    assert.match(error.hint ?? "", hint);
    assert.ok(!`${error.message}${error.hint}`.includes(TOKEN));
    assert.equal(world.server.log.filter(({ method }) => method === "PUT").length, 1);
  });
}

for (const { id, name, own, code, words, hint } of NAME_REFUSALS) {
  test(`upload explains the refusal of ${name} (${id})`, async () => {
    const files = (registryName: string): Record<string, string> => ({
      "packages/demo/package.json": manifestText({ name: registryName }),
    });
    const tokens = { [TOKEN]: { user: "ada" }, npm_grace: { user: "grace" } };
    await using world = await npmWorld(files(own.registryName!), { tokens });
    for (const taken of ["demo", "theirs"]) {
      await using other = await npmWorld(files(taken));
      const prepared = await other.prepare(npmRelease({ package: { registryName: taken } }));
      const credential = tokenCredential(prepared, "npm_grace");
      await world.npm.upload(prepared, prepared.files[0]!, { credential });
    }
    const error = await refusal(world.publish(npmRelease({ package: own, version: "1.0.1" })));
    assert.equal(error.code, code);
    assert.match(error.message, words);
    assert.match(error.hint ?? "", hint);
  });
}

test("upload calls a version that came between look and upload taken (taken)", async () => {
  await using world = await npmWorld(FILES);
  const prepared = await world.prepare(npmRelease());
  const look = await world.npm.look(prepared);
  const credential = await world.npm.authorise(prepared, look);
  await world.publish(npmRelease());
  const error = await refusal(world.npm.upload(prepared, prepared.files[0]!, { credential }));
  assert.equal(error.code, "PIOT_VERSION_TAKEN");
  assert.match(
    error.message,
    /403 You cannot publish over the previously published versions: 1\.0\.0/,
  );
});

for (const { id, name, how, code, words } of ANSWERS) {
  test(`upload sends once and explains ${name} (${id})`, async () => {
    await using world = await npmWorld(FILES);
    world.server.breakNext({ matches: isPut, how, times: 10 });
    const error = await refusal(world.publish(npmRelease()));
    assert.equal(error.code, code);
    assert.match(error.message, words);
    assert.equal(world.server.log.filter(({ method }) => method === "PUT").length, 1);
  });
}

const LOST: readonly { how: "lost-before" | "lost-after"; state: string }[] = [
  { how: "lost-before", state: "absent" },
  { how: "lost-after", state: "same" },
];

for (const { how, state } of LOST) {
  test(`upload sends once when the connection is ${how}, and the next look says ${state} (silent)`, async () => {
    await using world = await npmWorld(FILES);
    const prepared = await world.prepare(npmRelease());
    const credential = await world.npm.authorise(prepared, await world.npm.look(prepared));
    world.server.breakNext({ matches: isPut, how });
    const error = await refusal(world.npm.upload(prepared, prepared.files[0]!, { credential }));
    assert.equal(error.code, "PIOT_NETWORK");
    const look = await world.npm.look(prepared, { fresh: true });
    assert.equal(look.files.get("demo@1.0.0")?.state, state);
    assert.equal(world.server.log.filter(({ method }) => method === "PUT").length, 1);
  });
}

test("upload carries a README that looks like the document's own placeholder", async () => {
  const readme = '"data":"\\u0000tarball\\u0000"\u0000tarball\u0000';
  await using world = await npmWorld({ ...FILES, "packages/demo/README.md": readme });
  await world.publish(npmRelease());
  const { manifest } = world.server.state.packages.get("demo")!.versions.get("1.0.0")!;
  assert.equal(manifest["readme"], readme);
});

const isPut: Fault["matches"] = ({ method }) => method === "PUT";

for (const extra of [0, 1, 2]) {
  test(`upload sends a tarball of several chunks whole, with ${extra} bytes more`, async () => {
    // What does not compress: a chunk of a file is no multiple of the three bytes that base64 takes at once.
    const content = randomBytes(200_000 + extra);
    await using world = await npmWorld({ ...FILES, "packages/demo/data.bin": content });
    const prepared = await world.publish(npmRelease());
    const [file] = prepared.files;
    const look = await world.npm.look(prepared);
    assert.equal(look.files.get(file!.name)?.state, "same");
    const { tarball } = world.server.state.packages.get("demo")!.versions.get(
      npmRelease().version,
    )!;
    assert.deepEqual(Buffer.from(tarball), await readFile(prepared.units[0]!.tarball));
  });
}
