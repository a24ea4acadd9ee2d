import { test } from "node:test";
import assert from "node:assert/strict";
import { judgeManifest } from "../../../src/core/npm/manifest_rules.ts";
import { parsePackageJson } from "../../../src/core/npm/package_json.ts";

interface Case {
  readonly name: string;
  readonly fields?: object;
  readonly own?: { registryName?: string; access?: "public" | "restricted"; distTag?: string };
  readonly version?: string;
}

function judge({ fields = {}, own = {}, version = "1.0.0" }: Omit<Case, "name">): string[] {
  const settings = { registryName: "demo", access: "public" as const, distTag: "latest", ...own };
  const failures = judgeManifest({
    manifest: parsePackageJson(JSON.stringify({ name: settings.registryName, ...fields })),
    package: settings,
    version,
    registries: ["https://npm.example.com", "https://npm.example.org/"],
  });
  return failures.map(({ code, message }) => `${code} ${message}`);
}

const GOOD: readonly Case[] = [
  { name: "a plain package" },
  { name: "a scoped one", own: { registryName: "@acme/demo.js" } },
  { name: "a restricted scoped one", own: { registryName: "@acme/demo", access: "restricted" } },
  { name: "an old name with capitals", own: { registryName: "JSONStream" } },
  { name: "a pre-release", version: "1.0.0-rc.1" },
  { name: "private: false", fields: { private: false } },
  {
    name: "a publishConfig that says the same",
    fields: {
      publishConfig: {
        access: "public",
        tag: "latest",
        registry: "https://npm.example.org",
        provenance: true,
      },
    },
  },
];

for (const { name, ...rest } of GOOD) {
  test(`judgeManifest passes ${name}`, () => assert.deepEqual(judge(rest), []));
}

const BAD: readonly (Case & { readonly words: RegExp })[] = [
  {
    name: "another name",
    fields: { name: "other" },
    words: /"demo": its package\.json is named "other"/,
  },
  { name: "no name", fields: { name: 5 }, words: /has no name/ },
  { name: "private: true", fields: { private: true }, words: /PIOT_NPM_PRIVATE/ },
  { name: "build metadata", version: "1.0.0+abc", words: /drops build metadata/ },
  { name: "a tag that is a range", own: { distTag: "v2" }, words: /version range/ },
  {
    name: "a restricted package without a scope",
    own: { access: "restricted" },
    words: /only scoped/,
  },
  { name: "a name with a slash too many", own: { registryName: "@a/b/c" }, words: /not a name/ },
  { name: "a name that starts with a dot", own: { registryName: ".demo" }, words: /not a name/ },
  { name: "a name that is too long", own: { registryName: "x".repeat(215) }, words: /not a name/ },
  {
    name: "another tag",
    fields: { publishConfig: { tag: "next" } },
    words: /publishConfig\.tag is "next"/,
  },
  {
    name: "another access",
    fields: { publishConfig: { access: "restricted" } },
    words: /publishConfig\.access is "restricted"/,
  },
  {
    name: "another registry",
    fields: { publishConfig: { registry: "https://npm.pkg.github.com" } },
    words: /another registry/,
  },
  {
    name: "another registry for its scope, whatever the other key says",
    fields: {
      name: "@acme/demo",
      publishConfig: {
        registry: "https://npm.example.com",
        "@acme:registry": "https://npm.pkg.github.com",
      },
    },
    own: { registryName: "@acme/demo" },
    words: /publishConfig\.@acme:registry is .*another registry/,
  },
  {
    name: "pnpm's overrides",
    fields: { publishConfig: { main: "dist/a.js", exports: {} } },
    words: /"main", "exports", which only pnpm does/,
  },
];

for (const { name, words, ...rest } of BAD) {
  test(`judgeManifest refuses ${name}`, () => {
    const problems = judge(rest);
    assert.equal(problems.length, 1);
    assert.match(problems[0]!, words);
  });
}

test("judgeManifest reports everything in one go", () => {
  const problems = judge({
    fields: { name: "other", private: true, publishConfig: { tag: "x1" } },
    version: "1.0.0+1",
  });
  assert.equal(problems.length, 4);
});
