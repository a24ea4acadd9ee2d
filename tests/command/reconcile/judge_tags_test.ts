import assert from "node:assert/strict";
import { test } from "node:test";
import { type JudgedTag, judgeTags } from "../../../src/command/reconcile/judge_tags.ts";
import type { ReadStatuses } from "../../../src/command/read_statuses.ts";
import { openWorkspace } from "../../../src/command/workspace.ts";
import { readFacts } from "../../../src/command/read_facts.ts";
import { judgeStatus } from "../../../src/core/status/judge_status.ts";
import type { StateReader, VersionRecords } from "../../../src/core/status/registry_state.ts";
import { Failure } from "../../../src/error.ts";
import { GIT_ENV } from "../../support/git_repo.ts";
import { git, repositoryOf } from "../../support/history.ts";
import { testHost } from "../../support/test_host.ts";
import { needs } from "../../support/tools.ts";

const withGit = await needs("git");

const CONFIG = ["a", "b"].map((name) =>
  `\n[[package]]\nname = "${name}"\nkind = "npm"\npath = "${name}"\npaths = ["${name}/**"]\n`
).join("");
const FILES = { "putitoutthere.toml": `[putitoutthere]\nversion = 1\n${CONFIG}` };

interface Judged {
  readonly tags: readonly JudgedTag[];
  readonly asked: readonly string[];
  readonly head: string;
}

/** Judges `a` with these versions, and `b`, whose registry did not answer. */
async function judged(
  versions: readonly string[],
  recordsOf: (held: string, head: string) => VersionRecords | Failure,
  signal?: AbortSignal,
): Promise<Judged> {
  await using folder = await repositoryOf([{ commit: "Start" }], { files: FILES });
  const head = (await git(folder.path, ["rev-parse", "HEAD"])).trim();
  const host = testHost({ cwd: folder.path, env: GIT_ENV, ...(signal && { signal }) });
  const workspace = openWorkspace(host);
  const gathered = await readFacts(workspace);
  const asked: string[] = [];
  const reader: StateReader = {
    read: () => Promise.reject(new Error("that was read already")),
    records: (_pkg, held) => {
      asked.push(held);
      const records = recordsOf(held, head);
      return records instanceof Failure ? Promise.reject(records) : Promise.resolve(records);
    },
  };
  const statuses: ReadStatuses["statuses"] = gathered.facts.config.packages.map((pkg) =>
    judgeStatus({
      ...{ package: pkg, last: undefined, elsewhere: [], ships: false, planned: undefined },
      shown: pkg.name === "b"
        ? new Failure("PIOT_REGISTRY_UNKNOWN", "nobody knows")
        : { above: versions, notes: [] },
    }, host.clock.now())
  );
  const read = { statuses, notes: [], workspace, gathered, readerOf: () => reader };
  return { tags: await judgeTags(host, read), asked, head };
}

const named = (commit: string): VersionRecords => ({
  commits: new Map([["a.tgz", { commit, source: "its gitHead" }]]),
  ...{ witnesses: ["a.tgz"], notes: [] },
});
const verdicts = (tags: readonly JudgedTag[]): readonly string[] =>
  tags.map(({ name, tag, verdict }) =>
    `${name} ${tag}: ${verdict.to === "tag" ? verdict.commit : verdict.why}`
  );

test(
  "what records name decides, the highest version first; a registry without an answer is not asked",
  withGit,
  async () => {
    const { tags, asked, head } = await judged(["1.0.0", "1.1.0"], (_, head) => named(head));
    assert.deepEqual(asked, ["1.1.0", "1.0.0"]);
    assert.deepEqual(verdicts(tags), [`a a-v1.1.0: ${head}`, `a a-v1.0.0: ${head}`]);
  },
);

test(
  "records that cannot be had keep their own version from being tagged, and no other",
  withGit,
  async () => {
    const broken = new Failure("PIOT_REGISTRY_UNKNOWN", "no answer");
    const { tags, head } = await judged(
      ["1.0.0", "1.1.0"],
      (held, head) => held === "1.1.0" ? broken : named(head),
    );
    assert.deepEqual(verdicts(tags), ["a a-v1.1.0: no answer", `a a-v1.0.0: ${head}`]);
  },
);

test("a commit that this history does not have is no place for a tag", withGit, async () => {
  const { tags } = await judged(["1.0.0"], () => named("c".repeat(40)));
  assert.match(verdicts(tags)[0]!, /^a a-v1\.0\.0: .*c{40}/);
});

test("of a long history the twenty highest versions are asked about", withGit, async () => {
  const versions = Array.from({ length: 25 }, (_, minor) => `1.${minor}.0`);
  const { asked } = await judged(versions, (_, head) => named(head));
  assert.deepEqual(asked, versions.slice(5).reverse());
});

test("an interruption ends the judging: it is no word about a version", withGit, async () => {
  const interrupted = new Failure("PIOT_INTERRUPTED", "stopped");
  await assert.rejects(judged(["1.0.0"], () => interrupted), interrupted);
});

test("after an interruption no records are asked for", withGit, async () => {
  const control = new AbortController();
  const reason = new Failure("PIOT_INTERRUPTED", "stopped");
  let count = 0;
  await assert.rejects(
    judged(["1.0.0", "1.1.0"], (_, head) => {
      count++;
      control.abort(reason);
      return named(head);
    }, control.signal),
    reason,
  );
  assert.equal(count, 1);
});
