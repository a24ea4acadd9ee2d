import assert from "node:assert/strict";
import { test } from "node:test";
import { deleteFile } from "../../../src/rehearsal/pypi/state.ts";
import { type PypiServer, servePypi } from "../../../src/rehearsal/pypi/serve_pypi.ts";
import { makeSdist } from "../../../src/rehearsal/synthesise/python_distribution.ts";
import {
  makeWheel,
  wheelMembers,
  zipMembers,
} from "../../../src/rehearsal/synthesise/python_distribution.ts";
import { AUTHORIZATION, post, type PostedForm } from "../../support/pypi_form.ts";
import { ADA } from "../../support/pypi_publisher.ts";
import { rawZip } from "../../support/raw_zip.ts";
import { NO_PIP, python } from "../../support/real_python.ts";

const DEMO = { name: "demo", version: "1.0.0" };
const WHEEL = makeWheel(DEMO);
const REUSE = "See https://pypi.org/help/#file-name-reuse for more information.";
const HELP = "See https://pypi.org/help/#project-name for more information.";
const SPECIFICATION =
  "See https://packaging.python.org/specifications/core-metadata for more information.";

function withMembers(change: (members: Map<string, Uint8Array>) => void): Uint8Array<ArrayBuffer> {
  const members = new Map(wheelMembers(DEMO));
  change(members);
  return zipMembers(members);
}

function local(): Promise<PypiServer> {
  return servePypi({
    tokens: { ...ADA, narrow: { holder: { user: "ada" }, projects: ["other"] } },
  });
}

test("an upload is stored, and the same bytes again change nothing", async () => {
  await using server = await local();
  assert.equal((await post(server, { content: WHEEL })).status, 200);
  const { serial } = server.state;
  assert.equal((await post(server, { content: WHEEL })).status, 200);
  assert.equal(server.state.serial, serial);
  assert.deepEqual([...server.state.files.keys()], [WHEEL.fileName]);
});

test("other bytes under the same name are refused with the digest that Python computes", {
  skip: NO_PIP,
}, async () => {
  await using server = await local();
  await post(server, { content: WHEEL });
  const other = makeWheel({ ...DEMO, description: "rebuilt" });
  const { status, words } = await post(server, { content: other });
  const hash =
    "import hashlib, sys; print(hashlib.blake2b(sys.stdin.buffer.read(), digest_size=32).hexdigest())";
  // Base 64 on the way, since a child's input is text here.
  const decoded = hash.replace(
    "sys.stdin.buffer.read()",
    "__import__('base64').b64decode(sys.stdin.read())",
  );
  const digest =
    (await python(["-c", decoded], { input: btoa(String.fromCharCode(...other.bytes)) })).trim();
  assert.equal(status, 400);
  assert.equal(
    words,
    `File already exists ('${other.fileName}', with blake2_256 hash '${digest}'). ${REUSE}`,
  );
});

test("the same bytes under another name are refused as existing too", async () => {
  await using server = await local();
  await post(server, { content: WHEEL });
  const renamed = { ...WHEEL, fileName: "demo-1.0.0-1-py3-none-any.whl" };
  const { status, words } = await post(server, { content: renamed });
  assert.equal(status, 400);
  assert.match(words, /^File already exists \('demo-1\.0\.0-1-py3-none-any\.whl', /);
});

test("the name of a deleted file is never taken again", async () => {
  await using server = await local();
  await post(server, { content: WHEEL });
  deleteFile(server.state, WHEEL.fileName);
  const { words } = await post(server, { content: WHEEL });
  assert.equal(
    words,
    "This filename was previously used by a file that has since been deleted. " +
      `Use a different version. ${REUSE}`,
  );
});

test("a release takes new files for 14 days, and the files that it has for ever", async () => {
  let now = new Date("2026-01-01T00:00:00Z");
  await using server = await servePypi({ tokens: ADA, clock: { now: () => now } });
  await post(server, { content: WHEEL });
  now = new Date("2026-01-15T00:00:00Z");
  const tagged = makeWheel({ ...DEMO, tag: "py3-none-win32" });
  assert.equal((await post(server, { content: tagged })).status, 200);
  now = new Date("2026-01-15T00:00:01Z");
  const late = await post(server, { content: await makeSdist(DEMO) });
  assert.equal(late.status, 400);
  assert.equal(late.words, "Uploading new files to releases older than 14 days is not allowed.");
  assert.equal((await post(server, { content: WHEEL })).status, 200);
});

test("a release takes one sdist, whatever its name", async () => {
  await using server = await local();
  const sdist = await makeSdist(DEMO);
  await post(server, { content: sdist });
  const second = {
    ...(await makeSdist({ ...DEMO, description: "2" })),
    fileName: "demo-1.0.tar.gz",
  };
  const { words } = await post(server, { content: second });
  assert.equal(words, "Only one sdist may be uploaded per release.");
});

test("1.0 and 1.0.0 are one release, named as it was first", async () => {
  await using server = await local();
  await post(server, {
    content: makeWheel({ name: "demo", version: "1.0" }),
    fields: { version: "1.0" },
  });
  await post(server, { content: makeWheel({ ...DEMO, tag: "py3-none-win32" }) });
  assert.deepEqual(server.state.projects.get("demo")!.releases.map(({ version }) => version), [
    "1.0",
  ]);
});

test("the project is named as the last upload spelled it, the release keeps its first metadata", async () => {
  await using server = await local();
  await post(server, { content: WHEEL, fields: { summary: "first" } });
  const second = makeWheel({ ...DEMO, tag: "py3-none-win32" });
  await post(server, { content: second, fields: { name: "Demo", summary: "second" } });
  const answer = await fetch(`${server.url}/pypi/demo/1.0.0/json`);
  const { info } = await answer.json() as { info: { name: string; summary: string } };
  assert.deepEqual([info.name, info.summary], ["Demo", "first"]);
});

interface Refused extends PostedForm {
  readonly name: string;
  readonly status?: number;
  readonly words: string | RegExp;
}

const SDIST = await makeSdist(DEMO);
const INVALID = "Invalid or non-existent authentication information. " +
  "See https://pypi.org/help/#invalid-auth for more information.";

/** Rules that the product knows too: a mistake in one of its own does not get past these. */
const BROKEN_METADATA: readonly Refused[] = ([
  ["a version that Python does not know", { version: "1.0.0-next.3" }, "Version"],
  ["a name that begins with a mark", { name: "-demo" }, "Name"],
  ["a name with a blank", { name: "de mo" }, "Name"],
  ["any patch of a comparison", { requires_python: ">=3.9.*" }, "Requires-Python"],
  ["any release of a candidate", { requires_python: "==3.9rc1.*" }, "Requires-Python"],
  ["what is compatible with a whole major", { requires_python: "~=3" }, "Requires-Python"],
  ["a Python version without a comparison", { requires_python: "3.9" }, "Requires-Python"],
  ["a local version to compare with", { requires_python: ">=3.9+l" }, "Requires-Python"],
  [
    "a description in another charset",
    { description_content_type: "text/markdown; charset=latin-1" },
    "Description-Content-Type",
  ],
  [
    "another kind of Markdown",
    { description_content_type: "text/markdown; variant=gfm" },
    "Description-Content-Type",
  ],
  ["a summary of two lines", { summary: "a\nb" }, "Summary"],
  ["a summary that is too long", { summary: "x".repeat(513) }, "Summary"],
  ["a link without a label", { project_urls: "https://example.com" }, "Project-URL"],
  ["a label that is too long", { project_urls: `${"x".repeat(33)}, https://a.b` }, "Project-URL"],
  ["a version that is dynamic", { metadata_version: "2.2", dynamic: "Version" }, "Dynamic"],
  ["a dynamic field that is none", { metadata_version: "2.2", dynamic: "Colour" }, "Dynamic"],
  ["a licence above it", { metadata_version: "2.4", license_file: "../LICENSE" }, "License-File"],
  ["what it provides at a URL", { provides_dist: "a @ https://a.b" }, "Provides-Dist"],
] as const).map(([name, fields, header]) => ({
  name,
  content: WHEEL,
  fields,
  words: new RegExp(`^'[^']*' is an invalid value for ${header}\\. Error: `, "s"),
}));

const BROKEN_WHEEL_NAMES: readonly Refused[] = ([
  ["a wheel name of too few parts", "demo-1.0.0-py3-none.whl", /\(wrong number of parts\)/],
  ["a wheel name of too many", "demo-1.0.0-1-py3-none-any-x.whl", /\(wrong number of parts\)/],
  ["a version that is none", "demo-next-py3-none-any.whl", /\(invalid version\)/],
  ["a build number that is none", "demo-1.0.0-a1-py3-none-any.whl", /^Invalid build number: a1 /],
  ["two marks in a row in its name", "de__mo-1.0.0-py3-none-any.whl", /^Invalid project name: /],
  ["a capital letter in its name", "Demo-1.0.0-py3-none-any.whl", /normalized project name 'demo'/],
  ["a macOS of the year after next", "demo-1.0.0-py3-none-macosx_28_0_arm64.whl", /macosx_28_0/],
  ["a minor macOS", "demo-1.0.0-py3-none-macosx_12_3_arm64.whl", /tag 'macosx_12_3_arm64'/],
  ["musl on 64-bit PowerPC", "demo-1.0.0-py3-none-musllinux_1_2_ppc64.whl", /musllinux_1_2_ppc64'/],
  ["a LoongArch", "demo-1.0.0-py3-none-manylinux_2_36_loongarch64.whl", /loongarch64'/],
  ["a FreeBSD", "demo-1.0.0-py3-none-freebsd_14_0_amd64.whl", /tag 'freebsd_14_0_amd64'/],
  ["a tag of two, one refused", "demo-1.0.0-py3-none-win32.linux_i686.whl", /tag 'linux_i686'/],
] as const).map(([name, fileName, words]) => {
  const members = new Map([...wheelMembers(DEMO)].map(([path, bytes]) => // The folder follows the file's name, as PyPI looks for it before it reads the name.
  [
    path.replace(/^demo-1\.0\.0(?=\.dist-info)/, fileName.split("-").slice(0, 2).join("-")),
    bytes,
  ]));
  return { name, content: { fileName, bytes: zipMembers(members) }, words };
});

const REFUSALS: readonly Refused[] = [
  { name: "no credential", headers: { authorization: "" }, status: 403, words: INVALID },
  {
    name: "an unknown token",
    headers: { authorization: "Bearer pypi-nope" },
    status: 403,
    words: INVALID,
  },
  {
    name: "a user name and a password",
    headers: { authorization: `Basic ${btoa("ada:secret")}` },
    status: 403,
    words: /^Username\/Password authentication is no longer supported\./,
  },
  {
    name: "a token of another project",
    headers: { authorization: `Basic ${btoa("__token__:narrow")}` },
    content: WHEEL,
    status: 403,
    words: "Invalid API Token: project-scoped token is not valid for project: 'demo'",
  },
  {
    name: "another protocol",
    content: WHEEL,
    fields: { protocol_version: "2" },
    words: "Unknown protocol version.",
  },
  { name: "no file", words: "Upload payload does not have a file." },
  {
    name: "an unknown file type",
    content: WHEEL,
    fields: { filetype: "bdist_egg" },
    words: "Invalid value for filetype. Error: Use a known file type.",
  },
  {
    name: "a wheel without its python tag",
    content: WHEEL,
    fields: { pyversion: undefined },
    words: "Error: Python version is required for binary distribution uploads.",
  },
  {
    name: "an sdist with a python tag",
    content: SDIST,
    fields: { pyversion: "py3" },
    words: "Error: Use 'source' as Python version for an sdist.",
  },
  {
    name: "no digest",
    content: WHEEL,
    fields: { sha256_digest: undefined },
    words: "Error: Include at least one message digest.",
  },
  {
    name: "a digest that is none",
    content: WHEEL,
    fields: { sha256_digest: "abc" },
    words:
      "Invalid value for sha256_digest. Error: Use a valid, hex-encoded, SHA256 message digest.",
  },
  {
    name: "a wrong digest",
    content: WHEEL,
    fields: { sha256_digest: "0".repeat(64) },
    words: "The digest supplied does not match a digest calculated from the uploaded file.",
  },
  {
    name: "a wrong BLAKE2 digest next to a right one",
    content: WHEEL,
    fields: { blake2_256_digest: "0".repeat(64) },
    words: "The digest supplied does not match a digest calculated from the uploaded file.",
  },
  {
    name: "a text field that is a file",
    content: WHEEL,
    files: { attestations: "[]" },
    words: "attestations: Should not be a tuple.",
  },
  {
    name: "a future metadata version",
    content: WHEEL,
    fields: { metadata_version: "2.6" },
    words:
      `'2.6' is an invalid value for Metadata-Version. Error: Use a known metadata version. ${SPECIFICATION}`,
  },
  {
    name: "no name",
    content: WHEEL,
    fields: { name: undefined },
    words: /^'' is an invalid value for Name\./,
  },
  {
    name: "a local version",
    content: WHEEL,
    fields: { version: "1.0.0+g1" },
    words:
      `'1.0.0+g1' is an invalid value for Version. Error: The use of local versions is not allowed. ${SPECIFICATION}`,
  },
  {
    name: "a summary twice",
    content: WHEEL,
    fields: { summary: ["a", "b"] },
    words: /^'summary' has invalid data\./,
  },
  {
    name: "a field that is newer than its metadata",
    content: WHEEL,
    fields: { license_expression: "MIT" },
    words: /^License-Expression introduced in metadata version 2\.4, not 2\.1\./,
  },
  {
    name: "an unknown content type of the description",
    content: WHEEL,
    fields: { description_content_type: "text/html" },
    words: /^'text\/html' is an invalid value for Description-Content-Type\./,
  },
  {
    name: "a private project",
    content: WHEEL,
    fields: { classifiers: ["Private :: Do Not Upload"] },
    words: /^'Private :: Do Not Upload' is an invalid value for Classifier\./,
  },
  {
    name: "a requirement at a URL",
    content: WHEEL,
    fields: { requires_dist: "a @ https://example.com" },
    words: /Can't have direct dependency/,
  },
  {
    name: "a slash in the file name",
    content: { ...WHEEL, fileName: "a/b.whl" },
    words: "Cannot upload a file with '/' or '\\' in the name.",
  },
  {
    name: "an egg",
    content: { ...WHEEL, fileName: "demo-1.0.0.egg" },
    words: /^Invalid file extension: /,
  },
  { name: "a picture", content: WHEEL, type: "image/png", words: "Invalid distribution file." },
  {
    name: "attestations from a token",
    content: WHEEL,
    fields: { attestations: "[]" },
    words:
      "Invalid attestations supplied during upload: Attestations are only supported when using Trusted Publishing",
  },
  {
    name: "bytes behind the zip",
    content: { ...WHEEL, bytes: new Uint8Array([...WHEEL.bytes, 0]) },
    words:
      "Invalid distribution file. ZIP archive not accepted: Trailing data. See https://docs.pypi.org/archives for more information",
  },
  {
    name: "a zip with data descriptors",
    content: { ...WHEEL, bytes: rawZip([{ name: "a", content: "b", flags: 0x808 }]) },
    words: /ZIP archive not accepted: ZIP contains a data descriptor\./,
  },
  {
    name: "a zip with two views of one entry",
    content: { ...WHEEL, bytes: rawZip([{ name: "a", content: "b", localClaims: 7 }]) },
    words: /ZIP archive not accepted: Mis-matched data size\./,
  },
  {
    name: "a bomb",
    content: {
      ...WHEEL,
      bytes: withMembers((members) => void members.set("demo/zeros", new Uint8Array(65 * 2 ** 20))),
    },
    words: /^Invalid distribution file\. ?$/,
  },
  {
    name: "a wheel without WHEEL",
    content: {
      ...WHEEL,
      bytes: withMembers((members) => void members.delete("demo-1.0.0.dist-info/WHEEL")),
    },
    words: "Invalid distribution file. WHEEL not found at demo-1.0.0.dist-info/WHEEL",
  },
  {
    name: "a wheel without RECORD",
    content: {
      ...WHEEL,
      bytes: withMembers((members) => void members.delete("demo-1.0.0.dist-info/RECORD")),
    },
    words:
      "Wheel 'demo-1.0.0-py3-none-any.whl' does not contain the required RECORD file: demo-1.0.0.dist-info/RECORD",
  },
  {
    name: "a wheel without METADATA",
    content: {
      ...WHEEL,
      bytes: withMembers((members) => void members.delete("demo-1.0.0.dist-info/METADATA")),
    },
    words:
      "Wheel 'demo-1.0.0-py3-none-any.whl' does not contain the required METADATA file: demo-1.0.0.dist-info/METADATA",
  },
  {
    name: "a bare linux tag",
    content: makeWheel({ ...DEMO, tag: "py3-none-linux_x86_64" }),
    words:
      "Binary wheel 'demo-1.0.0-py3-none-linux_x86_64.whl' has an unsupported platform tag 'linux_x86_64'.",
  },
  {
    name: "a wheel of another version",
    content: makeWheel({ ...DEMO, version: "2.0.0" }),
    words: "Version in filename should be '1.0.0' not '2.0.0'.",
  },
  {
    name: "a wheel of another project",
    content: makeWheel({ ...DEMO, name: "other" }),
    words: "Start filename for 'demo' with 'demo'.",
  },
  {
    name: "an sdist under another name",
    content: { ...await makeSdist({ ...DEMO, version: "1.0" }), fileName: "demo-1.0.tar.gz" },
    words: "Filename 'demo-1.0.tar.gz' is invalid, should be 'demo-1.0.0.tar.gz'.",
  },
  {
    name: "an sdist without PKG-INFO at its place",
    content: { ...await makeSdist({ ...DEMO, version: "1.0" }), fileName: "demo-1.0.0.tar.gz" },
    words: "Invalid distribution file. PKG-INFO not found at demo-1.0.0/PKG-INFO",
  },
  {
    name: "an sdist that is none",
    content: { fileName: "demo-1.0.0.tar.gz", bytes: new Uint8Array(99) },
    words: /^Invalid distribution file\./,
  },
  {
    name: "a licence file that is not in it",
    content: SDIST,
    fields: { metadata_version: "2.4", license_file: "LICENSE" },
    words:
      "License-File LICENSE does not exist in distribution file demo-1.0.0.tar.gz at demo-1.0.0/LICENSE",
  },
  ...BROKEN_METADATA,
  ...BROKEN_WHEEL_NAMES,
];

for (const { name, status = 400, words, ...form } of REFUSALS) {
  test(`an upload with ${name} is refused in PyPI's words, and nothing is stored`, async () => {
    await using server = await local();
    const answer = await post(server, form);
    assert.equal(answer.status, status, answer.body);
    if (typeof words === "string") assert.equal(answer.words, words);
    else assert.match(answer.words, words);
    assert.equal(server.state.files.size, 0);
    assert.equal(server.state.projects.size, 0);
  });
}

test("a project of somebody else takes nothing from a user who does not own it", async () => {
  await using server = await servePypi({ tokens: { ...ADA, eve: { holder: { user: "eve" } } } });
  await post(server, { content: WHEEL });
  const sdist = await makeSdist(DEMO);
  const { status, words } = await post(server, {
    content: sdist,
    headers: { authorization: "Bearer eve" },
  });
  assert.equal(status, 403);
  assert.equal(words, `The user 'eve' isn't allowed to upload to project 'demo'. ${HELP}`);
});

test("a trusted publisher makes no project that nobody registered", async () => {
  await using server = await servePypi({
    tokens: { minted: { holder: { publisher: "release.yml" }, projects: ["demo"] } },
  });
  const { status, words } = await post(server, {
    content: WHEEL,
    headers: { authorization: "Bearer minted" },
  });
  assert.equal(status, 400);
  assert.match(words, /^Non-user identities cannot create new projects\. /);
});

test("names that are kept back or look like another's cannot be registered", async () => {
  await using server = await servePypi({ tokens: ADA, prohibited: ["demo"] });
  assert.equal(
    (await post(server, { content: WHEEL })).words,
    `The name 'demo' isn't allowed. ${HELP}`,
  );
  await using other = await local();
  await post(other, { content: makeWheel({ ...DEMO, name: "dem0" }), fields: { name: "dem0" } });
  const { words } = await post(other, { content: WHEEL });
  assert.equal(words, `The name 'demo' is too similar to an existing project. ${HELP}`);
});

test("a wheel whose RECORD is wrong is taken, and its owners are written to", async () => {
  await using server = await local();
  const bytes = withMembers((members) => void members.set("demo/extra.py", new Uint8Array()));
  assert.equal((await post(server, { content: { ...WHEEL, bytes } })).status, 200);
  assert.deepEqual(server.state.mails, [
    "The RECORD file of 'demo-1.0.0-py3-none-any.whl' does not match its contents",
  ]);
});

test("a refusal is JSON, HTML or text as the client accepts", async () => {
  await using server = await local();
  const json = await post(server, {});
  assert.match(json.body, /^\{"message":"The server could not comply/);
  const html = await post(server, { headers: { accept: "text/html" } });
  assert.match(html.body, /<h1>400 Upload payload does not have a file\.<\/h1>/);
  const text = await post(server, { headers: { accept: "*/*" } });
  assert.match(text.body, /^400 Upload payload does not have a file\.\n/);
});

test("the address without its slash is redirected, and other methods are not allowed", async () => {
  await using server = await local();
  const bare = await fetch(`${server.url}/legacy`, {
    method: "POST",
    redirect: "manual",
    headers: { authorization: AUTHORIZATION },
  });
  assert.equal(bare.status, 308);
  assert.equal(bare.headers.get("location"), "/legacy/");
  await bare.body?.cancel();
  const read = await fetch(server.uploadUrl);
  assert.equal(read.status, 405);
  await read.body?.cancel();
});

test("an unknown request is a mistake of whoever sent it", async () => {
  const server = await local();
  const answer = await fetch(`${server.url}/rss/updates.xml`);
  assert.equal(answer.status, 501);
  await answer.body?.cancel();
  await assert.rejects(async () => await server[Symbol.asyncDispose](), /GET \/rss\/updates\.xml/);
});
