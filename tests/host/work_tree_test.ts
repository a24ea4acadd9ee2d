import { deepEqual, equal } from "node:assert/strict";
import {
  chmod,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { createGit } from "../../src/host/git.ts";
import {
  pathInTree,
  readCommitted,
  readWorkTree,
  type TreeState,
} from "../../src/host/work_tree.ts";
import { GIT_ENV, type GitRepo, gitRepo } from "../support/git_repo.ts";
import { tempFolder, writeTree } from "../support/temp.ts";

async function look(repo: Pick<GitRepo, "path">, below = ""): Promise<TreeState> {
  const cwd = join(repo.path, below);
  return await readWorkTree(createGit({ cwd, env: GIT_ENV }), { folder: repo.path, env: {} });
}

/** In short: `path kind`, and the uncommitted ones after them. */
async function short(repo: Pick<GitRepo, "path">, below?: string): Promise<string[]> {
  const { different, uncommitted } = await look(repo, below);
  return [
    ...[...different].map(([path, { kind }]) => `${path} ${kind}`),
    ...uncommitted.map((path) => `${path} uncommitted`),
  ].sort();
}

const FILES = {
  "a.txt": "a\n",
  "b c/日 本.txt": "b\n",
  "b c/tool": "#!/bin/sh\n",
  ".gitignore": "dist/\n",
};

test("a tree that is the commit's has nothing to tell, wherever git runs in it", async () => {
  await using repo = await gitRepo(FILES);
  await writeTree(repo.path, { "dist/built.js": "x", "b c/dist/x": "x" });
  deepEqual(await short(repo), []);
  deepEqual(await short(repo, "b c"), []);
});

test("what changed, is missing, or was never committed is told by its path from the top", async () => {
  await using repo = await gitRepo(FILES);
  await writeTree(repo.path, { "b c/日 本.txt": "changed\n", "new/x y": "", "dist/x": "" });
  await rm(join(repo.path, "a.txt"));
  for (const below of ["", "b c"]) {
    deepEqual(await short(repo, below), [
      "a.txt deleted",
      "b c/日 本.txt changed",
      "new/x y uncommitted",
    ]);
  }
});

const POSIX = { skip: process.platform === "win32" ? "Windows has no such bit" : false };

test("a mode and a type count as changes", POSIX, async () => {
  await using repo = await gitRepo(FILES);
  await chmod(join(repo.path, "b c/tool"), 0o755);
  await rm(join(repo.path, "a.txt"));
  await symlink("b c/tool", join(repo.path, "a.txt"));
  deepEqual(await short(repo), ["a.txt changed", "b c/tool changed"]);
});

test("what is in the index and not in the commit is not committed", async () => {
  await using repo = await gitRepo(FILES);
  await writeTree(repo.path, { staged: "x", "a.txt": "staged\n" });
  await repo.git("add", "--all");
  deepEqual(await short(repo), ["a.txt changed", "staged uncommitted"]);
});

for (const flag of ["--assume-unchanged", "--skip-worktree"]) {
  test(`a change that git was told to pass over with ${flag} is found, and the index is left alone`, async () => {
    await using repo = await gitRepo(FILES);
    await repo.git("update-index", flag, "a.txt", "b c/tool");
    await writeTree(repo.path, { "a.txt": "changed\n" });
    equal(await repo.git("status", "--porcelain"), "");
    const index = await readFile(join(repo.path, ".git/index"));
    deepEqual(await short(repo), ["a.txt changed"]);
    deepEqual(await readFile(join(repo.path, ".git/index")), index);
    await rm(join(repo.path, "b c/tool"));
    const kind = flag === "--skip-worktree" ? "left-out" : "deleted";
    deepEqual(await short(repo), ["a.txt changed", `b c/tool ${kind}`]);
  });
}

test("a sparse checkout leaves files out by wish", async () => {
  await using repo = await gitRepo({ ...FILES, "big/file": "x" });
  await repo.git("sparse-checkout", "set", "--no-cone", "/*", "!/big/");
  deepEqual(await short(repo), ["big/file left-out"]);
});

test("a change of the same size and time is found", async () => {
  await using repo = await gitRepo(FILES);
  const path = join(repo.path, "a.txt");
  const { atime, mtime } = await stat(path);
  await writeFile(path, "b\n");
  await utimes(path, atime, mtime);
  await repo.git("config", "core.trustctime", "false");
  await repo.git("config", "core.checkStat", "minimal");
  deepEqual(await short(repo), ["a.txt changed"]);
});

test("settings that hide changes from the user's own git hide none here", async () => {
  await using repo = await gitRepo(FILES);
  await writeTree(repo.path, { "a.txt": "changed\n", "new/x": "" });
  for (
    const [key, value] of [
      ["status.showUntrackedFiles", "no"],
      ["core.fsmonitor", "true"],
      ["core.untrackedCache", "true"],
      ["status.relativePaths", "true"],
      ["status.renames", "true"],
      ["status.showStash", "true"],
      ["diff.ignoreSubmodules", "all"],
    ] as const
  ) await repo.git("config", key, value);
  deepEqual(await short(repo), ["a.txt changed", "new/x uncommitted"]);
});

test("a commit for which another one stands in here is what it is everywhere else", async () => {
  await using repo = await gitRepo(FILES);
  const head = await repo.git("rev-parse", "HEAD");
  await writeTree(repo.path, { "a.txt": "another\n" });
  await repo.git("add", "--all");
  await repo.git("commit", "--quiet", "--message", "Another");
  await repo.git("replace", head.trim(), "HEAD");
  await repo.git("reset", "--hard", "--quiet", head.trim());
  equal(await repo.git("show", "HEAD:a.txt"), "another");
  deepEqual(await short(repo), ["a.txt changed"]);
});

test("line ends and filters are git's own business", async () => {
  await using repo = await gitRepo({
    ...FILES,
    ".gitattributes": "*.txt text eol=crlf\n*.up filter=up\n",
  });
  await repo.git("config", "filter.up.clean", "tr A-Z a-z");
  await repo.git("config", "filter.up.smudge", "tr a-z A-Z");
  await writeTree(repo.path, { "a.txt": "a\r\n", "x.up": "SHOUT\n" });
  await repo.commit("Filtered");
  deepEqual(await short(repo), []);
  await writeTree(repo.path, { "x.up": "other\n", "a.txt": "b\r\n" });
  const { different } = await look(repo);
  const files = ["x.up", "a.txt"].map((path) => ({ path, id: different.get(path)!.id! }));
  deepEqual(await readCommitted(createGit({ cwd: repo.path, env: GIT_ENV }), files), [
    "SHOUT\n",
    "a\r\n",
  ]);
});

test("contents of the commit come whole, whatever stands in them", async () => {
  const texts = { "empty": "", "no end": "x", "many": "a\n\n\nb\n", "bom": "\uFEFFé\r\n" };
  await using repo = await gitRepo(texts);
  await Promise.all(Object.keys(texts).map((path) => writeFile(join(repo.path, path), "changed")));
  const { different } = await look(repo);
  const files = Object.keys(texts).map((path) => ({ path, id: different.get(path)!.id! }));
  const git = createGit({ cwd: repo.path, env: GIT_ENV });
  deepEqual(await readCommitted(git, files), Object.values(texts));
  deepEqual(await readCommitted(git, []), []);
});

async function withSubmodule(): Promise<GitRepo & { readonly inner: GitRepo }> {
  const inner = await gitRepo({ "in.txt": "in\n", ".gitignore": "*.o\n" });
  const repo = await gitRepo(FILES);
  await repo.git(
    "-c",
    "protocol.file.allow=always",
    "submodule",
    "--quiet",
    "add",
    inner.path,
    "sub",
  );
  await repo.commit("Add it");
  return {
    ...repo,
    inner,
    [Symbol.asyncDispose]: async () => {
      await repo[Symbol.asyncDispose]();
      await inner[Symbol.asyncDispose]();
    },
  };
}

test("a submodule is looked into, whatever its settings ignore", async () => {
  await using repo = await withSubmodule();
  deepEqual(await short(repo), []);
  await repo.git("config", "submodule.sub.ignore", "all");
  await writeTree(repo.path, { "sub/in.txt": "changed\n", "sub/new": "", "sub/x.o": "" });
  deepEqual(await short(repo), ["sub/in.txt changed", "sub/new uncommitted"]);
});

test("a submodule at another commit, and one that is not checked out, are told", async () => {
  await using repo = await withSubmodule();
  const sub = join(repo.path, "sub");
  await repo.git("-C", sub, "commit", "--quiet", "--allow-empty", "--message", "Next");
  deepEqual(await short(repo), ["sub/ submodule"]);
  await repo.git("submodule", "--quiet", "deinit", "--force", "sub");
  deepEqual(await short(repo), ["sub/ submodule"]);
});

test("a repository inside the tree is nobody's commit", async () => {
  await using repo = await gitRepo(FILES);
  await using other = await gitRepo({ x: "x" });
  await rename(other.path, join(repo.path, "nested"));
  deepEqual(await short(repo), ["nested/ uncommitted"]);
});

test("the number of git processes is the same for one change and for many", async () => {
  const counts: number[] = [];
  for (const many of [1, 50]) {
    const files = Object.fromEntries(
      Array.from({ length: many }, (_, at) => [`p${at}/package.json`, "{}"]),
    );
    await using repo = await gitRepo(files);
    await writeTree(repo.path, Object.fromEntries(Object.keys(files).map((path) => [path, "{ }"])));
    let started = 0;
    const git = createGit({ cwd: repo.path, env: GIT_ENV, onStart: () => void started++ });
    const { different } = await readWorkTree(git, { folder: repo.path, env: {} });
    equal(different.size, many);
    await readCommitted(git, [...different].map(([path, { id }]) => ({ path, id: id! })));
    counts.push(started);
  }
  equal(counts[0], counts[1]);
});

test("a path is found below the top through links, and outside it is not", POSIX, async () => {
  await using repo = await gitRepo(FILES);
  await using elsewhere = await tempFolder({ x: "" });
  await symlink("b c", join(repo.path, "inside"));
  await symlink(elsewhere.path, join(repo.path, "outside"));
  await mkdir(join(repo.path, "..x"));
  const tree = await look(repo);
  const at = (path: string): Promise<string | undefined> => pathInTree(tree, join(repo.path, path));
  equal(await at("."), "");
  equal(await at("inside"), "b c");
  equal(await at("inside/not there"), "b c/not there");
  equal(await at("outside"), undefined);
  equal(await at("..x"), "..x");
});
