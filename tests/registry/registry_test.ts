/** What the contract says of every registry, held against each of them. */

import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import type { Kind } from "../../src/core/model/package.ts";
import { createCrates } from "../../src/registry/crates/create_crates.ts";
import { createNpm } from "../../src/registry/npm/create_npm.ts";
import { createPypi } from "../../src/registry/pypi/create_pypi.ts";
import type { Look } from "../../src/registry/registry.ts";
import { createCratesState, holdVersion } from "../../src/rehearsal/crates/crates_state.ts";
import { serveCrates } from "../../src/rehearsal/crates/serve_crates.ts";
import { type NpmServer, serveNpm } from "../../src/rehearsal/npm/serve_npm.ts";
import { servePypi } from "../../src/rehearsal/pypi/serve_pypi.ts";
import { pypiPackage } from "../support/pypi_release.ts";
import { testHost } from "../support/test_host.ts";
import { crate, makeRelease } from "./crates/crates_world.ts";
import { heldPackage, npmRelease } from "./npm/world.ts";

async function lookAtNpm(server: NpmServer): Promise<Look> {
  const endpoints = { npm: server.url, fulcio: server.url, rekor: server.url };
  return await createNpm({ host: testHost(), root: "/nowhere", endpoints }).look({
    release: npmRelease({ version: "3.0.0" }),
    files: [{ name: "demo@3.0.0", size: 1, digest: "sha512-eQ==" }],
    warnings: [],
    units: [{
      name: "demo",
      version: "3.0.0",
      tarball: "/nowhere",
      size: 1,
      integrity: "sha512-eQ==",
      shasum: "1",
      manifest: { name: "demo", version: "3.0.0" },
    }],
  });
}

/** Looks for `demo` 3.0.0 where the registry lists these versions of it, in this order. */
const lookAmong = {
  crates: async (listed) => {
    const state = createCratesState();
    for (const version of listed) {
      const line = { name: "demo", vers: version, cksum: "00", deps: [], features: {} };
      const held = {
        version,
        cksum: "00",
        tarball: new Uint8Array(),
        line,
        yanked: false,
        createdAt: new Date(0),
        publishedBy: "ada",
        trustpubData: null,
      };
      holdVersion(state, { name: "demo", owner: "ada", version: held });
    }
    await using server = await serveCrates({ tokens: [], state });
    const endpoints = { crates: server.url, cratesIndex: server.indexUrl };
    const release = makeRelease(crate("demo"), { version: "3.0.0", commit: undefined });
    return await createCrates({ host: testHost(), root: "/nowhere", endpoints }).look({
      release: { ...release, package: crate("demo") },
      files: [{ name: "demo-3.0.0.crate", size: 1, digest: "sha256-11" }],
      warnings: [],
      way: { by: "cargo", cargo: { workspace: "/nowhere", targetFolder: "/nowhere" } },
      categories: [],
      siblings: [],
    });
  },
  npm: async (listed) => {
    await using server = await serveNpm({ tokens: {} });
    const versions = new Map(listed.map((version) => [version, {
      manifest: { name: "demo", version, dist: { integrity: "sha512-eA==" } },
      tarball: new Uint8Array(),
      pending: false,
      provenance: undefined,
    }]));
    const time = new Map(listed.map((version) => [version, "2025-01-01T00:00:00.000Z"]));
    server.state.packages.set("demo", heldPackage("demo", { versions, time }));
    return await lookAtNpm(server);
  },
  pypi: async (listed) => {
    await using server = await servePypi({});
    server.state.projects.set("demo", {
      name: "demo",
      displayName: "demo",
      status: "active",
      owners: new Set(["ada"]),
      releases: [],
    });
    server.state.serial = 1;
    for (const version of listed) {
      const name = `demo-${version}.tar.gz`;
      server.state.files.set(name, {
        name,
        project: "demo",
        version,
        kind: "sdist",
        pyversion: "source",
        requiresPython: undefined,
        bytes: new Uint8Array(),
        sha256: "00",
        uploaded: new Date(0),
        serial: 1,
        userAgent: undefined,
      });
    }
    const endpoints = {
      ...{ pypi: server.url, pypiUpload: server.uploadUrl },
      ...{ fulcio: server.url, rekor: server.url },
    };
    const demo = pypiPackage("demo");
    return await createPypi({ host: testHost(), root: "/nowhere", endpoints }).look({
      release: {
        package: demo,
        version: "3.0.0",
        tag: "demo-v3.0.0",
        previous: null,
        commit: undefined,
        artifacts: [],
      },
      files: [],
      warnings: [],
      project: "demo",
      pypiVersion: "3.0.0",
    });
  },
} satisfies Partial<Record<Kind, (listed: readonly string[]) => Promise<Look>>>;

/** As registries list them: by the time of their upload, so a fix to an old line comes after what is newer. */
const ORDERS: readonly {
  readonly kind: keyof typeof lookAmong;
  readonly name: string;
  readonly listed: readonly string[];
  readonly ordered: readonly string[];
}[] = [
  {
    kind: "crates",
    name: "a fix to an old line that was uploaded last",
    listed: ["1.10.0", "1.9.0", "2.0.0", "1.9.5"],
    ordered: ["1.9.0", "1.9.5", "1.10.0", "2.0.0"],
  },
  {
    kind: "crates",
    name: "pre-releases and builds",
    listed: ["2.0.0", "2.0.0-rc.10", "2.0.0-rc.2", "1.0.0+b", "1.0.0-alpha"],
    ordered: ["1.0.0-alpha", "1.0.0+b", "2.0.0-rc.2", "2.0.0-rc.10", "2.0.0"],
  },
  {
    kind: "npm",
    name: "a fix to an old line that was uploaded last",
    listed: ["1.10.0", "1.9.0", "2.0.0", "1.9.5"],
    ordered: ["1.9.0", "1.9.5", "1.10.0", "2.0.0"],
  },
  {
    kind: "npm",
    name: "what is no version in semver",
    listed: ["2.0.0", "1.0", "1.0.0-rc.1", "0.1.0"],
    ordered: ["1.0", "0.1.0", "1.0.0-rc.1", "2.0.0"],
  },
  {
    kind: "pypi",
    name: "a fix to an old line that was uploaded last",
    listed: ["1.10.0", "1.9.0", "2.0.0", "1.9.5"],
    ordered: ["1.9.0", "1.9.5", "1.10.0", "2.0.0"],
  },
  {
    kind: "pypi",
    name: "pre-releases, post-releases, and what is no version in Python",
    listed: ["2.0.0.post1", "2.0.0", "2004d", "2.0.0rc1", "dev-7", "1.0"],
    ordered: ["2004d", "dev-7", "1.0", "2.0.0rc1", "2.0.0", "2.0.0.post1"],
  },
];

for (const { kind, name, listed, ordered } of ORDERS) {
  test(`a look at ${kind} lists versions lowest first: ${name}`, async () => {
    deepEqual((await lookAmong[kind](listed)).versions, ordered);
  });
}

test("a look at npm puts what was unpublished among the other versions", async () => {
  await using server = await serveNpm({ tokens: {} });
  const time = new Map(["2.0.0", "0.0.1", "1.0.0"].map((version) => [version, "2025-01-01"]));
  server.state.packages.set("demo", heldPackage("demo", { time }));
  deepEqual((await lookAtNpm(server)).versions, ["0.0.1", "1.0.0", "2.0.0"]);
});
