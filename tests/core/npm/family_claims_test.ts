import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeClaims } from "../../../src/core/npm/family_claims.ts";
import { parsePackageJson } from "../../../src/core/npm/package_json.ts";
import { platformName } from "../../../src/core/npm/platform_name.ts";

interface Row {
  readonly name: string;
  readonly main?: string;
  readonly template?: string;
  readonly targets: readonly (string | { triple: string; packageName: string })[];
  readonly manifest?: Record<string, unknown>;
  readonly script?: string;
  readonly problems?: readonly RegExp[];
  readonly warnings?: readonly RegExp[];
}

const GNU = ["linux-x64-gnu", "darwin-arm64"];
const quoted = (...names: readonly string[]): string =>
  names.map((name) => `require("${name}");`).join("\n");

const ROWS: readonly Row[] = [
  {
    name: "names that stand in the script",
    targets: GNU,
    script: quoted("@a/b-linux-x64-gnu", "@a/b-darwin-arm64"),
  },
  {
    name: "names with a path behind them, and platforms that the family does not have",
    targets: GNU,
    script: quoted(
      "@a/b-linux-x64-gnu/bin/b",
      "@a/b-darwin-arm64/package.json",
      "@a/b-android-arm64",
    ),
  },
  {
    name: "a table of names whose keys are platforms",
    main: "esbuild",
    template: "@{base}/{platform}-{arch}",
    targets: ["linux-x64", "win32-x64"],
    script: `const t = { "linux-x64": "@esbuild/linux-x64", "win32-x64": "@esbuild/win32-x64" };
      require.resolve(t[\`\${process.platform}-\${process.arch}\`])`,
  },
  {
    name: "a template string of process.platform and process.arch",
    targets: ["linux-x64", "darwin-arm64"],
    script: "require(`@a/b-${process.platform}-${process.arch}/bin/b`)",
  },
  {
    name: "a sum of words of node:os",
    targets: ["linux-x64", "darwin-arm64"],
    script: `import { platform, arch } from "node:os";\nload("@a/b-" + platform() + "-" + arch());`,
  },
  {
    name: "a template string that asks for another name",
    targets: GNU,
    script: "require(`@a/b-${process.platform}-${process.arch}`)",
    problems: [
      /scripts look for "@a\/b-linux-x64" \(`@a\/b-\$\{process\.platform\}-\$\{process\.arch\}`\), and the package for "linux-x64-gnu" is published as "@a\/b-linux-x64-gnu"/,
    ],
  },
  {
    name: "a template string that a script adds the C library to",
    main: "@parcel/watcher",
    template: "{name}-{platform}-{arch}-{libc}",
    targets: ["linux-x64-gnu", "linux-x64-musl", "darwin-arm64"],
    script: `let name = \`@parcel/watcher-\${process.platform}-\${process.arch}\`;
      if (process.platform === "linux") name += musl() ? "-musl" : "-glibc";
      module.exports = require(name);`,
  },
  {
    name: "a template string with one word that nobody knows",
    main: "lightningcss",
    targets: GNU,
    script:
      "let parts = [process.platform, process.arch];\nrequire(`lightningcss-${parts.join('-')}`);",
  },
  {
    name: "a template string with a word that nobody knows and a path behind it",
    main: "sharp",
    template: "@img/sharp-{platform}-{arch}",
    targets: ["linux-x64-gnu", "darwin-arm64"],
    script:
      "const machine = process.platform + '-' + process.arch;\nrequire(`@img/sharp-${machine}/sharp.node`);",
  },
  {
    name: "a loader that asks for another name",
    targets: GNU,
    script: quoted("@a/b-linux-x64-gnu", "@a/other-darwin-arm64"),
    problems: [/look for "@a\/other-darwin-arm64", and the package for "darwin-arm64"/],
  },
  {
    name: "a loader in Node's words where the targets are in Rust's",
    targets: ["x86_64-unknown-linux-gnu"],
    script: quoted("@a/b-linux-x64-gnu"),
    problems: [/look for "@a\/b-linux-x64-gnu", and the package for "x86_64-unknown-linux-gnu"/],
  },
  {
    name: "a script that says nothing of platforms",
    targets: GNU,
    script: "require(process.env.ADDON);",
    warnings: [/^no script of "@a\/b" mentions "@a\/b-linux-x64-gnu", "@a\/b-darwin-arm64"/],
  },
  {
    name: "a script that reads the pins",
    targets: GNU,
    script: `Object.keys(require("./package.json").optionalDependencies).map(require);`,
  },
  {
    name: "a name that stands for a platform package in optionalDependencies",
    targets: ["linux-x64-gnu"],
    manifest: { optionalDependencies: { "b-linux": "npm:@a/b-linux-x64-gnu@1.0.0" } },
    script: quoted("b-linux/bin/b"),
  },
  {
    name: "an optional dependency without a target",
    targets: GNU,
    manifest: { optionalDependencies: { "@a/b-linux-x64-musl": "1.0.0" } },
    script: quoted("@a/b-linux-x64-gnu", "@a/b-darwin-arm64"),
    problems: [
      /optionalDependencies name "@a\/b-linux-x64-musl", and "linux-x64-musl" is none of its targets/,
    ],
  },
  {
    name: "an old pin beside the new name",
    targets: GNU,
    template: "@a/b2-{target}",
    manifest: { optionalDependencies: { "@a/b-linux-x64-gnu": "1.0.0" } },
    script: quoted("@a/b2-linux-x64-gnu", "@a/b2-darwin-arm64"),
    problems: [
      /name "@a\/b-linux-x64-gnu", and the package for "linux-x64-gnu" is published as "@a\/b2-linux-x64-gnu"/,
    ],
  },
  {
    name: "optional dependencies that have nothing to do with the family",
    targets: GNU,
    manifest: { optionalDependencies: { fsevents: "^2", "@rollup/rollup-linux-x64-gnu": "^4" } },
    script: quoted("@a/b-linux-x64-gnu", "@a/b-darwin-arm64"),
  },
  {
    name: "an optional dependency that looks like a platform package of the scope",
    targets: GNU,
    manifest: { optionalDependencies: { "@a/c-linux-x64-gnu": "^4" } },
    script: quoted("@a/b-linux-x64-gnu", "@a/b-darwin-arm64"),
    warnings: [/"@a\/c-linux-x64-gnu" in its optionalDependencies looks like a platform package/],
  },
  {
    name: "napi.packageName that contradicts the names",
    targets: GNU,
    manifest: { napi: { packageName: "@a/b-binding" } },
    script: "require(`@a/b-${name}`)",
    problems: [/napi-rs is told that its platform packages are called "@a\/b-binding-…"/],
  },
  {
    name: "napi.packageName that agrees with the template",
    targets: GNU,
    template: "@a/binding-{target}",
    manifest: { napi: { packageName: "@a/binding" } },
    script: quoted("@a/binding-linux-x64-gnu", "@a/binding-darwin-arm64"),
  },
];

for (const row of ROWS) {
  const { main = "@a/b", template, targets, manifest = {}, script, problems = [], warnings = [] } =
    row;
  test(`what a main package asks for is held against its family: ${row.name}`, () => {
    const members = targets.map((target) => {
      const named = typeof target === "string" ? { triple: target } : target;
      return { triple: named.triple, name: platformName({ name: main, template }, named) };
    });
    const verdict = judgeClaims({
      family: { name: main, template, version: "1.0.0", members },
      manifest: parsePackageJson(JSON.stringify(manifest)),
      scripts: script === undefined ? undefined : [script],
      others: new Set(),
    });
    const messages = verdict.problems.map(({ message }) => message);
    assert.equal(messages.length, problems.length, messages.join("\n"));
    problems.forEach((pattern, index) => assert.match(messages[index]!, pattern));
    assert.equal(verdict.warnings.length, warnings.length, verdict.warnings.join("\n"));
    warnings.forEach((pattern, index) => assert.match(verdict.warnings[index]!, pattern));
  });
}
