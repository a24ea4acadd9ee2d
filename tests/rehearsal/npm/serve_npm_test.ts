import { test } from "node:test";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import {
  type NpmServer,
  type NpmServerOptions,
  serveNpm,
} from "../../../src/rehearsal/npm/serve_npm.ts";
import { heldPackage } from "../../registry/npm/world.ts";

const TOKENS = { npm_ada: { user: "ada" }, npm_grace: { user: "grace", paid: true } };

interface Upload {
  readonly name: string;
  readonly version: string;
  readonly tag?: string;
  readonly access?: string | null;
  /** Fields of the manifest. */
  readonly fields?: object;
  /** package.json as it is in the tarball, when it differs. */
  readonly packed?: object;
}

async function tarballOf(files: Record<string, string>): Promise<Uint8Array> {
  return gzipSync(
    await packTar(
      Object.entries(files).map(([name, body]) => ({
        header: { name, size: body.length, type: "file" },
        body,
      })),
    ),
  );
}

/** The document that a publisher sends. */
async function documentOf(upload: Upload): Promise<Record<string, unknown>> {
  const { name, version, tag = "latest", access = "public", fields } = upload;
  const manifest = { name, version, ...fields };
  const tarball = await tarballOf({
    "package/package.json": JSON.stringify(upload.packed ?? manifest),
  });
  const dist = {
    shasum: createHash("sha1").update(tarball).digest("hex"),
    integrity: `sha512-${createHash("sha512").update(tarball).digest("base64")}`,
  };
  return {
    _id: name,
    name,
    "dist-tags": { [tag]: version },
    versions: { [version]: { ...manifest, dist } },
    access,
    _attachments: {
      [`${name}-${version}.tgz`]: {
        content_type: "application/octet-stream",
        data: Buffer.from(tarball).toString("base64"),
        length: tarball.length,
      },
    },
  };
}

interface Said {
  readonly status: number;
  // deno-lint-ignore no-explicit-any
  readonly body: any;
}

interface Client {
  readonly server: NpmServer;
  readonly put: (path: string, body: unknown, token?: string) => Promise<Said>;
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Said>;
  readonly publish: (upload: Upload, token?: string) => Promise<Said>;
}

async function client(options: Partial<NpmServerOptions> = {}): Promise<Client & AsyncDisposable> {
  const server = await serveNpm({ tokens: TOKENS, ...options });
  const ask = async (path: string, init: RequestInit): Promise<Said> => {
    const answer = await fetch(`${server.url}${path}`, init);
    const bytes = Buffer.from(await answer.arrayBuffer());
    const isJson = answer.headers.get("content-type")?.includes("json") ?? false;
    return { status: answer.status, body: isJson ? JSON.parse(bytes.toString()) : bytes };
  };
  const put: Client["put"] = (path, body, token = "npm_ada") =>
    ask(path, {
      method: "PUT",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
  return {
    server,
    put,
    get: (path, headers = {}) => ask(path, { headers }),
    publish: async (upload, token) =>
      await put(`/${upload.name.replace("/", "%2f")}`, await documentOf(upload), token),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const DEMO: Upload = { name: "demo", version: "1.0.0" };

test("the registry serves what it stored, under every spelling of a scoped name", async () => {
  await using npm = await client();
  assert.equal((await npm.publish({ name: "@acme/demo", version: "1.0.0" })).status, 200);
  for (const path of ["/@acme%2fdemo", "/@acme/demo", "/%40acme%2Fdemo"]) {
    assert.equal((await npm.get(path)).body.name, "@acme/demo");
  }
  const { body } = await npm.get("/@acme%2fdemo/latest");
  assert.equal(body.version, "1.0.0");
  const path = new URL(body.dist.tarball).pathname;
  assert.equal(path, "/@acme/demo/-/demo-1.0.0.tgz");
  const tarball = await npm.get(path);
  assert.equal(createHash("sha1").update(tarball.body).digest("hex"), body.dist.shasum);
});

test("the registry gives the short packument when asked for it, without times and READMEs", async () => {
  await using npm = await client();
  const fields = {
    readme: "# x",
    dependencies: { a: "1" },
    scripts: { install: "x" },
    cpu: ["x64"],
  };
  await npm.publish({ ...DEMO, fields });
  const accept = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*";
  const short = (await npm.get("/demo", { accept })).body;
  assert.deepEqual(Object.keys(short), ["name", "modified", "dist-tags", "versions"]);
  const { dist: _dist, ...version } = short.versions["1.0.0"];
  assert.deepEqual(version, {
    name: "demo",
    version: "1.0.0",
    dependencies: { a: "1" },
    cpu: ["x64"],
    hasInstallScript: true,
  });
  const full = (await npm.get("/demo")).body;
  assert.equal(full.readme, "# x");
  assert.ok("1.0.0" in full.time);
});

test("a first publish becomes latest whatever its tag, and later ones move their own", async () => {
  await using npm = await client();
  await npm.publish({ ...DEMO, version: "1.0.0-beta.1", tag: "beta" });
  await npm.publish({ ...DEMO, version: "1.0.0-beta.2", tag: "beta" });
  assert.deepEqual((await npm.get("/-/package/demo/dist-tags")).body, {
    beta: "1.0.0-beta.2",
    latest: "1.0.0-beta.1",
  });
});

test("a slow registry accepts a version, shows it later, and keeps its number taken", async () => {
  await using npm = await client();
  npm.server.state.slow = true;
  assert.equal((await npm.publish(DEMO)).status, 200);
  for (const path of ["/demo", "/demo?write=true", "/demo/1.0.0", "/demo/-/demo-1.0.0.tgz"]) {
    assert.equal((await npm.get(path)).status, 404);
  }
  assert.equal((await npm.publish(DEMO)).status, 403);
  npm.server.state.reveal();
  assert.equal((await npm.get("/demo/1.0.0")).status, 200);
});

test("a cached registry shows an old answer for five minutes, except around its cache", async () => {
  let time = Date.parse("2026-01-01T00:00:00Z");
  await using npm = await client({ cdn: true, now: () => new Date(time) });
  assert.equal((await npm.get("/demo")).status, 404);
  await npm.publish(DEMO);
  assert.equal((await npm.get("/demo")).status, 404);
  assert.equal((await npm.get("/demo?write=true")).status, 200);
  assert.equal((await npm.get("/-/package/demo/dist-tags")).status, 200);
  time += 300_000;
  assert.equal((await npm.get("/demo")).status, 200);
});

test("an unpublished version is gone from versions, stays in time, and is never taken again", async () => {
  await using npm = await client();
  await npm.publish(DEMO);
  await npm.publish({ ...DEMO, version: "1.1.0" });
  npm.server.state.unpublish("demo", "1.1.0");
  const { body } = await npm.get("/demo");
  assert.deepEqual(Object.keys(body.versions), ["1.0.0"]);
  assert.ok("1.1.0" in body.time);
  const again = await npm.publish({ ...DEMO, version: "1.1.0" });
  assert.equal(again.status, 403);
  assert.match(again.body.error, /previously published versions: 1\.1\.0\./);
});

test("an unpublished package is served without versions, and takes new ones after a day", async () => {
  let time = Date.parse("2026-01-01T00:00:00Z");
  await using npm = await client({ now: () => new Date(time) });
  await npm.publish(DEMO);
  npm.server.state.unpublish("demo");
  const { body } = await npm.get("/demo");
  assert.deepEqual(body.time.unpublished.versions, ["1.0.0"]);
  assert.ok(!("versions" in body));
  const early = await npm.publish({ ...DEMO, version: "2.0.0" });
  assert.deepEqual([early.status, early.body.error], [
    403,
    "demo cannot be republished until 24 hours have passed.",
  ]);
  time += 24 * 3600_000;
  assert.equal((await npm.publish(DEMO)).status, 403);
  assert.equal((await npm.publish({ ...DEMO, version: "2.0.0" })).status, 200);
});

test("a restricted package shows itself to its owner alone", async () => {
  await using npm = await client();
  const upload = { name: "@acme/secret", version: "1.0.0", access: null };
  assert.equal((await npm.publish(upload, "npm_ada")).status, 402);
  assert.equal((await npm.publish(upload, "npm_grace")).status, 200);
  assert.equal((await npm.get("/@acme%2fsecret")).status, 404);
  const authorization = "Bearer npm_grace";
  assert.equal((await npm.get("/@acme%2fsecret", { authorization })).status, 200);
  const visibility = "/-/package/@acme%2fsecret/visibility";
  assert.equal((await npm.get(visibility)).status, 404);
  assert.deepEqual((await npm.get(visibility, { authorization })).body, { public: false });
});

test("dist-tags are moved to versions that exist, by those who may write", async () => {
  await using npm = await client();
  await npm.publish(DEMO);
  const path = "/-/package/demo/dist-tags/stable";
  assert.equal((await npm.put(path, "9.9.9")).status, 404);
  assert.equal((await npm.put(path, { version: "1.0.0" })).status, 400);
  assert.equal((await npm.put(path, "1.0.0", "npm_none")).status, 404);
  assert.equal((await npm.put(path, "1.0.0", "npm_grace")).status, 403);
  assert.equal((await npm.put("/-/package/demo/dist-tags/v1", "1.0.0")).status, 400);
  assert.equal((await npm.put(path, "1.0.0")).status, 200);
  assert.equal((await npm.get("/-/package/demo/dist-tags")).body.stable, "1.0.0");
});

test("whoami knows a token's user and refuses a token that it does not know", async () => {
  await using npm = await client();
  const { body } = await npm.get("/-/whoami", { authorization: "Bearer npm_ada" });
  assert.deepEqual(body, { username: "ada" });
  assert.equal((await npm.get("/-/whoami")).status, 401);
  assert.equal((await npm.get("/-/whoami", { authorization: "Bearer constructor" })).status, 401);
});

test("a request that the registry does not know is a mistake of its sender", async () => {
  const server = await serveNpm({ tokens: TOKENS });
  assert.equal((await fetch(`${server.url}/-/v2/search?text=x`)).status, 501);
  await assert.rejects(async () => await server[Symbol.asyncDispose](), /GET \/-\/v2\/search/);
});

type Doc = Record<string, unknown>;

/** Every way in which an upload may lie or be malformed: what is changed in a good document. */
const LIES: readonly { name: string; change: (doc: Doc) => unknown; words: RegExp }[] = [
  { name: "a body that is no object", change: () => "text", words: /not a JSON object/ },
  {
    name: "a name other than the address",
    change: (doc) => ({ ...doc, name: "other" }),
    words: /is of "other", not "demo"/,
  },
  { name: "no version", change: (doc) => ({ ...doc, versions: {} }), words: /one version/ },
  {
    name: "a manifest of another version",
    change: (doc) => manifest(doc, { version: "1.0.1" }),
    words: /manifest is of "demo@1\.0\.1"/,
  },
  { name: "no tag", change: (doc) => ({ ...doc, "dist-tags": {} }), words: /one dist-tag/ },
  {
    name: "a tag on another version",
    change: (doc) => ({ ...doc, "dist-tags": { latest: "9.0.0" } }),
    words: /one dist-tag/,
  },
  {
    name: "a tag that is a range",
    change: (doc) => ({ ...doc, "dist-tags": { "1.x": "1.0.0" } }),
    words: /must not be a valid SemVer range: 1\.x/,
  },
  {
    name: "an access that there is not",
    change: (doc) => ({ ...doc, access: "open" }),
    words: /invalid access: open/,
  },
  {
    name: "a restricted name without a scope",
    change: (doc) => ({ ...doc, access: "restricted" }),
    words: /unscoped/,
  },
  {
    name: "no attachment",
    change: (doc) => ({ ...doc, _attachments: {} }),
    words: /one attachment/,
  },
  {
    name: "an attachment of another name",
    change: (doc) => ({
      ...doc,
      _attachments: { "x.tgz": Object.values(doc["_attachments"]!)[0] },
    }),
    words: /unexpected attachment "x\.tgz"/,
  },
  {
    name: "an attachment that is not base64",
    change: (doc) => attachment(doc, { data: "?" }),
    words: /not base64/,
  },
  {
    name: "an attachment of another type",
    change: (doc) => attachment(doc, { content_type: "text/plain" }),
    words: /content type/,
  },
  {
    name: "another length",
    change: (doc) => attachment(doc, { length: 1 }),
    words: /length error, 1 != /,
  },
  {
    name: "another SHA-1",
    change: (doc) => manifest(doc, { dist: { shasum: "0" } }),
    words: /shasum error, 0 != /,
  },
  {
    name: "another integrity",
    change: (doc) => {
      const { dist } = (doc["versions"] as Record<string, { dist: object }>)["1.0.0"]!;
      return manifest(doc, { dist: { ...dist, integrity: "sha512-x" } });
    },
    words: /integrity error, sha512-x != /,
  },
];

function manifest(doc: Doc, changes: object): Doc {
  const versions = doc["versions"] as Record<string, object>;
  return { ...doc, versions: { "1.0.0": { ...versions["1.0.0"], ...changes } } };
}

function attachment(doc: Doc, changes: object): Doc {
  const [file, value] = Object.entries(doc["_attachments"] as Record<string, object>)[0]!;
  return { ...doc, _attachments: { [file]: { ...value, ...changes } } };
}

for (const { name, change, words } of LIES) {
  test(`the registry refuses ${name}`, async () => {
    await using npm = await client();
    const { status, body } = await npm.put("/demo", change(await documentOf(DEMO)));
    assert.equal(status, 400);
    assert.match(body.error, words);
    assert.equal(npm.server.state.packages.size, 0);
  });
}

test("the registry takes capital letters of a package that it has, and of no new one", async () => {
  await using npm = await client();
  const { status, body } = await npm.publish({ name: "Demo", version: "1.0.0" });
  assert.equal(status, 400);
  assert.match(body.error, /no longer contain capital letters/);
  await npm.publish(DEMO);
  const { packages } = npm.server.state;
  packages.set("Demo", { ...packages.get("demo")!, name: "Demo", time: new Map() });
  assert.equal((await npm.publish({ name: "Demo", version: "1.0.0" })).status, 200);
});

const NEW_NAMES: readonly { name: string; words: RegExp }[] = [
  { name: "Demo", words: /capital letters/ },
  { name: "http", words: /core module name/ },
  { name: "node_modules", words: /not a valid package name/ },
  { name: "de~mo", words: /special characters/ },
  { name: "de:mo", words: /URL-friendly/ },
  { name: "_demo", words: /start with an underscore/ },
  { name: ".demo", words: /start with a period/ },
  { name: "-demo", words: /start with a hyphen/ },
  { name: " demo", words: /leading or trailing spaces/ },
  { name: "demo ", words: /leading or trailing spaces/ },
  { name: "favicon.ico", words: /not a valid package name/ },
  { name: "@acme/.demo", words: /start with a period/ },
  { name: "d".repeat(215), words: /214 characters/ },
];
for (const { name, words } of NEW_NAMES) {
  test(`the registry makes no package called ${name.slice(0, 12)}`, async () => {
    await using npm = await client();
    const document = await documentOf({ name, version: "1.0.0" });
    const { status, body } = await npm.put(`/${encodeURIComponent(name)}`, document);
    assert.equal(status, 400);
    assert.match(body.error, words);
  });
}

for (const version of ["1.0", "v1.0.0", "01.0.0", "1.0.0-01", "1.0.0+build", "latest"]) {
  test(`the registry takes no version called ${version}`, async () => {
    await using npm = await client();
    const { status, body } = await npm.publish({ name: "demo", version });
    assert.equal(status, 400);
    assert.equal(body.error, `invalid version: ${version}`);
  });
}

for (const tag of ["1", "v1", "x", "1.x", "^1", ">=1 <2", "1.2.3-rc.1", "1 - 2", "1 || 2", "*"]) {
  test(`the registry takes no tag called ${tag}`, async () => {
    await using npm = await client();
    const { status, body } = await npm.publish({ ...DEMO, tag });
    assert.equal(status, 400);
    assert.equal(body.error, `Tag name must not be a valid SemVer range: ${tag}`);
  });
}

for (const tag of ["next", "latest-1", "release", "v", "xyz", "1st", "beta.2"]) {
  test(`the registry takes a tag called ${tag}`, async () => {
    await using npm = await client();
    assert.equal((await npm.publish({ ...DEMO, tag })).status, 200);
  });
}

const BAD_TARBALLS: readonly { name: string; tarball: () => Promise<Uint8Array>; words: RegExp }[] =
  [
    {
      name: "that is none",
      tarball: () => Promise.resolve(Buffer.from("hello")),
      words: /Cannot read/,
    },
    {
      name: "without a package.json",
      tarball: () => tarballOf({ "package/a.js": "" }),
      words: /no package\/package\.json/,
    },
    {
      name: "of another version",
      tarball: () => tarballOf({ "package/package.json": '{"name":"demo","version":"1.0.1"}' }),
      words: /tarball is of "demo@1\.0\.1", not "demo@1\.0\.0"/,
    },
    {
      name: "with a package.json that is no JSON",
      tarball: () => tarballOf({ "package/package.json": "{" }),
      words: /JSON/,
    },
    {
      name: "that climbs out of its folder",
      tarball: () => tarballOf({ "package/package.json": "{}", "../evil": "" }),
      words: /outside its folder/,
    },
  ];

for (const { name, tarball, words } of BAD_TARBALLS) {
  test(`the registry refuses a tarball ${name}`, async () => {
    await using npm = await client();
    const bytes = await tarball();
    const dist = {
      shasum: createHash("sha1").update(bytes).digest("hex"),
      integrity: `sha512-${createHash("sha512").update(bytes).digest("base64")}`,
    };
    const document = attachment(manifest(await documentOf(DEMO), { dist }), {
      data: Buffer.from(bytes).toString("base64"),
      length: bytes.length,
    });
    const { status, body } = await npm.put("/demo", document);
    assert.equal(status, 400);
    assert.match(body.error, words);
  });
}

const SCOPES: readonly {
  readonly name: string;
  readonly as: string;
  readonly scopes?: Record<string, readonly string[]>;
  readonly status: number;
}[] = [
  { name: "@fresh/demo", as: "npm_ada", status: 200 },
  { name: "@ada/demo", as: "npm_ada", status: 200 },
  { name: "@ada/demo", as: "npm_grace", status: 404 },
  { name: "@acme/other", as: "npm_ada", status: 200 },
  { name: "@acme/other", as: "npm_grace", status: 404 },
  { name: "@acme/held", as: "npm_grace", status: 404 },
  { name: "@fresh/demo", as: "npm_ada", scopes: { "@fresh": ["grace"] }, status: 404 },
  { name: "@acme/other", as: "npm_grace", scopes: { "@acme": ["ada", "grace"] }, status: 200 },
  { name: "plain", as: "npm_grace", status: 403 },
];
for (const { name, as, scopes, status } of SCOPES) {
  const whose = scopes === undefined ? "" : ` of ${Object.values(scopes).flat().join(" and ")}`;
  test(`${as === "npm_grace" ? "grace" : "ada"} gets ${status} for ${name}${whose}`, async () => {
    await using npm = await client(scopes === undefined ? {} : { scopes });
    for (const held of ["@acme/held", "plain"]) {
      npm.server.state.packages.set(held, heldPackage(held));
    }
    assert.equal((await npm.publish({ name, version: "1.0.0" }, as)).status, status);
  });
}

test("a public package becomes restricted for a paid plan alone, and a restricted one public for anybody", async () => {
  await using npm = await client();
  const upload = { name: "@acme/demo", version: "1.0.0" };
  await npm.publish(upload);
  const hidden = { ...upload, version: "1.1.0", access: "restricted" };
  const { status, body } = await npm.publish(hidden);
  assert.deepEqual([status, body.error], [402, "You must sign up for private packages"]);
  assert.equal(npm.server.state.packages.get("@acme/demo")!.access, "public");
  const own = { ...upload, name: "@club/demo" };
  await npm.publish(own, "npm_grace");
  assert.equal((await npm.publish({ ...hidden, name: "@club/demo" }, "npm_grace")).status, 200);
  assert.equal(npm.server.state.packages.get("@club/demo")!.access, "restricted");
  await npm.publish({ ...own, version: "1.2.0" }, "npm_grace");
  assert.equal(npm.server.state.packages.get("@club/demo")!.access, "public");
});
