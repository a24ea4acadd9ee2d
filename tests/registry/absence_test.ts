import assert from "node:assert/strict";
import { test } from "node:test";
import { isPage, saysNotFound, startsNotFound } from "../../src/registry/absence.ts";

const OWN: readonly { readonly name: string; readonly document: unknown }[] = [
  { name: "npm", document: { error: "Not found" } },
  { name: "CouchDB", document: { error: "not_found", reason: "document not found" } },
  { name: "Verdaccio", document: { error: "no such package available" } },
  { name: "Nexus", document: { success: false, error: "Package 'demo' not found" } },
  { name: "GitLab", document: { message: "404 Project Not Found" } },
  {
    name: "GitHub Packages",
    document: { error: 'npm package "demo" does not exist under owner "a"' },
  },
  {
    name: "Azure Artifacts",
    document: { $id: "1", message: "The package 'demo' cannot be found" },
  },
  {
    name: "Artifactory",
    document: { errors: [{ status: 404, message: "Could not find resource" }] },
  },
  { name: "Cloudsmith", document: { detail: "Not found." } },
  { name: "PyPI", document: { message: "Not Found" } },
  {
    name: "crates.io of a crate",
    document: { errors: [{ detail: "crate `demo` does not exist" }] },
  },
  {
    name: "crates.io of a version",
    document: { errors: [{ detail: "crate `demo` does not have a version `1.0.0`" }] },
  },
];
for (const { name, document } of OWN) {
  test(`saysNotFound() knows how ${name} says it`, () => assert.ok(saysNotFound(document)));
}

const FOREIGN: readonly unknown[] = [
  ...[undefined, null, true, "Not found", [], [{ error: "Not found" }], {}],
  ...[{ error: {} }, { error: "" }, { errors: [] }, { errors: {} }, { errors: "not found" }],
  { message: "no Route matched with those values" },
  { error: "upstream connect error or disconnect/reset before headers" },
  { errors: [{ detail: "We are unable to process your request" }] },
];
for (const document of FOREIGN) {
  test(`saysNotFound() takes ${JSON.stringify(document)} for nobody's word`, () => {
    assert.equal(saysNotFound(document), false);
  });
}

test("startsNotFound() knows PyPI's line of text, and no other", () => {
  assert.ok(startsNotFound("404 Not Found"));
  assert.ok(startsNotFound("404 Not Found\n\nThe resource could not be found.\n"));
  for (
    const text of [
      "",
      "404 page not found",
      "default backend - 404",
      "Not Found",
      "<h1>404 Not Found",
    ]
  ) {
    assert.equal(startsNotFound(text), false);
  }
});

test("isPage() tells pages from the XML in which S3 says that it has no such key", () => {
  assert.ok(isPage("<!DOCTYPE html><html>"));
  assert.ok(isPage("\n <html>"));
  assert.equal(isPage('<?xml version="1.0"?>\n<Error><Code>NoSuchKey</Code></Error>'), false);
  assert.equal(isPage(""), false);
});
