import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeUploadAnswer, uploadMessage } from "../../../src/core/pypi/upload_answer.ts";

for (
  const { status, message, code } of [
    {
      status: 400,
      message: "File already exists ('d.whl', with blake2_256 hash 'ab')",
      code: "PIOT_VERSION_TAKEN",
    },
    { status: 409, message: "Package 'd.whl' already exists!", code: "PIOT_VERSION_TAKEN" },
    {
      status: 400,
      message: "This filename was previously used by a file that has since been deleted.",
      code: "PIOT_VERSION_TAKEN",
    },
    {
      status: 400,
      message: "Uploading new files to releases older than 14 days is not allowed.",
      code: "PIOT_RELEASE_CLOSED",
    },
    {
      status: 400,
      message: "Only one sdist may be uploaded per release.",
      code: "PIOT_VERSION_TAKEN",
    },
    {
      status: 400,
      message: "Non-user identities cannot create new projects. This was …",
      code: "PIOT_AUTH_REFUSED",
    },
    { status: 400, message: "The name 'demo' isn't allowed.", code: "PIOT_REGISTRY_REFUSED" },
    { status: 400, message: "Invalid distribution file.", code: "PIOT_REGISTRY_REFUSED" },
    { status: 400, message: "", code: "PIOT_REGISTRY_REFUSED" },
    {
      status: 403,
      message: "Invalid or non-existent authentication information.",
      code: "PIOT_AUTH_REFUSED",
    },
    { status: 403, message: "Invalid API Token: token is expired", code: "PIOT_AUTH_REFUSED" },
    { status: 401, message: "", code: "PIOT_AUTH_REFUSED" },
    {
      status: 403,
      message: "Read-only mode: Uploads are temporarily disabled.",
      code: "PIOT_REGISTRY_BUSY",
    },
    {
      status: 409,
      message: "The name conflicts with an existing project",
      code: "PIOT_REGISTRY_BUSY",
    },
    { status: 429, message: "Too many new projects created", code: "PIOT_REGISTRY_BUSY" },
    { status: 308, message: "", code: "PIOT_REGISTRY_REFUSED" },
    { status: 405, message: "Method Not Allowed", code: "PIOT_REGISTRY_REFUSED" },
    { status: 500, message: "File already exists", code: "PIOT_REGISTRY_UNKNOWN" },
    { status: 503, message: "first byte timeout", code: "PIOT_REGISTRY_UNKNOWN" },
    { status: 418, message: "", code: "PIOT_REGISTRY_UNKNOWN" },
  ]
) {
  test(`${status} "${message.slice(0, 40)}" is ${code}`, () => {
    const verdict = judgeUploadAnswer(status, message);
    assert.equal(verdict.code, code);
    assert.ok(verdict.hint.length > 20);
  });
}

for (
  const { name, body, expected } of [
    {
      name: "the code of PyPI's JSON",
      body: JSON.stringify({
        message: "The server could not comply…",
        code: "400 File already exists.",
        title: "Bad Request",
      }),
      expected: "File already exists",
    },
    { name: "the message of other JSON", body: '{"message":"no"}', expected: "no" },
    { name: "FastAPI's detail", body: '{"detail":"Forbidden"}', expected: "Forbidden" },
    {
      name: "the text of a page",
      body: "<html><head><title>x</title></head><h1>502</h1>\n<p>Bad  Gateway</p></html>",
      expected: "Bad Gateway",
    },
    { name: "plain text", body: "403 Nope\n", expected: "Nope" },
    { name: "nothing of nothing", body: "", expected: "" },
    { name: "JSON that is no object", body: '"word"', expected: '"word"' },
  ]
) {
  test(`uploadMessage() reads ${name}`, () => assert.equal(uploadMessage(body), expected));
}

test("uploadMessage() cuts a page that goes on and on, and keeps it on one line", () => {
  const message = uploadMessage(`a\n::error::b\r${"cde ".repeat(1250)}`);
  assert.equal(message, `a ::error::b ${"cde ".repeat(121)}cde`.slice(0, 500).trimEnd());
  assert.ok(!/[\r\n]/.test(message));
});
