import { test } from "node:test";
import assert from "node:assert/strict";
import type { Failure } from "../../../src/error.ts";
import { manifestText, npmRelease, npmWorld, TOKEN } from "./world.ts";

const FILES = { "packages/demo/package.json": manifestText() };
const TOKENS = {
  [TOKEN]: { user: "ada" },
  npm_second: { user: "grace" },
  npm_dead: { user: "ada", refused: "revoked" as const },
};
const PLACEHOLDER = "XXXXX-XXXXX-XXXXX-XXXXX";

const FOUND: readonly { name: string; env: Record<string, string>; secret: string; why: RegExp }[] =
  [
    {
      name: "NODE_AUTH_TOKEN before NPM_TOKEN",
      env: { NODE_AUTH_TOKEN: TOKEN, NPM_TOKEN: "npm_second" },
      secret: TOKEN,
      why: /NODE_AUTH_TOKEN, a token of "ada"/,
    },
    {
      name: "NPM_TOKEN when NODE_AUTH_TOKEN is empty",
      env: { NODE_AUTH_TOKEN: " ", NPM_TOKEN: "npm_second\n" },
      secret: "npm_second",
      why: /NPM_TOKEN, a token of "grace"/,
    },
    {
      name: "NPM_TOKEN when NODE_AUTH_TOKEN is what a setup action leaves",
      env: { NODE_AUTH_TOKEN: PLACEHOLDER, NPM_TOKEN: "npm_second" },
      secret: "npm_second",
      why: /NPM_TOKEN/,
    },
  ];

for (const { name, env, secret, why } of FOUND) {
  test(`authorise takes ${name}`, async () => {
    await using world = await npmWorld(FILES, { env, tokens: TOKENS });
    const prepared = await world.prepare(npmRelease());
    const credential = await world.npm.authorise(prepared, await world.npm.look(prepared));
    assert.equal(credential.kind, "token");
    assert.equal(credential.secret, secret);
    assert.match(credential.why, why);
    assert.ok(!credential.why.includes(secret));
  });
}

for (const env of [{}, { NODE_AUTH_TOKEN: "", NPM_TOKEN: "" }, { NODE_AUTH_TOKEN: PLACEHOLDER }]) {
  test(`authorise finds no token in ${JSON.stringify(env)}`, async () => {
    await using world = await npmWorld(FILES, { env, tokens: TOKENS });
    const prepared = await world.prepare(npmRelease());
    const look = await world.npm.look(prepared);
    await assert.rejects(world.npm.authorise(prepared, look), (error: Failure) => {
      assert.equal(error.code, "PIOT_AUTH_MISSING");
      assert.match(error.hint ?? "", /NODE_AUTH_TOKEN/);
      return true;
    });
  });
}

for (const token of ["npm_a1\nb2", "npm_a1 b2", "“npm_a1b2”"]) {
  test(`authorise tells of a token that no header can carry, and does not show it: ${JSON.stringify(token)}`, async () => {
    await using world = await npmWorld(FILES, { env: { NPM_TOKEN: token }, tokens: TOKENS });
    const prepared = await world.prepare(npmRelease());
    const look = await world.npm.look(prepared);
    await assert.rejects(world.npm.authorise(prepared, look), (error: Failure) => {
      assert.equal(error.code, "PIOT_AUTH_REFUSED");
      assert.match(error.message, /^Cannot use the token in NPM_TOKEN: it holds a blank, a line/);
      assert.equal(error.message.includes(token), false);
      return true;
    });
    assert.equal(world.server.log.length, 1);
  });
}

for (const token of ["npm_dead", "npm_never_made"]) {
  test(`authorise refuses ${token}, which the registry does not take`, async () => {
    const env = { NPM_TOKEN: token };
    await using world = await npmWorld(FILES, { env, tokens: TOKENS });
    const prepared = await world.prepare(npmRelease());
    const look = await world.npm.look(prepared);
    await assert.rejects(world.npm.authorise(prepared, look), (error: Failure) => {
      assert.equal(error.code, "PIOT_AUTH_REFUSED");
      assert.match(error.message, /token in NPM_TOKEN: npm answers 401/);
      assert.ok(!error.message.includes(token));
      return true;
    });
  });
}

for (const how of [{ status: 403 }, { status: 404 }, { status: 500 }, "lost-before"] as const) {
  test(`authorise does not take ${JSON.stringify(how)} from whoami for proof against a token`, async () => {
    await using world = await npmWorld(FILES, { tokens: TOKENS });
    const prepared = await world.prepare(npmRelease());
    const look = await world.npm.look(prepared);
    const matches = ({ path }: { path: string }): boolean => path === "/-/whoami";
    world.server.breakNext({ matches, how, times: 10 });
    const credential = await world.npm.authorise(prepared, look);
    assert.match(credential.why, /^NODE_AUTH_TOKEN, since this is no CI job/);
  });
}

test("authorise asks the registry once whose a token is, for however many packages", async () => {
  await using world = await npmWorld(FILES, { tokens: TOKENS });
  const prepared = await world.prepare(npmRelease());
  const look = await world.npm.look(prepared);
  await Promise.all([1, 2, 3].map(() => world.npm.authorise(prepared, look)));
  assert.equal(world.server.log.filter(({ path }) => path === "/-/whoami").length, 1);
});
