import { test } from "node:test";
import assert from "node:assert/strict";
import { parsePackageJson, setPackageVersion } from "../../../src/core/npm/package_json.ts";
import { Failure } from "../../../src/error.ts";

const EDITS: readonly { name: string; before: string; after: string }[] = [
  {
    name: "keeps tabs, order and the last newline",
    before: '{\n\t"version": "0.0.0",\n\t"name": "x"\n}\n',
    after: '{\n\t"version": "1.2.3",\n\t"name": "x"\n}\n',
  },
  {
    name: "keeps Windows line ends and a missing last newline",
    before: '{\r\n  "name": "x",\r\n  "version": "0.0.0"\r\n}',
    after: '{\r\n  "name": "x",\r\n  "version": "1.2.3"\r\n}',
  },
  {
    name: "keeps a byte order mark",
    before: '\uFEFF{"name":"x","version":"0.0.0"}',
    after: '\uFEFF{"name":"x","version":"1.2.3"}',
  },
  {
    name: "edits the top-level version, not those of other objects",
    before:
      '{"config":{"version":"9"},"list":["version",{"version":"8"}],"name":"x","version" : "0.0.0" }',
    after:
      '{"config":{"version":"9"},"list":["version",{"version":"8"}],"name":"x","version" : "1.2.3" }',
  },
  {
    name: "is not misled by quotes, escapes and braces in strings",
    before: '{"name":"x","description":"a \\"version\\": \\"9\\" } \\\\","version":"0.0.0"}',
    after: '{"name":"x","description":"a \\"version\\": \\"9\\" } \\\\","version":"1.2.3"}',
  },
  {
    name: "edits the last of two versions, the one that counts",
    before: '{"name":"x","version":"0.0.1","version":"0.0.2"}',
    after: '{"name":"x","version":"0.0.1","version":"1.2.3"}',
  },
  {
    name: "finds a key that is written with escapes",
    before: '{"name":"x","\\u0076ersion":"0.0.2"}',
    after: '{"name":"x","\\u0076ersion":"1.2.3"}',
  },
  {
    name: "replaces a version that is no string",
    before: '{"name":"x","version":null,"a":1}',
    after: '{"name":"x","version":"1.2.3","a":1}',
  },
  {
    name: "adds a version behind the name, in the file's own layout",
    before: '{\n    "name": "x",\n    "type": "module"\n}\n',
    after: '{\n    "name": "x",\n    "version": "1.2.3",\n    "type": "module"\n}\n',
  },
  {
    name: "adds a version on the same line where the file has one line",
    before: '{"name":"x"}',
    after: '{"name":"x","version": "1.2.3"}',
  },
];

for (const { name, before, after } of EDITS) {
  test(`setPackageVersion ${name}`, () => {
    const edited = setPackageVersion(before, "1.2.3");
    assert.equal(edited, after);
    assert.equal(parsePackageJson(edited).version, "1.2.3");
  });
}

const REFUSED: readonly { name: string; text: string; words: RegExp }[] = [
  {
    name: "text with comments",
    text: '{ // no\n "name": "x" }',
    words: /Cannot read package\.json/,
  },
  { name: "an empty file", text: "", words: /Cannot read package\.json/ },
  { name: "a list", text: "[]", words: /not an object/ },
  {
    name: "nesting without an end",
    text: `{"name":"x","exports":${'{"a":'.repeat(5000)}1${"}".repeat(5000)}}`,
    words: /nested deeper than 100 levels/,
  },
  { name: "an object without a name", text: "{}", words: /has no name/ },
];

for (const { name, text, words } of REFUSED) {
  test(`setPackageVersion refuses ${name}`, () => {
    assert.throws(() => setPackageVersion(text, "1.0.0"), (error: Failure) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.code, "PIOT_NPM_MANIFEST");
      assert.match(error.message, words);
      return true;
    });
  });
}
