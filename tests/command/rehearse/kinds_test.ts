/** What a rehearsal knows of each kind: its registry's addresses and memory, its client's words, its manifests. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import {
  type LocalRegistries,
  openRegistries,
  rehearsedKind,
  requireRehearsed,
  serviceOf,
} from "../../../src/command/rehearse/kinds/kinds.ts";
import type { Kind } from "../../../src/core/model/package.ts";
import type { PlannedPackage } from "../../../src/core/model/plan.ts";
import { Failure } from "../../../src/error.ts";
import { tempFolder } from "../../support/temp.ts";
import { testHost } from "../../support/test_host.ts";

const planned = (kind: Kind, changes: Partial<PlannedPackage> = {}): PlannedPackage => ({
  ...{ name: "demo", kind, registry_name: "Demo_x", path: "demo", version: "1.0.0-rc.1" },
  ...{ previous: null, bump: null, tag: "demo-v1.0.0", depends_on: [], reason: "requested" },
  ...{ artifacts: [] },
  ...changes,
});

async function withRegistries(use: (open: LocalRegistries) => void | Promise<void>): Promise<void> {
  const { clock } = testHost();
  const open = await openRegistries({
    clock,
    outside: undefined,
    identity: undefined,
    sigstore: undefined,
  });
  try {
    await use(open);
  } finally {
    await Promise.all(Object.values(open).map(({ server }) => server.close()));
  }
}

test("each registry leads runs to itself, with a token that is like the real ones", () =>
  withRegistries(({ crates, pypi, npm }) => {
    assert.equal(crates.env.PIOT_CRATES_URL, crates.server.url);
    assert.ok(crates.env.PIOT_CRATES_INDEX_URL?.startsWith(crates.server.url));
    assert.match(crates.env.CARGO_REGISTRY_TOKEN ?? "", /^cio[\da-f]{32}$/);
    assert.equal(pypi.env.PIOT_PYPI_URL, pypi.server.url);
    assert.ok(pypi.env.PIOT_PYPI_UPLOAD_URL?.startsWith(pypi.server.url));
    assert.match(pypi.env.PYPI_API_TOKEN ?? "", /^pypi-[\da-f]{85,}$/);
    assert.deepEqual(Object.keys(npm.env), ["PIOT_NPM_URL", "NODE_AUTH_TOKEN"]);
    assert.match(npm.env.NODE_AUTH_TOKEN ?? "", /^npm_[\da-f]{32}$/);
  }));

test("each client installs one version from its registry, and asks no other", () =>
  withRegistries(({ crates, pypi, npm }) => {
    const { env, args, files } = crates.installCall(planned("crates"));
    assert.deepEqual(args, ["fetch"]);
    assert.deepEqual(Object.keys(files), ["Cargo.toml", "src/lib.rs"]);
    assert.match(String(files["Cargo.toml"]), /^"Demo_x" = "=1\.0\.0-rc\.1"$/m);
    assert.deepEqual(Object.values(env ?? {}), [`sparse+${crates.env.PIOT_CRATES_INDEX_URL}/`]);
    const wheel = pypi.installCall(planned("pypi")).args;
    assert.deepEqual([wheel[0], wheel.at(-1)], ["install", "Demo_x==1.0.0rc1"]);
    assert.ok(wheel[wheel.indexOf("--index-url") + 1]?.startsWith(pypi.server.url));
    assert.ok(wheel.includes("--isolated"), "no setting of the user's counts");
    const { url } = npm.server;
    const open = npm.installCall(planned("npm"));
    assert.deepEqual([open.args[0], open.args.at(-1)], ["install", "Demo_x@1.0.0-rc.1"]);
    assert.ok(open.args.includes(`--registry=${url}`));
    assert.deepEqual(open.files, { "package.json": "{}\n" });
  }));

test("whoever tries what was released is told the whole command but for the names", () =>
  withRegistries(({ crates, pypi, npm }) => {
    const words = crates.clientWords;
    assert.deepEqual([words[0], words.at(-1)], ["cargo", "add"]);
    assert.ok(words.join(" ").includes(`sparse+${crates.env.PIOT_CRATES_INDEX_URL}/`));
    assert.deepEqual(pypi.clientWords.slice(0, 3), ["pip", "install", "--index-url"]);
    assert.deepEqual(npm.clientWords, ["npm", "install", `--registry=${npm.server.url}`]);
  }));

test("while a release is made nothing of its names is read from outside, of a family of no member either", () =>
  withRegistries(({ crates, npm }) => {
    const release = { root: "/nowhere", env: {} };
    crates.begin({ ...release, planned: [planned("crates")] });
    assert.deepEqual([...crates.state.closed], ["demo_x"]);
    assert.ok(crates.state.demands !== undefined);
    crates.end();
    assert.deepEqual([...crates.state.closed], []);
    assert.equal(crates.state.demands, undefined);
    const artifact = (target: string, more: object = {}) => ({
      ...{ target, artifact_name: target, artifact_path: "x", runs_on: "x", required: true },
      ...more,
    });
    const artifacts = [
      artifact("x86_64-unknown-linux-gnu"),
      artifact("aarch64-apple-darwin", { registry_name: "own-name" }),
      artifact("main", { required: false }),
    ];
    npm.begin({ ...release, planned: [planned("npm", { registry_name: "demo", artifacts })] });
    assert.deepEqual([...npm.state.closed], [
      "demo",
      "demo-x86_64-unknown-linux-gnu",
      "own-name",
    ]);
  }));

const ORIGINS: readonly (readonly [string, object, string | undefined, boolean])[] = [
  ["nothing", {}, undefined, false],
  ["an address", { repository: "git+https://github.com/ada/engine.git" }, "ada/engine", false],
  ["a short form", { repository: "github:ada/engine" }, "ada/engine", false],
  ["a shorter form", { repository: "ada/engine" }, "ada/engine", false],
  ["an object", { repository: { url: "https://github.com/ada/loom" } }, "ada/loom", false],
  ["an object without an address", { repository: { type: "git" } }, undefined, false],
  ["an address elsewhere", { repository: "https://git.example/ada/engine" }, undefined, false],
  ["a wish for proof", { publishConfig: { provenance: true } }, undefined, true],
  ["a wish for none", { publishConfig: { provenance: false } }, undefined, false],
  [
    "a wish for none as npm's settings have it",
    { publishConfig: { provenance: "false" } },
    undefined,
    false,
  ],
];
for (const [name, fields, repository, asksForProof] of ORIGINS) {
  test(`where an npm package comes from is read from its manifest: ${name}`, async () => {
    const manifest = JSON.stringify({ name: "demo", version: "0.0.0", ...fields });
    await using folder = await tempFolder({ "package.json": manifest });
    const origin = await rehearsedKind({ kind: "npm" })!.originOf!(folder.path);
    assert.deepEqual(origin, { repository, asksForProof });
  });
}

test("a folder without a package.json, or with a broken one, comes from nowhere", async () => {
  await using folder = await tempFolder({ "package.json": "{" });
  for (const path of [folder.path, join(folder.path, "none")]) {
    assert.deepEqual(await rehearsedKind({ kind: "npm" })!.originOf!(path), {
      ...{ repository: undefined, asksForProof: false },
    });
  }
});

test("a wheel for a platform that PyPI takes none of cannot be made up", async () => {
  const pkg = planned("pypi", { registry_name: "demo", version: "1.0.0" });
  const synthesise = (target: string) =>
    requireRehearsed(pkg).synthesise({
      planned: pkg,
      artifact: {
        ...{ target, artifact_name: "x", artifact_path: "x", runs_on: "x" },
        required: true,
      },
      build: undefined,
      bundled: undefined,
    });
  const failed = async (target: string): Promise<string> => {
    const error = await Promise.resolve().then(() => synthesise(target)).catch((error) => error);
    return error instanceof Failure ? `${error.code} ${error.message}` : Object.keys(error).join();
  };
  assert.equal(await failed("any"), "demo-1.0.0-py3-none-any.whl");
  assert.equal(await failed("sdist"), "demo-1.0.0.tar.gz");
  assert.match(
    await failed("x86_64-unknown-linux-gnu"),
    /^demo-1\.0\.0-py3-none-manylinux.*x86_64\.whl$/,
  );
  assert.match(
    await failed("x86_64-unknown-freebsd"),
    /^PIOT_ARTIFACT_INVALID .*wheel of demo for "x86_64-unknown-freebsd": PyPI takes none$/,
  );
});

test("a kind that no registry here stands in for cannot be rehearsed, and says what can", () => {
  const pkg = { name: "gadget", kind: "toy" as Kind };
  assert.equal(rehearsedKind(pkg), undefined);
  assert.throws(() => serviceOf(pkg), {
    code: "PIOT_REHEARSAL_KIND",
    message: 'Cannot rehearse gadget: no registry on this machine stands in for that of kind "toy"',
  });
  assert.equal(serviceOf({ name: "demo", kind: "pypi" }), "PyPI");
});
