import { deepEqual, equal, match } from "node:assert/strict";
import { readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { type GatheredFacts, type PlanQuestion, readFacts } from "../../src/command/read_facts.ts";
import { openWorkspace, type WorkspaceOptions } from "../../src/command/workspace.ts";
import type { Facts } from "../../src/core/model/facts.ts";
import { decide } from "../../src/core/plan/decide.ts";
import { makePlan } from "../../src/core/plan/make_plan.ts";
import { Failure } from "../../src/error.ts";
import type { Env } from "../../src/host/host.ts";
import { GIT_ENV } from "../support/git_repo.ts";
import { commitLink, git, repositoryOf, type Step } from "../support/history.ts";
import { tempFolder } from "../support/temp.ts";

const CONFIG = `[putitoutthere]
version = 1

[[package]]
name = "a"
kind = "crates"
path = "a"
paths = ["a/**"]

[[package]]
name = "b"
kind = "crates"
path = "b"
paths = ["b/**"]
depends_on = ["a"]
`;
const FILES = { "putitoutthere.toml": CONFIG, "a/lib.rs": "1", "b/lib.rs": "1" };
const HISTORY: readonly Step[] = [
  { commit: "Start" },
  { tag: ["a-v0.1.0", "b-v0.1.0"] },
  { commit: "Change a\n\nrelease: minor", write: { "a/lib.rs": "2" } },
  { commit: "Write", write: { "README": "2" } },
];

/** Where facts are read, and for what question. */
type Reading = WorkspaceOptions & PlanQuestion & { readonly env?: Env };

function gather(cwd: string, options: Reading = {}): Promise<GatheredFacts> {
  return readFacts(openWorkspace({ cwd, env: GIT_ENV, ...options }, options), options);
}

async function factsOf(cwd: string, options: Reading = {}): Promise<Facts> {
  return (await gather(cwd, options)).facts;
}

/** The failure that reading facts ends with. */
async function failureOf(cwd: string, options: Reading = {}): Promise<Failure> {
  try {
    await factsOf(cwd, options);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error("there are facts");
}

const clone = async (
  from: string,
  ...args: string[]
): Promise<{ path: string } & AsyncDisposable> => {
  const folder = await tempFolder();
  const path = join(folder.path, "clone");
  await git(folder.path, ["clone", "--quiet", ...args, `file://${from}`, path]);
  return { path, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
};

test("readFacts() gathers what a plan is made of", async () => {
  await using repository = await repositoryOf(HISTORY, { files: FILES });
  const [head, change, start] = (await git(repository.path, ["rev-list", "HEAD"])).split("\n");
  const { config: _, ...facts } = await factsOf(repository.path);
  deepEqual(facts, {
    head: { id: head, message: "Write", tips: [] },
    tags: [
      { name: "a-v0.1.0", commit: start, reachable: true },
      { name: "b-v0.1.0", commit: start, reachable: true },
    ],
    otherTags: [],
    changes: new Map([[start, ["a/lib.rs"]]]),
    emptyGlobs: new Set(),
    since: new Map([[start, 2]]),
    history: [
      {
        id: change,
        message: "Change a\n\nrelease: minor",
        tips: [],
        depth: 1,
        files: ["a/lib.rs"],
      },
    ],
  });
});

test("readFacts() gathers trailers after the last release and before HEAD, whose own it tells apart", async () => {
  const steps: readonly Step[] = [
    { commit: "Start\n\nrelease: major" },
    { tag: ["a-v0.1.0", "b-v0.1.0"] },
    { commit: "Change a\n\nrelease: minor", write: { "a/lib.rs": "2" } },
    { commit: "Change b\n\nrelease: patch", write: { "b/lib.rs": "2" } },
  ];
  await using repository = await repositoryOf(steps, { files: FILES });
  const { head, history } = await factsOf(repository.path);
  equal(head.message, "Change b\n\nrelease: patch");
  deepEqual(history.map(({ message, depth }) => [message, depth]), [
    ["Change a\n\nrelease: minor", 1],
  ]);
});

test("readFacts() hands on the decisions that its facts come to", async () => {
  await using repository = await repositoryOf(HISTORY, { files: FILES });
  const { facts, decisions } = await gather(repository.path);
  deepEqual(decisions, decide(facts));
  deepEqual(makePlan(facts, decisions), makePlan(facts));
});

test("readFacts() plans the same in a linked work tree, and from a folder that is a symbolic link", async () => {
  await using repository = await repositoryOf(HISTORY, { files: FILES });
  await using other = await tempFolder();
  const linked = join(other.path, "linked");
  await git(repository.path, ["worktree", "add", "--quiet", "--detach", linked]);
  await symlink(repository.path, join(other.path, "link"));
  const expected = makePlan(await factsOf(repository.path));
  equal(expected.packages.length, 2);
  deepEqual(makePlan(await factsOf(linked)), expected);
  deepEqual(makePlan(await factsOf(join(other.path, "link"))), expected);
});

test("readFacts() plans below a folder whose name holds a line break", async () => {
  const files = { "in\nside/putitoutthere.toml": CONFIG, "in\nside/a/lib.rs": "1" };
  const steps: Step[] = [
    { commit: "Start" },
    { tag: ["a-v0.1.0", "b-v0.1.0"] },
    { commit: "Change", write: { "in\nside/a/lib.rs": "2", "b/lib.rs": "2" } },
  ];
  await using repository = await repositoryOf(steps, { files });
  const plan = makePlan(await factsOf(join(repository.path, "in\nside")));
  deepEqual(plan.packages.map(({ name, reason }) => [name, reason]), [["a", "changed"], [
    "b",
    "dependency",
  ]]);
});

test("readFacts() reads repositories whose object ids are SHA-256", async () => {
  const steps: Step[] = [
    ...HISTORY,
    { commit: "New folder\n\nrelease: major", write: { "b/new/x": "1", "a/y": "1" } },
  ];
  await using repository = await repositoryOf(steps, {
    files: { ...FILES, "putitoutthere.toml": CONFIG.replace('"a/**"]', '"a/**", "gone/*.md"]') },
    objectFormat: "sha256",
  });
  const plan = makePlan(await factsOf(repository.path));
  match(plan.head!, /^[0-9a-f]{64}$/);
  deepEqual(plan.packages.map(({ name, version }) => `${name} ${version}`), ["a 1.0.0", "b 1.0.0"]);
  deepEqual(plan.warnings, ['The glob "gone/*.md" of a matches no file']);
});

test("readFacts() starts at most six git processes, however many packages there are", async () => {
  const names = Array.from({ length: 600 }, (_, at) => `package-number-${at}`);
  const toml = names.map((name) =>
    `[[package]]\nname = "${name}"\nkind = "crates"\npath = "all/${name}"\npaths = ["all/${name}/**"]\n`
  );
  const files = Object.fromEntries(names.map((name) => [`all/${name}/lib.rs`, "1"]));
  const steps: Step[] = [
    { commit: "Start" },
    ...names.slice(0, 300).flatMap((name): Step[] => [
      { commit: `Touch\n\nrelease: minor`, write: { [`all/${name}/lib.rs`]: "2" } },
      { tag: `${name}-v0.1.0` },
    ]),
    { tag: names.slice(300).map((name) => `${name}-v0.1.0`) },
    { commit: "Work", on: "side", write: { "all/package-number-7/lib.rs": "3" } },
    { tag: "package-number-7-v0.2.0", at: "side" },
    { commit: "Touch\n\nrelease: minor", write: { "all/package-number-3/new.rs": "2" } },
    { commit: "Merge", merge: ["side"], write: { "all/package-number-7/lib.rs": "4" } },
  ];
  await using repository = await repositoryOf(steps, {
    files: { ...files, "putitoutthere.toml": `[putitoutthere]\nversion = 1\n${toml.join("")}` },
  });
  const started: string[] = [];
  const facts = await factsOf(repository.path, { onGit: ([verb]) => started.push(verb!) });
  deepEqual(started.toSorted(), [
    "cat-file",
    "cat-file",
    "diff-tree",
    "for-each-ref",
    "rev-list",
    "rev-parse",
  ]);
  deepEqual(
    makePlan(facts).packages.map(({ name, version }) => `${name} ${version}`),
    ["package-number-3 0.2.0", "package-number-7 0.2.1"],
  );
});

test("readFacts() compares nothing where every package was just released", async () => {
  const steps: Step[] = [{ commit: "Start" }, { tag: ["a-v0.1.0", "b-v0.1.0"] }];
  await using repository = await repositoryOf(steps, { files: FILES });
  const started: string[] = [];
  const facts = await factsOf(repository.path, { onGit: ([verb]) => started.push(verb!) });
  deepEqual(started.toSorted(), [
    "cat-file",
    "cat-file",
    "for-each-ref",
    "rev-list",
    "rev-parse",
  ]);
  deepEqual(makePlan(facts).left_out.map(({ reason }) => reason), ["released", "released"]);
});

test("readFacts() hears PIOT_NOT_A_REPOSITORY outside a git work tree", async () => {
  await using folder = await tempFolder(FILES);
  const env = { ...GIT_ENV, GIT_CEILING_DIRECTORIES: folder.path };
  const failure = await failureOf(folder.path, { env });
  equal(failure.code, "PIOT_NOT_A_REPOSITORY");
  equal(failure.exitCode, 2);
});

test("readFacts() hears PIOT_NOT_A_REPOSITORY in a repository without a work tree", async () => {
  await using folder = await tempFolder(FILES);
  await git(folder.path, ["init", "--quiet", "--bare"]);
  equal((await failureOf(folder.path)).code, "PIOT_NOT_A_REPOSITORY");
});

test("readFacts() is not led elsewhere by variables that a git hook sets", async () => {
  await using repository = await repositoryOf(HISTORY, { files: FILES });
  await using other = await tempFolder();
  const env = { ...GIT_ENV, GIT_DIR: other.path, GIT_WORK_TREE: other.path, GIT_PREFIX: "x/" };
  equal((await factsOf(repository.path, { env })).tags.length, 2);
});

test("readFacts() hears PIOT_NO_COMMIT before the first commit", async () => {
  await using folder = await tempFolder(FILES);
  await git(folder.path, ["init", "--quiet"]);
  const failure = await failureOf(folder.path);
  equal(failure.code, "PIOT_NO_COMMIT");
  equal(failure.exitCode, 2);
});

test("readFacts() hears PIOT_COMMIT_UNKNOWN for names that are no commit, and takes none for a flag", async () => {
  await using repository = await repositoryOf(HISTORY, { files: FILES });
  for (const at of ["nobody", "HEAD:a", "--all", "-h", ""]) {
    const failure = await failureOf(repository.path, { at });
    equal(failure.code, "PIOT_COMMIT_UNKNOWN", at);
    equal(failure.message, `Cannot plan at ${JSON.stringify(at)}: it is no commit here`);
  }
});

test("readFacts() plans at a tag, a branch or an id", async () => {
  await using repository = await repositoryOf(HISTORY, { files: FILES });
  const before = (await git(repository.path, ["rev-parse", "HEAD~1"])).trim();
  for (const at of ["main~1", before, before.slice(0, 12), "HEAD^"]) {
    equal((await factsOf(repository.path, { at })).head.id, before);
  }
  const atTag = await factsOf(repository.path, { at: "a-v0.1.0" });
  deepEqual(makePlan(atTag).left_out.map(({ reason }) => reason), ["released", "released"]);
});

test("readFacts() follows a configuration at a commit that is a link, as it does here", async () => {
  const files = { "set/piot.toml": CONFIG, "a/lib.rs": "1", "b/lib.rs": "1" };
  await using repository = await repositoryOf([{ commit: "Start" }], { files });
  const at = await commitLink(repository.path, "putitoutthere.toml", "set/piot.toml");
  const { config } = await factsOf(repository.path, { at });
  deepEqual(config.packages.map(({ name }) => name), ["a", "b"]);
  for (const to of ["set/none.toml", "../set/piot.toml", "/set/piot.toml", "putitoutthere.toml"]) {
    const at = await commitLink(repository.path, "putitoutthere.toml", to);
    const failure = await failureOf(repository.path, { at });
    equal(failure.code, "PIOT_CONFIG_MISSING", to);
  }
});

test("readFacts() leaves out every tag of the commit for how things stood before", async () => {
  await using repository = await repositoryOf([
    ...HISTORY,
    { tag: "a-v0.2.0", kind: "nested" },
    { tag: "b-v0.1.1", kind: "light" },
  ], { files: FILES });
  const facts = await factsOf(repository.path, { beforeRelease: true });
  deepEqual(facts.tags.map(({ name }) => name), ["a-v0.1.0", "b-v0.1.0"]);
  await using before = await repositoryOf(HISTORY, { files: FILES });
  deepEqual(makePlan(facts), makePlan(await factsOf(before.path)));
});

test("readFacts() hears PIOT_CONFIG_MISSING where there is no configuration, here or at a commit", async () => {
  await using repository = await repositoryOf([{ commit: "Start" }]);
  const here = await failureOf(repository.path);
  equal(here.code, "PIOT_CONFIG_MISSING");
  equal(here.message, `Cannot find putitoutthere.toml in ${repository.path}`);
  const there = await failureOf(repository.path, { at: "HEAD" });
  equal(there.code, "PIOT_CONFIG_MISSING");
  match(there.message, /^Cannot find putitoutthere\.toml in commit [0-9a-f]{40}$/);
  equal((await failureOf(repository.path, { config: "no/such.toml" })).code, "PIOT_CONFIG_MISSING");
});

test("readFacts() tells what is wrong with the configuration before what is wrong with the clone", async () => {
  await using folder = await tempFolder({ "putitoutthere.toml": "oops" });
  equal((await failureOf(folder.path)).code, "PIOT_CONFIG_SYNTAX");
});

test("readFacts() hears PIOT_SHALLOW_CLONE when a shallow clone shows no release", async () => {
  await using repository = await repositoryOf(HISTORY, { files: FILES });
  for (
    const args of [["--depth=1"], ["--depth=1", "--no-tags"], ["--depth=2", "--no-tags"]]
  ) {
    await using shallow = await clone(repository.path, ...args);
    const failure = await failureOf(shallow.path);
    equal(failure.code, "PIOT_SHALLOW_CLONE");
    equal(failure.exitCode, 2);
    match(
      failure.message,
      /^Cannot tell the last releases: this clone is shallow, with [12] commits? of history$/,
    );
    match(failure.hint!, /`fetch-depth: 0`.+`filter: blob:none`/);
  }
});

test("readFacts() hears PIOT_SHALLOW_CLONE when tags were fetched without their history", async () => {
  await using repository = await repositoryOf(HISTORY, { files: FILES });
  await using shallow = await clone(repository.path, "--depth=1");
  await git(shallow.path, ["fetch", "--quiet", "--depth=1", "origin", "+refs/tags/*:refs/tags/*"]);
  equal((await failureOf(shallow.path)).code, "PIOT_SHALLOW_CLONE");
});

test("readFacts() hears PIOT_SHALLOW_CLONE although a release of every package is in sight", async () => {
  const old: Step[] = Array.from({ length: 5 }, (_, at) => ({ commit: `Old ${at}` }));
  await using repository = await repositoryOf([...old, ...HISTORY], { files: FILES });
  await using shallow = await clone(repository.path, "--depth=4");
  equal((await failureOf(shallow.path)).code, "PIOT_SHALLOW_CLONE");
});

test("readFacts() hears PIOT_SHALLOW_CLONE when the highest tag lies behind the cut and a lower one before it", async () => {
  await using repository = await repositoryOf([
    { commit: "Start" },
    { tag: "a-v2.0.0" },
    { commit: "One" },
    { tag: ["a-v1.9.1", "b-v0.1.0"] },
    { commit: "Two", write: { "a/lib.rs": "2" } },
  ], { files: FILES });
  deepEqual(
    makePlan(await factsOf(repository.path)).packages.map(({ version }) => version),
    ["2.0.1", "0.1.1"],
  );
  await using shallow = await clone(repository.path, "--depth=2");
  equal((await failureOf(shallow.path)).code, "PIOT_SHALLOW_CLONE");
});

test("readFacts() takes a clone that is cut where HEAD's history does not lead", async () => {
  await using repository = await repositoryOf(HISTORY, { files: FILES });
  const whole = makePlan(await factsOf(repository.path));
  await using other = await repositoryOf([{ commit: "A" }, { commit: "B" }, { commit: "C" }]);
  await git(repository.path, ["fetch", "--quiet", "--depth=1", `file://${other.path}`, "main"]);
  match(await readFile(join(repository.path, ".git/shallow"), "utf8"), /^[0-9a-f]{40}\n$/);
  deepEqual(makePlan(await factsOf(repository.path)), whole);
});

test("readFacts() takes a clone of a depth that reaches the first commit, or ends at it", async () => {
  await using repository = await repositoryOf(HISTORY, { files: FILES });
  for (const depth of [50, 3]) {
    await using deep = await clone(repository.path, `--depth=${depth}`);
    deepEqual(makePlan(await factsOf(deep.path)), makePlan(await factsOf(repository.path)));
  }
});

test("readFacts() hears PIOT_SHALLOW_CLONE when it cannot see where a release left the main line", async () => {
  const steps: Step[] = [
    { commit: "Start" },
    { commit: "Stable", on: "stable" },
    { commit: "Fix", on: "stable", write: { "a/lib.rs": "2" } },
    { tag: ["a-v0.1.0", "b-v0.1.0"], at: "stable" },
    { commit: "One" },
    { commit: "Two" },
    { commit: "Merge", merge: ["stable"], write: { "a/lib.rs": "3" } },
  ];
  await using repository = await repositoryOf(steps, { files: FILES });
  await using shallow = await clone(repository.path, "--depth=3");
  equal((await failureOf(shallow.path)).code, "PIOT_SHALLOW_CLONE");
  equal(makePlan(await factsOf(repository.path)).packages.length, 2);
});

test("readFacts() hears PIOT_TREELESS_CLONE in a clone without folders", async () => {
  await using repository = await repositoryOf(HISTORY, { files: FILES });
  await git(repository.path, ["config", "uploadpack.allowFilter", "true"]);
  for (const filter of ["tree:0", "combine:blob:none+tree:0", "object:type=commit"]) {
    await using treeless = await clone(repository.path, "--no-checkout", `--filter=${filter}`);
    await git(treeless.path, ["checkout", "HEAD", "--", "putitoutthere.toml"]);
    const failure = await failureOf(treeless.path);
    equal(failure.code, "PIOT_TREELESS_CLONE", filter);
    equal(failure.exitCode, 2);
  }
});

test("readFacts() fetches nothing in a clone without blobs", async () => {
  const toml = CONFIG.replace('"b/**"]', '"b/**", "top.txt", "docs/*.md", "*.json"]');
  const steps: Step[] = [
    ...HISTORY,
    { commit: "More", write: { "top.txt": "2", "docs/a.md": "2", "x.json": "2", "b/lib.rs": "2" } },
  ];
  const files = {
    ...FILES,
    "putitoutthere.toml": toml,
    "top.txt": "1",
    "docs/a.md": "1",
    "x.json": "1",
  };
  await using repository = await repositoryOf(steps, { files });
  await git(repository.path, ["config", "uploadpack.allowFilter", "true"]);
  await using partial = await clone(repository.path, "--filter=blob:none", "--no-checkout");
  const expected = makePlan(await factsOf(repository.path));
  // What is not here cannot be fetched either: the remote is gone.
  await git(partial.path, ["checkout", "HEAD", "--", "putitoutthere.toml"]);
  await git(partial.path, ["remote", "set-url", "origin", "file:///nonexistent"]);
  deepEqual(makePlan(await factsOf(partial.path)), expected);
  equal(expected.packages[1]!.reason, "changed");
});

test("readFacts() passes on git's words about a folder of another owner", async () => {
  await using repository = await repositoryOf(HISTORY, { files: FILES });
  // git's own tests use this variable to make it believe so.
  const env = { ...GIT_ENV, GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" };
  const failure = await failureOf(repository.path, { env });
  equal(failure.code, "PIOT_GIT");
  match(failure.message, /dubious ownership/);
  match(failure.message, /safe\.directory/);
});

const LOST: readonly (readonly [name: string, object: string])[] = [
  ["a commit", "HEAD~1"],
  ["a folder of the last release", "a-v0.1.0^{tree}"],
  ["a folder of HEAD", "HEAD^{tree}"],
];

for (const [name, object] of LOST) {
  test(`readFacts() hears PIOT_GIT, and not an end or a change, when ${name} is missing`, async () => {
    // A glob over the files of one folder takes a look into that folder itself.
    const toml = CONFIG.replace('"a/**"]', '"a/*.rs"]');
    await using repository = await repositoryOf(HISTORY, {
      files: { ...FILES, "putitoutthere.toml": toml },
    });
    const id = (await git(repository.path, ["rev-parse", object])).trim();
    await rm(join(repository.path, ".git/objects", id.slice(0, 2), id.slice(2)));
    equal((await failureOf(repository.path)).code, "PIOT_GIT");
  });
}
