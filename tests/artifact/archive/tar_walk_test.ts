import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { execFile } from "node:child_process";
import { link, symlink, truncate } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { packTar, type TarEntry, type TarHeader, unpackTar } from "modern-tar";
import { ARCHIVE_LIMITS, Refusal } from "../../../src/artifact/archive/archive_guard.ts";
import { tarMembers } from "../../../src/artifact/archive/tar_walk.ts";
import { readTarGz } from "../../../src/artifact/archive/tarball.ts";
import fc from "../../support/property.ts";
import { inPieces, joined } from "../../support/readings.ts";
import { python } from "../../support/real_python.ts";
import { tempFolder } from "../../support/temp.ts";
import { needs } from "../../support/tools.ts";

const run = promisify(execFile);

/** What both readers can say of an entry. */
interface Seen {
  readonly name: string;
  readonly type: string;
  readonly linkname: string;
  readonly mode: number;
  readonly content: string;
}

async function walk(tar: Uint8Array, pieces: readonly number[] = [700]): Promise<readonly Seen[]> {
  const found: Seen[] = [];
  for await (const { name, type, linkname, mode, body } of tarMembers(inPieces(tar, pieces))) {
    const content = Buffer.from(await joined(body)).toString("latin1");
    found.push({ name, type, linkname, mode, content });
  }
  return found;
}

/** modern-tar, the reader of somebody else's mind. */
async function oracle(tar: Uint8Array): Promise<readonly Seen[] | undefined> {
  const entries = await unpackTar(tar, { strict: true }).catch(() => undefined);
  return entries?.map(({ header, data }) => ({
    name: header.name,
    type: header.type ?? "file",
    linkname: header.linkname ?? "",
    mode: header.mode ?? 0,
    content: Buffer.from(data ?? new Uint8Array()).toString("latin1"),
  }));
}

function headers(): fc.Arbitrary<TarHeader> {
  const part = fc.oneof(
    fc.string({ minLength: 1, maxLength: 12 }),
    fc.constantFrom("demo-1.0", "größe", "日本", "n".repeat(60), "n".repeat(120), "a b=c"),
  ).map((text) => text.replace(/[\0/\uFEFF]/g, "_"));
  const name = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join("/"));
  const mode = fc.constantFrom(0o644, 0o755, 0o600);
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ name, mode, size: fc.nat(2_000), type: fc.constant("file") }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        name: name.map((one) => `${one}/`),
        mode,
        size: fc.constant(0),
        type: fc.constant("directory"),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        name,
        mode,
        size: fc.constant(0),
        linkname: name,
        type: fc.constantFrom("symlink", "link"),
      }),
    },
  ) as fc.Arbitrary<TarHeader>;
}

function archives(): fc.Arbitrary<Promise<Uint8Array>> {
  return fc.array(headers(), { maxLength: 5 }).map((all) =>
    packTar(all.map((header, index): TarEntry => ({
      header,
      ...(header.type === "file" ? { body: Buffer.alloc(header.size, 65 + index) } : {}),
    })))
  );
}

test("the walk sees in an archive what modern-tar sees", async () => {
  const property = fc.asyncProperty(
    archives(),
    fc.integer({ min: 1, max: 3_000 }),
    async (tar, piece) => {
      assert.deepEqual(await walk(await tar, [piece]), await oracle(await tar));
    },
  );
  await fc.assert(property, { numRuns: 200 });
});

/** Puts a header's checksum right again. */
function mended(tar: Uint8Array, at: number): Uint8Array {
  const start = at - at % 512;
  const block = tar.subarray(start, start + 512);
  block.fill(0x20, 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  new TextEncoder().encodeInto(`${sum.toString(8).padStart(6, "0")}\0 `, block.subarray(148, 156));
  return tar;
}

test("the walk refuses a changed archive, or sees in it what modern-tar sees", async () => {
  const counts = { refused: 0, seen: 0 };
  const change = fc.record({
    at: fc.nat(),
    byte: fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from("\0 0157LKxgSM=\n\xff", "latin1"))),
    isMended: fc.boolean(),
    cut: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, {
      weight: 1,
      arbitrary: fc.nat(2_000),
    }),
  });
  const property = fc.asyncProperty(
    archives(),
    change,
    async (made, { at, byte, isMended, cut }) => {
      const whole = Uint8Array.from(await made);
      whole[at % whole.length] = byte;
      const tar = (isMended ? mended(whole, at % whole.length) : whole).slice(
        0,
        whole.length - cut,
      );
      const seen = await walk(tar).catch((error: unknown) => {
        assert.ok(error instanceof Refusal, String(error));
        return undefined;
      });
      // What holds something else than a file's content is told apart, and refused by whoever reads.
      if (seen === undefined || seen.some(({ type }) => / file/.test(type))) counts.refused++;
      else {
        counts.seen++;
        assert.deepEqual(seen, await oracle(tar));
      }
    },
  );
  await fc.assert(property, { numRuns: 2_000 });
  assert.ok(counts.refused > 200 && counts.seen > 200, JSON.stringify(counts));
});

/** A header of 512 bytes that is right in itself. */
function header(
  parts: { name?: string; size?: string; type?: string; linkname?: string },
): Uint8Array {
  const block = Buffer.alloc(512);
  block.write(parts.name ?? "a", 0);
  block.write("0000644\0", 100);
  block.write(parts.size ?? "00000000000\0", 124, "latin1");
  block.write(parts.type ?? "0", 156);
  block.write(parts.linkname ?? "", 157);
  block.write("ustar\0" + "00", 257);
  return mended(block, 0);
}

function blocks(text: string): Uint8Array {
  const bytes = Buffer.from(text, "latin1");
  return Buffer.concat([bytes, Buffer.alloc((512 - bytes.length % 512) % 512)]);
}

function sized(size: number): string {
  return `${size.toString(8).padStart(11, "0")}\0`;
}

function meta(type: string, text: string): readonly Uint8Array[] {
  return [
    header({ name: "meta", type, size: sized(Buffer.byteLength(text, "latin1")) }),
    blocks(text),
  ];
}

function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const length = rest.length + String(rest.length).length;
  return `${rest.length + String(length).length}${rest}`;
}

const END = Buffer.alloc(1024);
const A = header({});

for (
  const { name, parts, names } of [
    {
      name: "a GNU long name",
      parts: [...meta("L", `${"n".repeat(600)}\0`), A, END],
      names: ["n".repeat(600)],
    },
    { name: "a pax path", parts: [...meta("x", record("path", "p/q")), A, END], names: ["p/q"] },
    {
      name: "a GNU long name and a pax path, of which pax counts",
      parts: [...meta("L", "long"), ...meta("x", record("path", "p/q")), A, END],
      names: ["p/q"],
    },
    {
      name: "a commit's id for all",
      parts: [...meta("g", record("comment", "4f1c")), A, END],
      names: ["a"],
    },
    {
      name: "a size of base 256",
      parts: [header({ size: "\x80\0\0\0\0\0\0\0\0\0\0\x03" }), blocks("abc"), END],
      names: ["a"],
    },
    { name: "an empty archive", parts: [END], names: [] },
    {
      name: "an archive with a record's padding",
      parts: [A, END, Buffer.alloc(9_000)],
      names: ["a"],
    },
  ]
) {
  test(`the walk reads ${name}, as modern-tar does`, async () => {
    const tar = Buffer.concat(parts);
    const seen = await walk(tar);
    assert.deepEqual(seen.map((one) => one.name), names);
    assert.deepEqual(seen, await oracle(tar));
  });
}

for (
  const { name, parts, words } of [
    {
      name: "a wrong checksum",
      parts: [A.map((byte, at) => at === 3 ? 65 : byte), END],
      words: /checksum/,
    },
    {
      name: "a size that is no number",
      parts: [header({ size: "12345678z\0" }), END],
      words: /number/,
    },
    {
      name: "a negative size",
      parts: [header({ size: "\xff".repeat(12) }), END],
      words: /number without end/,
    },
    { name: "an archive without an end", parts: [A], words: /breaks off/ },
    { name: "half an end", parts: [A, Buffer.alloc(512)], words: /breaks off/ },
    { name: "half a header", parts: [A.subarray(0, 300)], words: /breaks off/ },
    {
      name: "half a content",
      parts: [header({ size: sized(900) }), blocks("x")],
      words: /breaks off/,
    },
    { name: "a gap", parts: [A, Buffer.alloc(512), A, END], words: /gap/ },
    { name: "more behind the end", parts: [A, END, Buffer.from("x")], words: /behind its end/ },
    {
      name: "a pax record that is too long",
      parts: [...meta("x", "99 path=p\n"), A, END],
      words: /pax header/,
    },
    {
      name: "a pax record that is too short",
      parts: [...meta("x", "5 path=p\n"), A, END],
      words: /pax header/,
    },
    {
      name: "a pax record without a value",
      parts: [...meta("x", record("path", "")), A, END],
      words: /empty path/,
    },
    {
      name: "a pax size that is none",
      parts: [...meta("x", record("size", "-1")), A, END],
      words: /size/,
    },
    {
      name: "one path for all",
      parts: [...meta("g", record("path", "p")), A, END],
      words: /for all/,
    },
    {
      name: "two pax headers for one entry",
      parts: [...meta("x", record("a", "b")), ...meta("x", record("path", "p")), A, END],
      words: /two headers/,
    },
    {
      name: "two long names for one entry",
      parts: [...meta("L", "a"), ...meta("L", "b"), A, END],
      words: /two headers/,
    },
    { name: "a long name for no entry", parts: [...meta("L", "a"), END], words: /no entry/ },
    {
      name: "a long name without end",
      parts: [header({ type: "L", size: sized(9 * 2 ** 20) }), END],
      words: /larger than/,
    },
  ]
) {
  test(`the walk refuses ${name}`, async () => {
    await assert.rejects(walk(Buffer.concat(parts)), (error) => {
      assert.ok(error instanceof Refusal);
      assert.match(error.message, words);
      return true;
    });
  });
}

for (
  const { name, parts } of [
    { name: "of GNU", parts: [header({ type: "S" }), END] },
    { name: "of pax", parts: [...meta("x", record("GNU.sparse.major", "1")), A, END] },
  ]
) {
  test(`the walk tells a sparse file ${name} from a file`, async () => {
    assert.deepEqual((await walk(Buffer.concat(parts))).map(({ type }) => type), ["sparse file"]);
  });
}

const LONG = `${"folder-with-a-long-name/".repeat(5)}${"n".repeat(90)}`;
const SHORT: Readonly<Record<string, string>> = {
  "d/empty": "",
  "d/one": "x",
  "d/block": "b".repeat(512),
};
const TREE: Readonly<Record<string, string>> = {
  ...SHORT,
  "d/größe-日本": "ü",
  [`d/${LONG}`]: "l".repeat(70_000),
};

/** Files, folders and links of an archive, by path. */
async function listing(path: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  await readTarGz(path, ARCHIVE_LIMITS, async (entry) => {
    if (entry.type !== "folder") {
      found[entry.path] = entry.type === "file" ? await entry.text() : "";
    }
  });
  return found;
}

for (
  const { format, tree } of [
    { format: "v7", tree: SHORT },
    { format: "ustar", tree: TREE },
    { format: "oldgnu", tree: TREE },
    { format: "gnu", tree: TREE },
    { format: "posix", tree: TREE },
  ]
) {
  test(`readTarGz reads what tar --format=${format} wrote`, await needs("tar"), async () => {
    await using folder = await tempFolder(tree);
    const at = (path: string): string => join(folder.path, path);
    await symlink("one", at("d/symbolic"));
    await link(at("d/one"), at("d/hard"));
    await run("tar", [`--format=${format}`, "--sort=name", "-czf", "a.tgz", "d"], {
      cwd: folder.path,
    });
    const expected = { ...tree, "d/symbolic": "", "d/hard": "x", "d/one": "" };
    assert.deepEqual(await listing(at("a.tgz")), expected);
  });
}

test("readTarGz refuses a sparse file of tar", await needs("tar"), async () => {
  for (const format of ["gnu", "posix"]) {
    await using folder = await tempFolder({ big: "x" });
    await truncate(join(folder.path, "big"), 10_000_000);
    await run("tar", [`--format=${format}`, "--sparse", "-czf", "a.tgz", "big"], {
      cwd: folder.path,
    });
    await assert.rejects(listing(join(folder.path, "a.tgz")), /"[^"]*big" is a sparse file/);
  }
});

for (const format of ["USTAR_FORMAT", "GNU_FORMAT", "PAX_FORMAT"]) {
  test(
    `readTarGz reads what Python's tarfile wrote as ${format}`,
    await needs("python3"),
    async () => {
      await using folder = await tempFolder(TREE);
      const script = `import tarfile
with tarfile.open("a.tgz", "w:gz", format=tarfile.${format}) as tar: tar.add("d")`;
      await python(["-c", script], { cwd: folder.path });
      assert.deepEqual(await listing(join(folder.path, "a.tgz")), TREE);
    },
  );
}
