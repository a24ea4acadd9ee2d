import { deepEqual } from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "node:test";
import { createGit } from "../../../src/host/git.ts";
import { type Lie, readAncestry } from "../../../src/host/git_facts/ancestry.ts";
import { GIT_ENV, gitRepo } from "../../support/git_repo.ts";
import { tempFolder } from "../../support/temp.ts";

const NOBODYS = "0123456789012345678901234567890123456789";

/** How commits lie, in the order of asking. */
async function lies(
  cwd: string,
  commits: readonly string[],
): Promise<{ readonly lies: readonly (Lie | undefined)[]; readonly isShallow: boolean }> {
  const git = createGit({ cwd, env: GIT_ENV });
  const head = (await git.text(["rev-parse", "HEAD"])).trim();
  const found = await readAncestry(git, { head, commits });
  return { lies: commits.map((commit) => found.lies.get(commit)), isShallow: found.isShallow };
}

test("a commit lies within by any parent, outside on another branch, and unknown where nobody has it", async () => {
  await using repo = await gitRepo({ "a.txt": "a\n" });
  const id = async (name: string): Promise<string> => (await repo.git("rev-parse", name)).trim();
  const empty = ["commit", "--quiet", "--allow-empty", "--message"];
  const first = await id("HEAD");
  await repo.git("checkout", "--quiet", "-b", "side");
  await repo.git(...empty, "Side");
  const merged = await id("HEAD");
  await repo.git("checkout", "--quiet", "-b", "apart");
  await repo.git(...empty, "Apart");
  const apart = await id("HEAD");
  await repo.git("checkout", "--quiet", "-b", "trunk", first);
  await repo.git(...empty, "Trunk");
  await repo.git("merge", "--quiet", "--no-ff", "--message", "Merge", "side");
  const head = await id("HEAD");
  const tree = await id("HEAD^{tree}");
  deepEqual(await lies(repo.path, [head, first, merged, apart, NOBODYS, tree]), {
    lies: ["within", "within", "within", "outside", "unknown", "unknown"],
    isShallow: false,
  });

  await using temp = await tempFolder();
  const clone = join(temp.path, "clone");
  const url = pathToFileURL(repo.path).href;
  await repo.git("clone", "--quiet", "--depth=1", "--no-single-branch", url, clone);
  // What is there but not joined to HEAD may be joined in the part that is cut off.
  deepEqual(await lies(clone, [head, first, merged, apart]), {
    lies: ["within", "unknown", "unknown", "unknown"],
    isShallow: true,
  });
});

test("of the commit itself git is not asked at all", async () => {
  let started = 0;
  const git = createGit({ cwd: "/", env: GIT_ENV, onStart: () => void started++ });
  const { lies } = await readAncestry(git, { head: NOBODYS, commits: [NOBODYS, NOBODYS] });
  deepEqual([...lies], [[NOBODYS, "within"]]);
  deepEqual(started, 0);
});
