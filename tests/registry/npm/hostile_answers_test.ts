import { test } from "node:test";
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Failure } from "../../../src/error.ts";
import { createNpm } from "../../../src/registry/npm/create_npm.ts";
import { NO_PACKUMENT } from "../../../src/core/npm/packument.ts";
import type { NpmLook } from "../../../src/registry/npm/look.ts";
import type { NpmPrepared } from "../../../src/registry/npm/publish_unit.ts";
import { serve } from "../../../src/rehearsal/server/serve.ts";
import {
  manifestText,
  type NpmRegistry,
  npmRelease,
  npmWorld,
  tokenCredential,
  type World,
} from "./world.ts";

const FILES = { "packages/demo/package.json": manifestText() };

/** What npm says when it does not have something. */
const NOT_FOUND = '{"error":"Not found"}';

/** A registry that answers as it likes, byte by byte. */
async function rawRegistry(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => answer(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The world's publisher, to another registry. */
function publisherTo(world: World, npm: string, env = world.env): NpmRegistry {
  const nowhere = "http://127.0.0.1:9";
  return createNpm({
    host: { ...world.host, env },
    root: world.root,
    endpoints: { npm, fulcio: nowhere, rekor: nowhere },
  });
}

/** The look of a release that the registry has nothing of, and told nothing about. */
function emptyLook({ units }: NpmPrepared): NpmLook {
  const packuments = new Map(units.map(({ name }) => [name, NO_PACKUMENT]));
  return { files: new Map(), versions: [], notBelow: [], packuments };
}

/** Sends the head of an answer and a few bytes of its body, and drops the connection. */
function breakOff(response: ServerResponse, status = 200): void {
  response.writeHead(status, { "content-type": "application/json", "content-length": "1000" });
  response.write('{"versions":{"1.0.0"', () => response.destroy());
}

test("look takes a packument that breaks off on the wire for silence, never for absent", async () => {
  await using world = await npmWorld(FILES);
  await using registry = await rawRegistry((_request, response) => breakOff(response));
  const prepared = await world.prepare(npmRelease());
  const npm = publisherTo(world, registry.url);
  await assert.rejects(npm.look(prepared), (error: Failure) => error.code === "PIOT_NETWORK");
});

test("upload takes an answer that breaks off on the wire for silence, and sends once", async () => {
  await using world = await npmWorld(FILES);
  let sent = 0;
  await using registry = await rawRegistry(({ method }, response) => {
    if (method === "PUT") sent++;
    if (method === "PUT") breakOff(response);
    else response.writeHead(404, { "content-type": "application/json" }).end(NOT_FOUND);
  });
  const prepared = await world.prepare(npmRelease());
  const npm = publisherTo(world, registry.url);
  const credential = tokenCredential(prepared);
  await assert.rejects(
    npm.upload(prepared, prepared.files[0]!, { credential }),
    (error: Failure) => error.code === "PIOT_NETWORK",
  );
  assert.equal(sent, 1);
});

test("an exchange whose answer breaks off is repeated, and shows nothing of the token", async () => {
  await using world = await npmWorld(FILES);
  let asked = 0;
  await using registry = await rawRegistry(({ method }, response) => {
    if (method === "POST") asked++;
    if (method === "POST") breakOff(response, 201);
    else response.writeHead(404, { "content-type": "application/json" }).end(NOT_FOUND);
  });
  const prepared = await world.prepare(npmRelease());
  const npm = publisherTo(world, registry.url, { NPM_ID_TOKEN: "a.b.c" });
  await assert.rejects(
    npm.authorise(prepared, await npm.look(prepared)),
    (error: Failure) => error.code === "PIOT_NETWORK" && !error.message.includes("a.b.c"),
  );
  assert.equal(asked, 4);
});

test("a refusal of many megabytes is told in one line", async () => {
  await using world = await npmWorld(FILES);
  await using registry = await rawRegistry((_request, response) => {
    response.writeHead(403, { "content-type": "text/html" });
    response.end("<p>no &amp; never</p>".repeat(400_000));
  });
  const prepared = await world.prepare(npmRelease());
  const npm = publisherTo(world, registry.url);
  await assert.rejects(npm.look(prepared), (error: Failure) => {
    assert.equal(error.code, "PIOT_REGISTRY_UNKNOWN");
    assert.ok(error.message.length < 700, `${error.message.length} characters`);
    assert.equal(/[\r\n]/.test(error.message), false);
    return true;
  });
});

const REDIRECTS: readonly {
  name: string;
  method: string;
  env?: Record<string, string>;
  act: (npm: NpmRegistry, prepared: NpmPrepared) => Promise<unknown>;
}[] = [
  {
    name: "the question what a restricted package has",
    method: "GET",
    act: (npm, prepared) => npm.look(prepared),
  },
  {
    name: "the question whose a token is",
    method: "GET",
    act: (npm, prepared) => npm.authorise(prepared, emptyLook(prepared)),
  },
  {
    name: "an upload",
    method: "PUT",
    act: (npm, prepared) =>
      npm.upload(prepared, prepared.files[0]!, { credential: tokenCredential(prepared) }),
  },
  {
    name: "an exchange",
    method: "POST",
    env: { NPM_ID_TOKEN: "aaaa.bbbb.cccc" },
    act: (npm, prepared) => npm.authorise(prepared, emptyLook(prepared)),
  },
];

for (const { name, method, env, act } of REDIRECTS) {
  test(`nothing goes along when ${name} is redirected to another origin`, async () => {
    const files = { "packages/demo/package.json": manifestText({ name: "@acme/demo" }) };
    await using world = await npmWorld(files);
    await using elsewhere = await serve(() => () => ({
      status: 404,
      body: { error: "Not found" },
    }));
    await using registry = await rawRegistry((request, response) => {
      const status = request.method === method ? 307 : 404;
      const location = `${elsewhere.url}${request.url}`;
      response.writeHead(status, { "content-type": "application/json", location }).end(NOT_FOUND);
    });
    const own = { registryName: "@acme/demo", access: "restricted" } as const;
    const prepared = await world.prepare(npmRelease({ package: own }));
    await act(publisherTo(world, registry.url, env), prepared).catch((error: Failure) => {
      assert.match(error.code, /^PIOT_/);
    });
    assert.deepEqual(elsewhere.log, []);
  });
}
