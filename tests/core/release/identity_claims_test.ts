import { test } from "node:test";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  claimPitfalls,
  decodeClaims,
  policyMismatches,
  printClaims,
  publisherOf,
} from "../../../src/core/release/identity_claims.ts";
import type { TrustPolicy } from "../../../src/core/model/package.ts";
import { actionsClaims } from "../../../src/rehearsal/identity/actions_job.ts";

const JOB = { repository: "ada/engine", workflow: "release.yml" } as const;
const READING = { workflowClaim: "workflow_ref", isEnvironmentExact: true } as const;

function jwtOf(payload: unknown): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part(payload)}.c2lnbmF0dXJl`;
}

test("decodeClaims reads texts of any alphabet and leaves times out", () => {
  const claims = { sub: "repo:ada/engine:ref:refs/heads/größe-✓", exp: 1, list: ["a"] };
  assert.deepEqual(decodeClaims(jwtOf(claims)), { sub: claims.sub });
});

for (
  const [name, text] of [
    ["nothing", ""],
    ["no token", "npm_abc"],
    ["a payload that is no JSON", "a.b.c"],
    ["a payload that is an array", jwtOf([1])],
    ["a payload that is null", jwtOf(null)],
    [
      "a payload that is no UTF-8",
      `a.${Buffer.from('{"sub":"\xff"}', "latin1").toString("base64url")}.c`,
    ],
    ["a token without a signature", jwtOf({ sub: "x" }).replace(/\.[^.]*$/, "")],
    ["an encrypted token", `${jwtOf({ sub: "x" })}.a.b`],
  ] as const
) {
  test(`decodeClaims gives nothing for ${name}`, () => {
    assert.equal(decodeClaims(text), undefined);
  });
}

test("printClaims knows the claims of GitLab and CircleCI", () => {
  const gitlab = { project_path: "g/engine", ci_config_ref_uri: "gitlab.com/g/engine//ci.yml@x" };
  assert.equal(
    printClaims(gitlab),
    'project_path "g/engine", ci_config_ref_uri "gitlab.com/g/engine//ci.yml@x", no environment',
  );
  const circle = {
    aud: "npm:x",
    "oidc.circleci.com/project-id": "p",
    "oidc.circleci.com/org-id": "o",
  };
  assert.equal(
    printClaims(circle),
    'aud "npm:x", oidc.circleci.com/org-id "o", oidc.circleci.com/project-id "p"',
  );
});

test("printClaims prints what registries compare, in one order, and that there is no environment", () => {
  const claims = { ...actionsClaims(JOB), aud: "npm:example.com" };
  assert.equal(
    printClaims(claims),
    'aud "npm:example.com", repository "ada/engine", ' +
      'workflow_ref "ada/engine/.github/workflows/release.yml@refs/heads/main", ' +
      'job_workflow_ref "ada/engine/.github/workflows/release.yml@refs/heads/main", ' +
      'ref "refs/heads/main", sub "repo:ada/engine:ref:refs/heads/main", ' +
      'repository_visibility "public", runner_environment "github-hosted", no environment',
  );
});

test("printClaims cannot be made to forge a line", () => {
  const printed = printClaims({ repository: 'a\n::error::"b' });
  assert.equal(printed, 'repository "a\\n::error::\\"b", no environment');
});

test("publisherOf reads the claims of GitHub and of GitLab, and of nobody else", () => {
  const github = actionsClaims({ ...JOB, environment: "release" });
  assert.deepEqual(publisherOf(github, READING), { ...JOB, environment: "release" });
  const gitlab = {
    project_path: "group/sub/engine",
    ci_config_ref_uri: "gitlab.com/group/sub/engine//.gitlab-ci.yml@refs/heads/main",
  };
  assert.deepEqual(publisherOf(gitlab, READING), {
    repository: "group/sub/engine",
    workflow: ".gitlab-ci.yml",
    environment: undefined,
  });
  assert.equal(publisherOf({ sub: "org/1/project/2" }, READING), undefined);
});

const MISMATCHES: readonly {
  name: string;
  policy: TrustPolicy;
  environment?: string;
  exact?: boolean;
  found: readonly string[];
}[] = [
  { name: "a policy that fits", policy: { workflow: "release.yml" }, found: [] },
  {
    name: "a policy with an environment that fits",
    policy: { workflow: "release.yml", environment: "release", repository: "ada/engine" },
    environment: "release",
    found: [],
  },
  {
    name: "another workflow",
    policy: { workflow: "publish.yml" },
    found: ['the trust policy declares workflow "publish.yml", the job\'s is "release.yml"'],
  },
  {
    name: "the repository in another case",
    policy: { workflow: "release.yml", repository: "Ada/engine" },
    found: ['the trust policy declares repository "Ada/engine", the job is of "ada/engine"'],
  },
  {
    name: "an environment that the job lacks",
    policy: { workflow: "release.yml", environment: "release" },
    found: ['the trust policy declares environment "release", the job has none'],
  },
  {
    name: "another environment",
    policy: { workflow: "release.yml", environment: "release" },
    environment: "staging",
    found: ['the trust policy declares environment "release", the job runs in "staging"'],
  },
  {
    name: "an environment that is not declared",
    policy: { workflow: "release.yml" },
    environment: "staging",
    found: ['the trust policy declares no environment, the job runs in "staging"'],
  },
  {
    name: "an environment that is not declared, where the registry does not mind",
    policy: { workflow: "release.yml" },
    environment: "staging",
    exact: false,
    found: [],
  },
];

for (const { name, policy, environment, exact = true, found } of MISMATCHES) {
  test(`policyMismatches names ${name}`, () => {
    const claims = actionsClaims(environment === undefined ? JOB : { ...JOB, environment });
    const reading = { ...READING, isEnvironmentExact: exact };
    assert.deepEqual(policyMismatches(claims, { policy, reading }), found);
  });
}

test("the called workflow counts where a registry reads job_workflow_ref", () => {
  const called = "ada/shared/.github/workflows/publish.yml@refs/heads/main";
  const claims = actionsClaims({ ...JOB, extra: { job_workflow_ref: called } });
  const reading = { ...READING, workflowClaim: "job_workflow_ref" } as const;
  assert.equal(publisherOf(claims, reading)?.workflow, "publish.yml");
  assert.equal(publisherOf(claims, READING)?.workflow, "release.yml");
});

test("claimPitfalls knows reusable workflows and subs with ids", () => {
  assert.deepEqual(claimPitfalls(actionsClaims(JOB)), []);
  const called = "ada/shared/.github/workflows/publish.yml@refs/heads/main";
  const [reusable] = claimPitfalls(actionsClaims({ ...JOB, extra: { job_workflow_ref: called } }));
  assert.match(reusable ?? "", /reusable workflow \("ada\/shared.*called from "ada\/engine/);
  const sub = "repo:ada@65/engine@74:ref:refs/heads/main";
  const [ids] = claimPitfalls(actionsClaims({ ...JOB, extra: { sub } }));
  assert.match(ids ?? "", /form with ids \("repo:ada@65\/engine@74/);
});
