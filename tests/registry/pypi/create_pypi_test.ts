import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../../src/error.ts";
import { servePypi } from "../../../src/rehearsal/pypi/serve_pypi.ts";
import { deleteFile } from "../../../src/rehearsal/pypi/state.ts";
import { makeSdist, makeWheel } from "../../../src/rehearsal/synthesise/python_distribution.ts";
import { ADA, publisherFor, states, TOKEN } from "../../support/pypi_publisher.ts";
import { pypiRelease, type PypiReleaseFixture } from "../../support/pypi_release.ts";

const DEMO = { name: "demo", version: "1.0.0" };
const WHEEL = "demo-1.0.0-py3-none-any.whl";
const SDIST = "demo-1.0.0.tar.gz";

async function demo(overrides: { description?: string } = {}): Promise<PypiReleaseFixture> {
  const input = { ...DEMO, ...overrides };
  return await pypiRelease({ files: { any: [makeWheel(input)], sdist: [await makeSdist(input)] } });
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof Failure && error.code === code;
}

test("a release goes up wheels first, sdist last, and is then the same as prepared", async () => {
  await using server = await servePypi({ tokens: ADA });
  await using fixture = await demo();
  const { publish, prepare, pypi } = publisherFor(server);
  assert.deepEqual(await publish(fixture.release), [WHEEL, SDIST]);
  const look = await pypi.look(await prepare(fixture.release), { fresh: true });
  assert.deepEqual(states(look), { [WHEEL]: "same", [SDIST]: "same" });
  assert.deepEqual(look.versions, ["1.0.0"]);
  assert.deepEqual(await publish(fixture.release), []);
});

test("a release that is half there is completed, and only its missing file is sent", async () => {
  await using server = await servePypi({ tokens: ADA });
  await using fixture = await demo();
  const { publish, prepare, uploadFirst } = publisherFor(server);
  await uploadFirst(await prepare(fixture.release));
  assert.deepEqual(await publish(fixture.release), [SDIST]);
  assert.deepEqual([...server.state.files.keys()], [WHEEL, SDIST]);
});

test("the description arrives with its line ends as METADATA has them", async () => {
  await using server = await servePypi({ tokens: ADA });
  const description = "# Demo\n\nA line.\r\n\tAnd ümläuts.\n";
  await using fixture = await demo({ description });
  await publisherFor(server).publish(fixture.release);
  const answer = await fetch(`${server.url}/pypi/demo/1.0.0/json`);
  const { info } = await answer.json() as { info: { description: string } };
  assert.equal(info.description, description);
});

test("other bytes under the same name are told apart, with the digest that the index holds", async () => {
  await using server = await servePypi({ tokens: ADA });
  await using first = await demo();
  await using second = await demo({ description: "rebuilt" });
  const { publish, prepare, pypi } = publisherFor(server);
  await publish(first.release);
  const { files } = await pypi.look(await prepare(second.release));
  const held = server.state.files.get(WHEEL)!.sha256;
  assert.deepEqual(files.get(WHEEL), { state: "other", held: `sha256-${held}` });
});

for (
  const { name, how, wheel } of [
    { name: "an answer that was lost is found out", how: "lost-after", wheel: "same" },
    { name: "an upload that never arrived is known", how: "lost-before", wheel: "absent" },
  ] as const
) {
  test(`${name} by looking again, and it is sent once`, async () => {
    await using server = await servePypi({ tokens: ADA });
    await using fixture = await demo();
    const { prepare, uploadFirst, pypi } = publisherFor(server);
    const prepared = await prepare(fixture.release);
    server.breakNext({ matches: ({ method }) => method === "POST", how });
    await assert.rejects(uploadFirst(prepared), hasCode("PIOT_NETWORK"));
    const look = await pypi.look(prepared, { fresh: true });
    assert.deepEqual(states(look), { [WHEEL]: wheel, [SDIST]: "absent" });
    assert.equal(server.log.filter(({ method }) => method === "POST").length, 1);
  });
}

test("one of the two read APIs that shows a file is enough", async () => {
  await using server = await servePypi({ tokens: ADA, staleReads: { json: 1 } });
  await using fixture = await demo();
  const { publish, prepare, pypi } = publisherFor(server);
  await publish(fixture.release);
  const look = await pypi.look(await prepare(fixture.release), { fresh: true });
  assert.deepEqual(states(look), { [WHEEL]: "same", [SDIST]: "same" });
});

test("while both read APIs lag the files are absent, and later they are there", async () => {
  await using server = await servePypi({ tokens: ADA, staleReads: { json: 1, simple: 1 } });
  await using fixture = await demo();
  const { publish, prepare, pypi } = publisherFor(server);
  await publish(fixture.release);
  const prepared = await prepare(fixture.release);
  assert.deepEqual(states(await pypi.look(prepared, { fresh: true })), {
    [WHEEL]: "absent",
    [SDIST]: "absent",
  });
  assert.deepEqual(states(await pypi.look(prepared, { fresh: true })), {
    [WHEEL]: "same",
    [SDIST]: "same",
  });
});

for (
  const { name, token, words } of [
    { name: "that nobody knows", token: "pypi-of-nobody", words: /Invalid or non-existent/ },
    { name: "of another project", token: "pypi-of-other", words: /not valid for project: 'demo'/ },
    { name: "that ended", token: "pypi-of-yesterday", words: /token is expired/ },
  ]
) {
  test(`a token ${name} is refused in PyPI's words, and nothing is stored`, async () => {
    await using server = await servePypi({
      tokens: {
        "pypi-of-other": { holder: { user: "ada" }, projects: ["other"] },
        "pypi-of-yesterday": { holder: { user: "ada" }, expires: new Date("2025-12-31") },
      },
    });
    await using fixture = await demo();
    const { publish } = publisherFor(server, { token });
    await assert.rejects(publish(fixture.release), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.code, "PIOT_AUTH_REFUSED");
      assert.match(error.message, words);
      assert.ok(!error.message.includes(token) && !error.hint?.includes(token));
      return true;
    });
    assert.equal(server.state.files.size, 0);
  });
}

for (
  const { name, reply } of [
    { name: "500", reply: { status: 500, body: "oops" } },
    { name: "503 with a Retry-After", reply: { status: 503, headers: { "retry-after": "1" } } },
    { name: "403 of a policy block", reply: { status: 403, body: "blocked" } },
    { name: "200 with a login page", reply: { status: 200, body: "<html>log in</html>" } },
    { name: "200 with other JSON", reply: { status: 200, body: { ok: true } } },
  ]
) {
  test(`an index that answers ${name} is unknown, never absent`, async () => {
    await using server = await servePypi({ tokens: ADA });
    await using fixture = await demo();
    const { prepare, pypi } = publisherFor(server);
    const prepared = await prepare(fixture.release);
    server.breakNext({ matches: ({ path }) => path.startsWith("/simple/"), how: reply, times: 9 });
    await assert.rejects(pypi.look(prepared), hasCode("PIOT_REGISTRY_UNKNOWN"));
  });
}

test("a server error on upload is not called a refusal, since the file may have arrived", async () => {
  await using server = await servePypi({ tokens: ADA });
  await using fixture = await demo();
  server.breakNext({
    matches: ({ method }) => method === "POST",
    how: { status: 502, body: "<html><title>502</title><h1>Bad Gateway</h1></html>" },
  });
  await assert.rejects(publisherFor(server).publish(fixture.release), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, "PIOT_REGISTRY_UNKNOWN");
    assert.match(error.message, /"demo-1\.0\.0-py3-none-any\.whl": 502 Bad Gateway$/);
    return true;
  });
  assert.equal(server.log.filter(({ method }) => method === "POST").length, 1);
});

test("the name of a deleted file is spent, which only the upload can tell", async () => {
  await using server = await servePypi({ tokens: ADA });
  await using fixture = await demo();
  const { publish } = publisherFor(server);
  await publish(fixture.release);
  deleteFile(server.state, SDIST);
  await assert.rejects(publish(fixture.release), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, "PIOT_VERSION_TAKEN");
    assert.match(error.message, /has since been deleted/);
    return true;
  });
});

test("an upload address without its slash is refused with the redirect not followed", async () => {
  await using server = await servePypi({ tokens: ADA });
  await using fixture = await demo();
  const withoutSlash = { ...server, uploadUrl: `${server.url}/legacy` };
  await assert.rejects(publisherFor(withoutSlash).publish(fixture.release), (error) => {
    assert.ok(error instanceof Failure);
    assert.match(error.message, /308/);
    assert.match(error.hint ?? "", /PIOT_PYPI_UPLOAD_URL/);
    return true;
  });
  assert.deepEqual(
    server.log.filter(({ method }) => method === "POST").map(({ status }) => status),
    [308],
  );
});

test("the token goes to the upload address alone", async () => {
  await using server = await servePypi({ tokens: ADA });
  await using fixture = await demo();
  await publisherFor(server).publish(fixture.release);
  const carrying = server.log.filter(({ headers }) => headers.has("authorization"));
  assert.deepEqual([...new Set(carrying.map(({ path }) => path))], ["/legacy/"]);
  assert.equal(
    carrying[0]!.headers.get("authorization"),
    `Basic ${btoa(`__token__:${TOKEN}`)}`,
  );
  assert.ok(carrying.every(({ headers }) => headers.get("content-length") !== null));
});

test("an upload that comes after an interruption sends nothing", async () => {
  await using server = await servePypi({ tokens: ADA });
  await using fixture = await demo();
  const control = new AbortController();
  const { prepare, uploadFirst } = publisherFor(server, { signal: control.signal });
  const prepared = await prepare(fixture.release);
  control.abort(new Failure("PIOT_INTERRUPTED", "Cannot go on: the run was interrupted"));
  await assert.rejects(uploadFirst(prepared), hasCode("PIOT_INTERRUPTED"));
  assert.deepEqual(server.log.filter(({ method }) => method === "POST"), []);
});
