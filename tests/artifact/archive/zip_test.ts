import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { openZip, type Zip } from "../../../src/artifact/archive/zip.ts";
import { Failure } from "../../../src/error.ts";
import { zipMembers } from "../../../src/rehearsal/synthesise/python_distribution.ts";
import { type RawEntry, rawZip, type RawZipOptions } from "../../support/raw_zip.ts";
import { NO_PIP, python } from "../../support/real_python.ts";
import { tempFolder } from "../../support/temp.ts";

const LIMITS = { entries: 10, entryBytes: 1000, totalBytes: 2000 };

async function withZip<T>(bytes: Uint8Array, use: (zip: Zip) => T | Promise<T>): Promise<T> {
  await using folder = await tempFolder({ "a.zip": bytes });
  const zip = await openZip(join(folder.path, "a.zip"), LIMITS);
  try {
    return await use(zip);
  } finally {
    zip.close();
  }
}

async function refusal(bytes: Uint8Array): Promise<string> {
  let message = "";
  await assert.rejects(
    withZip(bytes, async (zip) => {
      for (const file of zip.files) await zip.text(file);
    }),
    (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.code, "PIOT_ARTIFACT_INVALID");
      message = error.message;
      return true;
    },
  );
  return message;
}

test("openZip() lists files without folders and reads them in any order", async () => {
  const bytes = rawZip([
    { name: "b/", content: "", method: 0 },
    { name: "b/two.txt", content: "zwei ü" },
    { name: "one.txt", content: "eins", method: 0 },
  ]);
  await withZip(bytes, async (zip) => {
    assert.deepEqual(zip.files, [
      { path: "b/two.txt", size: 7, mode: 0o100644 },
      { path: "one.txt", size: 4, mode: 0o100644 },
    ]);
    assert.equal(await zip.text(zip.files[1]!), "eins");
    assert.equal(await zip.text(zip.files[0]!), "zwei ü");
    assert.equal(zip.size, bytes.length);
    assert.deepEqual(zip.framing, []);
  });
});

for (
  const { name, entries, says } of [
    {
      name: "an absolute path",
      entries: [{ name: "/etc/passwd" }],
      says: /absolute path: \/etc\/passwd/,
    },
    { name: "a drive", entries: [{ name: "C:/x" }], says: /absolute path/ },
    { name: "a path that climbs", entries: [{ name: "a/../../x" }], says: /invalid relative path/ },
    { name: "a backslash", entries: [{ name: "a\\..\\x" }], says: /invalid characters/ },
    { name: "a NUL", entries: [{ name: "a\0b" }], says: /outside its folder/ },
    {
      name: "a link",
      entries: [{ name: "a", content: "/etc", mode: 0o120777 }],
      says: /"a" is a link/,
    },
    {
      name: "an encrypted entry",
      entries: [{ name: "a", content: "x", flags: 0x801 }],
      says: /encrypted/,
    },
    { name: "one path twice", entries: [{ name: "a" }, { name: "./a" }], says: /is in it twice/ },
    {
      name: "an entry that claims too much",
      entries: [{ name: "a", claims: 1001 }],
      says: /"a" is larger than 1000 bytes/,
    },
    {
      name: "entries that claim too much together",
      entries: [{ name: "a", claims: 900 }, { name: "b", claims: 900 }, { name: "c", claims: 900 }],
      says: /unpacks to more than 2000 bytes/,
    },
    {
      name: "too many entries",
      entries: Array.from({ length: 11 }, (_, index) => ({ name: `f${index}` })),
      says: /more than 10 entries/,
    },
    {
      name: "an entry that unpacks to more than it claims",
      entries: [{ name: "a", content: "x".repeat(900), claims: 10 }],
      says: /"a": too many bytes in the stream/,
    },
    {
      name: "an entry that unpacks to less than it claims",
      entries: [{ name: "a", content: "x", claims: 10 }],
      says: /"a": not enough bytes in the stream/,
    },
    {
      name: "an unknown compression",
      entries: [{ name: "a", content: "x", method: 12 }],
      says: /unsupported compression method/,
    },
  ] as { name: string; entries: RawEntry[]; says: RegExp }[]
) {
  test(`openZip() refuses ${name}`, async () => {
    const message = await refusal(rawZip(entries));
    assert.match(message, says);
    assert.match(message, /^Cannot read "a\.zip": /);
  });
}

test("openZip() stops a bomb that lies about its size after a few bytes of it", async () => {
  const content = new Uint8Array(20_000_000);
  const bomb = rawZip([{ name: "zeros", content, claims: 100, crc: 0 }]);
  await withZip(bomb, async (zip) => {
    let seen = 0;
    await assert.rejects(async () => {
      for await (const chunk of zip.read(zip.files[0]!)) seen += chunk.length;
    }, /too many bytes/);
    assert.ok(seen <= 2 ** 17, `${seen} bytes were handed out`);
  });
});

test("openZip() refuses what is no zip, a cut zip and an empty file", async () => {
  const whole = rawZip([{ name: "a", content: "x" }]);
  for (const bytes of [new Uint8Array(), new Uint8Array(500), whole.slice(0, -30)]) {
    assert.match(await refusal(bytes), /End of central directory record signature not found/);
  }
  assert.match(await refusal(rawZip([{ name: "a" }], { count: 2 })), /Cannot read "a\.zip"/);
});

test("text() refuses a file above its limit", async () => {
  await withZip(rawZip([{ name: "a", content: "12345" }]), async (zip) => {
    await assert.rejects(zip.text(zip.files[0]!, 4), /"a" is larger than 4 bytes/);
  });
});

const TWO: readonly RawEntry[] = [{ name: "a", content: "x" }, { name: "b", content: "y" }];
for (
  const { name, entries = TWO, options = {}, framing } of [
    {
      name: "a data descriptor",
      entries: [{ name: "a", content: "x", flags: 0x808 }],
      framing: ['"a" has a data descriptor'],
    },
    {
      name: "another name in the entry's own header",
      entries: [{ name: "a", content: "x", localName: "z" }],
      framing: ['"a" has another name in its own header'],
    },
    {
      name: "another size in the entry's own header",
      entries: [{ name: "a", content: "x", localClaims: 7 }],
      framing: ['"a" has other sizes in its own header'],
    },
    {
      name: "an entry's comment",
      entries: [{ name: "a", content: "x", comment: "hello" }],
      framing: ['"a" has a comment'],
    },
    {
      name: "a control character in a name",
      entries: [{ name: "a\tb", content: "x" }],
      framing: ['"a\tb" has a control character in its name'],
    },
    {
      name: "the archive's comment",
      options: { comment: "hi" },
      // PyPI's reader passes over it.
      framing: [],
    },
    {
      name: "data in front",
      entries: [{ name: "a", content: "x", before: "#!/bin/sh\n" }],
      framing: ["data stands before the first entry"],
    },
    {
      name: "data between entries",
      entries: [{ name: "a", content: "x" }, { name: "b", content: "y", before: "gap" }],
      framing: ['data stands before "b"'],
    },
    {
      name: "an entry that the directory does not list",
      entries: [{ name: "a", content: "x" }, { name: "b", content: "y", unlisted: true }],
      framing: ["data stands between the entries and the directory"],
    },
    {
      name: "data before the directory",
      options: { beforeDirectory: "gap" },
      framing: ["data stands between the entries and the directory"],
    },
  ] as { name: string; entries?: RawEntry[]; options?: RawZipOptions; framing: string[] }[]
) {
  test(`framing names ${name}`, async () => {
    await withZip(rawZip(entries, options), (zip) => assert.deepEqual(zip.framing, framing));
  });
}

test("trailing data hides the end record, and the archive is refused", async () => {
  assert.match(await refusal(rawZip(TWO, { trailing: "more" })), /Invalid comment length/);
});

test(
  "wheels of our own and of Python's zipfile are framed as PyPI asks",
  { skip: NO_PIP },
  async () => {
    const members = new Map([["a/b.py", new TextEncoder().encode("x = 1\n")]]);
    await withZip(zipMembers(members), (zip) => assert.deepEqual(zip.framing, []));
    await using folder = await tempFolder({ "src/b.py": "x = 1\n" });
    await python(["-m", "zipfile", "-c", "p.zip", "src/b.py"], { cwd: folder.path });
    const zip = await openZip(join(folder.path, "p.zip"));
    assert.deepEqual(zip.framing, []);
    zip.close();
  },
);
