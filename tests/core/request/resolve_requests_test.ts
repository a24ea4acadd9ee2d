import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  CratesPackage,
  NpmPackage,
  Package,
  PypiPackage,
} from "../../../src/core/model/package.ts";
import { resolveRequests } from "../../../src/core/request/resolve_requests.ts";
import { KINDS } from "../../../src/registry/kinds.ts";
import { Failure } from "../../../src/error.ts";

const BASE = {
  paths: ["**"],
  dependsOn: [],
  firstVersion: "0.1.0",
  githubRelease: true,
  tagFormat: "{name}-v{version}",
};

const CRATE: CratesPackage = {
  ...BASE,
  kind: "crates",
  name: "core",
  registryName: "demo-core",
  path: "crates/core",
  features: [],
  noDefaultFeatures: false,
};

const WHEEL: PypiPackage = {
  ...BASE,
  kind: "pypi",
  name: "wheel",
  registryName: "demo-core",
  path: "crates/core",
  build: "maturin",
  targets: [],
  dists: ["sdist", "wheel"],
};

const ROOT: NpmPackage = {
  ...BASE,
  kind: "npm",
  name: "@demo/web",
  registryName: "@demo/web",
  path: ".",
  access: "public",
  distTag: "latest",
  build: "none",
  targets: [],
};

const PACKAGES: readonly Package[] = [CRATE, WHEEL, ROOT];
const CONFIG = { packages: PACKAGES, kinds: KINDS };

test("resolveRequests() gives each request the names that it means", () => {
  const cases:
    readonly (readonly [string, Parameters<typeof resolveRequests>[0][number], unknown])[] = [
      ["a name stays", { name: "wheel", bump: "minor" }, [{ name: "wheel", bump: "minor" }]],
      ["an unknown name is the planner's to judge", { name: "nobody" }, [{ name: "nobody" }]],
      [
        "a folder means every package in it",
        { path: "crates/core", version: "1.0.0" },
        [{ name: "core", version: "1.0.0" }, { name: "wheel", version: "1.0.0" }],
      ],
      ["the root", { path: ".", version: "2.0.0" }, [{ name: "@demo/web", version: "2.0.0" }]],
      [
        "another spelling of a folder",
        { path: "./crates/core/", version: "1.0.0" },
        [{ name: "core", version: "1.0.0" }, { name: "wheel", version: "1.0.0" }],
      ],
      [
        "a crate means no wheel of the same name",
        { crate: "demo-core", version: "1.0.0" },
        [{ name: "core", version: "1.0.0" }],
      ],
    ];
  for (const [name, request, expected] of cases) {
    assert.deepEqual(
      resolveRequests([request], CONFIG),
      { requests: expected, warnings: [] },
      name,
    );
  }
});

test("resolveRequests() warns about what another tool released beside ours", () => {
  const resolved = resolveRequests([
    { path: "docs", version: "3.0.0" },
    { path: ".", version: "2.0.0" },
  ], CONFIG);
  assert.deepEqual(resolved, {
    requests: [{ name: "@demo/web", version: "2.0.0" }],
    warnings: [
      'the folder "docs" 3.0.0 was released by another tool and is no package of putitoutthere.toml',
    ],
  });
});

test("resolveRequests() refuses requests of which none means a package", () => {
  assert.throws(
    () =>
      resolveRequests(
        [{ path: "docs", version: "3.0.0" }, { crate: "x", version: "1.0.0" }],
        CONFIG,
      ),
    (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.code, "PIOT_RELEASE_REQUEST_UNMATCHED");
      assert.equal(error.message, 'Cannot find a package for the folder "docs", the crate "x"');
      assert.match(
        error.hint!,
        /core \(crates\/core\), wheel \(crates\/core\), @demo\/web \(\.\)$/,
      );
      return true;
    },
  );
});

test("resolveRequests() of an empty list is an empty list", () => {
  assert.deepEqual(resolveRequests([], CONFIG), { requests: [], warnings: [] });
});

test("resolveRequests() passes on what is asked for twice", () => {
  const { requests } = resolveRequests([{ name: "wheel", version: "9.0.0" }, {
    path: "crates/core",
    version: "1.0.0",
  }], CONFIG);
  assert.deepEqual(requests, [
    { name: "wheel", version: "9.0.0" },
    { name: "core", version: "1.0.0" },
    { name: "wheel", version: "1.0.0" },
  ]);
});
