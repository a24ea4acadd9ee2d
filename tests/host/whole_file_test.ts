import { deepEqual, equal, rejects } from "node:assert/strict";
import { chmod, lstat, mkdir, readdir, readFile, readlink, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { createWhole, nameBeside, writeWhole } from "../../src/host/whole_file.ts";
import { tempFolder } from "../support/temp.ts";

const POSIX = { skip: process.platform === "win32" ? "Windows has no such modes" : false };

test("a file is written under a name of its own first, and nothing of that is left", async () => {
  await using folder = await tempFolder({ "Cargo.toml": "old" });
  await writeWhole(join(folder.path, "Cargo.toml"), "new");
  await writeWhole(join(folder.path, "fresh"), new Uint8Array([1, 2]));
  deepEqual((await readdir(folder.path)).sort(), ["Cargo.toml", "fresh"]);
  equal(await readFile(join(folder.path, "Cargo.toml"), "utf8"), "new");
});

test(
  "a file that is replaced keeps its mode, whatever the mask of this process",
  POSIX,
  async () => {
    await using folder = await tempFolder({ shared: "old", tool: "old" });
    const [shared, tool] = [join(folder.path, "shared"), join(folder.path, "tool")];
    await chmod(shared, 0o666);
    await chmod(tool, 0o4755);
    for (const path of [shared, tool]) await writeWhole(path, "new");
    equal((await stat(shared)).mode & 0o7777, 0o666);
    equal((await stat(tool)).mode & 0o7777, 0o4755);
  },
);

const ROOT = { skip: process.getuid?.() === 0 ? false : "only root gives files away" };

test("a file that is replaced keeps its owner", ROOT, async () => {
  await using folder = await tempFolder({ theirs: "old" });
  const path = join(folder.path, "theirs");
  const { chown } = await import("node:fs/promises");
  await chown(path, 12345, 23456);
  await writeWhole(path, "new");
  const { uid, gid } = await stat(path);
  deepEqual([uid, gid, await readFile(path, "utf8")], [12345, 23456, "new"]);
});

test("a symbolic link stays, and the file at its end is written", POSIX, async () => {
  await using folder = await tempFolder({ "real/deep/file": "old", "other/keep": "" });
  const at = (path: string): string => join(folder.path, path);
  await symlink("real/deep", at("alias"));
  await symlink("../deep/file", at("real/deep/step"));
  await symlink("alias/step", at("link"));
  await symlink("other/fresh", at("dangling"));
  await writeWhole(at("link"), "new");
  await writeWhole(at("dangling"), "made");
  equal(await readlink(at("link")), "alias/step");
  equal(await readlink(at("real/deep/step")), "../deep/file");
  equal(await readFile(at("real/deep/file"), "utf8"), "new");
  equal(await readFile(at("other/fresh"), "utf8"), "made");
  deepEqual((await readdir(at("real/deep"))).sort(), ["file", "step"]);
});

test("links that lead in a circle are refused", POSIX, async () => {
  await using folder = await tempFolder();
  await symlink("b", join(folder.path, "a"));
  await symlink("a", join(folder.path, "b"));
  await rejects(writeWhole(join(folder.path, "a"), "x"), { code: "ELOOP" });
});

test("what is no plain file is written as it is, and not replaced by one", POSIX, async () => {
  await writeWhole("/dev/null", "x");
  equal((await lstat("/dev/null")).isCharacterDevice(), true);
});

test("a folder is not written over, and keeps what is in it", async () => {
  await using folder = await tempFolder({ "there/inside": "x" });
  await rejects(writeWhole(join(folder.path, "there"), "x"));
  await rejects(writeWhole(join(folder.path, "none/file"), "x"), { code: "ENOENT" });
  deepEqual((await readdir(folder.path, { recursive: true })).sort(), ["there", "there/inside"]);
});

test("what a killed run left under the name beside is written over", async () => {
  await using folder = await tempFolder({ file: "old" });
  const path = join(folder.path, "file");
  const beside = nameBeside(path);
  await writeWhole(beside, "half");
  await writeWhole(path, "new", { beside });
  deepEqual(await readdir(folder.path), ["file"]);
  equal(await readFile(path, "utf8"), "new");
});

test("createWhole() makes a file once when several want to at the same time", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "x");
  const done = await Promise.all(Array.from({ length: 8 }, (_, at) => createWhole(path, `${at}`)));
  equal(done.filter((made) => made).length, 1);
  equal(await readFile(path, "utf8"), String(done.indexOf(true)));
  deepEqual(await readdir(folder.path), ["x"]);
});

test(
  "createWhole() leaves a link that leads nowhere, and a folder, as they are",
  POSIX,
  async () => {
    await using folder = await tempFolder();
    await symlink(join(folder.path, "gone"), join(folder.path, "link"));
    await mkdir(join(folder.path, "folder"));
    for (const name of ["link", "folder"]) {
      equal(await createWhole(join(folder.path, name), "x"), false);
    }
    deepEqual((await readdir(folder.path)).sort(), ["folder", "link"]);
  },
);
