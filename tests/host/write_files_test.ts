import { deepEqual, equal, notEqual, rejects } from "node:assert/strict";
import { mkdir, readFile, stat, symlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { kindOfPath, readTextIfThere, walkFiles } from "../../src/host/files.ts";
import {
  borrowFiles,
  copyFolder,
  makeTempFolder,
  writeText,
  writeTexts,
  writeTree,
} from "../../src/host/write_files.ts";
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

test("a temporary folder is new, and goes away without complaint, twice", async () => {
  const first = await makeTempFolder("piot-test");
  const second = await makeTempFolder("piot-test");
  notEqual(first.path, second.path);
  await writeTree(first.path, { "a/b.txt": "b" });
  equal(await kindOfPath(first.path), "folder");
  for (const { path, remove } of [first, second]) {
    await remove();
    equal(await kindOfPath(path), undefined);
    await remove();
  }
});

test("copyFolder() copies everything, over what is there", async () => {
  await using from = await tempFolder({ "a/b.txt": "new", "c.txt": "c" });
  await using to = await tempFolder({ "a/b.txt": "old", "kept.txt": "k" });
  await copyFolder(from.path, to.path);
  deepEqual(await walkFiles(to.path), ["a/b.txt", "c.txt", "kept.txt"]);
  equal(await readTextIfThere(join(to.path, "a/b.txt")), "new");
});

test("borrowFiles() gives back what was there, and takes away what was not", async () => {
  await using folder = await tempFolder({ "changed": "before", "kept": "kept" });
  const [changed, kept, made] = ["changed", "kept", "made"].map((name) => join(folder.path, name));
  const longAgo = new Date("2020-01-01T00:00:00Z");
  await utimes(kept!, longAgo, longAgo);
  const giveBack = await borrowFiles([changed!, kept!, made!]);
  await writeTexts(new Map([[changed!, "after"], [made!, "made"]]));
  await giveBack();
  equal(await readTextIfThere(changed!), "before");
  equal((await stat(kept!)).mtimeMs, longAgo.getTime());
  equal(await kindOfPath(made!), undefined);
});
