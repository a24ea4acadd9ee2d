import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { readBinary } from "../../../src/artifact/binary/binary.ts";
import type { Binary, OtherFile } from "../../../src/core/target/binary.ts";
import { makeBinary } from "../../../src/rehearsal/synthesise/platform_artifact.ts";
import fc from "../../support/property.ts";
import { tempFolder } from "../../support/temp.ts";

const MIB = 2 ** 20;

async function read(bytes: Uint8Array): Promise<Binary | OtherFile> {
  await using folder = await tempFolder();
  const path = join(folder.path, "file");
  await writeFile(path, bytes);
  return await readBinary(path);
}

interface Line {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

/** A 64-bit little-endian ELF program with these segments, each of which has its offset for an address. */
function elf(lines: readonly Line[], { size }: { readonly size: number }): Uint8Array {
  const view = new DataView(new ArrayBuffer(size));
  view.setUint32(0, 0x7f454c46);
  [2, 1, 1].forEach((value, index) => view.setUint8(4 + index, value));
  view.setUint16(16, 2, true);
  view.setUint16(18, 62, true);
  view.setBigUint64(32, 64n, true);
  view.setUint16(54, 56, true);
  view.setUint16(56, lines.length, true);
  lines.forEach(({ type, offset, size }, index) => {
    const at = 64 + 56 * index;
    view.setUint32(at, type, true);
    view.setBigUint64(at + 8, BigInt(offset), true);
    view.setBigUint64(at + 16, BigInt(offset), true);
    view.setBigUint64(at + 32, BigInt(size), true);
  });
  return new Uint8Array(view.buffer);
}

const [LOAD, DYNAMIC, NOTE] = [1, 2, 4];

test("readBinary reads past a note whose owner has a name of a megabyte", async () => {
  const start = 64 + 56;
  const file = elf([{ type: NOTE, offset: start, size: MIB }], { size: start + MIB });
  new DataView(file.buffer).setUint32(start, MIB - 12, true);
  const binary = await read(file);
  assert.ok(binary.format === "elf" && binary.system === undefined);
});

test("readBinary stops at a list of notes that thousands of segments repeat", async () => {
  const start = 64 + 56 * 4000;
  const lines = Array.from({ length: 4000 }, () => ({ type: NOTE, offset: start, size: MIB }));
  const binary = await read(elf(lines, { size: start + MIB }));
  assert.ok(binary.format === "other");
  assert.match(binary.what, /damaged \(its list of notes has no end\)/);
});

test("readBinary stops at a list of needed versions that goes on byte by byte", async () => {
  const start = 64 + 56 * 2;
  const size = 8 * MIB;
  const dynamic = { type: DYNAMIC, offset: start, size: 64 };
  const file = elf([dynamic, { type: LOAD, offset: 0, size }], { size });
  const view = new DataView(file.buffer);
  const versions = start + 64;
  // DT_STRTAB, DT_VERNEED and DT_VERNEEDNUM.
  [[5, versions], [0x6ffffffe, versions], [0x6fffffff, 2 ** 40], [0, 0]].forEach(
    ([tag, value], index) => {
      view.setBigUint64(start + 16 * index, BigInt(tag!), true);
      view.setBigUint64(start + 16 * index + 8, BigInt(value!), true);
    },
  );
  // Each library has no versions, and says that the next one starts 16 bytes on.
  for (let at = versions; at + 16 <= size; at += 16) view.setUint32(at + 12, 16, true);
  const binary = await read(file);
  assert.ok(binary.format === "other");
  assert.match(binary.what, /damaged \(its list of libraries has no end\)/);
});

/** How each format that is known begins. */
const BEGINNINGS: readonly (readonly number[])[] = [
  ...[1, 2].flatMap((bits) => [1, 2].map((order) => [0x7f, 0x45, 0x4c, 0x46, bits, order])),
  ...[[0xfe, 0xed, 0xfa, 0xce], [0xcf, 0xfa, 0xed, 0xfe], [0xce, 0xfa, 0xed, 0xfe]],
  ...[[0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2], [0xca, 0xfe, 0xba, 0xbf, 0, 0, 0, 2]],
  ...[[0x4d, 0x5a], [0x01, 0xf7], [0x01, 0xdf], [0x00, 0x61, 0x73, 0x6d]],
];

test("readBinary ends, without an error, on noise behind the beginning of any format", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "file");
  const noise = fc.uint8Array({ minLength: 0, maxLength: 600 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...BEGINNINGS), noise, async (beginning, rest) => {
      await writeFile(path, new Uint8Array([...beginning, ...rest]));
      await readBinary(path);
    }),
    { numRuns: 600 },
  );
});

/** Numbers at which arithmetic on offsets and sizes turns over. */
const EXTREMES = [0n, 0x7fffffffn, 2n ** 53n, 2n ** 64n - 1n];

test("readBinary ends, without an error, whatever extreme number a header field holds", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "file");
  for (const triple of ["linux-x64-gnu", "linux-ppc-gnu", "darwin-arm64", "win32-x64-msvc"]) {
    const whole = makeBinary(triple, "program");
    for (let at = 4; at + 8 <= Math.min(whole.length, 360); at += 4) {
      for (const number of EXTREMES) {
        const lying = whole.slice();
        new DataView(lying.buffer).setBigUint64(at, number, at % 8 === 0);
        await writeFile(path, lying);
        await readBinary(path);
      }
    }
  }
});
