import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { Readable } from "node:stream";
import { test } from "node:test";
import { createGzip, gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import { ARCHIVE_LIMITS } from "../../../src/artifact/archive/archive_guard.ts";
import { type ArchiveEntry, readTarGz } from "../../../src/artifact/archive/tarball.ts";
import { LateRead } from "../../../src/artifact/archive/tar_walk.ts";
import fc from "../../support/property.ts";
import {
  bytesOf,
  inPieces,
  joined,
  pieceSizes,
  type Reading,
  readings,
} from "../../support/readings.ts";

// A reader that hangs leaves nothing pending but the test: both runtimes end it as failed then, without any time limit.

async function archiveOf(sizes: readonly Pick<Reading, "size">[]): Promise<Uint8Array> {
  return await packTar(sizes.map((one, index) => ({
    header: { name: `demo-1.0/${index}`, size: one.size, type: "file" },
    body: bytesOf(one, index),
  })));
}

test("readTarGz ends when one entry is left unread and the next one is read", async () => {
  const sizes = [13_072, 3_065, 500];
  const source = gzipSync(await archiveOf(sizes.map((size) => ({ size }))));
  const read: [string, number][] = [];
  await readTarGz(source, ARCHIVE_LIMITS, async (entry) => {
    if (entry.path.endsWith("1")) read.push([entry.path, (await entry.bytes()).length]);
  });
  assert.deepEqual(read, [["demo-1.0/1", 3_065]]);
});

/** Reads one entry, and gives what is left to check when the archive has been read. */
async function readOne(
  { way }: Reading,
  { entry, whole }: { readonly entry: ArchiveEntry; readonly whole: Uint8Array },
): Promise<() => Promise<void>> {
  const isWhole = (bytes: Uint8Array): void => assert.ok(Buffer.compare(bytes, whole) === 0);
  switch (way) {
    case "whole":
      isWhole(await entry.bytes());
      return () => Promise.resolve();
    case "part":
      for await (const chunk of entry.body) {
        assert.ok(chunk.length > 0 && Buffer.compare(chunk, whole.subarray(0, chunk.length)) === 0);
        break;
      }
      return () => Promise.resolve();
    case "not":
      return () => Promise.resolve();
    case "begun": {
      const begun = entry.bytes().then(isWhole).catch((error: unknown) => {
        assert.ok(error instanceof LateRead);
      });
      return () => begun;
    }
    case "late":
      return async () => {
        if (whole.length === 0) isWhole(await joined(entry.body));
        else await assert.rejects(joined(entry.body), LateRead);
      };
  }
}

test("readTarGz ends with the right bytes, whatever is read of which entry and however the archive comes", async () => {
  const property = fc.asyncProperty(
    readings(),
    pieceSizes(),
    fc.constantFrom(0, 6),
    async (entries, pieces, level) => {
      const source = gzipSync(await archiveOf(entries), { level });
      const rest: (() => Promise<void>)[] = [];
      await readTarGz(inPieces(source, pieces), ARCHIVE_LIMITS, async (entry) => {
        const index = rest.length;
        assert.equal(entry.path, `demo-1.0/${index}`);
        assert.equal(entry.size, entries[index]!.size);
        const whole = bytesOf(entries[index]!, index);
        rest.push(await readOne(entries[index]!, { entry, whole }));
      });
      assert.equal(rest.length, entries.length);
      for (const check of rest) await check();
    },
  );
  await fc.assert(property, { numRuns: 150 });
});

test("readTarGz ends with the visitor's failure, whatever it had read by then", async () => {
  const property = fc.asyncProperty(readings(), pieceSizes(), async (entries, pieces) => {
    const source = gzipSync(await archiveOf(entries));
    const mine = new Error("enough");
    let left = entries.length;
    const reading = readTarGz(inPieces(source, pieces), ARCHIVE_LIMITS, async (entry) => {
      if (entries[entries.length - left]!.way === "part") {
        for await (const _ of entry.body) break;
      }
      if (--left === 0) throw mine;
    });
    await assert.rejects(reading, (error) => error === mine);
  });
  await fc.assert(property, { numRuns: 40 });
});

test("readTarGz gives its source up when it stops early", async () => {
  let isGivenUp = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      yield gzipSync(await archiveOf([{ size: 10 }, { size: 10 }]));
      for (;;) yield await Promise.resolve(new Uint8Array(16));
    } finally {
      isGivenUp = true;
    }
  }
  const mine = new Error("enough");
  await assert.rejects(readTarGz(endless(), ARCHIVE_LIMITS, () => Promise.reject(mine)), mine);
  assert.ok(isGivenUp);
});

test("readTarGz holds little of a large entry at a time", async () => {
  const size = 100 * 2 ** 20;
  const header = (await packTar([{ header: { name: "big", size: 0, type: "file" } }])).slice(
    0,
    512,
  );
  new TextEncoder().encodeInto(size.toString(8).padStart(11, "0"), header.subarray(124, 135));
  new TextEncoder().encodeInto("        ", header.subarray(148, 156));
  const sum = header.reduce((total, byte) => total + byte, 0);
  new TextEncoder().encodeInto(`${sum.toString(8).padStart(6, "0")}\0 `, header.subarray(148, 156));
  let made = 0;
  async function* tar(): AsyncGenerator<Uint8Array> {
    yield header;
    for (; made < size; made += 2 ** 16) yield await Promise.resolve(new Uint8Array(2 ** 16));
    yield new Uint8Array(1024);
  }
  let most = 0;
  let seen = 0;
  const source = Readable.from(tar()).pipe(createGzip({ level: 0 }));
  await readTarGz(source, ARCHIVE_LIMITS, async (entry) => {
    for await (const chunk of entry.body) {
      seen += chunk.length;
      most = Math.max(most, made - seen);
    }
  });
  assert.equal(seen, size);
  assert.ok(most < 2 ** 22, `${most} bytes were ahead of the reader`);
});
