import { test } from "node:test";
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { join } from "node:path";
import { packTar, type TarEntry } from "modern-tar";
import { ARCHIVE_LIMITS, type ArchiveLimits } from "../../../src/artifact/archive/archive_guard.ts";
import { LateRead } from "../../../src/artifact/archive/tar_walk.ts";
import { type ArchiveEntry, readTarGz } from "../../../src/artifact/archive/tarball.ts";
import { Failure } from "../../../src/error.ts";
import { tempFolder } from "../../support/temp.ts";

function file(name: string, body = "x"): TarEntry {
  return { header: { name, size: body.length, type: "file", mode: 0o644 }, body };
}

function link(name: string, linkname: string, type: "symlink" | "link" = "symlink"): TarEntry {
  return { header: { name, size: 0, type, linkname } };
}

async function archive(...entries: TarEntry[]): Promise<Uint8Array> {
  return gzipSync(await packTar(entries));
}

async function names(
  source: Uint8Array,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Promise<string[]> {
  const found: string[] = [];
  await readTarGz(source, limits, (entry) => void found.push(`${entry.type} ${entry.path}`));
  return found;
}

function invalid(words: RegExp): (error: Failure) => boolean {
  return (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, "PIOT_ARTIFACT_INVALID");
    assert.match(error.message, words);
    return true;
  };
}

test("readTarGz visits files, folders and links in the archive's order, with their contents", async () => {
  const source = await archive(
    { header: { name: "demo-1.0/", size: 0, type: "directory" } },
    file("demo-1.0/./PKG-INFO", "Name: demo\n"),
    link("demo-1.0/docs/info", "../PKG-INFO"),
    { header: { name: "demo-1.0/run", size: 2, type: "file", mode: 0o755 }, body: "#!" },
  );
  const seen: [string, string, number, string][] = [];
  await readTarGz(source, ARCHIVE_LIMITS, async (entry) => {
    seen.push([entry.type, entry.path, entry.mode, await entry.text()]);
  });
  assert.deepEqual(seen, [
    ["folder", "demo-1.0", 0o755, ""],
    ["file", "demo-1.0/PKG-INFO", 0o644, "Name: demo\n"],
    ["link", "demo-1.0/docs/info", 0o644, ""],
    ["file", "demo-1.0/run", 0o755, "#!"],
  ]);
});

test("readTarGz reads long and non-ASCII names", async () => {
  const path = `package/${"folder-with-a-long-name/".repeat(12)}größe-日本.txt`;
  assert.deepEqual(await names(await archive(file(path))), [`file ${path}`]);
});

test("readTarGz reads from a path and from a stream, and leaves bodies unread on request", async () => {
  const source = await archive(file("a", "a".repeat(200_000)), file("b"));
  await using folder = await tempFolder({ "x.tgz": source });
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < source.length; at += 7) yield source.subarray(at, at + 7);
  }
  for (const from of [join(folder.path, "x.tgz"), pieces()]) {
    const sizes: number[] = [];
    await readTarGz(from, ARCHIVE_LIMITS, ({ size }) => void sizes.push(size));
    assert.deepEqual(sizes, [200_000, 1]);
  }
});

for (
  const { name, read } of [
    { name: "twice at once", read: ({ bytes }: ArchiveEntry) => Promise.all([bytes(), bytes()]) },
    {
      name: "in one piece and then whole",
      read: async ({ body, bytes }: ArchiveEntry) => {
        for await (const _ of body) break;
        return await bytes();
      },
    },
    {
      name: "as text and then as bytes",
      read: async ({ text, bytes }: ArchiveEntry) => {
        await text();
        return await bytes();
      },
    },
  ]
) {
  test(`readTarGz gives no part of an entry's content for the whole when it is read ${name}`, async () => {
    const source = await archive(file("big", "b".repeat(300_000)), file("last", "end"));
    await assert.rejects(
      readTarGz(source, ARCHIVE_LIMITS, async (entry) => {
        await read(entry);
      }),
      LateRead,
    );
  });
}

test("readTarGz gives a body that is read only in part, and then the next entry", async () => {
  const source = await archive(file("big", "b".repeat(3_000_000)), file("last", "end"));
  const read: string[] = [];
  await readTarGz(source, ARCHIVE_LIMITS, async (entry) => {
    if (entry.path === "last") read.push(await entry.text());
    else for await (const chunk of entry.body) if (chunk.length > 0) break;
  });
  assert.deepEqual(read, ["end"]);
});

const HOSTILE: readonly { name: string; entries: TarEntry[]; words: RegExp }[] = [
  { name: "an absolute path", entries: [file("/etc/passwd")], words: /outside its folder/ },
  { name: "a path that climbs", entries: [file("package/../../x")], words: /outside its folder/ },
  {
    name: "a path that climbs with \\",
    entries: [file("a\\..\\..\\x")],
    words: /outside its folder/,
  },
  { name: "a drive letter", entries: [file("C:\\x")], words: /outside its folder/ },
  {
    name: "a path with NUL in its pax record",
    entries: [{ header: { name: "a", size: 0, type: "file", pax: { path: "a\0b" } } }],
    words: /outside its folder/,
  },
  {
    name: "a link to an absolute path",
    entries: [link("p/l", "/etc/passwd")],
    words: /outside the archive/,
  },
  {
    name: "a link that climbs out",
    entries: [link("p/l", "../../x")],
    words: /outside the archive/,
  },
  {
    name: "a link that climbs behind a name",
    entries: [link("p/l", "q/../../../x")],
    words: /outside the archive/,
  },
  {
    name: "a link behind another link",
    entries: [link("p/here", "."), link("p/l", "here/../..")],
    words: /outside the archive/,
  },
  {
    name: "a hard link that climbs out",
    entries: [link("p/l", "../x", "link")],
    words: /outside the archive/,
  },
  {
    name: "a file behind a link",
    entries: [link("p/l", "q"), file("p/l/x")],
    words: /through a link/,
  },
  {
    name: "a link in a folder's place",
    entries: [file("p/l/x"), link("p/l", "q")],
    words: /through a link/,
  },
  {
    name: "a link in an empty folder's place",
    entries: [{ header: { name: "p/l/", size: 0, type: "directory" } }, link("p/l", "q")],
    words: /through a link/,
  },
  {
    name: "a file below a file",
    entries: [file("p/x"), file("p/x/y")],
    words: /"p\/x\/y" needs a folder where there is a file/,
  },
  {
    name: "a file in a folder's place",
    entries: [file("p/x/y"), file("p/x")],
    words: /"p\/x" is a file where there is a folder/,
  },
  {
    name: "an empty folder in a file's place",
    entries: [file("p/x"), { header: { name: "p/x/", size: 0, type: "directory" } }],
    words: /"p\/x\/" is a folder where there is a file/,
  },
  {
    name: "a path that no system opens",
    entries: [file("p/".repeat(100_000))],
    words: /is a path of 200000 characters/,
  },
  { name: "a path twice", entries: [file("p/x"), file("p/./x")], words: /in it twice/ },
  {
    name: "a device",
    entries: [{ header: { name: "p/d", size: 0, type: "character-device" } }],
    words: /character-device/,
  },
  { name: "a fifo", entries: [{ header: { name: "p/f", size: 0, type: "fifo" } }], words: /fifo/ },
];

for (const { name, entries, words } of HOSTILE) {
  test(`readTarGz refuses ${name}`, async () => {
    await assert.rejects(names(await archive(...entries)), invalid(words));
  });
}

test("readTarGz stops a bomb at the total limit, before it is unpacked", async () => {
  const bomb = await archive(file("zeros", "0".repeat(20_000_000)));
  assert.ok(bomb.length < 100_000);
  const limits = { ...ARCHIVE_LIMITS, totalBytes: 1_000_000 };
  await assert.rejects(names(bomb, limits), /more than 1000000 bytes/);
  await assert.rejects(
    readTarGz(bomb, limits, async (entry) => void await entry.bytes()),
    invalid(/more than 1000000 bytes/),
  );
});

test("readTarGz stops at the limit of one entry, whatever the header claims", async () => {
  const limits = { ...ARCHIVE_LIMITS, entryBytes: 10 };
  await assert.rejects(
    names(await archive(file("a", "x".repeat(11))), limits),
    invalid(/larger than 10/),
  );
});

test("readTarGz stops at the limit of entries", async () => {
  const many = Array.from({ length: 12 }, (_, index) => file(`f${index}`));
  const limits = { ...ARCHIVE_LIMITS, entries: 10 };
  await assert.rejects(names(await archive(...many), limits), invalid(/more than 10 entries/));
});

test("readTarGz counts folders that are only named", async () => {
  const deep = Array.from({ length: 8 }, (_, index) => file(`${index}/${"a/".repeat(20)}x`));
  const limits = { ...ARCHIVE_LIMITS, entries: 100 };
  await assert.rejects(names(await archive(...deep), limits), invalid(/more than 100 entries/));
});

const DAMAGED: readonly { name: string; damage: (good: Uint8Array) => Uint8Array }[] = [
  { name: "no gzip", damage: () => new TextEncoder().encode("not an archive") },
  { name: "nothing", damage: () => new Uint8Array() },
  { name: "a gzip that breaks off", damage: (good) => good.subarray(0, good.length - 20) },
  {
    name: "a flipped bit",
    damage: (good) => good.map((byte, index) => index === 40 ? byte ^ 1 : byte),
  },
  { name: "a tar that breaks off", damage: () => gzipSync(new Uint8Array(700).fill(65)) },
];

for (const { name, damage } of DAMAGED) {
  test(`readTarGz refuses ${name}`, async () => {
    const good = await archive(file("a", "content ".repeat(500)), file("b", "more"));
    const visit = async (entry: ArchiveEntry): Promise<void> => void await entry.bytes();
    await assert.rejects(readTarGz(damage(good), ARCHIVE_LIMITS, visit), invalid(/Cannot read/));
  });
}

test("readTarGz names the file that it cannot open", async () => {
  await assert.rejects(
    readTarGz("/nonexistent/demo.tgz", ARCHIVE_LIMITS, () => {}),
    (error: Failure) => error.code === "PIOT_FILE_UNREADABLE" && error.message.includes("demo.tgz"),
  );
});

test("readTarGz lets the visitor's own failure through", async () => {
  const mine = new Failure("PIOT_USAGE", "Cannot go on: enough");
  await assert.rejects(
    readTarGz(await archive(file("a"), file("b")), ARCHIVE_LIMITS, () => Promise.reject(mine)),
    (error) => error === mine,
  );
});
