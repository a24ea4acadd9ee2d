import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { type ReadSdist, readSdist } from "../../src/artifact/sdist.ts";
import { metadataField } from "../../src/core/pypi/core_metadata.ts";
import { Failure } from "../../src/error.ts";
import {
  makeSdist,
  sdistMembers,
  tarGzMembers,
  toBytes,
  type WheelInput,
} from "../../src/rehearsal/synthesise/python_distribution.ts";
import { tempFolder } from "../support/temp.ts";

const DEMO: WheelInput = { name: "demo", version: "1.0.0" };
const FILE = "demo-1.0.0.tar.gz";

async function read(bytes: Uint8Array, fileName = FILE): Promise<ReadSdist> {
  await using folder = await tempFolder({ [fileName]: bytes });
  const sdist = await readSdist(join(folder.path, fileName));
  assert.ok(typeof sdist !== "string", String(sdist));
  return sdist;
}

function withFiles(files: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const changes = Object.entries(files).map(([path, content]) => [path, toBytes(content)] as const);
  return tarGzMembers(new Map([...sdistMembers(DEMO), ...changes]));
}

test("readSdist() finds nothing wrong with a good sdist, and reads its PKG-INFO", async () => {
  const { problems, metadata } = await read((await makeSdist(DEMO)).bytes);
  assert.deepEqual(problems, []);
  assert.equal(metadataField(metadata!, "Name"), "demo");
});

test("readSdist() reads the PKG-INFO of the top folder, not of an egg-info below it", async () => {
  const egg = {
    "demo-1.0.0/src/demo.egg-info/PKG-INFO": "Metadata-Version: 2.1\nName: other\nVersion: 9\n",
  };
  const { problems, metadata } = await read(await withFiles(egg));
  assert.deepEqual(problems, []);
  assert.equal(metadataField(metadata!, "Version"), "1.0.0");
});

test("readSdist() finds a missing PKG-INFO, a second top folder and another top folder", async () => {
  const members = new Map(sdistMembers(DEMO));
  members.delete("demo-1.0.0/PKG-INFO");
  const bare = await read(await tarGzMembers(members));
  assert.deepEqual(bare.problems, ['it has no "demo-1.0.0/PKG-INFO"']);
  const two = await read(await withFiles({ "extra/file": "" }));
  assert.deepEqual(two.problems, ['"extra/file" lies outside its folder "demo-1.0.0"']);
  const other = await read((await makeSdist({ ...DEMO, version: "0.9.0" })).bytes);
  assert.match(other.problems.join(), /^"demo-0\.9\.0\/PKG-INFO" lies outside/);
  assert.equal(other.metadata, undefined);
});

test("readSdist() finds a licence file that was left out, as maturin sdists do", async () => {
  const metadata = "Metadata-Version: 2.4\nName: demo\nVersion: 1.0.0\nLicense-File: LICENSE\n";
  const missing = await read(await withFiles({ "demo-1.0.0/PKG-INFO": metadata }));
  assert.deepEqual(missing.problems, [
    'License-File "LICENSE" is not in it at "demo-1.0.0/LICENSE"',
  ]);
  const there = await read(
    await withFiles({ "demo-1.0.0/PKG-INFO": metadata, "demo-1.0.0/LICENSE": "MIT" }),
  );
  assert.deepEqual(there.problems, []);
});

test("readSdist() finds metadata that PyPI refuses", async () => {
  const metadata = "Metadata-Version: 2.1\nName: demo\nVersion: 1.0.0+local\n";
  const { problems } = await read(await withFiles({ "demo-1.0.0/PKG-INFO": metadata }));
  assert.deepEqual(problems, ['Version "1.0.0+local" has a local part, which PyPI refuses']);
});

for (
  const [name, spelled] of [["a dot in front", "./demo-1.0.0/x"], ["two slashes", "demo-1.0.0//x"]]
) {
  test(`readSdist() finds a member that is spelled with ${name}`, async () => {
    const { problems } = await read(await withFiles({ [spelled!]: "" }));
    assert.match(problems.join(), /is not spelled as PyPI looks for it/);
  });
}

test("readSdist() gives a text for a name that is none of an sdist", async () => {
  await using folder = await tempFolder({ "demo.tar.gz": "" });
  assert.match(String(await readSdist(join(folder.path, "demo.tar.gz"))), /^it is not \{name\}/);
});

for (
  const { name, bytes } of [
    { name: "is no gzip", bytes: Promise.resolve(toBytes("nonsense")) },
    { name: "is cut", bytes: makeSdist(DEMO).then(({ bytes }) => bytes.slice(0, -20)) },
    { name: "climbs out of its folder", bytes: withFiles({ "demo-1.0.0/../../x": "" }) },
    { name: "is absolute", bytes: withFiles({ "/etc/x": "" }) },
  ]
) {
  test(`readSdist() throws for an archive that ${name}`, async () => {
    const broken = await bytes;
    await assert.rejects(read(broken), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.code, "PIOT_ARTIFACT_INVALID");
      return true;
    });
  });
}

test("readSdist() stops a bomb at its limit", async () => {
  const bomb = await tarGzMembers(
    new Map([...sdistMembers(DEMO), ["demo-1.0.0/zeros", new Uint8Array(5_000_000)]]),
  );
  await using folder = await tempFolder({ [FILE]: bomb });
  const limits = { entries: 100, entryBytes: 10_000_000, totalBytes: 1_000_000 };
  await assert.rejects(
    readSdist(join(folder.path, FILE), limits),
    /unpacks to more than 1000000 bytes/,
  );
});
