/** What `status` learns from each registry's answers. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Package } from "../../src/core/model/package.ts";
import type { RegistryState } from "../../src/core/status/registry_state.ts";
import { readEndpoints } from "../../src/registry/endpoints.ts";
import { readCratesState } from "../../src/registry/crates/crates_state.ts";
import { readNpmState } from "../../src/registry/npm/npm_state.ts";
import { readPypiState } from "../../src/registry/pypi/pypi_state.ts";
import { parseConfig } from "../support/parse_config.ts";
import { rawServer, reply } from "../support/raw_server.ts";
import { testHost } from "../support/test_host.ts";

const JSON_TYPE = { "content-type": "application/json" };
const SIMPLE_TYPE = { "content-type": "application/vnd.pypi.simple.v1+json" };

const READERS = { npm: readNpmState, pypi: readPypiState, crates: readCratesState };

/** Answers by path; whatever else is asked is the registry's own "not found". */
async function asked(
  declared: string,
  answers: Readonly<Record<string, unknown>>,
  { tagged, count = 1, env = {} }: {
    tagged?: string;
    count?: number;
    env?: Readonly<Record<string, string>>;
  } = {},
): Promise<{ readonly state: RegistryState; readonly paths: readonly string[] }> {
  const paths: string[] = [];
  await using server = await rawServer(({ path }) => {
    paths.push(path);
    const answer = answers[path.replace(/\?.*/, "")];
    if (typeof answer === "string") return reply(answer);
    const headers = path.startsWith("/simple/") ? SIMPLE_TYPE : JSON_TYPE;
    if (answer !== undefined) return reply(JSON.stringify(answer), headers);
    const missing = path.startsWith("/api/")
      ? { errors: [{ detail: "crate `demo` does not exist" }] }
      : { error: "not_found", message: "Not Found" };
    return reply(JSON.stringify(missing), { ...headers, status: "404 Not Found" });
  });
  const [pkg] =
    parseConfig(`[putitoutthere]\nversion = 1\n[[package]]\n${declared}`, "putitoutthere.toml")
      .packages;
  const url = server.url;
  const endpoints = readEndpoints({
    ...{ PIOT_NPM_URL: url, PIOT_PYPI_URL: url, PIOT_CRATES_URL: url },
    PIOT_CRATES_INDEX_URL: `${url}/index`,
  });
  const options = {
    ...{ host: testHost({ env }), root: "/nowhere", endpoints, ownFolders: [], patience: 0 },
    onWait: () => {},
  };
  const reader = READERS[pkg!.kind as keyof typeof READERS](options);
  let state: RegistryState | undefined;
  for (let index = 0; index < count; index++) {
    state = await reader.read({
      package: pkg as Package,
      ...(tagged === undefined ? {} : { tagged }),
    });
  }
  return { state: state!, paths };
}

const NPM = `name = "demo"\nkind = "npm"\npath = "."\npaths = ["**"]\n`;
const FAMILY =
  `${NPM}build = "napi"\ntargets = ["linux-x64-gnu", "darwin-arm64", "win32-x64-msvc"]\n`;
const PYPI = `name = "demo"\nkind = "pypi"\npath = "."\npaths = ["**"]\n`;
const WHEELS =
  `${PYPI}build = "maturin"\ntargets = ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin"]\n`;
const CRATE = `name = "demo"\nkind = "crates"\npath = "."\npaths = ["**"]\n`;

/** A packument with versions, and what each has besides. */
const packument = (
  versions: Readonly<Record<string, object>>,
  tags: Readonly<Record<string, string>> = {},
  name = "demo",
): object => ({
  name,
  "dist-tags": tags,
  versions: Object.fromEntries(
    Object.entries(versions).map(([version, more]) => [version, { name, version, ...more }]),
  ),
});

test("npm: the newest version, its origin, and what is above the last tag", async () => {
  const signed = {
    _npmUser: { trustedPublisher: { id: "github" } },
    dist: { attestations: { provenance: { predicateType: "https://slsa.dev/provenance/v1" } } },
  };
  const answers = { "/demo": packument({ "1.9.0": {}, "1.10.0": signed, "1.0.0": {} }) };
  const { state, paths } = await asked(NPM, answers, { tagged: "1.9.0" });
  assert.deepEqual(state, {
    newest: { version: "1.10.0", evidence: ["trusted-publisher", "provenance"] },
    above: ["1.10.0"],
    tagged: { state: "whole", missing: [] },
    notes: [],
  });
  assert.equal(paths.length, 1);
});

test("npm: what waits is asked with a user's token, once, page by page, and told of a family's names", async () => {
  const item = (packageName: string, version: string, id?: string) => ({
    ...{ packageName, version },
    ...(id === undefined ? {} : { id }),
  });
  const items = [
    item("demo-linux-x64-gnu", "1.1.0", "id-1"),
    item("demo", "1.1.0"),
    item("of-others", "3.0.0", "id-2"),
    { odd: true },
  ];
  const answers = {
    "/demo": packument({ "1.0.0": {} }),
    "/-/stage": { items, page: 0, perPage: 100, total: items.length },
  };
  const env = { NODE_AUTH_TOKEN: "npm_users" };
  const { state, paths } = await asked(FAMILY, answers, { tagged: "1.0.0", count: 2, env });
  assert.deepEqual(state.waiting?.map(({ name, version }) => `${name}@${version}`), [
    "demo@1.1.0",
    "demo-linux-x64-gnu@1.1.0",
  ]);
  assert.match(state.waiting![0]!.how, /`npm stage list demo`/);
  assert.match(state.waiting![1]!.how, /`npm stage approve id-1`/);
  assert.deepEqual(
    paths.filter((path) => path.startsWith("/-/stage")),
    ["/-/stage?page=0&perPage=100"],
  );
});

for (
  const [name, answers, env] of [
    ["without a token", { "/-/stage": { items: [] } }, {}],
    ["where a registry has no such list", {}, { NODE_AUTH_TOKEN: "npm_users" }],
  ] as const
) {
  test(`npm: nobody knows what waits ${name}`, async () => {
    const all = { ...answers, "/demo": packument({ "1.0.0": {} }) };
    const { state, paths } = await asked(NPM, all, { tagged: "1.0.0", env });
    assert.equal(state.waiting, undefined);
    assert.equal(paths.length, name === "without a token" ? 1 : 2);
  });
}

test("npm: a family is half there without a platform package that its main package asks for", async () => {
  const pins = {
    optionalDependencies: {
      "demo-linux-x64-gnu": "1.0.0",
      "demo-darwin-arm64": "1.0.0",
      other: "^1.0.0",
    },
  };
  const { state } = await asked(FAMILY, {
    "/demo": packument({ "1.0.0": pins }),
    "/demo-linux-x64-gnu": packument({ "1.0.0": {} }, {}, "demo-linux-x64-gnu"),
    "/demo-darwin-arm64": packument({ "0.9.0": {} }, {}, "demo-darwin-arm64"),
  }, { tagged: "1.0.0" });
  assert.deepEqual(state.tagged, { state: "half", missing: ["demo-darwin-arm64"] });
});

test("npm: a target that came after the release is no gap in it", async () => {
  const pins = { optionalDependencies: { "demo-linux-x64-gnu": "1.0.0" } };
  const { state } = await asked(FAMILY, {
    "/demo": packument({ "1.0.0": pins }),
    "/demo-linux-x64-gnu": packument({ "1.0.0": {} }, {}, "demo-linux-x64-gnu"),
  }, { tagged: "1.0.0" });
  assert.deepEqual(state.tagged, { state: "whole", missing: [] });
});

test("npm: a family without its main package is half there, and one without any is not there", async () => {
  const linux = packument({ "1.0.0": {} }, {}, "demo-linux-x64-gnu");
  const { state: half } = await asked(FAMILY, { "/demo-linux-x64-gnu": linux }, {
    tagged: "1.0.0",
  });
  assert.deepEqual(half.tagged, {
    state: "half",
    missing: ["demo-darwin-arm64", "demo-win32-x64-msvc", "demo"],
  });
  const { state: none } = await asked(FAMILY, { "/demo-linux-x64-gnu": linux }, {
    tagged: "1.1.0",
  });
  assert.deepEqual(none.tagged, { state: "absent", missing: [] });
});

const lagging = [
  { name: "latest below the highest stable version", tags: { latest: "1.0.0" }, told: ["latest"] },
  {
    name: "next below a newer stable version",
    tags: { latest: "2.0.0", next: "2.0.0-rc.1" },
    told: ["next"],
  },
  { name: "next above it", tags: { latest: "2.0.0", next: "3.0.0-rc.1" }, told: [] },
  {
    name: "a line of its own",
    tags: { latest: "2.0.0", "release-1.0": "1.0.0", v1: "1.0.0" },
    told: [],
  },
];
for (const { name, tags, told } of lagging) {
  test(`npm: dist-tags that lag are told: ${name}`, async () => {
    const versions = { "1.0.0": {}, "2.0.0": {}, "2.0.0-rc.1": {}, "3.0.0-rc.1": {} };
    const { state } = await asked(NPM, { "/demo": packument(versions, tags) }, { tagged: "2.0.0" });
    assert.deepEqual(state.notes.map((note) => /"([^"]+)"/.exec(note)![1]), told);
  });
}

/** An index's list of files, each with the day of January 2026 on which it came. */
const list = (files: Readonly<Record<string, number>>, more: object = {}): object => ({
  name: "demo",
  versions: [...new Set(Object.keys(files).map((name) => name.split(/-|\.tar|\.whl/)[1]))],
  files: Object.entries(files).map(([filename, day]) => ({
    filename,
    hashes: { sha256: "00" },
    "upload-time": `2026-01-${String(day).padStart(2, "0")}T00:00:00Z`,
  })),
  ...more,
});

test("PyPI: a release without one of its wheels is half there, with the day on which it closes", async () => {
  const { state, paths } = await asked(WHEELS, {
    "/simple/demo/": list({
      "demo-1.0.0-cp39-abi3-manylinux_2_28_x86_64.whl": 3,
      "demo-1.0.0.tar.gz": 4,
    }),
  }, { tagged: "1.0.0" });
  assert.deepEqual(state, {
    newest: { version: "1.0.0", evidence: [] },
    tagged: {
      state: "half",
      missing: ["a wheel for aarch64-apple-darwin"],
      closes: new Date("2026-01-17T00:00:00Z"),
    },
    above: [],
    notes: [],
  });
  assert.deepEqual(paths, ["/simple/demo/"]);
});

test("PyPI: a pre-release is found under Python's spelling, and a version without files is none", async () => {
  const files = { "demo-1.0.0rc1-py3-none-any.whl": 1, "demo-1.0.0rc1.tar.gz": 1 };
  const versions = ["1.0.0rc1", "1.0.0"];
  const { state } = await asked(PYPI, { "/simple/demo/": list(files, { versions }) }, {
    tagged: "1.0.0-rc.1",
  });
  assert.deepEqual(state.tagged, { state: "whole", missing: [] });
  assert.equal(state.newest?.version, "1.0.0rc1");
});

test("PyPI: a project that is archived is told", async () => {
  const { state } = await asked(PYPI, {
    "/simple/demo/": list({ "demo-1.0.0.tar.gz": 1 }, { "project-status": { status: "archived" } }),
  });
  assert.deepEqual([state.notes, state.above], [["demo is archived on PyPI"], ["1.0.0"]]);
});

const line = (vers: string, yanked = false): string =>
  `${JSON.stringify({ name: "demo", vers, cksum: "00", deps: [], features: {}, yanked })}\n`;
const version = (num: string, data: unknown): object => ({
  version: { crate: "demo", num, checksum: "00", trustpub_data: data },
});

test("crates.io: the newest version is one that is not yanked, and its origin is the API's word", async () => {
  const { state, paths } = await asked(CRATE, {
    "/index/de/mo/demo": line("1.0.0") + line("1.2.0", true) + line("1.1.0"),
    "/api/v1/crates/demo/1.1.0": version("1.1.0", { provider: "github" }),
  }, { tagged: "1.2.0" });
  assert.deepEqual(state, {
    newest: { version: "1.1.0", evidence: ["trusted-publisher"] },
    tagged: { state: "whole", missing: [] },
    above: [],
    notes: ["demo 1.2.0 is yanked: nobody gets it who does not ask for it"],
  });
  assert.equal(paths.length, 2);
});

test("crates.io: an API that does not know what its index has keeps the origin open, and nothing else", async () => {
  const { state } = await asked(CRATE, { "/index/de/mo/demo": line("1.0.0") }, { tagged: "1.0.0" });
  assert.deepEqual([state.newest, state.tagged?.state], [{ version: "1.0.0" }, "whole"]);
  assert.match(state.notes.join("\n"), /^Cannot tell who uploaded demo 1\.0\.0 to crates\.io/);
});

test("crates.io: the API is asked about so many crates, and about further ones that is told", async () => {
  const { state, paths } = await asked(CRATE, {
    "/index/de/mo/demo": line("1.0.0"),
    "/api/v1/crates/demo/1.0.0": version("1.0.0", null),
  }, { tagged: "1.0.0", count: 21 });
  assert.equal(state.newest?.evidence, undefined);
  assert.match(state.notes.join("\n"), /^how it was uploaded was not asked for/);
  // The reader asks once for each version, whatever number of packages names it.
  assert.equal(paths.filter((path) => path.startsWith("/api/")).length, 1);
});

for (const [kind, declared] of Object.entries({ npm: NPM, pypi: PYPI, crates: CRATE })) {
  test(`${kind}: a name that the registry does not know has nothing, with and without a tag`, async () => {
    const { state } = await asked(declared, {});
    assert.deepEqual(state, { above: [], notes: [] });
    const { state: tagged } = await asked(declared, {}, { tagged: "1.0.0" });
    assert.deepEqual(tagged, { above: [], notes: [], tagged: { state: "absent", missing: [] } });
  });
}
