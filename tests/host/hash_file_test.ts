import { test } from "node:test";
import assert from "node:assert/strict";
import { join } from "node:path";
import { hashFile } from "../../src/host/hash_file.ts";
import { tempFolder } from "../support/temp.ts";

test("hashFile() reads once for several digests", async () => {
  await using folder = await tempFolder({ "abc": "abc" });
  assert.deepEqual(await hashFile(join(folder.path, "abc"), ["sha1", "sha256"]), {
    sha1: "a9993e364706816aba3e25717850c26c9cd0d89d",
    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  });
});
