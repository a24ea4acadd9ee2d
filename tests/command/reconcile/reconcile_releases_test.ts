import assert from "node:assert/strict";
import { test } from "node:test";
import { reconcileReleases } from "../../../src/command/reconcile/reconcile_releases.ts";
import { readFacts } from "../../../src/command/read_facts.ts";
import { openWorkspace } from "../../../src/command/workspace.ts";
import { judgeStatus } from "../../../src/core/status/judge_status.ts";
import type {
  ReconciledRelease,
  ReconciledTag,
} from "../../../src/core/status/reconcile_document.ts";
import { Failure } from "../../../src/error.ts";
import { createGit } from "../../../src/host/git.ts";
import { type LocalGitHub, serveGitHub } from "../../../src/rehearsal/github/serve_github.ts";
import type { Event } from "../../../src/report/report.ts";
import { GIT_ENV } from "../../support/git_repo.ts";
import { git, repositoryOf } from "../../support/history.ts";
import { testHost } from "../../support/test_host.ts";
import { needs } from "../../support/tools.ts";

const withGit = await needs("git");

const CONFIG = ["a", "b", "quiet"].map((name) =>
  `\n[[package]]\nname = "${name}"\nkind = "npm"\npath = "${name}"\npaths = ["${name}/**"]\n` +
  (name === "quiet" ? "github_release = false\n" : "")
).join("");
const FILES = { "putitoutthere.toml": `[putitoutthere]\nversion = 1\n${CONFIG}` };
/** The versions that are tagged, at the first commit all of them. */
const TAGS: Readonly<Record<string, string>> = { a: "1.0.0", b: "2.0.0", quiet: "3.0.0" };

interface Desk {
  readonly server: LocalGitHub;
  readonly events: readonly Event[];
  readonly commit: string;
  readonly reconcile: (
    options?: {
      readonly tags?: readonly ReconciledTag[];
      readonly dryRun?: boolean;
      readonly token?: string;
      readonly signal?: AbortSignal;
    },
  ) => Promise<readonly ReconciledRelease[]>;
}

/** A repository on GitHub, where these packages have been released under their tags. */
async function desk(
  tagged: readonly string[],
  use: (desk: Desk) => Promise<void>,
): Promise<void> {
  await using folder = await repositoryOf([
    { commit: "Start" },
    ...Object.entries(TAGS).map(([name, version]) => ({ tag: `${name}-v${version}` })),
    { commit: "Change a", write: { "a/index.js": "1" } },
    { tag: ["a-v1.1.0", "quiet-v3.1.0"] },
  ], { files: FILES });
  const commit = (await git(folder.path, ["rev-parse", "HEAD"])).trim();
  const token = "ghs_of-the-job";
  await using server = await serveGitHub({
    ...{ repository: "ada/engine", token, clock: testHost().clock },
    git: createGit({ cwd: folder.path, env: GIT_ENV }),
  });
  const events: Event[] = [];
  await use({
    ...{ server, events, commit },
    reconcile: async ({ tags = [], dryRun = false, token, signal } = {}) => {
      const env = {
        ...GIT_ENV,
        ...server.env,
        ...(token === undefined ? {} : { GITHUB_TOKEN: token }),
      };
      const host = testHost({ cwd: folder.path, env, ...(signal && { signal }) });
      const workspace = openWorkspace(host);
      const gathered = await readFacts(workspace);
      const statuses = gathered.facts.config.packages.map((pkg) => {
        const name = `${pkg.name}-v${TAGS[pkg.name]}`;
        const tag = { name, commit, reachable: true };
        const last = tagged.includes(pkg.name) ? { version: TAGS[pkg.name]!, tag } : undefined;
        return judgeStatus({
          ...{ package: pkg, last, elsewhere: [], ships: false, planned: undefined },
          shown: { above: [], notes: [] },
        }, host.clock.now());
      });
      const read = { statuses, notes: [], workspace, gathered, readerOf: () => undefined };
      const emit = (event: Event): void => void events.push(event);
      return await reconcileReleases(tags, { host, read, emit, dryRun });
    },
  });
}

const made = (
  name: string,
  version: string,
  commit: string,
  state: ReconciledTag["state"] = "made",
): ReconciledTag => ({
  ...{ name, held: version, tag: `${name}-v${version}`, state, commit, source: "its gitHead" },
});
const said = (releases: readonly ReconciledRelease[]): readonly string[] =>
  releases.map(({ tag, state }) => `${tag}: ${state}`);

test(
  "the newest tag of each package gets its Release, which a second time is kept",
  withGit,
  () =>
    desk(["a", "b"], async ({ server, commit, reconcile }) => {
      const tags = [made("a", "1.1.0", commit)];
      const first = await reconcile({ tags });
      assert.deepEqual(said(first), ["a-v1.1.0: created", "b-v2.0.0: created"]);
      assert.deepEqual(server.releases.map(({ tag_name }) => tag_name), ["a-v1.1.0", "b-v2.0.0"]);
      const body = server.releases[0]!.body ?? "";
      assert.match(body, /Change a/, "what has changed since the tag before it");
      assert.match(body, /compare\/a-v1\.0\.0\.\.\.a-v1\.1\.0/);
      const again = await reconcile({ tags });
      assert.deepEqual(said(again), ["a-v1.1.0: kept", "b-v2.0.0: kept"]);
      assert.deepEqual(again.map(({ url }) => url), first.map(({ url }) => url));
      assert.equal(server.releases.length, 2);
    }),
);

test(
  "a dry run looks what is there, and says what it would create",
  withGit,
  () =>
    desk(["a", "b"], async ({ server, commit, reconcile }) => {
      await reconcile();
      assert.equal(server.releases.length, 2);
      const dry = await reconcile({
        dryRun: true,
        tags: [made("a", "1.1.0", commit, "would-make")],
      });
      assert.deepEqual(said(dry), ["a-v1.1.0: would-create", "b-v2.0.0: kept"]);
      assert.match(dry[1]!.url ?? "", /b-v2\.0\.0$/);
      assert.equal(server.releases.length, 2);
    }),
);

test(
  "a tag that was not made has no Release, and the one before it counts",
  withGit,
  () =>
    desk(["a"], async ({ commit, reconcile }) => {
      const tags = [made("a", "1.1.0", commit, "failed"), made("b", "2.0.0", commit, "left")];
      assert.deepEqual(said(await reconcile({ tags, dryRun: true })), ["a-v1.0.0: would-create"]);
    }),
);

test(
  "a package that wants no Release has none, with a tag or with a new one",
  withGit,
  () =>
    desk(["quiet"], async ({ server, commit, reconcile }) => {
      assert.deepEqual(await reconcile({ tags: [made("quiet", "3.1.0", commit)] }), []);
      assert.deepEqual(server.releases, []);
    }),
);

test("without tags nobody is asked", withGit, () =>
  desk([], async ({ server, reconcile }) => {
    assert.deepEqual(await reconcile(), []);
    assert.deepEqual(server.log, []);
  }));

test(
  "without a token each missing Release says why",
  withGit,
  () =>
    desk(["a", "b"], async ({ reconcile }) => {
      const why = "there is no GITHUB_TOKEN or GH_TOKEN";
      assert.deepEqual(await reconcile({ token: "" }), [
        { name: "a", tag: "a-v1.0.0", state: "missing", why },
        { name: "b", tag: "b-v2.0.0", state: "missing", why },
      ]);
    }),
);

for (const dryRun of [true, false]) {
  test(
    `what GitHub refuses is told with its tag, and the next is looked for${
      dryRun ? ", in a dry run" : ""
    }`,
    withGit,
    () =>
      desk(["a", "b"], async ({ server, reconcile }) => {
        server.breakNext({
          matches: ({ path }) => path.includes("a-v1.0.0"),
          ...{ how: { status: 403, body: '{"message":"Resource not accessible"}' }, times: 9 },
        });
        const releases = await reconcile({ dryRun });
        assert.deepEqual(said(releases), [
          "a-v1.0.0: missing",
          `b-v2.0.0: ${dryRun ? "would-create" : "created"}`,
        ]);
        assert.match(releases[0]!.why ?? "", /Resource not accessible/);
      }),
  );
}

for (const dryRun of [true, false]) {
  test(
    `after an interruption no Release is ${dryRun ? "looked for" : "made"}`,
    withGit,
    () =>
      desk(["a"], async ({ server, reconcile }) => {
        const signal = AbortSignal.abort(new Failure("PIOT_INTERRUPTED", "stopped"));
        await assert.rejects(reconcile({ dryRun, signal }), { code: "PIOT_INTERRUPTED" });
        assert.deepEqual(server.releases, []);
      }),
  );
}
