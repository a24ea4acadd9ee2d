import { test } from "node:test";
import assert from "node:assert/strict";
import { provenanceStatement, purlOf } from "../../../src/core/npm/provenance_statement.ts";

const ENV = {
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_REPOSITORY: "o/r",
  GITHUB_REPOSITORY_ID: "123",
  GITHUB_REPOSITORY_OWNER_ID: "456",
  GITHUB_WORKFLOW_REF: "o/r/.github/workflows/release.yml@refs/tags/@scope/x@1.0.0",
  GITHUB_EVENT_NAME: "push",
  GITHUB_REF: "refs/tags/@scope/x@1.0.0",
  GITHUB_SHA: "a".repeat(40),
  GITHUB_RUN_ID: "77",
  GITHUB_RUN_ATTEMPT: "2",
  RUNNER_ENVIRONMENT: "github-hosted",
};

test("the statement is what npm's own client states of a job of GitHub Actions, byte for byte", () => {
  const subject = { name: "@acme/fixture", version: "1.2.3", integrity: "sha512-AAH/" };
  assert.equal(
    JSON.stringify(provenanceStatement(subject, ENV)),
    JSON.stringify({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "pkg:npm/%40acme/fixture@1.2.3", digest: { sha512: "0001ff" } }],
      predicateType: "https://slsa.dev/provenance/v1",
      predicate: {
        buildDefinition: {
          buildType: "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1",
          externalParameters: {
            workflow: {
              ref: "refs/tags/@scope/x@1.0.0",
              repository: "https://github.com/o/r",
              path: ".github/workflows/release.yml",
            },
          },
          internalParameters: {
            github: { event_name: "push", repository_id: "123", repository_owner_id: "456" },
          },
          resolvedDependencies: [{
            uri: "git+https://github.com/o/r@refs/tags/@scope/x@1.0.0",
            digest: { gitCommit: "a".repeat(40) },
          }],
        },
        runDetails: {
          builder: { id: "https://github.com/actions/runner/github-hosted" },
          metadata: { invocationId: "https://github.com/o/r/actions/runs/77/attempts/2" },
        },
      },
    }),
  );
});

test("purlOf escapes the mark of a scope and nothing else", () => {
  assert.equal(purlOf({ name: "demo", version: "1.0.0-beta.1" }), "pkg:npm/demo@1.0.0-beta.1");
  assert.equal(purlOf({ name: "@a/b", version: "1.0.0" }), "pkg:npm/%40a/b@1.0.0");
});
