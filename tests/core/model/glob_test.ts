import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import fc from "../../support/property.ts";
import { compileGlobs, indexGlobs, parseGlob } from "../../../src/core/model/glob.ts";

const MATCHES: readonly (readonly [pattern: string, path: string])[] = [
  ["py/**", "py/a"],
  ["py/**", "py/a/b/.c"],
  ["py/**", "py/.hidden/x"],
  ["**", "a"],
  ["**", ".a/b"],
  ["**/*.md", "README.md"],
  ["**/*.md", "a/b/.x.md"],
  ["*.md", "README.md"],
  ["a/*/c", "a/.b/c"],
  ["a/?.rs", "a/é.rs"],
  ["a/{b,c}/**", "a/c/d"],
  ["a/[bc]/d", "a/b/d"],
  ["./a/**", "a/b"],
  ["a//b", "a/b"],
  ["a/+(x|y).ts", "a/xy.ts"],
  ["app/[slug]/**", "app/[slug]/x"],
  ["app/\\(group\\)/*", "app/(group)/x"],
  ["app/\\*/x", "app/*/x"],
  ['a/it\'s "this"/*.md', 'a/it\'s "this"/x.md'],
  ["a/**", "a/line\nbreak"],
  ["a/*.md", "a/line\nbreak.md"],
  ["a/**/x", "a/line\nbreak/x"],
  ["ключ/**", "ключ/a"],
  ["@me/pkg/**", "@me/pkg/a"],
  ["c++/src/**", "c++/src/a"],
  ["a/$x^/**", "a/$x^/b"],
  // A folder or submodule as a whole.
  ["py/**", "py/"],
  ["py/**", "py/in/"],
];
const MISSES: readonly (readonly [pattern: string, path: string])[] = [
  ["py/**", "py"],
  ["py/**", "python/a"],
  ["py/**", "x/py/a"],
  ["py", "py/a"],
  ["*.md", "a/README.md"],
  ["a/*", "a/b/c"],
  ["a/*/c", "a/c"],
  ["*", "a/b"],
  ["a/?.rs", "a//.rs"],
  ["app/\\*/x", "app/y/x"],
  ["a.b/**", "axb/c"],
  ["A/**", "a/b"],
  ["a/*", "a/s/"],
  ["a/**/*.md", "a/"],
  ["a/{b,c}/**", "a/b/"],
  ["*", "a/"],
  ["a", "a/"],
];

for (const [pattern, path] of MATCHES) {
  test(`the glob ${JSON.stringify(pattern)} matches ${JSON.stringify(path)}`, () => {
    equal(compileGlobs([pattern])(path), true);
    deepEqual(indexGlobs([{ name: "x", paths: [pattern] }])(path), [{ owner: "x", pattern }]);
  });
}

for (const [pattern, path] of MISSES) {
  test(`the glob ${JSON.stringify(pattern)} does not match ${JSON.stringify(path)}`, () => {
    equal(compileGlobs([pattern])(path), false);
    deepEqual(indexGlobs([{ name: "x", paths: [pattern] }])(path), []);
  });
}

const BASES: readonly (readonly [pattern: string, base: string])[] = [
  ["py/my-py/**", "py/my-py"],
  ["py/setup.py", "py/setup.py"],
  ["*.md", ""],
  ["**", ""],
  ["a/b*/c/**", "a"],
  ["./a/b/*", "a/b"],
  ["app/\\[slug\\]/*", "app/[slug]"],
  ["app/[slug]/*", "app"],
  ["@scope/x/{a,b}", "@scope/x"],
];

for (const [pattern, base] of BASES) {
  test(`parseGlob() starts ${pattern} at "${base}"`, () => equal(parseGlob(pattern).base, base));
}

test("parseGlob() tells how far below its base a glob reaches", () => {
  const reaches = ["a/b", "a/*", "a/*.{x,y}", "a/{x,y/z}", "a/**", "a/*/b", "a/x**", "a/(x|.*)"]
    .map((pattern) => parseGlob(pattern).reach);
  deepEqual(reaches, ["file", "folder", "folder", "tree", "tree", "tree", "tree", "tree"]);
});

const PART = fc.constantFrom("a", "b", ".c", "d e", "[x]", "é", "1");
const PATH = fc.array(PART, { minLength: 1, maxLength: 4 }).map((segments) => segments.join("/"));
const GLOB_PART = fc.constantFrom(
  "a",
  "b",
  "*",
  "**",
  "{a,b}",
  "?",
  "d e",
  "\\[x\\]",
  "[a-c]",
  ".*",
);
const GLOB = fc.array(GLOB_PART, { minLength: 1, maxLength: 4 }).map((segments) =>
  segments.join("/")
);

test("a match lies where parseGlob() says that matches lie", () => {
  fc.assert(
    fc.property(GLOB, PATH, (pattern, path) => {
      if (!compileGlobs([pattern])(path)) return;
      const { base, reach } = parseGlob(pattern);
      const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
      if (reach === "file") equal(path, base);
      if (reach === "folder") equal(folder, base);
      if (reach === "tree") equal(base === "" || path.startsWith(`${base}/`), true);
    }),
    { numRuns: 2000 },
  );
});

test("indexGlobs() finds what compileGlobs() finds, for any owners", () => {
  const owners = fc.array(fc.array(GLOB, { minLength: 1, maxLength: 3 }), { maxLength: 4 })
    .map((all) => all.map((paths, at) => ({ name: `p${at}`, paths })));
  fc.assert(
    fc.property(owners, PATH, (all, path) => {
      const found = new Set(indexGlobs(all)(path).map(({ owner }) => owner));
      const expected = all.filter(({ paths }) => compileGlobs(paths)(path)).map(({ name }) => name);
      deepEqual([...found].sort(), expected);
    }),
    { numRuns: 2000 },
  );
});
