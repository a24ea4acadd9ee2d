import assert from "node:assert/strict";
import { test } from "node:test";
import { classifyPublish, wordsOf } from "../../../src/core/crates/cargo_output.ts";

/** What cargo 1.95 says around an answer of the server. */
function failed(cause: string): string {
  return [
    "    Updating crates.io index",
    "   Packaging demo v1.0.0 (/w/demo)",
    "    Packaged 4 files, 1.0KiB (0.7KiB compressed)",
    "   Uploading demo v1.0.0 (/w/demo)",
    "error: failed to publish demo v1.0.0 to registry at http://127.0.0.1:1",
    "",
    "Caused by:",
    `  ${cause}`,
    "",
  ].join("\n");
}

function answered(status: string, detail: string): string {
  return failed(`the remote server responded with an error (status ${status}): ${detail}`);
}

const LIMIT =
  "You have published too many new crates in a short period of time. Please try again after Sat, 21 Nov 2026 12:00:00 GMT and see https://crates.io/docs/rate-limits for more details.";

for (
  const { name, stderr, code = 101, kind, words } of [
    {
      name: "an upload that is visible",
      stderr:
        "    Uploaded demo v1.0.0 to registry `crates-io`\n   Published demo v1.0.0 at registry `crates-io`\n",
      code: 0,
      kind: "uploaded",
    },
    {
      name: "an upload after which cargo was interrupted",
      stderr: "   Uploading demo v1.0.0 (/w)\n    Uploaded demo v1.0.0 to registry `crates-io`\n",
      code: null,
      kind: "uploaded",
    },
    {
      name: "an upload that was not visible in time",
      stderr:
        "    Uploaded demo v1.0.0 to registry `crates-io`\nwarning: timed out waiting for demo v1.0.0 to be available in registry `crates-io`\n",
      code: 0,
      kind: "uploaded",
    },
    {
      name: "a version that the index has",
      stderr:
        "    Updating crates.io index\nerror: crate demo@1.0.0 already exists on crates.io index\n",
      kind: "exists",
      words: "crate demo@1.0.0 already exists on crates.io index",
    },
    {
      name: "a version that the server has",
      stderr: answered("400 Bad Request", "crate version `1.0.0` is already uploaded"),
      kind: "exists",
      words: "crate version `1.0.0` is already uploaded",
    },
    {
      name: "a rate limit with its end",
      stderr: answered("429 Too Many Requests", LIMIT),
      kind: "busy",
      words: LIMIT,
    },
    {
      name: "the daily limit",
      stderr: answered(
        "429 Too Many Requests",
        "You have published too many versions of this crate in the last 24 hours",
      ),
      kind: "busy",
    },
    {
      name: "the daily limit under status 200",
      stderr: failed(
        "the remote server responded with an error: You have published too many versions of this crate in the last 24 hours",
      ),
      kind: "busy",
    },
    {
      name: "a token that is not known",
      stderr: answered("403 Forbidden", "authentication failed"),
      kind: "unauthorised",
      words: "authentication failed",
    },
    {
      name: "a token of old",
      stderr: answered("401 Unauthorized", "The given API token"),
      kind: "unauthorised",
    },
    {
      name: "no token",
      stderr:
        "error: no token found, please run `cargo login`\nor use environment variable CARGO_REGISTRY_TOKEN\n",
      kind: "unauthorised",
    },
    {
      name: "a tarball that is too big",
      stderr: answered("413 Payload Too Large", "max upload size is: 10485760"),
      kind: "refused",
      words: "max upload size is: 10485760",
    },
    {
      name: "an error under status 200",
      stderr: failed(
        "the remote server responded with an error: missing or empty metadata fields: description",
      ),
      kind: "refused",
      words: "missing or empty metadata fields: description",
    },
    {
      name: "a service error",
      stderr: answered("503 Service Unavailable", "Service unavailable"),
      kind: "unknown",
    },
    {
      name: "an answer that is no JSON",
      stderr: failed(
        "failed to get a 200 OK response, got 502\n  headers:\n  \tserver: edge\n  body:\n  <html>Bad gateway</html>",
      ),
      kind: "unknown",
      words: "<html>Bad gateway</html>",
    },
    {
      name: "a block page",
      stderr: failed(
        "failed to get a 200 OK response, got 403\n  headers:\n\n  body:\n  We are unable to process your request",
      ),
      kind: "refused",
    },
    {
      name: "a connection that broke",
      stderr: failed(
        "[52] Server returned nothing (no headers, no data) (Empty reply from server)",
      ),
      kind: "unknown",
    },
    {
      name: "an interrupted cargo",
      stderr: "   Uploading demo v1.0.0 (/w/demo)\n",
      code: null,
      kind: "unknown",
    },
    {
      name: "a dependency that is not in the index",
      stderr:
        "error: failed to prepare local package for uploading\n\nCaused by:\n  no matching package named `low` found\n",
      kind: "unresolved",
    },
    {
      name: "a dependency whose version is not in the index",
      stderr:
        'error: failed to prepare local package for uploading\n\nCaused by:\n  failed to select a version for the requirement `low = "^1"`\n',
      kind: "unresolved",
    },
    {
      name: "an index that does not answer",
      stderr:
        "error: download of config.json failed\n\nCaused by:\n  [7] Could not connect to server\n",
      kind: "failed",
    },
    {
      name: "a manifest that says no",
      stderr: "error: `demo` cannot be published.\n`package.publish` must be set to `true`\n",
      kind: "failed",
      words: "`demo` cannot be published.\n`package.publish` must be set to `true`",
    },
  ]
) {
  test(`${name} is ${kind}`, () => {
    const verdict = classifyPublish({ code, stderr });
    assert.equal(verdict.kind, kind);
    if (words !== undefined) assert.equal("words" in verdict ? verdict.words : "", words);
  });
}

test("the end of a rate limit is a date, and only where there is one", () => {
  const until = (detail: string): unknown => {
    const verdict = classifyPublish({
      code: 101,
      stderr: answered("429 Too Many Requests", detail),
    });
    return verdict.kind === "busy" ? verdict.until?.toISOString() : verdict;
  };
  assert.equal(until(LIMIT), "2026-11-21T12:00:00.000Z");
  assert.equal(
    until("Please try again after Sat, 21 Nov 2026 12:00:00 GMT or email help@crates.io"),
    "2026-11-21T12:00:00.000Z",
  );
  assert.equal(until("Please try again after some time GMT"), undefined);
  assert.equal(until("You have published too many versions"), undefined);
});

test("cargo's words are its errors, or its last lines", () => {
  assert.equal(
    wordsOf("warning: x\nerror[E0308]: mismatched types\n --> a\n"),
    "mismatched types\n --> a",
  );
  assert.equal(wordsOf("a\nb\nc\nd\ne\nf\n"), "b\nc\nd\ne\nf");
  assert.equal(wordsOf(""), "");
});
