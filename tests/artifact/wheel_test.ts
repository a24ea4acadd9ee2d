import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import fc from "../support/property.ts";
import { type ReadWheel, readWheel } from "../../src/artifact/wheel.ts";
import { metadataField } from "../../src/core/pypi/core_metadata.ts";
import { Failure } from "../../src/error.ts";
import {
  makeWheel,
  type Members,
  record,
  toBytes,
  wheelFileName,
  type WheelInput,
  wheelMembers,
  zipMembers,
} from "../../src/rehearsal/synthesise/python_distribution.ts";
import { rawZip } from "../support/raw_zip.ts";
import { tempFolder } from "../support/temp.ts";

const DEMO: WheelInput = { name: "demo", version: "1.0.0" };
const FILE = "demo-1.0.0-py3-none-any.whl";
const INFO = "demo-1.0.0.dist-info";

async function read(bytes: Uint8Array, fileName = FILE): Promise<ReadWheel> {
  await using folder = await tempFolder({ [fileName]: bytes });
  const wheel = await readWheel(join(folder.path, fileName));
  assert.ok(typeof wheel !== "string", String(wheel));
  return wheel;
}

/** The members of a good wheel with some of them changed, or left out, behind RECORD's back. */
function tampered(changes: Readonly<Record<string, string | undefined>>): Uint8Array {
  const members = new Map(wheelMembers(DEMO));
  for (const [path, content] of Object.entries(changes)) {
    if (content === undefined) members.delete(path);
    else members.set(path, toBytes(content));
  }
  return zipMembers(members);
}

/** A wheel with other members whose RECORD is right. */
function recorded(changes: Readonly<Record<string, string>>): Uint8Array {
  const members = new Map<string, Uint8Array>(wheelMembers(DEMO));
  members.delete(`${INFO}/RECORD`);
  for (const [path, content] of Object.entries(changes)) members.set(path, toBytes(content));
  return zipMembers(new Map([...members, [`${INFO}/RECORD`, toBytes(record(members, INFO))]]));
}

test("readWheel() finds nothing wrong with a good wheel, and reads its metadata", async () => {
  const { problems, metadata, name } = await read(makeWheel(DEMO).bytes);
  assert.deepEqual(problems, []);
  assert.equal(metadataField(metadata!, "Version"), "1.0.0");
  assert.deepEqual(name.platforms, ["any"]);
});

test("readWheel() takes compressed tags, build numbers, commas in paths and several platforms", async () => {
  const input: WheelInput = {
    ...DEMO,
    build: "3",
    tag: "py2.py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64",
    files: { 'demo/a,"b".py': "x = 1\n", "demo/empty.py": "" },
  };
  assert.deepEqual((await read(makeWheel(input).bytes, wheelFileName(input))).problems, []);
});

for (
  const { name, bytes, problem } of [
    {
      name: "a file that changed after RECORD was written",
      bytes: tampered({ "demo/__init__.py": '"""demo"""\n\n__version__ = "1.0.1"\n' }),
      problem: /^RECORD has another sha256 for "demo\/__init__\.py": /,
    },
    {
      name: "a file of another size",
      bytes: tampered({ "demo/__init__.py": "x" }),
      problem: /^RECORD says "demo\/__init__\.py" has \d+ bytes, it has 1$/,
    },
    {
      name: "a file that RECORD does not list",
      bytes: tampered({ "demo/extra.py": "x" }),
      problem: /^RECORD does not list "demo\/extra\.py"$/,
    },
    {
      name: "a file that RECORD lists in vain",
      bytes: tampered({ "demo/__init__.py": undefined }),
      problem: /^RECORD lists "demo\/__init__\.py", which is not in it$/,
    },
    {
      name: "a weak hash",
      bytes: tampered({ [`${INFO}/RECORD`]: "demo/__init__.py,md5=abc,38\n" }),
      problem: /^RECORD hashes "demo\/__init__\.py" with md5$/,
    },
    {
      name: "no RECORD",
      bytes: tampered({ [`${INFO}/RECORD`]: undefined }),
      problem: /^it has no "demo-1\.0\.0\.dist-info\/RECORD"$/,
    },
    {
      name: "no METADATA",
      bytes: tampered({ [`${INFO}/METADATA`]: undefined }),
      problem: /^it has no "demo-1\.0\.0\.dist-info\/METADATA"$/,
    },
    {
      name: "no WHEEL",
      bytes: tampered({ [`${INFO}/WHEEL`]: undefined }),
      problem: /^it has no "demo-1\.0\.0\.dist-info\/WHEEL"$/,
    },
    {
      name: "the folder of another version",
      bytes: makeWheel({ ...DEMO, version: "0.9.0" }).bytes,
      problem:
        /^it has no "demo-1\.0\.0\.dist-info\/METADATA"; "demo-0\.9\.0\.dist-info" is there instead$/,
    },
    {
      name: "WHEEL with other tags",
      bytes: recorded({ [`${INFO}/WHEEL`]: "Wheel-Version: 1.0\nTag: py3-none-win32\n" }),
      problem: /^WHEEL lacks the tag "py3-none-any" of the file name$/,
    },
    {
      name: "a licence file that was left out",
      bytes: recorded({
        [`${INFO}/METADATA`]:
          "Metadata-Version: 2.4\nName: demo\nVersion: 1.0.0\nLicense-File: LICENSE\n",
      }),
      problem:
        /^License-File "LICENSE" is not in it at "demo-1\.0\.0\.dist-info\/licenses\/LICENSE"$/,
    },
    {
      name: "metadata that PyPI refuses",
      bytes: recorded({
        [`${INFO}/METADATA`]:
          "Metadata-Version: 2.1\nName: demo\nVersion: 1.0.0\nSummary: a\nSummary: b\n",
      }),
      problem: /^Summary is in it twice$/,
    },
    {
      name: "a script with a blank in its name",
      bytes: recorded({ [`${INFO}/entry_points.txt`]: "[console_scripts]\nde mo = demo:main\n" }),
      problem: /^entry_points\.txt names a script "de mo"$/,
    },
    {
      name: "entry points that are no INI",
      bytes: recorded({ [`${INFO}/entry_points.txt`]: "demo = demo:main\n" }),
      problem: /^entry_points\.txt has "demo = demo:main"$/,
    },
    {
      name: "a zip with a data descriptor, as streaming writers make them",
      bytes: rawZip(
        [...wheelMembers(DEMO)].map(([path, content]) => ({ name: path, content, flags: 0x808 })),
      ),
      problem: /^PyPI refuses its zip framing: "demo\/__init__\.py" has a data descriptor$/,
    },
  ]
) {
  test(`readWheel() finds ${name}`, async () => {
    const { problems } = await read(bytes);
    assert.ok(problems.some((clause) => problem.test(clause)), problems.join("\n"));
  });
}

test("readWheel() takes entry points of any group, comments and blank lines", async () => {
  const text =
    "# scripts\n[console_scripts]\ndemo = demo:main\n\n[demo.plugins]\nany thing = demo:x [y]\n";
  assert.deepEqual((await read(recorded({ [`${INFO}/entry_points.txt`]: text }))).problems, []);
});

test("readWheel() takes licence files where metadata 2.4 puts them", async () => {
  const bytes = recorded({
    [`${INFO}/METADATA`]:
      "Metadata-Version: 2.4\nName: demo\nVersion: 1.0.0\nLicense-File: a/LICENSE\n",
    [`${INFO}/licenses/a/LICENSE`]: "MIT\n",
  });
  assert.deepEqual((await read(bytes)).problems, []);
});

test("readWheel() reports every problem of a wheel at once", async () => {
  const { problems } = await read(tampered({
    [`${INFO}/WHEEL`]: "Wheel-Version: 9\n",
    [`${INFO}/METADATA`]: "Name: demo\n",
    "demo/extra.py": "",
  }));
  assert.ok(problems.length >= 6, problems.join("\n"));
});

test("readWheel() does not unpack what PyPI takes for a bomb", async () => {
  const zeros = new Uint8Array(65 * 2 ** 20);
  const members: Members = new Map([...wheelMembers(DEMO), ["demo/zeros", zeros]]);
  const { problems, metadata } = await read(zipMembers(members));
  assert.match(problems.join(), /^it unpacks to \d+ bytes, more than 50 times its size/);
  assert.equal(metadata, undefined);
});

test("readWheel() gives a text for a name that is none of a wheel", async () => {
  await using folder = await tempFolder({ "demo.whl": "" });
  assert.match(String(await readWheel(join(folder.path, "demo.whl"))), /^it is not \{name\}/);
});

test("readWheel() throws for a file that is no zip", async () => {
  await using folder = await tempFolder({ [FILE]: "PK nonsense" });
  await assert.rejects(readWheel(join(folder.path, FILE)), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, "PIOT_ARTIFACT_INVALID");
    return true;
  });
});

test("a flipped byte anywhere in a wheel never makes the reader crash", async () => {
  const { bytes } = makeWheel(DEMO);
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: bytes.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      async (at, flip) => {
        const broken = bytes.slice();
        broken[at] = broken[at]! ^ flip;
        await using folder = await tempFolder({ [FILE]: broken });
        await readWheel(join(folder.path, FILE)).catch((error: unknown) => {
          assert.ok(error instanceof Failure, String(error));
        });
      },
    ),
    { numRuns: 150 },
  );
});
