import { deepEqual, equal, match } from "node:assert/strict";
import { test } from "node:test";
import { change, RELEASE } from "../../support/doctor_facts.ts";
import { runDoctor } from "../../support/doctor_run.ts";
import { outsideServer } from "../../support/outside_server.ts";

const CONFIG = `[putitoutthere]
version = 1

[[package]]
name = "demo-core"
kind = "crates"
path = "."
paths = ["src/**"]
[package.trust_policy]
workflow = "release.yml"
environment = "release"
`;

const FILES = {
  "putitoutthere.toml": CONFIG,
  "Cargo.toml": `[package]\nname = "demo-core"\nversion = "0.1.0"\nedition = "2021"\n`,
  ".github/workflows/release.yml": RELEASE,
};

const ENTRY = {
  id: 1,
  crate: "demo-core",
  repository_owner: "Ada",
  repository_owner_id: 7,
  repository_name: "demo",
  workflow_filename: "release.yml",
  environment: "Release",
  created_at: "2026-01-01T00:00:00Z",
};

const read = (...configs: readonly object[]) => ({
  status: 200,
  body: { github_configs: configs, meta: { total: configs.length, next_page: null } },
});
const refused = (status: number, detail: string) => ({ status, body: { errors: [{ detail }] } });

const ROWS = [
  {
    name: "an entry as declared passes, in other letters too",
    answer: read(ENTRY),
    verdict: "passed",
    status: 0,
    line: /^demo-core: as declared$/,
  },
  {
    name: "one of several is enough",
    answer: read({ ...ENTRY, workflow_filename: "old.yml" }, ENTRY),
    verdict: "passed",
    status: 0,
    line: /as declared/,
  },
  {
    name: "an entry of another workflow fails",
    answer: read({ ...ENTRY, workflow_filename: "ci.yml" }),
    verdict: "failed",
    status: 1,
    line:
      /has ci\.yml in environment Release of Ada\/demo for demo-core; declared is release\.yml in environment release of ada\/demo/,
  },
  {
    name: "a file in other letters is another",
    answer: read({ ...ENTRY, workflow_filename: "Release.yml" }),
    verdict: "failed",
    status: 1,
    line: /Release\.yml/,
  },
  {
    name: "an entry of another repository fails",
    answer: read({ ...ENTRY, repository_name: "other" }),
    verdict: "failed",
    status: 1,
    line: /Ada\/other/,
  },
  {
    name: "an entry without the environment fails",
    answer: read({ ...ENTRY, environment: null }),
    verdict: "failed",
    status: 1,
    line: /has release\.yml of Ada\/demo/,
  },
  {
    name: "nobody on file fails",
    answer: read(),
    verdict: "failed",
    status: 1,
    line: /has nobody on file/,
  },
  {
    name: "401 fails",
    answer: refused(401, "The given API token does not match the format used by crates.io."),
    verdict: "failed",
    status: 1,
    line: /does not take the token in CRATES_IO_DOCTOR_TOKEN: status 401/,
  },
  {
    name: "a token that may not read cannot tell",
    answer: refused(
      403,
      "this token does not have the required permissions to perform this action",
    ),
    verdict: "unknown",
    status: 0,
    line: /cannot be told: status 403/,
  },
  {
    name: "a crate of somebody else cannot tell",
    answer: refused(400, "You are not an owner of this crate"),
    verdict: "unknown",
    status: 0,
    line: /not an owner/,
  },
  {
    name: "a crate that is new is a warning",
    answer: refused(404, "crate `demo-core` does not exist"),
    verdict: "warning",
    status: 0,
    line: /does not have demo-core yet/,
  },
  {
    name: "an error of the service is neutral, with its reason",
    answer: refused(503, "we are down"),
    verdict: "neutral",
    status: 0,
    line: /did not tell: demo-core: status 503: we are down/,
  },
  {
    name: "a page instead of an answer is neutral",
    answer: { status: 200, body: "<html>" },
    verdict: "neutral",
    status: 0,
    line: /did not tell/,
  },
] as const;

for (const { name, answer, verdict, status, line } of ROWS) {
  test(`what crates.io has on file: ${name}`, async () => {
    await using server = await outsideServer(() => ({
      status: answer.status,
      type: "application/json",
      body: typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body),
    }));
    const env = {
      PIOT_CRATES_URL: server.url,
      CRATES_IO_DOCTOR_TOKEN: "cio-doctor",
      GITHUB_REPOSITORY: "ada/demo",
    };
    const run = await runDoctor(FILES, { env });
    const phase = run.document.trust_policy[2]!;
    deepEqual([phase.name, phase.verdict], ["trust policy (crates.io registry)", verdict]);
    match(phase.line, line);
    equal(run.status, status, run.stderr);
    deepEqual(server.asked.map(({ path, headers }) => [path, headers.authorization]), [[
      "/api/v1/trusted_publishing/github_configs",
      "cio-doctor",
    ]]);
    // What cargo would say is not known here either.
    equal(run.document.counts.unanswered, verdict === "neutral" ? 1 : 0);
    equal(run.stderr.includes("cio-doctor"), false);
  });
}

test("what crates.io has on file: no answer at all is neutral, and asked for once", async () => {
  await using server = await outsideServer(() => undefined);
  server.hangUp();
  const env = {
    PIOT_CRATES_URL: server.url,
    CRATES_IO_DOCTOR_TOKEN: "cio-doctor",
    GITHUB_REPOSITORY: "ada/demo",
  };
  const { status, document, stderr } = await runDoctor(FILES, { env });
  deepEqual([status, document.trust_policy[2]!.verdict], [0, "neutral"]);
  match(stderr, /2 could not be told\.\n$/);
});

test("what crates.io has on file: without a token the variable is named, and nobody is asked", async () => {
  const { status, document } = await runDoctor(FILES, {
    env: { PIOT_CRATES_URL: "http://127.0.0.1:1" },
  });
  deepEqual(document.trust_policy[2], {
    name: "trust policy (crates.io registry)",
    verdict: "neutral",
    line: "not asked: CRATES_IO_DOCTOR_TOKEN is not set",
  });
  equal(status, 0);
});

const publishing = { GITHUB_ACTIONS: "true", GITHUB_REPOSITORY: "ada/demo" };
const OTHER = change(RELEASE, "name: release", "name: other");
const CHECK =
  "on: pull_request\njobs:\n  check:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npx piot doctor\n";
const ref = (file: string) => ({
  ...publishing,
  GITHUB_WORKFLOW_REF: `ada/demo/.github/workflows/${file}@refs/heads/main`,
});

const DECLARED = [
  {
    name: "the declared workflow passes",
    env: ref("release.yml"),
    files: {},
    verdict: "passed",
    status: 0,
  },
  {
    name: "a run of a file that does not publish is clean",
    env: ref("check.yml"),
    files: { ".github/workflows/check.yml": CHECK },
    verdict: "passed",
    status: 0,
  },
  {
    name: "a publishing run of a file that is not declared fails",
    env: ref("other.yml"),
    files: { ".github/workflows/other.yml": OTHER },
    verdict: "failed",
    status: 1,
  },
  {
    name: "a publishing file that is not declared is a warning elsewhere",
    env: {},
    files: { ".github/workflows/other.yml": OTHER },
    verdict: "warning",
    status: 0,
  },
  {
    name: "another environment fails",
    env: {},
    files: { "putitoutthere.toml": change(CONFIG, '"release"\n', '"prod"\n') },
    verdict: "failed",
    status: 1,
  },
  {
    name: "a file that is not there fails",
    env: {},
    files: { "putitoutthere.toml": change(CONFIG, "release.yml", "gone.yml") },
    verdict: "failed",
    status: 1,
  },
  {
    name: "a file that does not publish fails",
    env: {},
    files: {
      "putitoutthere.toml": change(CONFIG, "release.yml", "check.yml"),
      ".github/workflows/check.yml": CHECK,
    },
    verdict: "failed",
    status: 1,
  },
  {
    name: "another repository fails",
    env: publishing,
    files: { "putitoutthere.toml": `${CONFIG}repository = "ada/other"\n` },
    verdict: "failed",
    status: 1,
  },
  {
    name: "this repository in other letters passes",
    env: publishing,
    files: { "putitoutthere.toml": `${CONFIG}repository = "Ada/Demo"\n` },
    verdict: "passed",
    status: 0,
  },
  {
    name: "an environment that nobody declared is a warning",
    env: {},
    files: { "putitoutthere.toml": change(CONFIG, 'environment = "release"\n', "") },
    verdict: "warning",
    status: 0,
  },
  {
    name: "without a declaration there is one neutral line",
    env: publishing,
    files: { "putitoutthere.toml": CONFIG.slice(0, CONFIG.indexOf("[package.trust_policy]")) },
    verdict: "neutral",
    status: 0,
  },
] as const;

for (const { name, env, files, verdict, status } of DECLARED) {
  test(`what is declared: ${name}`, async () => {
    const run = await runDoctor({ ...FILES, ...files }, { env });
    const phase = run.document.trust_policy[1]!;
    deepEqual([phase.name, phase.verdict], ["trust policy (declared)", verdict], run.stderr);
    equal(run.status, status, run.stderr);
  });
}
