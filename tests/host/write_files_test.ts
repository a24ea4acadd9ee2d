import { deepEqual, equal, rejects } from "node:assert/strict";
import { mkdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { writeText } from "../../src/host/write_files.ts";
import { tempFolder } from "../support/temp.ts";

test("writeText() writes over a file only when that is asked for", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "x");
  const write = (text: string, replaces: boolean): Promise<boolean> =>
    writeText(path, { text, replaces });
  equal(await write("one", false), true);
  equal(await write("two", false), false);
  equal(await readFile(path, "utf8"), "one");
  equal(await write("é", true), true);
  equal(await readFile(path, "utf8"), "é");
});

test("writeText() writes once when several want to write at the same time", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "x");
  const all = Array.from(
    { length: 8 },
    (_, at) => writeText(path, { text: `${at}`, replaces: false }),
  );
  const done = await Promise.all(all);
  deepEqual(done.filter((written) => written).length, 1);
  equal(await readFile(path, "utf8"), String(done.indexOf(true)));
});

test("writeText() does not write through a link that leads nowhere", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "x");
  await symlink(join(folder.path, "gone"), path);
  equal(await writeText(path, { text: "", replaces: false }), false);
});

test("writeText() says what it cannot write", async () => {
  await using folder = await tempFolder({ file: "" });
  await mkdir(join(folder.path, "folder"));
  for (const name of ["none/x", "file/x", "folder"]) {
    const path = join(folder.path, name);
    await rejects(writeText(path, { text: "", replaces: true }), { code: "PIOT_FILE_UNWRITABLE" });
  }
});
