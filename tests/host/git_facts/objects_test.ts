import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { openObjects, parseCommit } from "../../../src/host/git_facts/objects.ts";
import { listTags } from "../../../src/host/git_facts/repository.ts";
import { parseTree, rawName, readableName } from "../../../src/host/git_facts/tree.ts";
import { openTreeDiffs } from "../../../src/host/git_facts/tree_diffs.ts";
import { createGit, type Git } from "../../../src/host/git.ts";
import { GIT_ENV } from "../../support/git_repo.ts";
import { commitLink, git, repositoryOf, type Step } from "../../support/history.ts";
import { tempFolder } from "../../support/temp.ts";

async function hostOf(
  steps: readonly Step[],
): Promise<{ host: Git; ask: (...args: string[]) => Promise<string> } & AsyncDisposable> {
  const { path, [Symbol.asyncDispose]: dispose } = await repositoryOf(steps);
  return {
    host: createGit({ cwd: path, env: GIT_ENV }),
    ask: async (...args) => (await git(path, args)).trim(),
    [Symbol.asyncDispose]: dispose,
  };
}

test("each() hands objects over in the order asked, also large ones and missing ones", async () => {
  const large = "x".repeat(3_000_000);
  await using repository = await hostOf([{ commit: "Start", write: { large, small: "1\n2\n" } }]);
  const objects = openObjects(repository.host);
  const seen: (string | undefined)[] = [];
  const names = ["HEAD:small", "HEAD:large", "HEAD:no such", "0".repeat(40), "HEAD:small"];
  await objects.each(names, (object) => seen.push(object?.bytes.toString()));
  deepEqual(seen, ["1\n2\n", large, undefined, undefined, "1\n2\n"]);
  await objects.each(["HEAD"], (object) => equal(object?.type, "commit"));
  await objects.stop();
});

test("each() follows links inside a commit, and goes on behind those that lead nowhere", async () => {
  await using repository = await hostOf([{ commit: "Start", write: { "in/small": "1\n" } }]);
  const { cwd } = repository.host;
  const links: string[] = [];
  for (const to of ["in/small", "in/none", "../out", "/out", "link", "in/small/below"]) {
    links.push(await commitLink(cwd, "link", to));
  }
  const objects = openObjects(repository.host);
  const seen: (string | undefined)[] = [];
  const names = [...links.map((id) => `${id}:link`), "HEAD:in/small"];
  await objects.each(names, (object) => seen.push(object?.bytes.toString()));
  deepEqual(seen, ["1\n", ...Array(5).fill(undefined), "1\n"]);
  await objects.stop();
});

test("ids() gives ids in the order asked, and only folders to names that end with a slash", async () => {
  await using repository = await hostOf([{ commit: "Start", write: { "a b/c": "1" } }]);
  const objects = openObjects(repository.host);
  const folder = await repository.ask("rev-parse", "HEAD:a b");
  deepEqual(
    await objects.ids(["HEAD:a b/", "HEAD:a b/c/", "HEAD:no", "HEAD:a b"]),
    [folder, undefined, undefined, folder],
  );
  deepEqual(await objects.ids([]), []);
  await objects.stop();
});

test("each() hears what git says when it cannot start its work", async () => {
  await using folder = await tempFolder();
  const env = { ...GIT_ENV, GIT_CEILING_DIRECTORIES: folder.path };
  const objects = openObjects(createGit({ cwd: folder.path, env }));
  await rejects(objects.each(["HEAD"], () => {}), {
    code: "PIOT_GIT",
    message: /Cannot run git cat-file: fatal: not a git repository/,
  });
  await objects.stop();
});

test("a door that nobody went through starts no git", async () => {
  const started: unknown[] = [];
  const host = createGit({ cwd: "/nowhere", env: {}, onStart: (args) => started.push(args) });
  const [objects, diffs] = [openObjects(host), openTreeDiffs(host)];
  await objects.each([], () => {});
  await diffs.each([], () => {});
  await Promise.all([objects.stop(), diffs.stop()]);
  deepEqual(started, []);
});

test("TreeDiffs tells pairs apart, whatever files are called", async () => {
  await using repository = await hostOf([{ commit: "Start", write: { "a/x": "1", "b/x": "1" } }]);
  const { host, ask } = repository;
  const [a, empty] = [await ask("rev-parse", "HEAD:a"), "4b825dc642cb6eb9a060e54bf8d69288fbee4904"];
  const forged = `${empty} ${a}\nend`;
  await git(host.cwd, [
    "update-index",
    "--add",
    "--cacheinfo",
    `100644,${await ask("rev-parse", "HEAD:a/x")},b/${forged}`,
  ]);
  const tree = await ask("write-tree");
  const b = await ask("rev-parse", `${tree}:b`);
  const diffs = openTreeDiffs(host);
  for (let round = 0; round < 2; round++) {
    const seen: [number, string][] = [];
    const pairs = [[empty, b], [empty, a], [a, b], [b, empty]] as const;
    await diffs.each(pairs, (path, index) => seen.push([index, path]));
    deepEqual(seen, [[0, forged], [0, "x"], [1, "x"], [2, forged], [3, forged], [3, "x"]]);
  }
  await diffs.stop();
});

test("listTags() follows annotated tags, marks tags of tags, and names those of blobs beside them", async () => {
  await using repository = await hostOf([
    { commit: "Start" },
    { tag: "light", kind: "light" },
    { tag: "annotated" },
    { tag: "nested", kind: "nested" },
    { tag: "blob", kind: "blob" },
    { tag: "in/a/folder@1" },
  ]);
  const { host, ask } = repository;
  const head = await ask("rev-parse", "HEAD");
  const { tags, others } = await listTags(host);
  deepEqual(others, ["blob"]);
  const plain = (name: string): unknown => ({ name, target: head, isNested: false });
  deepEqual(tags.filter(({ isNested }) => !isNested), [
    ...["annotated", "in/a/folder@1", "inner-nested", "light"].map(plain),
  ]);
  const inner = await ask("rev-parse", "refs/tags/inner-nested");
  deepEqual(tags.filter(({ isNested }) => isNested), [{
    name: "nested",
    target: inner,
    isNested: true,
  }]);
});

test("parseCommit() reads parents, signatures and messages in their own encoding", () => {
  const headers = [
    `tree ${"1".repeat(40)}`,
    `parent ${"2".repeat(40)}`,
    `parent ${"3".repeat(40)}`,
    "author A <a@example.com> 0 +0000",
    "committer A <a@example.com> 0 +0000",
    "gpgsig -----BEGIN PGP SIGNATURE-----",
    " ",
    " tree not-a-tree",
    " -----END PGP SIGNATURE-----",
  ];
  const commit = (encoding: readonly string[], message: Uint8Array): Buffer =>
    Buffer.concat([Buffer.from([...headers, ...encoding, "", ""].join("\n")), message]);
  const expected = { tree: "1".repeat(40), parents: ["2".repeat(40), "3".repeat(40)] };
  const utf8 = commit([], Buffer.from("Größe\n\nrelease: minor\n"));
  deepEqual(parseCommit(utf8), { ...expected, message: "Größe\n\nrelease: minor\n" });
  const latin1 = commit(["encoding ISO-8859-1"], Buffer.from("Größe", "latin1"));
  deepEqual(parseCommit(latin1), { ...expected, message: "Größe" });
  const unknown = commit(["encoding no-such-thing"], Buffer.from("Größe"));
  deepEqual(parseCommit(unknown), { ...expected, message: "Größe" });
  deepEqual(parseCommit(Buffer.from("tree x")), { tree: "x", parents: [], message: "" });
});

test("parseTree() finds wanted entries among names of any bytes", () => {
  const id = (digit: number): Buffer => Buffer.alloc(20, digit);
  const odd = Buffer.from([0xff, 0x20, 0x0a]);
  const bytes = Buffer.concat([
    Buffer.from("40000 a\0"),
    id(32),
    Buffer.from("100755 é\0"),
    id(10),
    Buffer.concat([Buffer.from("120000 "), odd, Buffer.from("\0")]),
    id(0x30),
    Buffer.from("160000 sub\0"),
    id(0),
  ]);
  const all = parseTree(bytes, { idBytes: 20 });
  deepEqual([...all.keys()].map(readableName), ["a", "é", "\ufffd \n", "sub"]);
  deepEqual([...all.values()].map(({ isFolder }) => isFolder), [true, false, false, false]);
  deepEqual([...all.values()].map(({ isSubmodule }) => isSubmodule), [false, false, false, true]);
  const wanted = parseTree(bytes, { idBytes: 20, wanted: new Set([rawName("é"), rawName("b")]) });
  deepEqual([...wanted], [[rawName("é"), {
    isFolder: false,
    isSubmodule: false,
    mark: `100755 ${"0a".repeat(20)}`,
    id: "0a".repeat(20),
  }]]);
  ok(all.get("a")!.mark !== all.get("sub")!.mark);
});

test("parseTree() takes two names of one hash for two", () => {
  // Both come to 31 × 65 + 97 = 31 × 66 + 66.
  const bytes = Buffer.concat(
    ["Aa", "BB"].map((name, at) =>
      Buffer.concat([Buffer.from(`100644 ${name}\0`), Buffer.alloc(20, at + 1)])
    ),
  );
  const found = parseTree(bytes, { idBytes: 20, wanted: new Set(["BB"]) });
  deepEqual([...found.keys()], ["BB"]);
});
