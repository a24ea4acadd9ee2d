/** What the local crates.io refuses, in which order, and in which words. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { packTar, type TarEntry } from "modern-tar";
import type { LocalToken } from "../../../src/rehearsal/crates/callers.ts";
import {
  createCratesState,
  type LocalTrustedToken,
} from "../../../src/rehearsal/crates/crates_state.ts";
import { type LocalCrates, serveCrates } from "../../../src/rehearsal/crates/serve_crates.ts";

const ADA: LocalToken = { secret: `cio${"a".repeat(32)}`, user: "ada" };
const EVE: LocalToken = { secret: `cio${"e".repeat(32)}`, user: "eve" };
const READER: LocalToken = { secret: `cio${"r".repeat(32)}`, user: "ada", scopes: ["yank"] };
const NARROW: LocalToken = { secret: `cio${"n".repeat(32)}`, user: "ada", crates: ["other*"] };
const UNVERIFIED: LocalToken = {
  secret: `cio${"u".repeat(32)}`,
  user: "bob",
  hasVerifiedEmail: false,
};

const WORKFLOW: LocalTrustedToken = {
  secret: `cio_tp_${"w".repeat(32)}`,
  crates: ["demo"],
  trustpubData: { provider: "github", repository: "ada/engine", run_id: "1", sha: "c0ffee" },
};

const AGENT = "tests/1.0 (+https://example.com)";

interface Upload {
  readonly name?: string;
  readonly vers?: string;
  /** Lines of the packaged `[package]`, beside name and version. */
  readonly fields?: string;
  /** The packaged Cargo.toml, when it is not made from the rest. */
  readonly manifest?: string;
  /** Entries of the tarball, when they are not the usual ones. */
  readonly entries?: readonly TarEntry[];
  readonly tarball?: Uint8Array;
  readonly body?: Uint8Array;
  readonly authorization?: string;
  readonly agent?: string;
}

function file(name: string, body: string): TarEntry {
  return { header: { name, size: Buffer.byteLength(body), type: "file" }, body };
}

const FIELDS = 'description = "x"\nlicense = "MIT"\n';

async function bodyOf(upload: Upload): Promise<Uint8Array> {
  const { name = "demo", vers = "1.0.0", fields = FIELDS } = upload;
  const manifest = upload.manifest ?? `[package]\nname = "${name}"\nversion = "${vers}"\n${fields}`;
  const folder = `${name}-${vers}`;
  const entries = upload.entries ??
    [file(`${folder}/Cargo.toml`, manifest), file(`${folder}/src/lib.rs`, "")];
  const tarball = upload.tarball ?? gzipSync(await packTar(entries));
  return frame(Buffer.from(JSON.stringify({ name, vers, deps: [] })), tarball);
}

function frame(json: Uint8Array, tarball: Uint8Array): Uint8Array {
  const length = (bytes: Uint8Array): Uint8Array => {
    const four = Buffer.alloc(4);
    four.writeUInt32LE(bytes.length);
    return four;
  };
  return Buffer.concat([length(json), json, length(tarball), tarball]);
}

async function put(server: LocalCrates, upload: Upload): Promise<[number, unknown]> {
  const answer = await fetch(`${server.url}/api/v1/crates/new`, {
    method: "PUT",
    headers: {
      authorization: upload.authorization ?? ADA.secret,
      "user-agent": upload.agent ?? AGENT,
    },
    body: Uint8Array.from(upload.body ?? await bodyOf(upload)),
  });
  const text = await answer.text();
  try {
    const json = JSON.parse(text);
    return [answer.status, json.errors?.[0]?.detail ?? json];
  } catch {
    return [answer.status, text];
  }
}

function serve(now?: () => Date): Promise<LocalCrates> {
  const state = createCratesState();
  state.trusted.push(WORKFLOW);
  return serveCrates({
    state,
    tokens: [ADA, EVE, READER, NARROW, UNVERIFIED],
    ...(now === undefined ? {} : { now }),
  });
}

const dep = (text: string): Upload => ({ fields: `${FIELDS}[dependencies]\n${text}\n` });
const BIG = new Uint8Array(10 * 1024 * 1024 + 1);

const some = (count: number): string[] => Array.from({ length: count }, (_, at) => `f${at}`);
const features = (count: number): string => some(count).map((name) => `${name} = []\n`).join("");
const items = (count: number): string => JSON.stringify(some(count));
const dependencies = (count: number): string =>
  some(count).map((name) => `${name} = "1"\n`).join("");

const refusals: { name: string; upload: Upload; status: number; detail: string | RegExp }[] = [
  {
    name: "a body that is too short",
    upload: { body: new Uint8Array(2) },
    status: 400,
    detail: "invalid metadata length",
  },
  {
    name: "a length beyond the body",
    upload: { body: Uint8Array.from([9, 0, 0, 0, 1]) },
    status: 400,
    detail: "invalid metadata length for remaining payload: 9",
  },
  {
    name: "JSON that is too long",
    upload: { body: Uint8Array.from([0, 0, 0, 1]) },
    status: 413,
    detail: "JSON metadata blob too large",
  },
  {
    name: "metadata that is no JSON",
    upload: { body: frame(Buffer.from("{"), new Uint8Array()) },
    status: 400,
    detail: /^invalid upload request: /,
  },
  {
    name: "metadata without a version",
    upload: { body: frame(Buffer.from('{"name":"demo"}'), new Uint8Array()) },
    status: 400,
    detail: "invalid upload request: missing field `vers`",
  },
  {
    name: "a name that is none",
    upload: { name: "0demo" },
    status: 400,
    detail: "the name `0demo` cannot be used as a crate name, the name cannot start with a digit",
  },
  ...["", "_demo", "de.mo", "d\u00e9mo", "de mo", "x".repeat(65)].map((name) => ({
    name: `the name "${name.slice(0, 8)}"`,
    upload: { name },
    status: 400,
    detail:
      /^(?:invalid character `.` in crate name: |crate name cannot be empty|the crate name `x+` is too long)/,
  })),
  ...["v1.0.0", "01.0.0", "1.0.0-01", "1.0.0-", "1.0.0+", "1.0.0.0", ""].map((vers) => ({
    name: `the version "${vers}"`,
    upload: { vers },
    status: 400,
    detail: `"${vers}" is an invalid semver version`,
  })),
  {
    name: "a version that is none",
    upload: { vers: "1.0" },
    status: 400,
    detail: '"1.0" is an invalid semver version',
  },
  {
    name: "no credential",
    upload: { authorization: "" },
    status: 403,
    detail: "this action requires authentication",
  },
  {
    name: "a token of old",
    upload: { authorization: "abc" },
    status: 401,
    detail: /^The given API token does not match the format/,
  },
  {
    name: "an unknown token",
    upload: { authorization: `cio${"x".repeat(32)}` },
    status: 403,
    detail: "authentication failed",
  },
  {
    name: "a token without the scope",
    upload: { authorization: READER.secret },
    status: 403,
    detail: "this token does not have the required permissions to perform this action",
  },
  {
    name: "a token for other crates",
    upload: { authorization: NARROW.secret },
    status: 403,
    detail: "this token does not have the required permissions to perform this action",
  },
  {
    name: "a user without a verified address",
    upload: { authorization: UNVERIFIED.secret },
    status: 400,
    detail: /^A verified email address is required/,
  },
  {
    name: "a tarball that is too big",
    upload: { tarball: BIG },
    status: 413,
    detail: "max upload size is: 10485760",
  },
  {
    name: "a tarball that is none",
    upload: { tarball: Buffer.from("no") },
    status: 400,
    detail: "uploaded tarball is malformed or too large when decompressed",
  },
  {
    name: "a path outside the folder",
    upload: { entries: [file("demo-1.0.1/Cargo.toml", "")] },
    status: 400,
    detail: "invalid path found: demo-1.0.1/Cargo.toml",
  },
  {
    name: "a link",
    upload: {
      entries: [
        file("demo-1.0.0/Cargo.toml", '[package]\nname = "demo"\nversion = "1.0.0"\n'),
        { header: { name: "demo-1.0.0/a", size: 0, type: "symlink", linkname: "Cargo.toml" } },
      ],
    },
    status: 400,
    detail: "unexpected symlink or hard link found: demo-1.0.0/a",
  },
  {
    name: "no manifest",
    upload: { entries: [file("demo-1.0.0/src/lib.rs", "")] },
    status: 400,
    detail: "uploaded tarball is missing a `Cargo.toml` manifest file",
  },
  {
    name: "a manifest of another case",
    upload: { entries: [file("demo-1.0.0/CARGO.TOML", "[package]")] },
    status: 400,
    detail:
      "uploaded tarball is missing a `Cargo.toml` manifest file; `CARGO.TOML` was found, but must be named `Cargo.toml` with that exact casing",
  },
  {
    name: "a manifest twice, in two cases",
    upload: {
      entries: [file("demo-1.0.0/Cargo.toml", ""), file("demo-1.0.0/cargo.toml", "")],
    },
    status: 400,
    detail: /more than one `Cargo\.toml` manifest file; found `Cargo\.toml`, `cargo\.toml`$/,
  },
  {
    name: "a manifest that is no TOML",
    upload: { manifest: "[" },
    status: 400,
    detail: /^failed to parse `Cargo\.toml`/,
  },
  {
    name: "a manifest of another crate",
    upload: { manifest: `[package]\nname = "demo2"\nversion = "1.0.0"\n${FIELDS}` },
    status: 400,
    detail: "metadata name `demo` does not match manifest name `demo2`",
  },
  {
    name: "a manifest of another version",
    upload: { manifest: `[package]\nname = "demo"\nversion = "0.9.0"\n${FIELDS}` },
    status: 400,
    detail: "metadata version `1.0.0` does not match manifest version `0.9.0`",
  },
  {
    name: "no description and no license",
    upload: { fields: "" },
    status: 400,
    detail: /^missing or empty metadata fields: description, license\. Please see /,
  },
  {
    name: "an empty description",
    upload: { fields: 'description = ""\nlicense-file = "L"\n' },
    status: 400,
    detail: /^missing or empty metadata fields: description\. /,
  },
  {
    name: "a description that is too long",
    upload: { fields: `description = "${"x".repeat(1001)}"\nlicense = "MIT"\n` },
    status: 400,
    detail: /^The `description` is too long/,
  },
  {
    name: "an address that is none of the web",
    upload: { fields: `${FIELDS}homepage = "ftp://x"\n` },
    status: 400,
    detail: "URL for field `homepage` must begin with http:// or https:// (url: ftp://x)",
  },
  {
    name: "an address that is no URL",
    upload: { fields: `${FIELDS}repository = "https://"\n` },
    status: 400,
    detail: "`repository` is not a valid url: `https://`",
  },
  {
    name: "an empty address",
    upload: { fields: `${FIELDS}documentation = ""\n` },
    status: 400,
    detail: "URL for field `documentation` must begin with http:// or https:// (url: )",
  },
  {
    name: "a licence that SPDX does not have",
    upload: { fields: 'description = "A"\nlicense = "MIT AND foobar"\n' },
    status: 400,
    detail: /^unknown or invalid license expression; [^]*\nMIT AND foobar\n {8}\^{6} unknown term$/,
  },
  {
    name: "an empty licence beside a licence file",
    upload: { fields: 'description = "A"\nlicense = ""\nlicense-file = "L"\n' },
    status: 400,
    detail: /^unknown or invalid license expression; /,
  },
  ...["1.70-beta", "^1.70", "1.70.0.0", "01.70", "nightly"].map((version) => ({
    name: `the rust-version "${version}"`,
    upload: { fields: `${FIELDS}rust-version = "${version}"\n` },
    status: 400,
    detail: "failed to parse `Cargo.toml` manifest file\n\ninvalid `rust-version` value",
  })),
  {
    name: "301 features",
    upload: { fields: `${FIELDS}[features]\n${features(301)}` },
    status: 400,
    detail: /maximum number of 300 features, but your crate is declaring 301 features\./,
  },
  {
    name: "301 items in a feature",
    upload: { fields: `${FIELDS}[features]\nall = ${items(301)}\n` },
    status: 400,
    detail: /"all" feature of your crate is enabling 301 features or dependencies\./,
  },
  ...["a b", "$", "-a"].map((feature) => ({
    name: `the feature "${feature}"`,
    upload: { fields: `${FIELDS}[features]\n"${feature}" = []\n` },
    status: 400,
    detail: /^invalid character `.` in feature `/,
  })),
  {
    name: "a feature that switches on what no name is",
    upload: { fields: `${FIELDS}[features]\na = ["dep:0b"]\n` },
    status: 400,
    detail: "the name `0b` cannot be used as a dependency name, the name cannot start with a digit",
  },
  {
    name: "501 dependencies",
    upload: { fields: `${FIELDS}[dependencies]\n${dependencies(501)}` },
    status: 400,
    detail: /^crates\.io only allows a maximum number of 500 dependencies\./,
  },
  {
    name: "a dependency whose name is none",
    upload: dep('"a.b" = "1"'),
    status: 400,
    detail: /^invalid character `\.` in dependency name: `a\.b`/,
  },
  {
    name: "a dependency whose alias is none",
    upload: dep('"a.b" = { package = "low", version = "1" }'),
    status: 400,
    detail: /^invalid character `\.` in dependency name: `a\.b`/,
  },
  ...["", "1.2.3.4", "=>1", "01", "1,", "^^1"].map((req) => ({
    name: `a dependency with the requirement "${req}"`,
    upload: dep(`low = "${req}"`),
    status: 400,
    detail: /^".*" is an invalid version requirement$/,
  })),
  {
    name: "six keywords",
    upload: { fields: `${FIELDS}keywords = ["a", "b", "c", "d", "e", "f"]\n` },
    status: 400,
    detail: "expected at most 5 keywords per crate",
  },
  {
    name: "a keyword that is too long",
    upload: { fields: `${FIELDS}keywords = ["${"a".repeat(21)}"]\n` },
    status: 400,
    detail: /keywords must have less than 20 characters/,
  },
  {
    name: "a category that there is not",
    upload: { fields: `${FIELDS}categories = ["encoding", "enconding"]\n` },
    status: 400,
    detail: /^The following category slugs are not currently supported on crates\.io: enconding\n/,
  },
  {
    name: "any version of a dependency",
    upload: dep('serde = "*"'),
    status: 400,
    detail: /wildcard .* Crate with this problem: `serde`/,
  },
  {
    name: "a dependency of another registry",
    upload: dep('serde = { version = "1", registry-index = "https://x" }'),
    status: 400,
    detail: /^Dependency `serde` is hosted on another registry\./,
  },
  {
    name: "a dependency that is not there",
    upload: dep('low = "1"'),
    status: 400,
    detail: "no known crate named `low`",
  },
  {
    name: "a reserved name",
    upload: { name: "std" },
    status: 400,
    detail: "cannot upload a crate with a reserved name",
  },
  ...["proc_macro", "Proc-Macro", "NUL", "rustc-llvm", "Unicode"].map((name) => ({
    name: `the reserved name ${name}`,
    upload: { name },
    status: 400,
    detail: "cannot upload a crate with a reserved name",
  })),
  {
    name: "a client that does not say who it is",
    upload: { agent: "curl/8.0" },
    status: 403,
    detail: /^We require that all requests include a `User-Agent` header/,
  },
];

for (const { name, upload, status, detail } of refusals) {
  test(`${name} is refused with ${status}`, async () => {
    await using server = await serve();
    const [answered, words] = await put(server, upload);
    assert.equal(answered, status, String(words));
    if (typeof detail === "string") assert.equal(words, detail);
    else assert.match(String(words), detail);
    assert.equal(server.state.crates.size, 0);
  });
}

const again: { name: string; upload: Upload; status: number; detail: RegExp }[] = [
  {
    name: "the same version",
    upload: {},
    status: 400,
    detail: /^crate version `1\.0\.0` is already uploaded$/,
  },
  {
    name: "the same version with build metadata",
    upload: { vers: "1.0.0+b" },
    status: 400,
    detail: /^crate version `1\.0\.0` is already uploaded$/,
  },
  {
    name: "the name in another spelling",
    upload: { name: "Demo", vers: "1.1.0" },
    status: 400,
    detail: /^crate was previously named `demo`$/,
  },
  {
    name: "another user's crate",
    upload: { vers: "1.1.0", authorization: EVE.secret },
    status: 403,
    detail: /^this crate exists but you don't seem to be an owner\./,
  },
];

for (const { name, upload, status, detail } of again) {
  test(`${name} is refused once a crate is there`, async () => {
    await using server = await serve();
    assert.equal((await put(server, {}))[0], 200);
    const [answered, words] = await put(server, upload);
    assert.equal(answered, status);
    assert.match(String(words), detail);
  });
}

test("checks come in crates.io's order: what stands first is said first", async () => {
  await using server = await serve();
  assert.equal((await put(server, {}))[0], 200);
  const worst: Upload = { vers: "1.0", fields: "", authorization: EVE.secret, tarball: BIG };
  const steps: [Upload, number][] = [
    [worst, 400], // semver
    [{ ...worst, vers: "1.0.0", authorization: "abc" }, 401], // authentication
    [{ ...worst, vers: "1.0.0" }, 413], // size, before ownership
    [{ vers: "1.0.0", fields: "", authorization: EVE.secret }, 400], // metadata, before ownership
    [{ vers: "1.0.0", authorization: EVE.secret }, 403], // ownership, before the duplicate
    [{ vers: "1.0.0" }, 400], // the duplicate
  ];
  for (const [upload, status] of steps) {
    const [answered, words] = await put(server, upload);
    assert.equal(answered, status, String(words));
  }
});

test("of two uploads of one version at once, one is taken", async () => {
  await using server = await serve();
  const answers = await Promise.all([
    put(server, {}),
    put(server, { fields: `${FIELDS}keywords = ["other"]\n` }),
    put(server, { vers: "1.0.0+b" }),
  ]);
  assert.deepEqual(answers.map(([status]) => status).sort(), [200, 400, 400]);
  assert.equal(server.state.crates.get("demo")!.versions.length, 1);
});

test("of two users who make one crate at once, one has it", async () => {
  await using server = await serve();
  const answers = await Promise.all([
    put(server, {}),
    put(server, { vers: "1.1.0", authorization: EVE.secret }),
  ]);
  assert.deepEqual(answers.map(([status]) => status).sort(), [200, 403]);
  assert.equal(server.state.crates.get("demo")!.owners.size, 1);
});

test("the name of a deleted crate is kept for some time", async () => {
  let time = Date.parse("2026-11-21T12:00:00Z");
  await using server = await serve(() => new Date(time));
  server.state.deleted.set("demo", { name: "Demo", until: new Date(time + 86_400_000) });
  assert.deepEqual(await put(server, {}), [
    400,
    "A crate with the name `Demo` was recently deleted. Reuse of this name will be available after 2026-11-22T12:00:00Z.",
  ]);
  time += 86_400_000;
  assert.equal((await put(server, {}))[0], 200);
});

test("a crate that takes trusted publishing only refuses tokens", async () => {
  await using server = await serve();
  await put(server, {});
  server.state.crates.get("demo")!.trustpubOnly = true;
  const [status, words] = await put(server, { vers: "1.1.0" });
  assert.equal(status, 403);
  assert.match(
    String(words),
    /^New versions of this crate can only be published using Trusted Publishing/,
  );
});

test("five new crates are taken at once, the sixth has to wait ten minutes", async () => {
  let time = Date.parse("2026-11-21T12:00:00Z");
  await using server = await serve(() => new Date(time));
  server.state.rateLimit = true;
  for (const letter of "abcde") assert.equal((await put(server, { name: letter }))[0], 200);
  const [status, words] = await put(server, { name: "f" });
  assert.equal(status, 429);
  assert.equal(
    words,
    "You have published too many new crates in a short period of time. Please try again after Sat, 21 Nov 2026 12:10:00 GMT and see https://crates.io/docs/rate-limits for more details.",
  );
  assert.equal(
    (await put(server, { name: "a", vers: "1.1.0" }))[0],
    200,
    "a new version has a bucket of its own",
  );
  time += 10 * 60_000;
  assert.equal((await put(server, { name: "f" }))[0], 200);
  assert.equal((await put(server, { name: "g" }))[0], 429);
});

test("a crate gets so many versions a day, and is told no date", async () => {
  let time = Date.parse("2026-11-21T12:00:00Z");
  await using server = await serve(() => new Date(time));
  server.state.mostDaily = 1;
  await put(server, {});
  assert.deepEqual(await put(server, { vers: "1.1.0" }), [
    429,
    "You have published too many versions of this crate in the last 24 hours",
  ]);
  time += 25 * 60 * 60_000;
  assert.equal((await put(server, { vers: "1.1.0" }))[0], 200);
});

test("what was published is in the index, in the API and to be downloaded", async () => {
  await using server = await serve(() => new Date("2026-11-21T12:00:00Z"));
  await put(server, { name: "low-Crate" });
  const fields =
    `${FIELDS}rust-version = "1.70"\n[features]\ndefault = ["low"]\nlow = ["dep:low-Crate"]\n[dependencies]\nlow-Crate = { version = "1", optional = true }\n[target.'cfg(unix)'.build-dependencies]\nrenamed = { package = "low-Crate", version = "=1.0.0", default-features = false, features = ["x"] }\n`;
  await put(server, { fields });
  const { tarball, cksum } = server.state.crates.get("demo")!.versions[0]!;
  assert.equal(cksum, createHash("sha256").update(tarball).digest("hex"));
  const get = async (path: string): Promise<string> =>
    await (await fetch(server.url + path, { headers: { "user-agent": AGENT } })).text();
  assert.deepEqual(JSON.parse(await get("/index/de/mo/demo")), {
    name: "demo",
    vers: "1.0.0",
    deps: [
      {
        name: "low-Crate",
        req: "^1",
        features: [],
        optional: true,
        default_features: true,
        target: null,
        kind: "normal",
      },
      {
        name: "renamed",
        req: "=1.0.0",
        features: ["x"],
        optional: false,
        default_features: false,
        target: "cfg(unix)",
        kind: "build",
        package: "low-Crate",
      },
    ],
    cksum,
    features: { default: ["low"] },
    features2: { low: ["dep:low-Crate"] },
    v: 2,
    yanked: false,
    rust_version: "1.70",
  });
  assert.match(await get("/index/lo/w-/low-crate"), /"name":"low-Crate"/);
  const { version } = JSON.parse(await get("/api/v1/crates/Demo/1.0.0"));
  assert.deepEqual([
    version.checksum,
    version.created_at,
    version.published_by,
    version.trustpub_data,
  ], [
    cksum,
    "2026-11-21T12:00:00.000Z",
    { login: "ada" },
    null,
  ]);
  assert.equal(JSON.parse(await get("/api/v1/crates/low_crate?include=")).crate.name, "low-Crate");
  assert.match(await get("/api/v1/crates/none"), /crate `none` does not exist/);
  assert.match(
    await get("/api/v1/crates/demo/2.0.0"),
    /crate `demo` does not have a version `2\.0\.0`/,
  );
});

test("the index has validators, no file for another spelling, and lags behind as told", async () => {
  await using server = await serve();
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${server.indexUrl}/${path}`, { headers });
  const status = async (path: string, headers: Record<string, string> = {}): Promise<number> => {
    const answer = await get(path, headers);
    await answer.body?.cancel();
    return answer.status;
  };
  assert.deepEqual(await (await get("config.json")).json(), {
    dl: `${server.url}/dl`,
    api: server.url,
  });
  assert.equal(await status("de/mo/demo"), 404);
  server.state.indexLag = 2;
  await put(server, {});
  assert.deepEqual([
    await status("de/mo/demo"),
    await status("de/mo/demo"),
    await status("de/mo/demo"),
  ], [404, 404, 200]);
  server.state.indexLag = 0;
  server.state.indexEdges = ["fresh", "behind", "behind"];
  await put(server, { vers: "1.0.1" });
  const lines = async (): Promise<number> =>
    (await (await get("de/mo/demo")).text()).trim().split("\n").length;
  // What one edge shows the next may not have.
  assert.deepEqual([await lines(), await lines(), await lines(), await lines()], [2, 1, 1, 2]);
  Object.assign(server.state, { indexLag: Infinity, indexEdges: [] });
  await put(server, { vers: "1.1.0" });
  assert.equal(await lines(), 2);
  server.state.flushIndex();
  const answer = await get("de/mo/demo");
  assert.equal((await answer.text()).trim().split("\n").length, 3);
  assert.equal(await status("de/mo/demo", { "if-none-match": answer.headers.get("etag")! }), 304);
  await put(server, { name: "under_score" });
  assert.equal(await status("un/de/under-score"), 404);
});

test("a version of a trusted publisher is marked as such, passes trustpub_only, and has no user", async () => {
  await using server = await serve();
  assert.equal((await put(server, {}))[0], 200);
  server.state.crates.get("demo")!.trustpubOnly = true;
  const upload = { vers: "1.1.0", authorization: WORKFLOW.secret };
  assert.equal((await put(server, upload))[0], 200);
  const read = async (vers: string): Promise<Record<string, unknown>> => {
    const headers = { "user-agent": AGENT };
    const answer = await fetch(`${server.url}/api/v1/crates/demo/${vers}`, { headers });
    const { published_by, trustpub_data } = (await answer.json()).version;
    return { published_by, trustpub_data };
  };
  assert.deepEqual(await read("1.0.0"), { published_by: { login: "ada" }, trustpub_data: null });
  assert.deepEqual(await read("1.1.0"), {
    published_by: null,
    trustpub_data: WORKFLOW.trustpubData,
  });
});

for (
  const { name, upload, detail } of [
    {
      name: "a new crate",
      upload: { name: "fresh", authorization: WORKFLOW.secret },
      detail:
        "Trusted Publishing tokens do not support creating new crates. Publish the crate manually, first",
    },
    {
      name: "a crate that does not have its workflow on file",
      upload: { name: "other", vers: "1.1.0", authorization: WORKFLOW.secret },
      detail: "The provided access token is not valid for crate `other`",
    },
    {
      name: "anything once it is revoked",
      upload: { vers: "1.1.0", authorization: `cio_tp_${"x".repeat(32)}` },
      detail: "Invalid authentication token",
    },
  ]
) {
  test(`a token of trusted publishing is refused for ${name}`, async () => {
    await using server = await serve();
    for (const held of ["demo", "other"]) await put(server, { name: held });
    assert.deepEqual(await put(server, upload), [403, detail]);
  });
}
