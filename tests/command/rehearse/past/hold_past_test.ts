import assert from "node:assert/strict";
import { test } from "node:test";
import type { NpmPackage, Package, TrustPolicy } from "../../../../src/core/model/package.ts";
import {
  type LocalRegistries,
  openRegistries,
} from "../../../../src/command/rehearse/kinds/kinds.ts";
import type { EarlierRelease } from "../../../../src/command/rehearse/past/earlier_release.ts";
import { holdPast } from "../../../../src/command/rehearse/past/hold_past.ts";
import { approveWaiting } from "../../../../src/command/rehearse/trusted_job.ts";
import type { Event } from "../../../../src/report/report.ts";
import { npmPackage } from "../../../registry/npm/world.ts";
import { testHost } from "../../../support/test_host.ts";

const JOB = { repository: "ada/engine", workflow: "release.yml", commit: "b".repeat(40) };
const [OURS] = [{ repository: "ada/engine", workflow: "release.yml" }];

type Kind = "npm" | "crates" | "pypi";

function earlier(
  kind: Kind,
  { version = "1.0.0", trustPolicy, ...npm }: Partial<NpmPackage> & { version?: string } = {},
): EarlierRelease {
  const trust: { trustPolicy?: TrustPolicy } = trustPolicy === undefined ? {} : { trustPolicy };
  const declared = { ...npmPackage({ name: kind }), ...trust, ...npm, kind } as unknown as Package;
  return {
    ...{ name: kind, kind, registry_name: `old-${kind}`, version, tag: `${kind}-v${version}` },
    ...{ artifacts: [], declared },
  };
}

async function held(
  past: readonly EarlierRelease[],
  { job }: { readonly job?: typeof JOB },
  look: (open: LocalRegistries, told: readonly string[]) => void | Promise<void>,
): Promise<void> {
  const { clock } = testHost();
  const identity = { jwks: { keys: [] } };
  const open = await openRegistries({ clock, outside: undefined, identity, sigstore: undefined });
  const told: string[] = [];
  const emit = (event: Event): void => {
    if (event.type === "warning" || event.type === "notice") {
      told.push(`${event.type}: ${event.message}`);
    }
  };
  try {
    await holdPast(open, { past, job, permission: "stage", emit });
    await look(open, told);
  } finally {
    await Promise.all(Object.values(open).map(({ server }) => server.close()));
  }
}

const ALL = (["npm", "crates", "pypi"] as const).map((kind) => earlier(kind));

test("the registries trust the job with what was released before, under its names, and with nothing else", async () => {
  await held(ALL, { job: JOB }, ({ npm, crates, pypi, ...others }, told) => {
    assert.deepEqual([...npm.state.trust.entries()], [
      ["old-npm", { ...OURS, permissions: ["createStagedPackage"] }],
    ]);
    assert.deepEqual([...npm.state.packages.get("old-npm")!.versions.keys()], ["1.0.0"]);
    assert.deepEqual([...crates.state.publishers], [["old_crates", [OURS]]]);
    assert.deepEqual(pypi.state.publishers, [{ project: "old-pypi", ...OURS }]);
    assert.deepEqual(approveWaiting({ npm, crates, pypi, ...others }), []);
    assert.deepEqual(told, [
      "notice: the registries hold what the tags tell of: npm 1.0.0, crates 1.0.0, pypi 1.0.0",
    ]);
  });
});

test("without a job everything is there all the same, by a token, and nobody is trusted", async () => {
  await held(ALL, {}, ({ npm, crates, pypi }) => {
    assert.equal(npm.state.trust.size + crates.state.publishers.size, 0);
    assert.deepEqual(pypi.state.publishers, []);
    const { manifest } = npm.state.packages.get("old-npm")!.versions.get("1.0.0")!;
    assert.deepEqual((manifest["_npmUser"] as { name?: string }).name, "rehearsal");
    const [version] = crates.state.crates.get("old_crates")!.versions;
    assert.deepEqual([version?.trustpubData, version?.publishedBy], [null, "rehearsal"]);
    assert.ok(pypi.state.projects.has("old-pypi"));
  });
});

test("on file is what the configuration at the last tag declares, on every registry, and a warning says so", async () => {
  const past = (["npm", "crates", "pypi"] as const).flatMap((kind) => [
    earlier(kind, { trustPolicy: { workflow: "first.yml" } }),
    earlier(kind, {
      version: "1.1.0",
      trustPolicy: { workflow: "old.yml", environment: "prod", repository: "eve/loom" },
    }),
  ]);
  const theirs = { repository: "eve/loom", workflow: "old.yml", environment: "prod" };
  await held(past, { job: JOB }, ({ npm, crates, pypi }, told) => {
    assert.deepEqual(npm.state.trust.get("old-npm"), {
      ...{ ...theirs, permissions: ["createStagedPackage"] },
    });
    assert.deepEqual(crates.state.publishers.get("old_crates"), [theirs]);
    assert.deepEqual(pypi.state.publishers, [{ project: "old-pypi", ...theirs }]);
    const warnings = told.filter((one) => one.startsWith("warning: "));
    assert.deepEqual(
      warnings,
      ["npm", "crates", "pypi"].map((kind) =>
        `warning: the registry has on file for ${kind} what the configuration at ${kind}-v1.1.0 declares, ` +
        "old.yml of eve/loom in environment prod, and this is release.yml of ada/engine: where the " +
        "registry tells them apart, change it there before a release"
      ),
    );
  });
});

test("a policy that names the job in other capitals is no other", async () => {
  const past = [
    earlier("npm", { trustPolicy: { workflow: "release.yml", repository: "Ada/Engine" } }),
  ];
  await held(past, { job: JOB }, (_, told) => {
    assert.deepEqual(told.filter((one) => one.startsWith("warning: ")), []);
  });
});

test("what those releases held cannot be had from any registry, and is told to be missing", async () => {
  await held(ALL, {}, async ({ npm, crates, pypi }) => {
    const [file] = pypi.state.files.values();
    const { sha256: hash = "", name = "" } = file ?? {};
    const places = [
      `${npm.server.url}/old-npm/-/old-npm-1.0.0.tgz`,
      `${crates.server.url}/dl/old-crates/1.0.0/download`,
      `${pypi.server.url}/packages/${hash.slice(0, 2)}/${hash.slice(2, 4)}/${
        hash.slice(4)
      }/${name}`,
    ];
    for (const place of places) {
      const reply = await fetch(place);
      await reply.text();
      assert.equal(reply.status, 424, place);
    }
    const lacking = [npm, crates, pypi].flatMap((one) => one.missing().map(({ name }) => name));
    assert.deepEqual(lacking, ["old-npm", "old-crates 1.0.0", "old_pypi-1.0.0.tar.gz"]);
  });
});

test("npm's packages have the access and the dist-tags that they were released with", async () => {
  const past = ["0.9.0-beta.1", "1.0.0", "1.1.0-rc.1", "2.0.0"].map((version) =>
    earlier("npm", { version, access: version === "2.0.0" ? "restricted" : "public" })
  );
  await held(past, {}, ({ npm }) => {
    const stored = npm.state.packages.get("old-npm")!;
    assert.equal(stored.access, "restricted");
    assert.deepEqual(Object.fromEntries(stored.distTags), {
      ...{ latest: "2.0.0", beta: "0.9.0-beta.1", rc: "1.1.0-rc.1" },
    });
    assert.equal(stored.versions.size, 4);
  });
});
