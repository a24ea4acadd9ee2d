import assert from "node:assert/strict";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import type { JudgedTag } from "../../../src/command/reconcile/judge_tags.ts";
import { writeTags } from "../../../src/command/reconcile/write_tags.ts";
import { Failure } from "../../../src/error.ts";
import { createGit } from "../../../src/host/git.ts";
import { GIT_ENV } from "../../support/git_repo.ts";
import { git, repositoryOf } from "../../support/history.ts";
import { testHost } from "../../support/test_host.ts";
import { needs } from "../../support/tools.ts";

const withGit = await needs("git");
const withHooks = {
  skip: withGit.skip || (process.platform === "win32" ? "no sh for hooks" : false),
};

interface Desk {
  readonly head: string;
  readonly first: string;
  readonly git: (...args: readonly string[]) => Promise<string>;
  readonly bare: string;
  readonly write: (
    judged: readonly JudgedTag[],
    options?: { readonly dryRun?: boolean; readonly signal?: AbortSignal },
  ) => ReturnType<typeof writeTags>;
}

/** A clone of two commits, whose remote is a bare repository beside it. */
async function desk(use: (desk: Desk) => Promise<void>): Promise<void> {
  await using folder = await repositoryOf([{ commit: "First" }, { commit: "Second" }]);
  const inside = async (...args: readonly string[]): Promise<string> =>
    (await git(folder.path, args)).trim();
  const bare = join(folder.path, ".git/remote.git");
  await inside("init", "--quiet", "--bare", bare);
  await inside("remote", "add", "origin", bare);
  await inside("push", "--quiet", "origin", "HEAD:refs/heads/main");
  await use({
    ...{ head: await inside("rev-parse", "HEAD"), first: await inside("rev-parse", "HEAD~") },
    ...{ git: inside, bare },
    write: (judged, { dryRun = false, signal } = {}) => {
      const host = testHost({ cwd: folder.path, env: GIT_ENV, ...(signal && { signal }) });
      return writeTags(judged, {
        ...{ host, dryRun, git: createGit({ cwd: folder.path, env: GIT_ENV }) },
      });
    },
  });
}

const proven = (name: string, commit: string): JudgedTag => ({
  ...{ name, held: "1.0.0", version: "1.0.0", tag: `${name}-v1.0.0` },
  verdict: {
    ...{ to: "tag", tag: `${name}-v1.0.0`, version: "1.0.0", commit, source: "its gitHead" },
  },
});
const LEFT: JudgedTag = {
  ...{ name: "left", held: "1.0.0", version: "1.0.0", tag: "left-v1.0.0" },
  verdict: { to: "leave", why: "nobody knows", command: "git tag COMMIT", risk: "much" },
};
const states = (tags: Awaited<ReturnType<typeof writeTags>>): readonly string[] =>
  tags.map(({ name, state }) => `${name}: ${state}`);

test(
  "proven tags are made at their commits, here and on the remote, and others are left with what to do",
  withGit,
  () =>
    desk(async ({ first, head, write, git, bare }) => {
      const tags = await write([proven("a", first), LEFT, proven("b", head)]);
      assert.deepEqual(states(tags), ["a: made", "left: left", "b: made"]);
      assert.deepEqual(tags[0], {
        ...{ name: "a", held: "1.0.0", tag: "a-v1.0.0", state: "made" },
        ...{ commit: first, source: "its gitHead" },
      });
      assert.deepEqual(tags[1], {
        ...{ name: "left", held: "1.0.0", tag: "left-v1.0.0", state: "left" },
        ...{ why: "nobody knows", command: "git tag COMMIT", risk: "much" },
      });
      assert.equal(await git("--git-dir", bare, "rev-parse", "a-v1.0.0^{commit}"), first);
      assert.equal(
        await git("for-each-ref", "--format=%(contents:subject)", "refs/tags/b-v1.0.0"),
        "Release b 1.0.0",
      );
    }),
);

test(
  "a dry run says what it would make, and makes nothing",
  withGit,
  () =>
    desk(async ({ head, write, git, bare }) => {
      assert.deepEqual(states(await write([proven("a", head), LEFT], { dryRun: true })), [
        "a: would-make",
        "left: left",
      ]);
      assert.equal(await git("--git-dir", bare, "tag", "--list"), "");
      assert.equal(await git("tag", "--list"), "");
    }),
);

test(
  "a tag that stands elsewhere is told and stays, in a dry run too; the next one is made",
  withGit,
  () =>
    desk(async ({ first, head, write, git, bare }) => {
      await git("--git-dir", bare, "tag", "a-v1.0.0", first);
      for (const dryRun of [true, false]) {
        const tags = await write([proven("a", head), proven("b", head)], { dryRun });
        assert.deepEqual(states(tags), ["a: failed", dryRun ? "b: would-make" : "b: made"]);
        assert.match(tags[0]!.why ?? "", /a-v1\.0\.0/);
      }
      assert.equal(await git("--git-dir", bare, "rev-parse", "a-v1.0.0^{commit}"), first);
    }),
);

test(
  "a tag that the remote refuses is told with its words, and the next one is made",
  withHooks,
  () =>
    desk(async ({ head, write, git, bare }) => {
      const hook = join(bare, "hooks/update");
      await writeFile(
        hook,
        '#!/bin/sh\ncase "$1" in *a-v*) echo "not this one" >&2; exit 1;; esac\n',
      );
      await chmod(hook, 0o755);
      const tags = await write([proven("a", head), proven("b", head)]);
      assert.deepEqual(states(tags), ["a: failed", "b: made"]);
      assert.match(tags[0]!.why ?? "", /a-v1\.0\.0/);
      assert.equal(await git("--git-dir", bare, "tag", "--list"), "b-v1.0.0");
    }),
);

test("where nothing is proven no remote is asked", withGit, () =>
  desk(async ({ write, git }) => {
    await git("remote", "set-url", "origin", "/no/such/remote");
    assert.deepEqual(states(await write([LEFT])), ["left: left"]);
  }));

test(
  "a remote that cannot be read is a failure before anything is written",
  withGit,
  () =>
    desk(async ({ head, write, git }) => {
      await git("remote", "set-url", "origin", "/no/such/remote");
      await assert.rejects(write([LEFT, proven("a", head)]), (error) => error instanceof Failure);
      assert.equal(await git("tag", "--list"), "");
    }),
);

test(
  "after an interruption no tag is written",
  withGit,
  () =>
    desk(async ({ head, write, git }) => {
      const signal = AbortSignal.abort(new Failure("PIOT_INTERRUPTED", "stopped"));
      await assert.rejects(write([proven("a", head)], { signal }), { code: "PIOT_INTERRUPTED" });
      assert.equal(await git("tag", "--list"), "");
    }),
);
