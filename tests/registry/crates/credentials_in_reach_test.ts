import assert from "node:assert/strict";
import { test } from "node:test";
import { credentialsInReach } from "../../../src/registry/crates/credentials_in_reach.ts";

test("a build beside credentials is warned of, by their names and not their values", () => {
  const [said, ...more] = credentialsInReach({
    CARGO_REGISTRY_TOKEN: "s3cret",
    GITHUB_TOKEN: " ",
    NPM_TOKEN: "",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "s3cret",
    HOME: "/home/ada",
    SONATYPE_PASSWORD: "s3cret",
    AWS_SECRET_ACCESS_KEY: "s3cret",
    CARGO_REGISTRIES_OWN_TOKEN: "s3cret",
    USE_TOKEN: "true",
  });
  assert.match(
    said!,
    /while CARGO_REGISTRY_TOKEN, ACTIONS_ID_TOKEN_REQUEST_TOKEN, SONATYPE_PASSWORD, AWS_SECRET_ACCESS_KEY, CARGO_REGISTRIES_OWN_TOKEN can be read/,
  );
  assert.match(said!, /ready crates/);
  assert.doesNotMatch(said!, /s3cret/);
  assert.deepEqual(more, []);
});

test("a build without credentials in reach says nothing", () => {
  assert.deepEqual(credentialsInReach({ PATH: "/bin", CARGO_REGISTRY_TOKEN: "" }), []);
});
