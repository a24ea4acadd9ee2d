import assert from "node:assert/strict";
import { test } from "node:test";
import { parseProjectAnswer, parseVersionAnswer } from "../../../src/core/pypi/index_answer.ts";

test("parseVersionAnswer() reads files, digests and times", () => {
  const uploaded = "2026-11-20T10:00:00.123456Z";
  assert.deepEqual(
    parseVersionAnswer({
      info: {},
      urls: [{
        filename: "d.whl",
        digests: { sha256: "AB", md5: "x" },
        upload_time_iso_8601: uploaded,
        size: 1,
      }],
    }),
    [{ name: "d.whl", sha256: "ab", uploaded: new Date(uploaded) }],
  );
});

test("parseProjectAnswer() reads what a young index says and what an old one leaves out", () => {
  const young = {
    meta: { "api-version": "1.4" },
    name: "d",
    versions: ["1.0", "2.0"],
    "project-status": { status: "archived", reason: "done" },
    files: [{
      filename: "d.whl",
      hashes: { sha256: "ab" },
      "upload-time": "2026-01-01T00:00:00Z",
      url: "u",
      provenance: "https://pypi.example/integrity/d/2.0/d.whl/provenance",
    }, { filename: "e.whl", hashes: {}, url: "u", provenance: null }],
  };
  assert.deepEqual(parseProjectAnswer(young), {
    files: [
      {
        name: "d.whl",
        sha256: "ab",
        uploaded: new Date("2026-01-01T00:00:00Z"),
        isAttested: true,
      },
      { name: "e.whl", sha256: undefined, uploaded: undefined, isAttested: false },
    ],
    versions: ["1.0", "2.0"],
    status: "archived",
  });
  const old = {
    meta: { "api-version": "1.0" },
    name: "d",
    files: [{ filename: "d.whl", hashes: {}, url: "u" }],
  };
  assert.deepEqual(parseProjectAnswer(old), {
    files: [{ name: "d.whl", sha256: undefined, uploaded: undefined, isAttested: false }],
    versions: [],
    status: "active",
  });
});

for (const answer of [undefined, null, [], {}, { urls: "x" }, { files: [{}] }, "text"]) {
  test(`${JSON.stringify(answer)} is no answer of either API`, () => {
    assert.equal(parseVersionAnswer(answer), undefined);
    assert.equal(parseProjectAnswer(answer), undefined);
  });
}
