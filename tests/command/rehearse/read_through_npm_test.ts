/** npm packages that a release does not make are read through: from npm's cache, else from the registry of the user's settings. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { holdEarlierRelease } from "../../../src/rehearsal/npm/earlier_release.ts";
import { type NpmServer, serveNpm } from "../../../src/rehearsal/npm/serve_npm.ts";
import type { GitRepo } from "../../support/git_repo.ts";
import { realNpm } from "../../support/real_npm.ts";
import {
  newUser,
  npmPackage,
  packageJson,
  rehearseIn,
  repoOf,
  type User,
} from "../../support/rehearsal.ts";
import { tempFolder } from "../../support/temp.ts";
import { needs } from "../../support/tools.ts";

const withNpm = await needs("git", "npm");

/** A registry elsewhere that has `left` and `@right/side`, which needs it, and an `app` that nobody here made. */
async function outsideNpm(): Promise<NpmServer> {
  const server = await serveNpm({ tokens: {} });
  for (const name of ["left", "@right/side", "app"]) {
    await holdEarlierRelease(server.state, { name, version: "1.2.3", owner: "ada" });
  }
  const [side] = server.state.packages.get("@right/side")!.versions.values();
  side!.manifest.dependencies = { left: "^1.0.0" };
  return server;
}

function dependent(): Promise<GitRepo> {
  return repoOf([npmPackage("app")], {
    "app/package.json": packageJson("app", { dependencies: { "@right/side": "1" } }),
  });
}

function userOf(npmrc: string): Promise<User> {
  return newUser({ ".npmrc": npmrc });
}

test(
  "what a package needs is installed from the registry in npm's settings, and of what is released nothing is read",
  withNpm,
  async () => {
    await using outside = await outsideNpm();
    // A password there is npm's own way to say it: it is not shown to anybody, and stops no rehearsal.
    const address = outside.url.replace("//", "//ada:s3cret@");
    await using user = await userOf(`registry=${address}/\n`);
    await using repo = await dependent();
    const { problems, installations } = await rehearseIn(repo.path, { user, install: true });
    assert.deepEqual(problems, []);
    assert.deepEqual(installations.map(({ state }) => state), ["installed"]);
    const asked = new Set(outside.log.map(({ path }) => decodeURIComponent(path)));
    for (const { headers } of outside.log) assert.equal(headers.get("authorization"), null);
    assert.deepEqual([...asked].sort(), [
      "/@right/side",
      "/@right/side/-/side-1.2.3.tgz",
      "/left",
      "/left/-/left-1.2.3.tgz",
    ]);
  },
);

test(
  "a scope's own registry is the one that is read, and no token goes there",
  withNpm,
  async () => {
    await using outside = await outsideNpm();
    await using scoped = await outsideNpm();
    const place = scoped.url.replace("http:", "");
    await using user = await userOf(
      `registry=${outside.url}/\n@right:registry=${scoped.url}/\n${place}/:_authToken=secret-of-the-user\n`,
    );
    await using repo = await dependent();
    const { installations } = await rehearseIn(repo.path, { user, install: true });
    assert.deepEqual(installations.map(({ state }) => state), ["installed"]);
    const places = (
      server: NpmServer,
    ): readonly string[] => [
      ...new Set(server.log.map(({ path }) => decodeURIComponent(path).split("/-/")[0]!)),
    ];
    assert.deepEqual(places(scoped), ["/@right/side"]);
    assert.deepEqual(places(outside), ["/left"]);
    assert.doesNotMatch(JSON.stringify([scoped.log, outside.log]), /secret-of-the-user/);
  },
);

test("npm's own cache serves where no registry answers", withNpm, async () => {
  await using user = await userOf("");
  await using repo = await dependent();
  const outside = await outsideNpm();
  const registry = outside.url;
  try {
    await using project = await tempFolder({ "package.json": "{}" });
    const home = join(user.path, "filled");
    await realNpm(["install", "@right/side"], { cwd: project.path, home, registry });
  } finally {
    await outside[Symbol.asyncDispose]();
  }
  const env = {
    ...user.env,
    npm_config_registry: registry,
    npm_config_cache: join(user.path, "filled/cache"),
  };
  const { problems, installations } = await rehearseIn(repo.path, { user: { env }, install: true });
  assert.deepEqual(problems, []);
  assert.deepEqual(installations.map(({ state }) => state), ["installed"]);
});

test(
  "where neither has it, the installation is left out with a sentence, and the release is not blamed",
  withNpm,
  async () => {
    const gone = await outsideNpm();
    await gone[Symbol.asyncDispose]();
    await using user = await userOf(`registry=${gone.url}/\n`);
    await using repo = await dependent();
    const { problems, installations, warnings } = await rehearseIn(repo.path, {
      user,
      install: true,
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(installations.map(({ state }) => state), ["skipped"]);
    assert.match(
      installations[0]!.why ?? "",
      /^@right\/side cannot be had here: npm's cache \(.*\) has none, and http:\/\/127\.0\.0\.1:\d+ does not answer/,
    );
    assert.ok(warnings.some((line) => /^npm: app skipped \(@right\/side cannot be had/.test(line)));
  },
);

test(
  "a package that the registry elsewhere says is not there fails the installation",
  withNpm,
  async () => {
    await using outside = await serveNpm({ tokens: {} });
    await using user = await userOf(`registry=${outside.url}/\n`);
    await using repo = await dependent();
    const { installations, problems } = await rehearseIn(repo.path, { user, install: true });
    assert.deepEqual(installations.map(({ state }) => state), ["failed"]);
    assert.match(problems.join(), /app/);
  },
);
