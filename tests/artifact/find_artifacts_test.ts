import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { findArtifacts } from "../../src/artifact/find_artifacts.ts";
import { plannedArtifacts } from "../../src/core/plan/planned_package.ts";
import { parseConfig } from "../support/parse_config.ts";
import type { PlannedPackage } from "../../src/core/model/plan.ts";
import { rulesOf } from "../../src/core/model/kind.ts";
import { KINDS } from "../../src/registry/kinds.ts";
import { tempFolder } from "../support/temp.ts";

/** Packages as a plan has them, all at 1.0.0. */
function planned(...tables: readonly string[]): { packages: PlannedPackage[] } {
  const text = `[putitoutthere]\nversion = 1\n${
    tables.map((table) => `\n[[package]]\n${table}\n`).join("")
  }`;
  const packages = parseConfig(text, "putitoutthere.toml").packages.map((one): PlannedPackage => ({
    name: one.name,
    kind: one.kind,
    registry_name: one.registryName,
    path: one.path,
    version: "1.0.0",
    previous: null,
    bump: null,
    tag: `${one.name}-v1.0.0`,
    depends_on: one.dependsOn,
    reason: "requested",
    artifacts: plannedArtifacts({ pkg: one, rules: rulesOf(KINDS, one) }),
  }));
  return { packages };
}

const declare = (name: string, kind: string, more = ""): string =>
  `name = "${name}"\nkind = "${kind}"\npath = "${name.replaceAll("@", "")}"\npaths = ["${
    name.replaceAll("@", "")
  }/**"]\n${more}`;

test("artifacts are found by their names, at any depth", async () => {
  await using folder = await tempFolder({
    "demo-wheel-any/a/b/demo.whl": "",
    "demo-sdist/demo.tar.gz": "",
  });
  const plan = planned(declare("demo", "pypi"));
  const found = await findArtifacts(plan, {
    directory: folder.path,
    shown: "artifacts",
    kinds: KINDS,
  });
  assert.deepEqual(found.missing, []);
  assert.deepEqual(found.folders.get("demo"), [
    { target: "any", name: "demo-wheel-any", folder: join(folder.path, "demo-wheel-any") },
    { target: "sdist", name: "demo-sdist", folder: join(folder.path, "demo-sdist") },
  ]);
});

test("a required artifact that is missing or empty is told with the folder and file that were expected", async () => {
  await using folder = await tempFolder({ "demo-wheel-any/demo.whl": "" });
  const plan = planned(declare("demo", "pypi"));
  const { missing } = await findArtifacts(plan, {
    directory: folder.path,
    shown: "artifacts",
    kinds: KINDS,
  });
  assert.deepEqual(missing.map(({ code, message, hint }) => ({ code, message, hint })), [{
    code: "PIOT_ARTIFACT_MISSING",
    message:
      'Cannot publish demo 1.0.0: no file in "artifacts/demo-sdist"; there are "demo-wheel-any"',
    hint:
      'The build job for "sdist" uploads artifact "demo-sdist", which the publish job downloads to ' +
      "artifacts/demo-sdist/demo-1.0.0.tar.gz",
  }]);
});

test("an optional artifact that is missing has no folder and is no failure", async () => {
  await using folder = await tempFolder();
  const plan = planned(declare("demo", "npm"));
  const { missing, folders } = await findArtifacts(plan, {
    directory: join(folder.path, "none"),
    shown: "none",
    kinds: KINDS,
  });
  assert.deepEqual(missing, []);
  assert.deepEqual(folders.get("demo"), [{
    target: "noarch",
    name: "demo-pkg",
    folder: undefined,
  }]);
});

test("a lone planned row may lie directly in the directory", async () => {
  await using folder = await tempFolder({ "package.json": "{}" });
  const { folders } = await findArtifacts(planned(declare("demo", "npm")), {
    directory: folder.path,
    shown: ".",
    kinds: KINDS,
  });
  assert.equal(folders.get("demo")?.[0]?.folder, folder.path);
});

test("the folders of other packages do not make a directory the artifact of a lone row", async () => {
  await using folder = await tempFolder({ "other-sdist/other.tar.gz": "" });
  const { folders } = await findArtifacts(planned(declare("demo", "npm")), {
    directory: folder.path,
    shown: ".",
    kinds: KINDS,
  });
  assert.equal(folders.get("demo")?.[0]?.folder, undefined);
});

test("wheel folders beyond the rows belong to the package with the longest name that fits", async () => {
  await using folder = await tempFolder({
    "foo-wheel-any/foo.whl": "",
    "foo-sdist/foo.tar.gz": "",
    "foo-wheels-linux/foo.whl": "",
    "foo-extras-wheel-any/x.whl": "",
    "foo-extras-sdist/x.tar.gz": "",
    "foo-extras-wheel-macos/x.whl": "",
    "foo-docs/index.html": "",
  });
  const plan = planned(declare("foo", "pypi"), declare("foo-extras", "pypi"));
  const { folders } = await findArtifacts(plan, {
    directory: folder.path,
    shown: "artifacts",
    kinds: KINDS,
  });
  const names = (name: string): unknown =>
    folders.get(name)?.map((one) => `${one.name} ${one.target}`);
  assert.deepEqual(names("foo"), [
    "foo-wheel-any any",
    "foo-sdist sdist",
    "foo-wheels-linux linux",
  ]);
  assert.deepEqual(names("foo-extras"), [
    "foo-extras-wheel-any any",
    "foo-extras-sdist sdist",
    "foo-extras-wheel-macos macos",
  ]);
});

test("a scoped package's artifacts have its slash written as two underscores", async () => {
  await using folder = await tempFolder({ "@scope__demo-pkg/package.json": "{}" });
  const plan = planned(declare("@scope/demo", "npm"), declare("other", "pypi"));
  const { folders } = await findArtifacts(plan, {
    directory: folder.path,
    shown: "artifacts",
    kinds: KINDS,
  });
  assert.equal(folders.get("@scope/demo")?.[0]?.folder, join(folder.path, "@scope__demo-pkg"));
});

const FAMILY = 'build = "bundled-cli"\ntargets = ["linux-x64-gnu"]';
const UNDECLARED: readonly {
  readonly name: string;
  readonly packages: readonly string[];
  readonly folder: string;
  readonly warnings: Readonly<Record<string, readonly string[]>>;
}[] = [
  {
    name: "a target that nobody declared",
    packages: [declare("@acme/demo", "npm", FAMILY)],
    folder: "@acme__demo-darwin-arm64",
    warnings: {
      "@acme/demo": [
        'the artifact "@acme__demo-darwin-arm64" is left out: "darwin-arm64" is not in `targets` of @acme/demo, so nothing is published for it',
      ],
    },
  },
  {
    name: "a target in another spelling than the declared one",
    packages: [declare("demo", "npm", FAMILY)],
    folder: "demo-x86_64-unknown-linux-gnu",
    warnings: {
      demo: [
        'the artifact "demo-x86_64-unknown-linux-gnu" is left out: `targets` of demo spells it "linux-x64-gnu", whose artifact is "demo-linux-x64-gnu"',
      ],
    },
  },
  {
    name: "something else that begins alike",
    packages: [declare("demo", "npm", FAMILY)],
    folder: "demo-documentation",
    warnings: { demo: [] },
  },
  {
    name: "a target of the package with the longer name",
    packages: [declare("demo", "npm", FAMILY), declare("demo-win32", "npm", FAMILY)],
    folder: "demo-win32-linux-arm64-musl",
    warnings: {
      demo: [],
      "demo-win32": [
        'the artifact "demo-win32-linux-arm64-musl" is left out: "linux-arm64-musl" is not in `targets` of demo-win32, so nothing is published for it',
      ],
    },
  },
  {
    name: "a target of a package that has no targets",
    packages: [declare("demo", "npm")],
    folder: "demo-linux-x64-gnu",
    warnings: { demo: [] },
  },
];
for (const { name, packages, folder, warnings } of UNDECLARED) {
  test(`a delivered folder of ${name} is told as it is`, async () => {
    await using directory = await tempFolder({ [`${folder}/demo`]: "x", "other/a": "x" });
    const { unread } = await findArtifacts(planned(...packages), {
      ...{ directory: directory.path, shown: "artifacts", kinds: KINDS },
    });
    assert.deepEqual(Object.fromEntries(unread), warnings);
  });
}
