import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import fc from "../../support/property.ts";
import { parseReleaseRequests, requestSource } from "../../../src/core/request/parse_requests.ts";
import type { Bump } from "../../../src/core/model/plan.ts";
import type { RequestedRelease } from "../../../src/core/request/requested_release.ts";
import { Failure, type Problem } from "../../../src/error.ts";

function problemsOf(...texts: string[]): readonly Problem[] {
  try {
    parseReleaseRequests(texts);
  } catch (error) {
    assert.ok(error instanceof Failure);
    assert.equal(error.exitCode, 2);
    return error.problems;
  }
  return assert.fail("nothing was refused");
}

test("every example of docs/release-requests.md is read as the page says", async () => {
  const page = await readFile("docs/release-requests.md", "utf8");
  const blocks = page.matchAll(
    /```(?:text|json) argument\n([\s\S]*?)```\n\n```json requests\n([\s\S]*?)```/g,
  );
  const examples = [...blocks].map(([, argument, requests]) => [argument!, requests!] as const);
  assert.equal(examples.length, page.split(" argument\n").length - 1);
  assert.ok(examples.length >= 9);
  for (const [argument, requests] of examples) {
    assert.deepEqual(parseReleaseRequests([argument]), JSON.parse(requests), argument);
  }
});

test("parseReleaseRequests() tells an unset flag from an empty list", () => {
  const cases:
    readonly (readonly [string, readonly string[], readonly RequestedRelease[] | undefined])[] = [
      ["no flag", [], undefined],
      ["an unset input", [""], undefined],
      ["blanks", [" \n", "\t"], undefined],
      ["an empty array", ["[]"], []],
      ["only commas", [","], []],
      ["a flag and an unset input", ["demo", ""], [{ name: "demo" }]],
      ["release-please that did nothing", ['{"releases_created":"false"}'], []],
      ["release-plz that did nothing", ['{"releases":"","releases_created":"false"}'], []],
    ];
  for (const [name, texts, expected] of cases) {
    assert.deepEqual(parseReleaseRequests(texts), expected, name);
  }
});

test("parseReleaseRequests() joins what several flags say and drops repeats", () => {
  assert.deepEqual(
    parseReleaseRequests(["a, b@minor", '[{"name":"a"},{"name":"b","bump":"minor"}]', "c@1.0.0"]),
    [{ name: "a" }, { name: "b", bump: "minor" }, { name: "c", version: "1.0.0" }],
  );
});

test("parseReleaseRequests() reads back every request that can be written as a word", () => {
  const part = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,9}$/);
  const name = fc.oneof(
    part,
    fc.tuple(part, part).map(([scope, rest]) => `@${scope}/${rest}`),
    fc.tuple(part, part).map(([folder, rest]) => `${folder}/${rest}`),
  );
  const numbers = fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)).map((all) => all.join("."));
  const wanted = fc.oneof(
    fc.constant({}),
    fc.constantFrom<Bump>("patch", "minor", "major").map((bump) => ({ bump })),
    numbers.map((version) => ({ version })),
    numbers.map((version) => ({ version: `${version}-rc.1+build.5` })),
  );
  const request = fc.tuple(name, wanted).map(([name, wish]) => ({ name, ...wish }));
  const requests = fc.uniqueArray(request, { selector: ({ name }) => name, minLength: 1 });
  fc.assert(fc.property(requests, (all) => {
    const words = all.map((request: { name: string; version?: string; bump?: string }) => {
      const wish = request.version ?? request.bump;
      return wish === undefined ? request.name : `${request.name}@${wish}`;
    });
    assert.deepEqual(parseReleaseRequests([words.join(",")]), all);
    assert.deepEqual(
      parseReleaseRequests([`[${all.map((request) => JSON.stringify(request)).join()}]`]),
      all,
    );
  }));
});

test("parseReleaseRequests() says what is wrong with a piece, shows it, and lists the forms", () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ["a leading v", "demo@v1.4.0", /"demo@v1\.4\.0": a version stands alone, as 1\.4\.0$/],
    ["two numbers", "demo@1.4", /"1\.4" is neither a version such as 1\.4\.0 nor patch, minor or/],
    ["a dist-tag", "@a/b@latest", /"@a\/b@latest": "latest" is neither a version/],
    ["nothing after the @", "demo@", /nothing follows the @$/],
    ["an @ alone", "@", /the name is missing$/],
    ["a colon", "demo:minor", /":" cannot stand in a name$/],
    ["an equals sign", "demo=1.0.0", /"=" cannot stand in a name$/],
    ["a blank in a word", "demo 1.0.0", /" " cannot stand in a name$/],
    ["broken JSON", '[{"name":', /it starts as JSON and is not valid JSON \(.+\)$/],
    ["a text in the array", '["demo"]', /an entry of the array is not an object$/],
    ["null in the array", "[null]", /an entry of the array is not an object$/],
    ["a slip in a key", '[{"name":"a","verison":"1.0.0"}]', /unknown key "verison"$/],
    ["no name", '[{"version":"1.0.0"}]', /its "name" is not a string$/],
    ["an empty name", '[{"name":""}]', /the name is missing$/],
    ["two versions in one", '[{"name":"a","version":"1.0.0@2.0.0"}]', /its "version" is not a/],
    ["a bump as version", '[{"name":"a","version":"minor"}]', /its "version" is not a version/],
    ["a number as version", '[{"name":"a","version":1}]', /its "version" is not a version/],
    ["an odd bump", '[{"name":"a","bump":"huge"}]', /its "bump" is none of/],
    ["both", '[{"name":"a","version":"1.0.0","bump":"minor"}]', /both a version and a bump$/],
    ["an unknown object", '{"name":"a"}', /an object with the keys name, which no known tool/],
    ["an empty object", "{}", /an object with no key at all, which no known tool prints$/],
    ["release-please without folders", '{"releases_created":"true"}', /no output names a released/],
    ["release-please's broken list", '{"paths_released":"[1]"}', /not a JSON array of folders$/],
    ["release-please's broken JSON", '{"paths_released":"["}', /not a JSON array of folders$/],
    [
      "release-please without a version",
      '{"paths_released":"[\\"a\\"]","a--tag_name":"latest"}',
      /"a": neither a--version nor a--tag_name holds a version$/,
    ],
    [
      "release-please's odd version",
      '{"release_created":"true","version":"v1","tag_name":"v1.0.0"}',
      /version is "v1", which is not a version$/,
    ],
    ["release-plz's broken list", '{"releases":"{}"}', /"releases": it is not a JSON array$/],
    ["release-plz's text", '{"releases":["a"]}', /an entry of releases is not an object$/],
    ["release-plz without a name", '[{"package_name":"","version":"1.0.0"}]', /"package_name"/],
    ["release-plz's odd version", '[{"package_name":"a","version":"1"}]', /its "version" is not/],
  ];
  for (const [name, text, message] of cases) {
    const [problem, ...others] = problemsOf(text);
    assert.deepEqual(others, [], name);
    assert.equal(problem!.code, "PIOT_RELEASE_REQUEST_INVALID", name);
    assert.match(problem!.message, /^Cannot read the release request "/, name);
    assert.match(problem!.message, message, name);
    assert.match(problem!.hint!, /^Write name, name@minor or name@1\.4\.0/, name);
  }
});

test("parseReleaseRequests() reports every malformed piece of every flag in one go", () => {
  const problems = problemsOf("a@, b, c@x", '[{"name":"d"},{"name":1}]');
  assert.deepEqual(problems.map((problem) => problem.message), [
    'Cannot read the release request "a@": nothing follows the @',
    'Cannot read the release request "c@x": "x" is neither a version such as 1.4.0 nor patch, minor or major',
    'Cannot read the release request "{\\"name\\":1}": its "name" is not a string',
  ]);
});

test("parseReleaseRequests() never prints a long text whole", () => {
  const [problem] = problemsOf(`[${"9".repeat(10_000)}`);
  assert.ok(problem!.message.length < 300, problem!.message);
});

test("parseReleaseRequests() refuses two different wishes for one package", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["two versions", "a@1.0.0,a@1.0.1", 'the package "a" twice: 1.0.0 and 1.0.1 are asked for'],
    [
      "none and a version",
      "a,a@1.0.0",
      'the package "a" twice: its next release and 1.0.0 are asked for',
    ],
    [
      "two bumps",
      "a@minor,a@major",
      'the package "a" twice: a minor release and a major release are asked for',
    ],
    [
      "two versions of a crate",
      '[{"package_name":"c","version":"1.0.0"},{"package_name":"c","version":"2.0.0"}]',
      'the crate "c" twice: 1.0.0 and 2.0.0 are asked for',
    ],
  ];
  for (const [name, text, message] of cases) {
    const [problem] = problemsOf(text);
    assert.equal(problem!.code, "PIOT_RELEASE_REQUEST_CONFLICT", name);
    assert.equal(problem!.message, `Cannot release ${message}`, name);
  }
});

test("parseReleaseRequests() finds the version that a tag of release-please ends with", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["1.2.3", "1.2.3"],
    ["v1.2.3", "1.2.3"],
    ["demo-v1.2.3-rc.1", "1.2.3-rc.1"],
    ["@scope/pkg@1.2.3", "1.2.3"],
    ["demo_1.2.3+meta", "1.2.3+meta"],
    ["py3-v1.2.3", "1.2.3"],
  ];
  for (const [tag, version] of cases) {
    const outputs = JSON.stringify({ paths_released: '["a/b"]', "a/b--tag_name": tag });
    assert.deepEqual(parseReleaseRequests([outputs]), [{ path: "a/b", version }], tag);
  }
});

test("requestSource() tells a file and standard input from the text itself", () => {
  const cases: readonly (readonly [string, ReturnType<typeof requestSource>])[] = [
    ["-", { from: "stdin" }],
    [" releases.json ", { from: "file", path: "releases.json" }],
    ["./releases", { from: "file", path: "./releases" }],
    ["../up/releases", { from: "file", path: "../up/releases" }],
    ["/tmp/releases", { from: "file", path: "/tmp/releases" }],
    ["C:\\tmp\\releases", { from: "file", path: "C:\\tmp\\releases" }],
    ["demo", { from: "text", text: "demo" }],
    ["demo.json@patch", { from: "text", text: "demo.json@patch" }],
    ["@scope/pkg", { from: "text", text: "@scope/pkg" }],
    ['[{"name":"a.json"}]', { from: "text", text: '[{"name":"a.json"}]' }],
  ];
  for (const [argument, expected] of cases) {
    assert.deepEqual(requestSource(argument), expected, argument);
  }
});
