import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { Buffer } from "node:buffer";
import { chmod, symlink } from "node:fs/promises";
import { join } from "node:path";
import {
  fileChunks,
  fileSize,
  isExecutable,
  kindOfPath,
  readBytes,
  readTextIfThere,
  walkFiles,
} from "../../src/host/files.ts";
import { writeBytes } from "../../src/host/write_files.ts";
import { hashFile } from "../../src/host/hash_file.ts";
import { tempFolder } from "../support/temp.ts";

test("readTextIfThere() reads a file, and gives undefined for none", async () => {
  await using folder = await tempFolder({ "a.txt": "ü\n", "empty": "" });
  assert.equal(await readTextIfThere(join(folder.path, "a.txt")), "ü\n");
  assert.equal(await readTextIfThere(join(folder.path, "empty")), "");
  assert.equal(await readTextIfThere(join(folder.path, "none.txt")), undefined);
  assert.equal(await readTextIfThere(join(folder.path, "a.txt", "below")), undefined);
});

const READERS: readonly {
  readonly name: string;
  readonly read: (path: string) => Promise<unknown>;
}[] = [
  { name: "readTextIfThere", read: readTextIfThere },
  { name: "readBytes", read: readBytes },
  { name: "hashFile", read: (path) => hashFile(path, ["sha256"]) },
  { name: "fileChunks", read: (path) => fileChunks(path).next() },
];
for (const { name, read } of READERS) {
  test(`${name}() of a folder is PIOT_FILE_UNREADABLE that names the path`, async () => {
    await using folder = await tempFolder();
    await assert.rejects(read(folder.path), (error: { code?: string; message: string }) => {
      assert.equal(error.code, "PIOT_FILE_UNREADABLE");
      assert.ok(error.message.startsWith(`Cannot read ${folder.path}: `));
      return true;
    });
  });
}

test("readBytes() and writeBytes() keep every byte", async () => {
  await using folder = await tempFolder();
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  await writeBytes(join(folder.path, "all.bin"), bytes);
  assert.deepEqual([...await readBytes(join(folder.path, "all.bin"))], [...bytes]);
  assert.equal(await fileSize(join(folder.path, "all.bin")), 256);
  await assert.rejects(readBytes(join(folder.path, "none")), { code: "PIOT_FILE_UNREADABLE" });
});

test("kindOfPath() tells files, folders and nothing, through links", async () => {
  await using folder = await tempFolder({ "sub/a.txt": "" });
  const at = (path: string): string => join(folder.path, path);
  await symlink(at("sub"), at("to-folder"));
  await symlink(at("sub/a.txt"), at("to-file"));
  await symlink(at("nowhere"), at("to-nothing"));
  assert.equal(await kindOfPath(at("sub")), "folder");
  assert.equal(await kindOfPath(at("sub/a.txt")), "file");
  assert.equal(await kindOfPath(at("to-folder")), "folder");
  assert.equal(await kindOfPath(at("to-file")), "file");
  assert.equal(await kindOfPath(at("to-nothing")), undefined);
  assert.equal(await kindOfPath(at("sub/a.txt/below")), undefined);
});

test("walkFiles() gives every file at any depth, in the order of its bytes", async () => {
  const names = ["b/c/d.txt", "a b.txt", "B.txt", ".hidden/x", "ﬁ", "😀", "a/z", "a.txt", "b/"];
  const files = Object.fromEntries(
    names.filter((name) => !name.endsWith("/")).map((name) => [name, ""]),
  );
  await using folder = await tempFolder(files);
  await symlink(join(folder.path, "a.txt"), join(folder.path, "link"));
  const expected = Object.keys(files).sort((left, right) =>
    Buffer.compare(Buffer.from(left), Buffer.from(right))
  );
  assert.deepEqual(await walkFiles(folder.path), expected);
  assert.deepEqual(await walkFiles(join(folder.path, "none")), []);
});

test("isExecutable() is the owner's bit", async () => {
  await using folder = await tempFolder({ "a": "", "b": "" });
  await chmod(join(folder.path, "a"), 0o755);
  await chmod(join(folder.path, "b"), 0o644);
  if (process.platform !== "win32") assert.equal(await isExecutable(join(folder.path, "a")), true);
  assert.equal(await isExecutable(join(folder.path, "b")), false);
});

test("hashFile() reads once for several digests", async () => {
  await using folder = await tempFolder({ "abc": "abc" });
  assert.deepEqual(await hashFile(join(folder.path, "abc"), ["sha1", "sha256"]), {
    sha1: "a9993e364706816aba3e25717850c26c9cd0d89d",
    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  });
});
