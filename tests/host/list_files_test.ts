import { deepEqual, match, rejects } from "node:assert/strict";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { listFiles, readPlainFile } from "../../src/host/list_files.ts";
import { GIT_ENV, gitRepo } from "../support/git_repo.ts";
import { tempFolder, writeTree } from "../support/temp.ts";
import { needs } from "../support/tools.ts";

const withGit = await needs("git");
const enters = (folder: string): boolean => folder !== "skipped";

const FILES = {
  ".gitignore": "ignored/\n*.log\n",
  "a/b/c": "",
  "a/x.log": "",
  "ignored/x": "",
  "skipped/x": "",
  "a/skipped/x": "",
  "é \"q'": "",
};

test("listFiles() walks a folder that is in no repository, without links", async () => {
  await using folder = await tempFolder(FILES);
  await using elsewhere = await tempFolder({ x: "" });
  await symlink(elsewhere.path, join(folder.path, "link"));
  await symlink(join(folder.path, "a/b/c"), join(folder.path, "a/link"));
  deepEqual(await listFiles(folder.path, { env: GIT_ENV, enters }), {
    files: [".gitignore", "a/b/c", "a/x.log", "ignored/x", "é \"q'"],
    isGit: false,
    warnings: [],
  });
});

test("listFiles() leaves out what git ignores, tracked or not", withGit, async () => {
  await using repository = await gitRepo({ ...FILES, "a/tracked": "" });
  await writeTree(repository.path, { "new/x": "", "new/x.log": "" });
  const files = [".gitignore", "a/b/c", "a/tracked", "new/x", "é \"q'"];
  const options = { env: GIT_ENV, enters };
  deepEqual(await listFiles(repository.path, options), { files, isGit: true, warnings: [] });
  deepEqual((await listFiles(join(repository.path, "a"), options)).files, ["b/c", "tracked"]);
  const ignored = await listFiles(join(repository.path, "ignored"), options);
  deepEqual(ignored, { files: ["x"], isGit: true, warnings: [] });
});

test(
  "listFiles() walks, and says so, where git is not there or does not list",
  withGit,
  async () => {
    await using repository = await gitRepo({ "a/x": "" });
    const without = await listFiles(repository.path, { env: { PATH: "" }, enters });
    deepEqual([without.isGit, without.warnings.length], [true, 1]);
    match(without.warnings[0]!, /git did not list the files, .*git: it is not on PATH/);
    await repository.git("config", "core.repositoryformatversion", "99");
    const broken = await listFiles(repository.path, {
      env: GIT_ENV,
      enters: (folder) => folder !== ".git",
    });
    deepEqual([broken.files, broken.isGit], [["a/x"], true]);
    match(broken.warnings[0]!, /git did not list the files, .*99/);
  },
);

test("readPlainFile() reads no link and nothing large", async () => {
  await using folder = await tempFolder({ small: "1234", large: "12345" });
  await symlink("small", join(folder.path, "link"));
  const read = async (name: string): Promise<string | undefined> => {
    const bytes = await readPlainFile(join(folder.path, name), 4);
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  };
  deepEqual([await read("small"), await read("link"), await read("none")], [
    "1234",
    undefined,
    undefined,
  ]);
  await rejects(read("large"), { code: "PIOT_FILE_UNREADABLE" });
});
