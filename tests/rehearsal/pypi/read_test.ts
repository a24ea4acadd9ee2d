import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { type PypiServer, servePypi } from "../../../src/rehearsal/pypi/serve_pypi.ts";
import { makeSdist } from "../../../src/rehearsal/synthesise/python_distribution.ts";
import { makeWheel } from "../../../src/rehearsal/synthesise/python_distribution.ts";
import { post } from "../../support/pypi_form.ts";
import { ADA } from "../../support/pypi_publisher.ts";
import { NO_PIP, python } from "../../support/real_python.ts";
import { tempFolder } from "../../support/temp.ts";

const SIMPLE_JSON = "application/vnd.pypi.simple.v1+json";
const WHEEL = makeWheel({
  name: "My.Demo",
  version: "1.0.0",
  metadata: ["Requires-Python: >=3.8"],
});

async function stocked(): Promise<PypiServer> {
  const clock = { now: () => new Date("2026-01-01T00:00:00Z") };
  const server = await servePypi({ tokens: ADA, clock });
  const fields = { name: "My.Demo", requires_python: ">=3.8" };
  assert.equal((await post(server, { content: WHEEL, fields })).status, 200);
  assert.equal(
    (await post(server, {
      content: await makeSdist({ name: "My.Demo", version: "1.0.0" }),
      fields,
    })).status,
    200,
  );
  return server;
}

async function get(server: PypiServer, path: string, accept = "*/*"): Promise<Response> {
  return await fetch(`${server.url}${path}`, { redirect: "manual", headers: { accept } });
}

test("the Simple API lists files in JSON with sizes, times and digests", async () => {
  await using server = await stocked();
  const answer = await get(server, "/simple/my-demo/", SIMPLE_JSON);
  assert.equal(answer.headers.get("content-type"), SIMPLE_JSON);
  assert.equal(answer.headers.get("x-pypi-last-serial"), "2");
  const page = await answer.json() as { files: Record<string, unknown>[] };
  const { sha256 } = server.state.files.get(WHEEL.fileName)!;
  assert.deepEqual(page.files[0], {
    filename: "my_demo-1.0.0-py3-none-any.whl",
    url: `${server.url}/packages/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${
      sha256.slice(4)
    }/${WHEEL.fileName}`,
    hashes: { sha256 },
    "requires-python": ">=3.8",
    size: WHEEL.bytes.length,
    "upload-time": "2026-01-01T00:00:00.000Z",
    yanked: false,
    "core-metadata": false,
    provenance: null,
  });
  assert.deepEqual({ ...page, files: page.files.length }, {
    meta: { "api-version": "1.4", "_last-serial": 2 },
    name: "my-demo",
    "project-status": { status: "active" },
    versions: ["1.0.0"],
    files: 2,
  });
});

test("the Simple API is HTML for those who do not ask for JSON", async () => {
  await using server = await stocked();
  const answer = await get(server, "/simple/my-demo/", "text/html");
  assert.match(answer.headers.get("content-type") ?? "", /^text\/html/);
  const html = await answer.text();
  assert.match(
    html,
    /#sha256=[0-9a-f]{64}" data-requires-python="&gt;=3\.8">my_demo-1\.0\.0-py3-none-any\.whl<\/a>/,
  );
  assert.match(html, /<meta name="pypi:project-status" content="active">/);
});

for (
  const { path, location } of [
    { path: "/simple/My.Demo/", location: "/simple/my-demo/" },
    { path: "/simple/my-demo", location: "/simple/my-demo/" },
    { path: "/pypi/My.Demo/json", location: "/pypi/my-demo/json" },
    { path: "/pypi/My.Demo/1.0.0/json", location: "/pypi/my-demo/1.0.0/json" },
  ]
) {
  test(`${path} is redirected to ${location}`, async () => {
    await using server = await stocked();
    const answer = await get(server, path);
    assert.equal(answer.status, 301);
    assert.equal(answer.headers.get("location"), server.url + location);
    await answer.body?.cancel();
  });
}

for (
  const path of [
    "/simple/none/",
    "/pypi/none/json",
    "/pypi/my-demo/9.9.9/json",
    "/integrity/my-demo/1.0.0/a.whl/provenance",
    "/packages/aa/bb/cc/a.whl",
  ]
) {
  test(`${path} is not found`, async () => {
    await using server = await stocked();
    const answer = await get(server, path);
    assert.equal(answer.status, 404);
    await answer.body?.cancel();
  });
}

test("the JSON API finds a version by any spelling, and gives both digests", async () => {
  await using server = await stocked();
  const answer = await get(server, "/pypi/my-demo/1.0/json");
  const { info, urls } = await answer.json() as {
    info: Record<string, unknown>;
    urls: { filename: string; packagetype: string; digests: Record<string, string> }[];
  };
  assert.equal(info.version, "1.0.0");
  assert.equal(info.requires_python, ">=3.8");
  assert.deepEqual(urls.map(({ filename, packagetype }) => [filename, packagetype]), [
    ["my_demo-1.0.0-py3-none-any.whl", "bdist_wheel"],
    ["my_demo-1.0.0.tar.gz", "sdist"],
  ]);
  assert.match(urls[0]!.digests.blake2b_256!, /^[0-9a-f]{64}$/);
  assert.equal(urls[0]!.digests.sha256, server.state.files.get(WHEEL.fileName)!.sha256);
});

test("the JSON API shows the newest final release of a project", async () => {
  await using server = await servePypi({ tokens: ADA });
  for (const version of ["1.9.0", "1.10.0", "2.0.0rc1"]) {
    await post(server, { content: makeWheel({ name: "demo", version }), fields: { version } });
  }
  const { info } = await (await get(server, "/pypi/demo/json")).json() as {
    info: { version: string };
  };
  assert.equal(info.version, "1.10.0");
});

test("each read API lags as long as it is told to, and then shows everything", async () => {
  await using server = await servePypi({ tokens: ADA, staleReads: { json: 2, simple: 1 } });
  await post(server, { content: makeWheel({ name: "demo", version: "1.0.0" }) });
  const statuses = async (path: string, reads: number): Promise<number[]> => {
    const seen: number[] = [];
    for (let read = 0; read < reads; read++) {
      const answer = await get(server, path);
      seen.push(answer.status);
      await answer.body?.cancel();
    }
    return seen;
  };
  assert.deepEqual(await statuses("/pypi/demo/1.0.0/json", 4), [404, 404, 200, 200]);
  assert.deepEqual(await statuses("/simple/demo/", 3), [404, 200, 200]);
});

test("pip installs the wheel that was uploaded", { skip: NO_PIP }, async () => {
  await using server = await stocked();
  await using folder = await tempFolder();
  await python([
    ...["-m", "pip", "install", "--no-deps", "--only-binary", ":all:", "--target", "site"],
    ...["--index-url", server.indexUrl, "my-demo==1.0.0"],
  ], { cwd: folder.path });
  const code = "import my_demo; print(my_demo.__version__)";
  const site = join(folder.path, "site");
  assert.equal(
    await python(["-c", `import sys; sys.path.insert(0, ${JSON.stringify(site)}); ${code}`]),
    "1.0.0\n",
  );
  assert.match(await readFile(join(site, "my_demo-1.0.0.dist-info/INSTALLER"), "utf8"), /pip/);
});

test(
  "pip downloads the very bytes that were uploaded, from the HTML pages too",
  { skip: NO_PIP },
  async () => {
    await using server = await stocked();
    await using folder = await tempFolder();
    await python([
      ...["-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--dest", "."],
      ...["--index-url", server.indexUrl, "My.Demo"],
    ], { cwd: folder.path });
    const bytes = await readFile(join(folder.path, WHEEL.fileName));
    assert.ok(bytes.equals(WHEEL.bytes));
    const html = await (await get(server, "/simple/my-demo/", "text/html")).text();
    const links = /href="([^"]+\.whl#sha256=[0-9a-f]+)"/.exec(html)![1]!;
    await python(["-m", "pip", "download", "--no-deps", "--no-index", "--dest", "b", links], {
      cwd: folder.path,
    });
    assert.ok((await readFile(join(folder.path, "b", WHEEL.fileName))).equals(WHEEL.bytes));
  },
);

test("pip finds nothing of a project that is not there", { skip: NO_PIP }, async () => {
  await using server = await stocked();
  await using folder = await tempFolder();
  await assert.rejects(
    python(["-m", "pip", "download", "--no-deps", "--index-url", server.indexUrl, "absent"], {
      cwd: folder.path,
    }),
    /No matching distribution found for absent/,
  );
});
