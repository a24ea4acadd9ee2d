import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { truncate } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { openZip, type Zip, type ZipEntry } from "../../../src/artifact/archive/zip.ts";
import fc from "../../support/property.ts";
import { rawZip } from "../../support/raw_zip.ts";
import { bytesOf, joined, type Reading, readings } from "../../support/readings.ts";
import { tempFolder } from "../../support/temp.ts";

// A reader that hangs leaves nothing pending but the test: both runtimes end it as failed then, without any time limit.

/** Reads one file, and gives what is left to check when the archive has been closed. */
async function readOne(
  { way }: Reading,
  { zip, file, whole }: { readonly zip: Zip; readonly file: ZipEntry; readonly whole: Uint8Array },
): Promise<() => Promise<void>> {
  const isWhole = (bytes: Uint8Array): void => assert.ok(Buffer.compare(bytes, whole) === 0);
  const chunks = zip.read(file);
  switch (way) {
    case "whole":
      isWhole(await joined(chunks));
      return () => Promise.resolve();
    case "part":
      for await (const chunk of chunks) {
        assert.ok(Buffer.compare(chunk, whole.subarray(0, chunk.length)) === 0);
        break;
      }
      return () => Promise.resolve();
    case "not":
      return () => Promise.resolve();
    case "begun": {
      const begun = joined(chunks).then(isWhole);
      return () => begun;
    }
    case "late":
      return () => assert.rejects(joined(chunks), /Cannot read "a\.zip": "\d+": closed/);
  }
}

for (const { name, method } of [{ name: "stored", method: 0 }, { name: "deflated", method: 8 }]) {
  test(`openZip() reads what is ${name}, whatever is read of which file`, async () => {
    const property = fc.asyncProperty(readings(), async (entries) => {
      const contents = entries.map((one, index) => bytesOf(one, index));
      const bytes = rawZip(
        contents.map((content, index) => ({ name: `${index}`, content, method })),
      );
      await using folder = await tempFolder({ "a.zip": bytes });
      const zip = await openZip(join(folder.path, "a.zip"));
      const rest: (() => Promise<void>)[] = [];
      for (const [index, file] of zip.files.entries()) {
        rest.push(await readOne(entries[index]!, { zip, file, whole: contents[index]! }));
      }
      zip.close();
      for (const check of rest) await check();
    });
    await fc.assert(property, { numRuns: 60 });
  });
}

test("openZip() ends with a refusal when the file has shrunk since it was opened", async () => {
  const content = bytesOf({ size: 300_000 }, 1);
  await using folder = await tempFolder({ "a.zip": rawZip([{ name: "0", content, method: 0 }]) });
  const path = join(folder.path, "a.zip");
  const zip = await openZip(path);
  await truncate(path, 1_000);
  await assert.rejects(joined(zip.read(zip.files[0]!)), /Cannot read "a\.zip": "0": /);
  zip.close();
});
