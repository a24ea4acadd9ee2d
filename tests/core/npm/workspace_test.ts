import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePackageJson } from "../../../src/core/npm/package_json.ts";
import { isWorkspaceMember, resolveSiblingRanges } from "../../../src/core/npm/workspace.ts";

const VERSIONS = new Map([["lib", { version: "1.2.3" }], ["@acme/core", {
  version: "4.0.0-rc.1",
}]]);

function resolve(fields: object): ReturnType<typeof resolveSiblingRanges> {
  return resolveSiblingRanges(
    parsePackageJson(JSON.stringify({ name: "demo", ...fields })),
    VERSIONS,
  );
}

const RANGES: readonly { name: string; range: string; of?: string; becomes: string }[] = [
  { name: "* into the exact version", range: "workspace:*", becomes: "1.2.3" },
  { name: "an empty range into the exact version", range: "workspace:", becomes: "1.2.3" },
  { name: "^ into a caret range", range: "workspace:^", becomes: "^1.2.3" },
  { name: "~ into a tilde range", range: "workspace:~", becomes: "~1.2.3" },
  { name: "a written range into itself", range: "workspace:>=1.0.0 <2", becomes: ">=1.0.0 <2" },
  {
    name: "a written range of an unknown sibling into itself",
    of: "other",
    range: "workspace:^7",
    becomes: "^7",
  },
  { name: "a scoped pre-release", of: "@acme/core", range: "workspace:^", becomes: "^4.0.0-rc.1" },
  { name: "an alias", of: "renamed", range: "workspace:lib@^", becomes: "npm:lib@^1.2.3" },
  {
    name: "a scoped alias",
    of: "renamed",
    range: "workspace:@acme/core@*",
    becomes: "npm:@acme/core@4.0.0-rc.1",
  },
];

for (const { name, range, of = "lib", becomes } of RANGES) {
  test(`resolveSiblingRanges turns ${name}`, () => {
    for (const field of ["dependencies", "peerDependencies", "optionalDependencies"]) {
      const { edits, problems } = resolve({ [field]: { [of]: range } });
      assert.deepEqual(problems, []);
      assert.deepEqual(edits, [{ path: [field, of], value: becomes }]);
    }
  });
}

test("resolveSiblingRanges leaves ordinary ranges alone", () => {
  const { edits, problems } = resolve({
    dependencies: { a: "^1.0.0", b: "npm:c@2", d: "github:me/d", e: "https://example.com/e.tgz" },
  });
  assert.deepEqual([edits, problems], [[], []]);
});

const UNRESOLVABLE: readonly { name: string; range: string; words: RegExp }[] = [
  {
    name: "a sibling whose version is not known",
    range: "workspace:^",
    words: /no version of "who" is known/,
  },
  { name: "a folder", range: "workspace:../who", words: /a folder/ },
  { name: "a catalog", range: "catalog:react18", words: /can resolve/ },
  { name: "a link", range: "link:../who", words: /can resolve/ },
  { name: "a local file", range: "file:../who", words: /can resolve/ },
];

for (const { name, range, words } of UNRESOLVABLE) {
  test(`resolveSiblingRanges refuses ${name} in what is installed`, () => {
    const { problems } = resolve({ dependencies: { who: range } });
    assert.deepEqual(problems.map(({ code }) => code), ["PIOT_NPM_WORKSPACE"]);
    assert.match(problems[0]!.message, words);
    assert.match(problems[0]!.message, /^Cannot publish "demo": dependencies "who"/);
  });

  test(`resolveSiblingRanges lets ${name} be in devDependencies, which nobody installs`, () => {
    const { edits, problems } = resolve({ devDependencies: { who: range } });
    assert.deepEqual([edits, problems], [[], []]);
  });
}

test("resolveSiblingRanges reports every range in one go", () => {
  const { problems } = resolve({
    dependencies: { a: "workspace:*", b: "link:../b" },
    peerDependencies: { c: "workspace:~" },
  });
  assert.equal(problems.length, 3);
});

const CASES: readonly { name: string; workspaces?: unknown; folder: string; isMember: boolean }[] =
  [
    { name: "a named folder", workspaces: ["js/a"], folder: "js/a", isMember: true },
    { name: "another folder", workspaces: ["js/a"], folder: "js/ab", isMember: false },
    { name: "one level", workspaces: ["./packages/*"], folder: "packages/a", isMember: true },
    { name: "two levels", workspaces: ["/packages/*"], folder: "packages/a/b", isMember: false },
    { name: "any level", workspaces: ["packages/**"], folder: "packages/a/b", isMember: true },
    {
      name: "a slash at the end",
      workspaces: ["packages/*/"],
      folder: "packages/a",
      isMember: true,
    },
    {
      name: "one that is taken out",
      workspaces: ["packages/*", "!packages/a"],
      folder: "packages/a",
      isMember: false,
    },
    {
      name: "one that is brought back",
      workspaces: ["packages/**", "!packages/b/**", "packages/b/a"],
      folder: "packages/b/a",
      isMember: true,
    },
    { name: "a table", workspaces: { packages: ["a"] }, folder: "a", isMember: true },
    { name: "no workspaces", folder: "a", isMember: false },
    { name: "nonsense", workspaces: "a", folder: "a", isMember: false },
    { name: "nothing", workspaces: null, folder: "a", isMember: false },
  ];

for (const { name, folder, isMember, ...fields } of CASES) {
  test(`isWorkspaceMember knows ${name}`, () => {
    assert.equal(isWorkspaceMember(parsePackageJson(JSON.stringify(fields)), folder), isMember);
  });
}

const FOLLOWED: readonly { name: string; of?: string; range: string; becomes: string }[] = [
  { name: "an ordinary range", range: "^1.0.0", becomes: "^2.0.0" },
  { name: "an alias", of: "renamed", range: "npm:lib@~1.4.0", becomes: "npm:lib@~2.0.0" },
  { name: "a written range of the work tree", range: "workspace:^1.0.0", becomes: "^2.0.0" },
  {
    name: "an alias of the work tree",
    of: "renamed",
    range: "workspace:lib@1.x",
    becomes: "npm:lib@2.x",
  },
];
for (const { name, of = "lib", range, becomes } of FOLLOWED) {
  test(`${name} follows a sibling in everything that is installed or built with`, () => {
    for (const field of ["dependencies", "optionalDependencies", "devDependencies"]) {
      const { edits, problems, followed } = resolveSiblingRanges(
        parsePackageJson(JSON.stringify({ name: "demo", [field]: { [of]: range } })),
        new Map([["lib", { version: "2.0.0", declared: "1.0.0" }]]),
      );
      assert.deepEqual([edits, problems], [[{ path: [field, of], value: becomes }], []]);
      assert.deepEqual(
        followed,
        range.startsWith("workspace:") ? [] : [`${field} "${of}" "${range}" → "${becomes}"`],
      );
    }
  });
}

test("a peer range is its author's: kept where it admits the sibling, told where it does not", () => {
  const peers = (range: string): ReturnType<typeof resolveSiblingRanges> =>
    resolveSiblingRanges(
      parsePackageJson(JSON.stringify({ name: "demo", peerDependencies: { lib: range } })),
      new Map([["lib", { version: "2.0.0", declared: "1.0.0" }]]),
    );
  for (const range of ["^1.0.0 || ^2.0.0", ">=1", "*", "2.x"]) {
    assert.deepEqual(peers(range), { edits: [], followed: [], problems: [] });
  }
  for (const range of ["^1.0.0", "1.x", "workspace:^1.0.0"]) {
    const { edits, problems: [problem] } = peers(range);
    assert.deepEqual([edits, problem?.code], [[], "PIOT_NPM_WORKSPACE"]);
    assert.match(
      problem!.message,
      /peerDependencies "lib" is ".*", which does not admit lib 2\.0\.0/,
    );
    assert.match(problem!.hint!, /Widen the range/);
  }
});

test("a list that does not admit a sibling is told where it is installed, and nowhere else", () => {
  const resolve = (field: string): ReturnType<typeof resolveSiblingRanges> =>
    resolveSiblingRanges(
      parsePackageJson(JSON.stringify({ name: "demo", [field]: { lib: "^1 || ^3" } })),
      new Map([["lib", { version: "2.0.0" }]]),
    );
  assert.deepEqual(resolve("dependencies").problems.map(({ code }) => code), [
    "PIOT_NPM_WORKSPACE",
  ]);
  assert.deepEqual(resolve("devDependencies").problems, []);
  assert.deepEqual(resolve("overrides"), { edits: [], followed: [], problems: [] });
});
