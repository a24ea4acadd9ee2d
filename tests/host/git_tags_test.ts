import { test } from "node:test";
import assert from "node:assert/strict";
import { Failure } from "../../src/error.ts";
import { tagMessage } from "../../src/core/release/tag.ts";
import { createGit } from "../../src/host/git.ts";
import {
  openTagging,
  type Tagging,
  type TaggingOptions,
  type WantedTag,
} from "../../src/host/git_tags.ts";
import { GIT_ENV } from "../support/git_repo.ts";
import { JOB_ENV, refsOf, type RemoteRepo, remoteRepo } from "../support/remote_repo.ts";

const MESSAGE = tagMessage({ name: "demo", version: "1.0.0" });

function wanted({ head }: Pick<RemoteRepo, "head">): WantedTag {
  return { message: MESSAGE, commit: head };
}

/** The failures for `demo-v1.0.0`, where it stands elsewhere than on HEAD. */
async function conflictsOf(open: Tagging, { head }: RemoteRepo): Promise<readonly Failure[]> {
  const conflicts = await open.conflicts(new Map([["demo-v1.0.0", head]]));
  assert.deepEqual([...conflicts.keys()], [...conflicts].map(() => "demo-v1.0.0"));
  return [...conflicts.values()];
}

function tagging(repo: RemoteRepo, over: Partial<TaggingOptions> = {}): Promise<Tagging> {
  return openTagging(repo.host, { env: {}, tags: ["demo-v1.0.0"], ...over });
}

function failure(code: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof Failure, String(error));
    assert.equal(error.code, code, error.message);
    return true;
  };
}

test("ensure() writes an annotated tag with the commit's date, here and on the remote", async () => {
  await using repo = await remoteRepo();
  const made = await (await tagging(repo)).ensure("demo-v1.0.0", wanted(repo));
  assert.equal(made.state, "created");
  assert.equal(made.remote, "origin");
  const text = await repo.bare.text(["cat-file", "tag", "refs/tags/demo-v1.0.0"]);
  assert.equal(
    text,
    [
      `object ${repo.head}`,
      "type commit",
      "tag demo-v1.0.0",
      "tagger github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com> 1767225600 +0000",
      "",
      "Release demo 1.0.0",
      "",
    ].join("\n"),
  );
  assert.equal(await repo.git("rev-parse", "refs/tags/demo-v1.0.0"), made.object);
});

test("ensure() makes the same object again when every trace of the first was lost", async () => {
  await using repo = await remoteRepo();
  const first = await (await tagging(repo)).ensure("demo-v1.0.0", wanted(repo));
  await repo.git("tag", "--delete", "demo-v1.0.0");
  await repo.bare.text(["update-ref", "-d", "refs/tags/demo-v1.0.0"]);
  await repo.git("prune", "--expire=now");
  const second = await (await tagging(repo)).ensure("demo-v1.0.0", wanted(repo));
  assert.deepEqual(second, first);
});

test("ensure() tags in git's own name where git has one", async () => {
  await using repo = await remoteRepo();
  const git = createGit({ cwd: repo.path, env: GIT_ENV });
  const open = await openTagging(git, { env: {}, tags: ["demo-v1.0.0"] });
  await open.ensure("demo-v1.0.0", wanted(repo));
  const tagger = await repo.git(
    "for-each-ref",
    "--format=%(taggername) %(taggeremail)",
    "refs/tags",
  );
  assert.equal(tagger, "Ada <ada@example.com>");
});

test("ensure() does not sign, whatever tag.gpgSign says", async () => {
  await using repo = await remoteRepo();
  await repo.git("config", "tag.gpgSign", "true");
  await repo.git("config", "gpg.program", "/nonexistent/gpg");
  assert.equal((await (await tagging(repo)).ensure("demo-v1.0.0", wanted(repo))).state, "created");
});

test("ensure() finds the tag of an earlier run and writes nothing", async () => {
  await using repo = await remoteRepo();
  const first = await (await tagging(repo)).ensure("demo-v1.0.0", wanted(repo));
  const before = await refsOf(repo.bare);
  // From here on the remote refuses every push: a second run must not need one.
  await repo.hook("pre-receive", "exit 1");
  const second = await (await tagging(repo)).ensure("demo-v1.0.0", wanted(repo));
  assert.deepEqual(second, { ...first, state: "present" });
  assert.deepEqual(await refsOf(repo.bare), before);
});

test("ensure() pushes a tag that an interrupted run left here only", async () => {
  await using repo = await remoteRepo();
  await repo.git("tag", "--annotate", "--message", "by hand", "demo-v1.0.0", repo.head);
  const object = await repo.git("rev-parse", "refs/tags/demo-v1.0.0");
  const made = await (await tagging(repo)).ensure("demo-v1.0.0", wanted(repo));
  assert.deepEqual(made, {
    tag: "demo-v1.0.0",
    commit: repo.head,
    object,
    state: "pushed",
    remote: "origin",
  });
  assert.ok((await refsOf(repo.bare)).includes(`refs/tags/demo-v1.0.0 ${object}`));
});

const KINDS = [
  { name: "an annotated tag", args: ["--annotate", "--message", "by hand"] },
  { name: "a lightweight tag", args: [] },
];
for (const { name, args } of KINDS) {
  test(`ensure() accepts ${name} that the remote alone has on this commit`, async () => {
    await using repo = await remoteRepo();
    await repo.git("tag", ...args, "demo-v1.0.0", repo.head);
    await repo.git("push", "--quiet", "origin", "refs/tags/demo-v1.0.0");
    await repo.git("tag", "--delete", "demo-v1.0.0");
    const before = await refsOf(repo.bare);
    const open = await tagging(repo);
    assert.deepEqual(await conflictsOf(open, repo), []);
    const { state, object } = await open.ensure("demo-v1.0.0", wanted(repo));
    assert.equal(state, "present");
    assert.deepEqual(await refsOf(repo.bare), before);
    // The next plan of this clone counts from it.
    assert.ok((await refsOf(repo.host)).includes(`refs/tags/demo-v1.0.0 ${object}`));
  });

  test(`ensure() never moves ${name} that the remote has on another commit`, async () => {
    await using repo = await remoteRepo();
    const next = await repo.commit("Next", { "a.txt": "b\n" });
    await repo.git("tag", ...args, "demo-v1.0.0", next);
    await repo.git("push", "--quiet", "origin", "refs/tags/demo-v1.0.0");
    await repo.git("tag", "--delete", "demo-v1.0.0");
    const before = await refsOf(repo.bare);
    const open = await tagging(repo);
    const [conflict, ...others] = await conflictsOf(open, repo);
    assert.equal(conflict?.code, "PIOT_TAG_ELSEWHERE");
    assert.ok(conflict?.message.includes(repo.head) && conflict.message.includes(next));
    assert.match(conflict.message, /on "origin" that tag stands on/);
    assert.deepEqual(others, []);
    await assert.rejects(open.ensure("demo-v1.0.0", wanted(repo)), failure("PIOT_TAG_ELSEWHERE"));
    assert.deepEqual(await refsOf(repo.bare), before);
  });

  test(`ensure() never moves ${name} that stands here on another commit`, async () => {
    await using repo = await remoteRepo();
    const next = await repo.commit("Next", { "a.txt": "b\n" });
    await repo.git("tag", ...args, "demo-v1.0.0", next);
    const [here, there] = [await refsOf(repo.host), await refsOf(repo.bare)];
    const open = await tagging(repo);
    assert.match((await conflictsOf(open, repo))[0]!.message, /in this repository/);
    await assert.rejects(open.ensure("demo-v1.0.0", wanted(repo)), failure("PIOT_TAG_ELSEWHERE"));
    assert.deepEqual(await refsOf(repo.host), here);
    assert.deepEqual(await refsOf(repo.bare), there);
  });
}

test("ensure() does not take a tag of a tree for one of the commit", async () => {
  await using repo = await remoteRepo();
  await repo.git("tag", "demo-v1.0.0", "HEAD^{tree}");
  const [conflict] = await conflictsOf(await tagging(repo), repo);
  assert.match(conflict!.message, /something that is no commit/);
});

test("ensure() refuses a tag that somebody else pushed to another commit meanwhile", async () => {
  await using repo = await remoteRepo();
  const open = await tagging(repo);
  const next = await repo.commit("Next", { "a.txt": "b\n" });
  await repo.git("push", "--quiet", "origin", `${next}:refs/tags/demo-v1.0.0`);
  await assert.rejects(open.ensure("demo-v1.0.0", wanted(repo)), failure("PIOT_TAG_ELSEWHERE"));
  assert.ok((await refsOf(repo.bare)).includes(`refs/tags/demo-v1.0.0 ${next}`));
  assert.equal((await refsOf(repo.host)).some((ref) => ref.startsWith("refs/tags/")), false);
});

test("ensure() is content with a tag that somebody else pushed to this commit meanwhile", async () => {
  await using repo = await remoteRepo();
  const open = await tagging(repo);
  await repo.git("push", "--quiet", "origin", `${repo.head}:refs/tags/demo-v1.0.0`);
  const made = await open.ensure("demo-v1.0.0", wanted(repo));
  assert.deepEqual([made.state, made.object], ["present", repo.head]);
  assert.ok((await refsOf(repo.host)).includes(`refs/tags/demo-v1.0.0 ${repo.head}`));
});

test("ensure() asks the remote when the answer to a push was lost", async () => {
  await using repo = await remoteRepo();
  // Once the ref is written, the remote's process dies before it can report.
  await repo.hook("reference-transaction", '[ "$1" = committed ] && kill -9 $PPID; exit 0');
  const made = await (await tagging(repo)).ensure("demo-v1.0.0", wanted(repo));
  assert.equal(made.state, "created");
  assert.ok((await refsOf(repo.bare)).includes(`refs/tags/demo-v1.0.0 ${made.object}`));
  assert.equal(await repo.git("rev-parse", "refs/tags/demo-v1.0.0"), made.object);
});

test("only our ref is pushed, even with push.followTags", async () => {
  await using repo = await remoteRepo();
  await repo.git("config", "push.followTags", "true");
  await repo.git("tag", "--annotate", "--message", "mine", "private-note", repo.head);
  await repo.git("branch", "experiment");
  const before = await refsOf(repo.bare);
  const made = await (await tagging(repo)).ensure("demo-v1.0.0", wanted(repo));
  assert.deepEqual(
    await refsOf(repo.bare),
    [...before, `refs/tags/demo-v1.0.0 ${made.object}`],
  );
});

test("no hook of the repository runs", async () => {
  await using repo = await remoteRepo();
  const names = ["pre-push", "reference-transaction"];
  const script = "#!/bin/sh\necho ran >> hook-ran\nexit 1\n";
  const { writeTree } = await import("../support/temp.ts");
  const { chmod, readdir } = await import("node:fs/promises");
  await writeTree(repo.path, {
    ...Object.fromEntries(names.map((name) => [`.husky/${name}`, script])),
  });
  for (const name of names) await chmod(`${repo.path}/.husky/${name}`, 0o755);
  await repo.git("config", "core.hooksPath", ".husky");
  assert.equal((await (await tagging(repo)).ensure("demo-v1.0.0", wanted(repo))).state, "created");
  assert.equal((await readdir(repo.path)).includes("hook-ran"), false);
});

test("many tags of one commit can be made side by side", async () => {
  await using repo = await remoteRepo();
  const tags = ["a", "b", "c", "d", "e"].map((name) => `@scope/${name}-v1.0.0`);
  const open = await tagging(repo, { tags });
  const made = await Promise.all(tags.map((tag) => open.ensure(tag, wanted(repo))));
  assert.deepEqual(made.map((tag) => tag.state), tags.map(() => "created"));
  const pushed = (await refsOf(repo.bare)).filter((ref) => ref.startsWith("refs/tags/"));
  assert.equal(pushed.length, tags.length);
});

test("without a remote the tag stays here, and a sentence says so", async () => {
  await using repo = await remoteRepo();
  await repo.git("remote", "remove", "origin");
  const open = await tagging(repo);
  assert.equal(open.remote, undefined);
  assert.match(open.warning!, /no remote called "origin"/);
  const made = await open.ensure("demo-v1.0.0", wanted(repo));
  assert.deepEqual([made.state, made.remote], ["created", undefined]);
  assert.equal(await repo.git("rev-parse", "refs/tags/demo-v1.0.0^{commit}"), repo.head);
  assert.equal((await open.ensure("demo-v1.0.0", wanted(repo))).state, "present");
});

const REFUSALS = [
  {
    name: "a ruleset",
    code: "PIOT_TAG_RULESET",
    says: [
      "error: GH013: Repository rule violations found for refs/tags/demo-v1.0.0.",
      "- Cannot create ref due to creations being restricted.",
    ],
  },
  {
    name: "workflow files that no branch has",
    code: "PIOT_TAG_WORKFLOWS",
    says: [
      "error: GH013: Repository rule violations found for refs/tags/demo-v1.0.0.",
      "refusing to allow a GitHub App to create or update workflow \\`.github/workflows/ci.yml\\` without \\`workflows\\` permission",
    ],
  },
  {
    name: "a hook with reasons of its own",
    code: "PIOT_TAG_REFUSED",
    says: ["error: no releases on Fridays"],
  },
];
for (const { name, code, says } of REFUSALS) {
  test(`ensure() reports ${code} for ${name}, quotes it, and leaves no tag behind`, async () => {
    await using repo = await remoteRepo();
    await repo.hook(
      "pre-receive",
      says.map((line) => `echo "${line}" >&2`).join("\n") + "\nexit 1",
    );
    await assert.rejects((await tagging(repo)).ensure("demo-v1.0.0", wanted(repo)), (error) => {
      assert.ok(failure(code)(error));
      const { message, hint } = error as Failure;
      assert.match(message, /^Cannot push tag "demo-v1\.0\.0" to "origin": /);
      assert.ok(
        message.includes(says.at(-1)!.replaceAll("\\", "").replace("error: ", "")),
        message,
      );
      assert.ok(hint);
      return true;
    });
    assert.equal((await refsOf(repo.host)).some((ref) => ref.startsWith("refs/tags/")), false);
    await repo.hook("pre-receive", "exit 0");
    assert.equal(
      (await (await tagging(repo)).ensure("demo-v1.0.0", wanted(repo))).state,
      "created",
    );
  });
}

test("openTagging() says so when there is no repository at the remote's address", async () => {
  await using repo = await remoteRepo();
  await repo.git("remote", "set-url", "origin", `${repo.path}/nowhere`);
  await assert.rejects(tagging(repo), failure("PIOT_TAG_REMOTE"));
});

test("tags are read where they are pushed to when the two addresses differ", async () => {
  await using repo = await remoteRepo();
  await using fork = await remoteRepo();
  await repo.git("config", "remote.origin.pushurl", fork.bare.cwd);
  const first = await (await tagging(repo)).ensure("demo-v1.0.0", wanted(repo));
  assert.equal(first.state, "created");
  assert.deepEqual((await refsOf(repo.bare)).filter((ref) => ref.includes("tags")), []);
  await repo.git("tag", "--delete", "demo-v1.0.0");
  assert.equal((await (await tagging(repo)).ensure("demo-v1.0.0", wanted(repo))).state, "present");
});

test("a git without an identity, configuration or home can tag", async () => {
  await using repo = await remoteRepo();
  const git = createGit({ cwd: repo.path, env: { PATH: JOB_ENV.PATH } });
  const open = await openTagging(git, { env: {}, tags: ["demo-v1.0.0"] });
  assert.equal((await open.ensure("demo-v1.0.0", wanted(repo))).state, "created");
});
