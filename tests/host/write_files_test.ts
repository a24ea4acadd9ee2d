import { deepEqual, equal } from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { readTextIfThere, walkFiles } from "../../src/host/files.ts";
import { copyFolder } from "../../src/host/write_files.ts";
import { tempFolder } from "../support/temp.ts";

test("copyFolder() copies everything, over what is there", async () => {
  await using from = await tempFolder({ "a/b.txt": "new", "c.txt": "c" });
  await using to = await tempFolder({ "a/b.txt": "old", "kept.txt": "k" });
  await copyFolder(from.path, to.path);
  deepEqual(await walkFiles(to.path), ["a/b.txt", "c.txt", "kept.txt"]);
  equal(await readTextIfThere(join(to.path, "a/b.txt")), "new");
});
