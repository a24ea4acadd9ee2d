import { deepEqual, ok } from "node:assert/strict";
import { test } from "node:test";
import fc from "../../support/property.ts";
import { createGit } from "../../../src/host/git.ts";
import { netChanges } from "../../../src/host/git_facts/net_changes.ts";
import { openObjects } from "../../../src/host/git_facts/objects.ts";
import type { Scope } from "../../../src/host/git_facts/scope.ts";
import { emptyTree, openTreeDiffs } from "../../../src/host/git_facts/tree_diffs.ts";
import { GIT_ENV } from "../../support/git_repo.ts";
import { git, repositoryOf, type Step } from "../../support/history.ts";

type Tree = Readonly<Record<string, string>>;

/** The files that netChanges() finds, sorted, for each old tree; all trees lie on one line of commits. */
async function changesOf(
  trees: readonly Tree[],
  scopes: readonly Scope[],
  prefix = "",
): Promise<readonly (readonly string[])[]> {
  const steps = trees.map((write, at): Step => ({
    commit: `${at}`,
    remove: [
      ...new Set(trees.flatMap((tree) => Object.keys(tree).map((path) => path.split("/")[0]!))),
    ],
    write,
  }));
  await using repository = await repositoryOf(steps);
  const ids = (await git(repository.path, ["rev-list", "--reverse", "HEAD"])).trim().split("\n");
  const host = createGit({ cwd: repository.path, env: GIT_ENV });
  const readers = { objects: openObjects(host), diffs: openTreeDiffs(host) };
  try {
    const wanted = new Map([...ids.slice(0, -1), emptyTree(40)].map((id) => [id, scopes]));
    const found = await netChanges(readers, { head: ids.at(-1)!, prefix, wanted });
    return [...wanted.keys()].map((id) => found.get(id)!.toSorted());
  } finally {
    await Promise.all([readers.objects.stop(), readers.diffs.stop()]);
  }
}

/** What two trees differ in, by definition. */
function differences(old: Tree, now: Tree): string[] {
  const paths = new Set([...Object.keys(old), ...Object.keys(now)]);
  return [...paths].filter((path) => old[path] !== now[path]).toSorted();
}

function isIn(path: string, { base, reach }: Scope): boolean {
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
  if (reach === "file") return path === base;
  if (reach === "folder") return folder === base;
  return base === "" || path.startsWith(`${base}/`);
}

const BEFORE: Tree = { "a/x": "1", "a/in/y": "1", "b/z": "1", "top": "1", "gone/f": "1" };
const AFTER: Tree = { "a/x": "2", "a/in/y": "2", "b/z": "1", "top": "2", "new/g": "1" };

const SCOPES: readonly (readonly [name: string, scope: Scope, expected: readonly string[]])[] = [
  ["a whole folder", { base: "a", reach: "tree" }, ["a/in/y", "a/x"]],
  ["the files right in a folder", { base: "a", reach: "folder" }, ["a/x"]],
  ["the files right at the top", { base: "", reach: "folder" }, ["top"]],
  ["one file", { base: "a/in/y", reach: "file" }, ["a/in/y"]],
  ["one file that is a folder", { base: "a", reach: "file" }, []],
  ["an equal folder", { base: "b", reach: "tree" }, []],
  ["a folder that is gone", { base: "gone", reach: "tree" }, ["gone/f"]],
  ["a folder that is new", { base: "new", reach: "folder" }, ["new/g"]],
  ["a folder that never was", { base: "never/was", reach: "tree" }, []],
  ["whether a folder came", { base: "new", reach: "self" }, ["new/"]],
  ["whether a folder went", { base: "gone", reach: "self" }, ["gone/"]],
  ["whether a folder is still there", { base: "a", reach: "self" }, []],
  ["everything", { base: "", reach: "tree" }, ["a/in/y", "a/x", "gone/f", "new/g", "top"]],
];

for (const [name, scope, expected] of SCOPES) {
  test(`netChanges() tells about ${name}`, async () => {
    deepEqual((await changesOf([BEFORE, AFTER], [scope]))[0], expected);
  });
}

test("netChanges() finds few entries of large folders by name", async () => {
  const many = Object.fromEntries(Array.from({ length: 800 }, (_, at) => [`all/p${at}/lib`, "1"]));
  const now = { ...many, "all/p7/lib": "2", "all/p8/lib": "2", "all/odd name é/x": "1" };
  const scopes: Scope[] = ["all/p7", "all/p9", "all/odd name é"].map((base) => ({
    base,
    reach: "tree",
  }));
  const missing: Scope = { base: "all/p7/lib/not/a/folder", reach: "tree" };
  deepEqual((await changesOf([many, now], [...scopes, missing]))[0], [
    "all/odd name é/x",
    "all/p7/lib",
  ]);
});

test("netChanges() looks into a folder whose name holds a line break", async () => {
  const scopes = [{ base: "a\nb", reach: "tree" }, { base: "c", reach: "tree" }] as const;
  const found = await changesOf(
    [{ "a\nb/x": "1", "c/x": "1" }, { "a\nb/x": "2", "c/x": "2" }],
    scopes,
  );
  deepEqual(found[0], ["a\nb/x", "c/x"]);
});

test("netChanges() compares files that are links or became executable", async () => {
  await using repository = await repositoryOf([{ commit: "0", write: { "a/x": "1", "a/y": "1" } }, {
    commit: "1",
    executable: { "a/x": "1" },
  }]);
  const host = createGit({ cwd: repository.path, env: GIT_ENV });
  const [old, head] = (await git(repository.path, ["rev-list", "--reverse", "HEAD"])).trim().split(
    "\n",
  );
  const readers = { objects: openObjects(host), diffs: openTreeDiffs(host) };
  for (const scope of [{ base: "a", reach: "tree" }, { base: "a", reach: "folder" }] as const) {
    const found = await netChanges(readers, {
      head: head!,
      prefix: "",
      wanted: new Map([[old!, [scope]]]),
    });
    deepEqual(found.get(old!), ["a/x"]);
  }
  await Promise.all([readers.objects.stop(), readers.diffs.stop()]);
});

test("netChanges() counts a submodule that moved, whatever the repository says about it", async () => {
  const modules = `[submodule "m"]\n\tpath = a/m\n\turl = x\n\tignore = all\n`;
  await using repository = await repositoryOf([{ commit: "0", write: { ".gitmodules": modules } }]);
  for (const digit of ["1", "2"]) {
    await git(repository.path, [
      "update-index",
      "--add",
      "--cacheinfo",
      `160000,${digit.repeat(40)},a/m`,
    ]);
    await git(repository.path, ["commit", "--quiet", "--message", digit]);
  }
  const host = createGit({ cwd: repository.path, env: GIT_ENV });
  const [head, old] = (await git(repository.path, ["rev-list", "HEAD"])).trim().split("\n");
  const readers = { objects: openObjects(host), diffs: openTreeDiffs(host) };
  const wanted = new Map([[old!, [{ base: "", reach: "tree" }] as const]]);
  deepEqual(
    await netChanges(readers, { head: head!, prefix: "", wanted }),
    new Map([[old, ["a/m", "a/m/"]]]),
  );
  await Promise.all([readers.objects.stop(), readers.diffs.stop()]);
});

const SUBMODULES: readonly (readonly [name: string, steps: readonly [Step, Step], base: string])[] =
  [
    ["moved", [
      { commit: "0", submodules: { "a/m": "1" } },
      { commit: "1", submodules: { "a/m": "2" } },
    ], "a/m"],
    ["came", [{ commit: "0" }, { commit: "1", submodules: { "a/m": "2" } }], "a/m"],
    ["went", [
      { commit: "0", submodules: { "a/m": "1" } },
      { commit: "1", remove: ["a/m"] },
    ], "a/m"],
    ["became a folder", [
      { commit: "0", submodules: { "a/m": "1" } },
      { commit: "1", remove: ["a/m"], write: { "a/m/x": "1" } },
    ], "a/m"],
    ["moved at the top", [
      { commit: "0", submodules: { m: "1" } },
      { commit: "1", submodules: { m: "2" } },
    ], "m"],
  ];

for (const [name, steps, base] of SUBMODULES) {
  for (const many of [false, true]) {
    const how = many ? "among many folders" : "as one of a few folders";
    test(`netChanges() tells of a submodule that ${name}, ${how}`, async () => {
      await using repository = await repositoryOf(steps, { files: { "a/x": "1", "b/y": "1" } });
      const host = createGit({ cwd: repository.path, env: GIT_ENV });
      const [head, old] = (await git(repository.path, ["rev-list", "HEAD"])).trim().split("\n");
      const readers = { objects: openObjects(host), diffs: openTreeDiffs(host) };
      const others = many ? ["b", "c", "d", "e"] : ["b"];
      const scopes = [base, ...others].map((base): Scope => ({ base, reach: "tree" }));
      const wanted = new Map([[old!, scopes], [head!, scopes]]);
      const found = await netChanges(readers, { head: head!, prefix: "", wanted });
      ok(found.get(old!)!.every((path) => path.startsWith(`${base}/`)));
      ok(found.get(old!)!.length > 0);
      deepEqual(found.get(head!), []);
      await Promise.all([readers.objects.stop(), readers.diffs.stop()]);
    });
  }
}

const PART = fc.constantFrom("a", "b", "c d", 'é"\n', "M\u0001x");
const PATH = fc.array(PART, { minLength: 1, maxLength: 3 }).map((segments) => segments.join("/"));
const TREE: fc.Arbitrary<Tree> = fc.array(fc.tuple(PATH, fc.constantFrom("1", "2")), {
  minLength: 1,
  maxLength: 7,
})
  .map((files) => {
    // A path cannot be a file and a folder at once: the first one stays.
    const kept = new Map<string, string>();
    for (const [path, text] of files) {
      const clashes = [...kept.keys()].some((other) =>
        other.startsWith(`${path}/`) || path.startsWith(`${other}/`)
      );
      if (!clashes) kept.set(path, text);
    }
    return Object.fromEntries(kept);
  });
const SCOPE: fc.Arbitrary<Scope> = fc.record({
  base: fc.oneof(PATH, fc.constant("")),
  reach: fc.constantFrom("file", "folder", "tree"),
}).filter(({ base, reach }) => base !== "" || reach !== "file");

test("netChanges() finds what differs by definition, for any trees and scopes", async () => {
  const trees = fc.array(TREE, { minLength: 2, maxLength: 4 });
  const scopes = fc.array(SCOPE, { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(trees, scopes, async (all, wanted) => {
      const now = all.at(-1)!;
      const expected = [...all.slice(0, -1), {}].map((old) =>
        differences(old, now).filter((path) => wanted.some((scope) => isIn(path, scope)))
      );
      deepEqual(await changesOf(all, wanted), expected);
    }),
    { numRuns: 40 },
  );
});

test("netChanges() finds the same below a folder of the repository", async () => {
  await fc.assert(
    fc.asyncProperty(TREE, TREE, fc.array(SCOPE, { minLength: 1 }), async (old, now, scopes) => {
      const moved = (tree: Tree): Tree =>
        Object.fromEntries([
          ["other/a", "1"],
          ...Object.entries(tree).map(([path, text]) => [`in/x/${path}`, text]),
        ]);
      const expected = differences(old, now).filter((path) =>
        scopes.some((scope) => isIn(path, scope))
      );
      deepEqual((await changesOf([moved(old), moved(now)], scopes, "in/x/"))[0], expected);
    }),
    { numRuns: 20 },
  );
});
