import { test } from "node:test";
import assert from "node:assert/strict";
import { createGit } from "../../src/host/git.ts";
import { readLog } from "../../src/host/git_log.ts";
import { gitRepo } from "../support/git_repo.ts";
import { JOB_ENV } from "../support/remote_repo.ts";

test("readLog() gives the commits after a point, newest first, with any file name", async () => {
  await using repo = await gitRepo({ "py/a.py": "1", "js/b.js": "1" });
  const since = await repo.git("rev-parse", "HEAD");
  const second = await repo.commit("Change both\nin one go\n\nBody @ada", {
    "py/a.py": "2",
    'js/with "quotes", blank\nand line.js': "1",
    "js/ünïcode.js": "1",
  });
  const third = await repo.commit("Nothing\u0001 at all");
  const fourth = await repo.commit("Last", { "\n first": "1" });
  const git = createGit({ cwd: repo.path, env: JOB_ENV });
  assert.deepEqual(await readLog(git, { since, until: "HEAD" }), [
    { id: fourth, subject: "Last", files: ["\n first"] },
    { id: third, subject: "Nothing\u0001 at all", files: [] },
    {
      id: second,
      subject: "Change both in one go",
      files: ['js/with "quotes", blank\nand line.js', "js/ünïcode.js", "py/a.py"],
    },
  ]);
  assert.deepEqual(await readLog(git, { since: "HEAD", until: "HEAD" }), []);
});

test("readLog() counts a renamed file under both names, and leaves merges out", async () => {
  await using repo = await gitRepo({ "old.txt": "a long enough text to be found again\n" });
  const since = await repo.git("rev-parse", "HEAD");
  await repo.git("checkout", "--quiet", "-b", "side");
  await repo.git("mv", "old.txt", "new.txt");
  const renamed = await repo.commit("Rename");
  await repo.git("checkout", "--quiet", "main");
  const other = await repo.commit("Other", { "other.txt": "1" });
  await repo.git("merge", "--quiet", "--no-ff", "--message", "Merge side", "side");
  await repo.git("config", "diff.renames", "copies");
  const git = createGit({ cwd: repo.path, env: JOB_ENV });
  const log = await readLog(git, { since, until: "HEAD" });
  const files = new Map(log.map((commit) => [commit.id, commit.files]));
  assert.deepEqual(files.get(renamed), ["new.txt", "old.txt"]);
  assert.deepEqual(files.get(other), ["other.txt"]);
  assert.equal(log.length, 2);
});

test("readLog() in a folder below the root sees that folder's files, from there", async () => {
  await using repo = await gitRepo({ "sub/a.txt": "1", "top.txt": "1" });
  const since = await repo.git("rev-parse", "HEAD");
  await repo.commit("Both", { "sub/a.txt": "2", "top.txt": "2" });
  const git = createGit({ cwd: `${repo.path}/sub`, env: JOB_ENV });
  const [commit] = await readLog(git, { since, until: "HEAD" });
  assert.deepEqual(commit?.files, ["a.txt"]);
});
