/** What the command line tells of a small rehearsal, whole: one npm package, whose first upload fails on request. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { main } from "../../../src/cli/main.ts";
import { type GitRepo, gitRepo } from "../../support/git_repo.ts";
import { type TempFolder, tempFolder } from "../../support/temp.ts";
import { testHost } from "../../support/test_host.ts";
import { needs, programEnv } from "../../support/tools.ts";

const withGit = await needs("git");

const FILES = {
  "putitoutthere.toml":
    '[putitoutthere]\nversion = 1\n\n[[package]]\nname = "demo"\nkind = "npm"\npath = "demo"\npaths = ["demo/**"]\n',
  "demo/package.json": JSON.stringify({
    ...{ name: "demo", version: "0.0.0", license: "MIT", files: ["*.js"] },
    repository: "github:ada/engine",
  }),
  "demo/index.js": "export {};\n",
};

let repository: GitRepo;
let temp: TempFolder;
let head = "";
before(async () => {
  if (withGit.skip !== false) return;
  [repository, temp] = await Promise.all([gitRepo(FILES), tempFolder()]);
  head = (await repository.git("rev-parse", "HEAD")).trim();
});
after(async () => {
  await repository?.[Symbol.asyncDispose]();
  await temp?.[Symbol.asyncDispose]();
});

interface Told {
  readonly status: number;
  /** Addresses, ids and digests are replaced by what they are. */
  readonly stdout: string;
  readonly stderr: string;
}

async function rehearse(...flags: readonly string[]): Promise<Told> {
  const env = { ...programEnv(), TMPDIR: temp.path };
  const host = testHost({ cwd: repository.path, env });
  const argv = ["rehearse", ...flags];
  const status = await main({ argv, makeHost: () => host, isTTY: false });
  const plain = (text: string): string =>
    text.replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, "URL").replaceAll(head, "HEAD")
      .replaceAll(head.slice(0, 12), "HEAD").replaceAll(/sha512[-:][\w+/=]+/g, "DIGEST");
  return { status, stdout: plain(host.written.stdout), stderr: plain(host.written.stderr) };
}

/** The parts of a document that a test looks at, by their keys; the others are other tests' matter. */
interface Document {
  readonly ok: boolean;
  readonly repository: string;
  readonly plan: { readonly packages: readonly { readonly name: string }[] };
  readonly artifacts: readonly Record<string, unknown>[];
  readonly runs: readonly {
    readonly packages: readonly { readonly name: string; readonly status: string }[];
    readonly uploads: readonly {
      readonly registry: string;
      readonly file: string;
      readonly bytes: number;
    }[];
    readonly writes: readonly Record<string, unknown>[];
    readonly tags: readonly unknown[];
    readonly releases: readonly string[];
  }[];
  readonly unmet: readonly string[];
  readonly held: { readonly files: readonly unknown[]; readonly dist_tags: unknown };
  readonly replanned: readonly string[];
  readonly installations: readonly unknown[];
  readonly warnings: readonly string[];
  readonly problems: readonly string[];
}

const TAGS = [{ name: "demo-v0.1.0", commit: "HEAD" }];
const WRITES = ["npm PUT /demo 200", "GitHub POST /ada/engine.git/git-receive-pack 200"];

test(
  "a rehearsal whose first upload fails is three runs, of which the second recovers and the last changes nothing",
  withGit,
  async () => {
    const { status, stdout, stderr } = await rehearse("--json", "--fault", "npm-upload:500");
    assert.equal(status, 0, stderr);
    const told = JSON.parse(stdout) as Document;
    assert.deepEqual(told.runs.map((run) => run.packages.map(({ status }) => status)), [
      ["failed"],
      ["published"],
      ["skipped"],
    ]);
    const writes = told.runs.map((run) =>
      run.writes.map(({ service, method, path, status }) =>
        `${service} ${method} ${path} ${status}`
      )
    );
    assert.deepEqual(writes, [
      ["npm PUT /demo 500"],
      [...WRITES, "GitHub POST /repos/ada/engine/releases 201"],
      [],
    ]);
    assert.deepEqual(
      told.runs.map(({ uploads }) => uploads.map(({ registry, file }) => [registry, file])),
      [[], [["npm", "demo@0.1.0"]], []],
    );
    assert.ok(told.runs[1]!.uploads[0]!.bytes > 0);
    assert.deepEqual(told.runs.map(({ tags }) => tags), [[], TAGS, TAGS]);
    const announced = ["demo-v0.1.0"];
    assert.deepEqual(told.runs.map(({ releases }) => releases), [[], announced, announced]);
    const { ok, repository: name, held, problems, ...rest } = told;
    assert.deepEqual([ok, name, problems], [true, "ada/engine", []]);
    assert.deepEqual(held.dist_tags, { demo: { latest: "0.1.0" } });
    assert.equal(held.files.length, 1);
    const { unmet, replanned, installations, warnings } = rest;
    assert.deepEqual([unmet, replanned, installations, warnings], [[], [], [], []]);
  },
);

/** What is said of the rehearsal itself, between what its runs say. */
const ABOUT =
  /^(?:\S+ is at |artifact |(?:First|Next|Last) run|Run \d|The rehearsal| {2}(?:npm|GitHub|tag|release) )/;
const about = (text: string): readonly string[] =>
  text.split("\n").filter((line) => ABOUT.test(line)).map((line) =>
    line.replace(/ {2,}/g, " ").replace(/[1-9]\d* bytes$/, "N bytes")
  );

test(
  "a rehearsal tells where its services are, which run is which, and what they saw",
  withGit,
  async () => {
    const { status, stdout, stderr } = await rehearse();
    assert.equal(status, 0, stderr);
    assert.deepEqual(about(stderr), [
      "crates.io is at URL",
      "PyPI is at URL",
      "npm is at URL",
      "GitHub is at URL",
      "artifact demo-pkg: the repository's own files",
      "First run: the release",
      "Last run: the same commit, the same plan",
    ]);
    const seen = about(stdout);
    // What is asked side by side is answered in any order.
    const isRead = (line: string): boolean => / GET | HEAD |git-upload-pack /.test(line);
    assert.deepEqual(seen.filter((line) => !isRead(line)), [
      "Run 1",
      " npm PUT /demo 200 N bytes",
      " GitHub POST /ada/engine.git/git-receive-pack 200 N bytes",
      " GitHub POST /repos/ada/engine/releases 201 N bytes",
      "Run 2",
      " tag demo-v0.1.0 on HEAD",
      " release demo-v0.1.0",
      "Last run: 0 requests to write, 0 uploads, 0 packages left to release",
      "The rehearsal succeeded: the release is complete, and running it again changes nothing.",
    ]);
    const [first, second] = [seen.indexOf("Run 1"), seen.indexOf("Run 2")];
    for (
      const [read, from, to] of [
        [" npm GET /demo 404", first, seen.indexOf(" npm PUT /demo 200 N bytes")],
        [" npm GET /-/whoami 200", first, second],
        [" npm GET /demo 200", second, seen.length],
        [" GitHub GET /repos/ada/engine/releases/tags/demo-v0.1.0 200", second, seen.length],
      ] as const
    ) assert.ok(seen.slice(from, to).includes(read), `${read}\n${seen.join("\n")}`);
  },
);

test("a fault that no run meets fails the rehearsal, which says so", withGit, async () => {
  const { status, stdout } = await rehearse("--json", "--fault", "pypi-upload:500");
  assert.equal(status, 1);
  const { ok, unmet, problems, runs } = JSON.parse(stdout) as Document;
  const fault = "pypi-upload:500";
  assert.deepEqual([ok, unmet, problems], [false, [fault], [`no run met ${fault}`]]);
  assert.deepEqual(runs.map((run) => run.packages.map(({ status }) => status)), [
    ["published"],
    ["skipped"],
    ["skipped"],
  ]);
});

test(
  "a fault that the first run does not come to is not met by the run that recovers",
  withGit,
  async () => {
    const { status, stdout, stderr } = await rehearse(
      ...["--json", "--fault", "npm-upload:500", "--fault", "tag-push:500"],
    );
    assert.equal(status, 1);
    const { unmet, problems, runs } = JSON.parse(stdout) as Document;
    assert.deepEqual([unmet, problems], [["tag-push:500"], ["no run met tag-push:500"]]);
    assert.deepEqual(runs.map((run) => run.packages.map(({ status }) => status)), [
      ["failed"],
      ["published"],
      ["skipped"],
    ]);
    assert.match(
      stderr,
      /^First run: the release, with broken requests \(npm-upload:500, tag-push:500\)$/m,
    );
    assert.match(stderr, /^Next run: recovers$/m);
  },
);

test(
  "a release that is staged waits, is approved, and is tagged by the run that finds it so",
  withGit,
  async () => {
    await repository.git("tag", "demo-v0.1.0");
    try {
      await repository.commit("Change", { "demo/index.js": "export const changed = 1;\n" });
      const { status, stdout, stderr } = await rehearse("--json", "--stage");
      assert.equal(status, 0, stderr);
      const { runs } = JSON.parse(stdout) as Document;
      assert.deepEqual(runs.map((run) => run.packages.map(({ status }) => status)), [
        ["staged"],
        ["healed"],
        ["skipped"],
      ]);
      assert.deepEqual(runs.map(({ releases }) => releases), [[], ["demo-v0.1.1"], [
        "demo-v0.1.1",
      ]]);
      assert.match(stderr, /^A maintainer approves demo@0\.1\.1$/m);
      assert.match(stderr, /^Next run: finds what was approved$/m);
    } finally {
      await repository.git("tag", "--delete", "demo-v0.1.0");
    }
  },
);
