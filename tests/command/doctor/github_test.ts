import { deepEqual, equal, match } from "node:assert/strict";
import { test } from "node:test";
import { CONFIG, RELEASE } from "../../support/doctor_facts.ts";
import { runDoctor } from "../../support/doctor_run.ts";
import { outsideServer } from "../../support/outside_server.ts";
import { makeToken } from "../../support/doctor_token.ts";

const FILES = { "putitoutthere.toml": CONFIG, ".github/workflows/release.yml": RELEASE };
const PATH = "/repos/ada/demo/environments/release";

const rules = (policy: object | null, types: readonly string[] = []) => ({
  name: "release",
  deployment_branch_policy: policy,
  protection_rules: types.map((type) => ({ type })),
});
const CUSTOM = { protected_branches: false, custom_branch_policies: true };

const ROWS = [
  {
    name: "branches by name",
    answers: {
      [PATH]: rules(CUSTOM, ["required_reviewers"]),
      [`${PATH}/deployment-branch-policies`]: {
        total_count: 1,
        branch_policies: [{ name: "main" }],
      },
    },
    found: [],
    who: /whoever can push to main, by environment release, once a reviewer agrees/,
  },
  {
    name: "protected branches",
    answers: { [PATH]: rules({ protected_branches: true, custom_branch_policies: false }) },
    found: [],
    who: /whoever can push to every protected branch, by environment release$/,
  },
  {
    name: "every branch",
    answers: { [PATH]: rules(null) },
    found: ["warning"],
    who: /whoever can push to any branch/,
  },
  {
    name: "no such environment",
    answers: {},
    found: ["warning"],
    who: /there is no environment release yet/,
  },
] as const;

for (const { name, answers, found, who } of ROWS) {
  test(`doctor reads the environment from GitHub: ${name}`, async () => {
    await using server = await outsideServer((path) => {
      const answer = (answers as Record<string, object>)[path];
      const isGitHub = path.startsWith("/repos/");
      if (answer !== undefined) return { type: "application/json", body: JSON.stringify(answer) };
      return {
        status: 404,
        type: "application/json",
        body: JSON.stringify(isGitHub ? { message: "Not Found" } : { error: "Not found" }),
      };
    });
    const env = {
      GITHUB_API_URL: server.url,
      PIOT_NPM_URL: server.url,
      PIOT_PYPI_URL: server.url,
      GITHUB_TOKEN: "ghs_doctor",
      GITHUB_REPOSITORY: "ada/demo",
    };
    const { document } = await runDoctor(FILES, { env, flags: ["--online"] });
    deepEqual(
      document.findings.filter(({ check }) => check === "environment-rules").map(({ weight }) =>
        weight
      ),
      found,
    );
    match(document.publishers[0]!, who);
    const shown = server.asked.filter(({ headers }) => headers.authorization !== undefined).map((
      { path },
    ) => path);
    equal(
      shown.every((path) => path.startsWith("/repos/ada/demo/")),
      true,
      "the token went elsewhere",
    );
  });
}

const DECLARED = CONFIG.replaceAll(
  "paths =",
  'trust_policy = { workflow = "release.yml", environment = "release" }\npaths =',
);
const CLAIMS = {
  repository: "ada/demo",
  workflow_ref: "ada/demo/.github/workflows/release.yml@refs/heads/main",
  job_workflow_ref: "ada/demo/.github/workflows/release.yml@refs/heads/main",
  environment: "release",
  sub: "repo:ada/demo:environment:release",
};

test("doctor compares the real claims of its job, asks for a token that no registry takes, and shows none", async () => {
  const token = makeToken(CLAIMS);
  const other = makeToken({
    ...CLAIMS,
    environment: "prod",
    workflow_ref: CLAIMS.workflow_ref.replace("release.yml", "ci.yml"),
  });
  for (
    const [value, found] of [[token, []], [other, [
      "failed",
      "failed",
      "failed",
      "failed",
    ]]] as const
  ) {
    await using server = await outsideServer(() => ({
      type: "application/json",
      body: JSON.stringify({ value }),
    }));
    const env = {
      GITHUB_ACTIONS: "true",
      GITHUB_REPOSITORY: "ada/demo",
      ACTIONS_ID_TOKEN_REQUEST_URL: `${server.url}/token?v=1`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request",
    };
    const { document, stderr } = await runDoctor({ ...FILES, "putitoutthere.toml": DECLARED }, {
      env,
    });
    deepEqual(
      document.findings.filter(({ check }) => check === "identity-claims").map(({ weight }) =>
        weight
      ),
      found,
    );
    deepEqual(server.asked.map(({ path }) => path), ["/token"]);
    // The runner is told to mask it, and nothing else names it.
    equal(stderr.replace(/^::add-mask::.*$/gm, "").includes(value), false);
    equal(JSON.stringify(document).includes(value), false);
  }
});
