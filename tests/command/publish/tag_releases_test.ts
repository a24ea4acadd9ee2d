import assert from "node:assert/strict";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { judge, SILENT } from "../../../src/command/publish/judge.ts";
import {
  type Judged,
  releaseOf,
  type Repository,
  type Run,
} from "../../../src/command/publish/run.ts";
import { openTags, type RunTags } from "../../../src/command/publish/tag_releases.ts";
import { Failure } from "../../../src/error.ts";
import { createGit } from "../../../src/host/git.ts";
import type { GitHub, GitHubAccess } from "../../../src/host/github.ts";
import type { Event } from "../../../src/report/report.ts";
import { GIT_ENV } from "../../support/git_repo.ts";
import { git, repositoryOf } from "../../support/history.ts";
import { needs } from "../../support/tools.ts";
import { declare, smallRegistry, smallRun } from "./small_registry.ts";

const withGit = await needs("git");
const withHooks = {
  skip: withGit.skip || (process.platform === "win32" ? "no sh for hooks" : false),
};

interface Desk {
  readonly run: Run;
  readonly events: readonly Event[];
  /** The first commit, and the one that is released. */
  readonly first: string;
  readonly head: string;
  readonly judged: (
    changes?: Readonly<Record<string, Partial<Judged["release"]>>>,
  ) => Promise<readonly Judged[]>;
  readonly git: (...args: readonly string[]) => Promise<string>;
}

/** A repository of two commits, without a remote, that releases `a` and `b` at 1.0.0. */
async function desk(
  use: (desk: Desk) => Promise<void>,
  access: (workflowsTree: string) => GitHubAccess = () => ({ why: "there is none" }),
): Promise<void> {
  await using folder = await repositoryOf([
    { commit: "First", write: { ".github/workflows/a.yml": "1" } },
    { commit: "Second", write: { ".github/workflows/a.yml": "2" } },
  ]);
  const inFolder = async (...args: readonly string[]): Promise<string> =>
    (await git(folder.path, args)).trim();
  const [first, head] = [await inFolder("rev-parse", "HEAD~"), await inFolder("rev-parse", "HEAD")];
  const npm = smallRegistry();
  const world = smallRun(declare({ a: [], b: [] }), { registries: { npm } });
  const repository: Repository = {
    git: createGit({ cwd: folder.path, env: GIT_ENV }),
    github: async () => access(await inFolder("rev-parse", "HEAD:.github/workflows")),
  };
  const run: Run = { ...world.run, repository, plan: { ...world.run.plan, head } };
  const judged: Desk["judged"] = async (changes = {}) => {
    const prepared = (await world.ready()).map(({ prepared, look }) => ({ prepared, look }));
    return run.plan.packages.map((planned, at): Judged => {
      const release = {
        ...releaseOf(run, { planned, artifacts: [] }),
        ...changes[planned.name],
      };
      const own = { ...prepared[at]!.prepared, release };
      const { look } = prepared[at]!;
      return { release, prepared: own, look, verdict: judge(own, look, SILENT) };
    });
  };
  await use({ run, events: world.events, first, head, judged, git: inFolder });
}

const warnings = (events: readonly Event[]): readonly string[] =>
  events.flatMap((event) => event.type === "warning" ? [event.message] : []);

async function opened(run: Run): Promise<RunTags> {
  const tags = await openTags(run);
  assert.ok(tags !== undefined);
  return tags;
}

test("outside of a work tree nothing is tagged, which is told", async () => {
  const world = smallRun(declare({ a: [] }), { registries: {} });
  assert.equal(await openTags(world.run), undefined);
  assert.deepEqual(warnings(world.events), ["this is no git work tree: nothing will be tagged"]);
});

test(
  "a repository without a commit is tagged no more than a folder",
  withGit,
  () =>
    desk(async ({ run, events }) => {
      assert.equal(await openTags({ ...run, plan: { ...run.plan, head: null } }), undefined);
      assert.deepEqual(warnings(events), ["this is no git work tree: nothing will be tagged"]);
    }),
);

test(
  "after an interruption no remote is asked any more",
  withGit,
  () =>
    desk(async ({ run, events }) => {
      const signal = AbortSignal.abort(new Failure("PIOT_INTERRUPTED", "stopped"));
      const stopped: Run = { ...run, host: { ...run.host, signal } };
      await assert.rejects(openTags(stopped), { code: "PIOT_INTERRUPTED" });
      assert.deepEqual(events, []);
    }),
);

test(
  "a release is tagged at its own commit, with what it is; a second time nothing is written",
  withGit,
  () =>
    desk(async ({ run, events, first, head, judged, git }) => {
      const tags = await opened(run);
      assert.equal(warnings(events).length, 1, "there is no remote to push to");
      const [a, b] = await judged({ b: { commit: first } });
      assert.equal(await tags.tag(a!.release), true);
      assert.equal(await tags.tag(b!.release), true);
      assert.equal(await git("rev-parse", "a-v1.0.0^{commit}"), head);
      assert.equal(await git("rev-parse", "b-v1.0.0^{commit}"), first, "the one it was made from");
      assert.equal(
        await git("for-each-ref", "--format=%(contents:subject)", "refs/tags/a-v1.0.0"),
        "Release a 1.0.0",
      );
      assert.equal(await tags.tag(a!.release), false);
      const done = events.flatMap((event) => event.type === "tag" ? [[event.tag, event.done]] : []);
      assert.deepEqual(done, [
        ["a-v1.0.0", "written"],
        ["b-v1.0.0", "written"],
        ["a-v1.0.0", "already-there"],
      ]);
    }),
);

test(
  "a release of no commit that is known is tagged at HEAD",
  withGit,
  () =>
    desk(async ({ run, head, judged, git }) => {
      const tags = await opened(run);
      const [a] = await judged({ a: { commit: undefined } });
      await tags.tag(a!.release);
      assert.equal(await git("rev-parse", "a-v1.0.0^{commit}"), head);
    }),
);

test(
  "only the release whose tag stands elsewhere is refused",
  withGit,
  () =>
    desk(async ({ run, first, judged, git }) => {
      await git("tag", "a-v1.0.0", first);
      const tags = await opened(run);
      const [a, b] = await tags.refuseElsewhere(await judged());
      assert.ok(a!.verdict.to === "refuse");
      assert.equal(a!.verdict.failure.code, "PIOT_TAG_ELSEWHERE");
      assert.equal(b!.verdict.to, "send");
    }),
);

test(
  "a tag that stands at the earlier commit which the release was made from is where it should be",
  withGit,
  () =>
    desk(async ({ run, first, judged, git }) => {
      await git("tag", "a-v1.0.0", first);
      const tags = await opened(run);
      const [a] = await tags.refuseElsewhere(await judged({ a: { commit: first } }));
      assert.equal(a!.verdict.to, "send");
    }),
);

test(
  "what was refused already keeps its first failure",
  withGit,
  () =>
    desk(async ({ run, first, judged, git }) => {
      await git("tag", "a-v1.0.0", first);
      const tags = await opened(run);
      const taken = new Failure("PIOT_VERSION_TAKEN", "taken");
      const [a, ...others] = await judged();
      const given = [{ ...a!, verdict: { to: "refuse", failure: taken } as const }, ...others];
      const [refused] = await tags.refuseElsewhere(given);
      assert.deepEqual(refused!.verdict, { to: "refuse", failure: taken });
    }),
);

/** GitHub, whose default branch has this tree of workflows. */
function gitHubWith(tree: string | undefined): GitHubAccess {
  const unasked = (): Promise<never> => Promise.reject(new Error("nobody asks for that here"));
  const github: GitHub = {
    repository: "ada/engine",
    findRelease: unasked,
    ensureRelease: unasked,
    workflowsTree: () => Promise.resolve(tree),
    createTag: unasked,
    findRun: unasked,
    findEnvironment: unasked,
  };
  return { github };
}

const DRIFT = /^no branch has the workflow files of (.+): GitHub may refuse its tags/;
const drifts = (events: readonly Event[]): readonly string[] =>
  warnings(events).flatMap((message) => DRIFT.exec(message)?.[1] ?? []);

/** A repository with a remote whose only branch stands at its first commit. */
async function withRemote({ git }: Desk): Promise<void> {
  const bare = `${await git("rev-parse", "--show-toplevel")}/.git/remote.git`;
  await git("init", "--quiet", "--bare", "--initial-branch=main", bare);
  await git("remote", "add", "origin", bare);
  await git("push", "--quiet", "origin", "HEAD~:refs/heads/old");
}

test(
  "workflow files that no branch has any more are warned about before anything is sent",
  withGit,
  () =>
    desk(async (own) => {
      await withRemote(own);
      const { run, events, judged, first } = own;
      const tags = await opened(run);
      assert.deepEqual(drifts(events), ["this commit"]);
      await tags.refuseElsewhere(await judged());
      assert.deepEqual(drifts(events), ["this commit"], "once");
      await tags.refuseElsewhere(await judged({ a: { commit: first } }));
      assert.deepEqual(drifts(events), ["this commit"], "a branch ends in the first one");
    }, () => gitHubWith("0".repeat(40))),
);

test(
  "an earlier commit that is tagged is looked at too, once for all of its releases",
  withGit,
  () =>
    desk(async (own) => {
      await withRemote(own);
      const { run, events, judged, first, git } = own;
      await git("push", "--quiet", "--force", "origin", "HEAD:refs/heads/old");
      const tags = await opened(run);
      assert.deepEqual(drifts(events), []);
      await tags.refuseElsewhere(await judged({ a: { commit: first }, b: { commit: first } }));
      assert.deepEqual(drifts(events), [first]);
    }, () => gitHubWith("0".repeat(40))),
);

test(
  "workflow files that the default branch has are no matter",
  withGit,
  () =>
    desk(async (own) => {
      await withRemote(own);
      await opened(own.run);
      assert.deepEqual(drifts(own.events), []);
    }, (tree) => gitHubWith(tree)),
);

test(
  "a tag whose push is refused for its workflow files is made through the API",
  withHooks,
  async () => {
    const asked: string[] = [];
    let bare = "";
    const access = (): GitHubAccess => {
      const { github } = gitHubWith(undefined);
      const createTag: GitHub["createTag"] = async ({ tag, commit, message }) => {
        asked.push(tag);
        await git(bare, [
          "-c",
          "user.name=Ada",
          "-c",
          "user.email=a@x",
          "tag",
          "-a",
          "-m",
          message,
          tag,
          commit,
        ]);
      };
      return { github: { ...github!, createTag } };
    };
    await desk(async (own) => {
      await withRemote(own);
      const { run, judged, git, events, head } = own;
      bare = await git("remote", "get-url", "origin");
      await git("push", "--quiet", "origin", "HEAD:refs/heads/main");
      const words = "refusing to allow a GitHub App to create or update workflow " +
        "`.github/workflows/a.yml` without `workflows` permission";
      const hook = join(bare, "hooks/update");
      await writeFile(hook, `#!/bin/sh\necho '${words}' >&2\nexit 1\n`);
      await chmod(hook, 0o755);
      const tags = await opened(run);
      const [a] = await judged();
      assert.equal(await tags.tag(a!.release), true);
      assert.deepEqual(asked, ["a-v1.0.0"]);
      assert.equal(await git("--git-dir", bare, "rev-parse", "a-v1.0.0^{commit}"), head);
      assert.deepEqual(events.map(({ type }) => type), ["tag"]);
    }, access);
  },
);
