/** What an installed project needs and the release does not make comes from pip's cache, else from the index of pip's settings. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { makeSdist, makeWheel } from "../../../src/rehearsal/synthesise/python_distribution.ts";
import { exec } from "../../../src/host/exec.ts";
import { type OutsideServer, outsideServer } from "../../support/outside_server.ts";
import { outsidePypi } from "../../support/outside_pypi.ts";
import {
  newUser,
  rehearseIn,
  repoOf,
  type ToldRehearsal,
  type User,
} from "../../support/rehearsal.ts";
import { tempFolder } from "../../support/temp.ts";
import { needs } from "../../support/tools.ts";

const withPip = await needs("git", "pip");

/** Releases a project that needs another one, and installs it. */
async function installDependent(user: User): Promise<ToldRehearsal> {
  const input = {
    name: "alpha",
    version: "0.1.0",
    metadata: ["Requires-Dist: Old.Name_x>=1"],
  };
  const [wheel, sdist] = [makeWheel(input), await makeSdist(input)];
  await using built = await tempFolder({
    [`alpha-wheel-any/${wheel.fileName}`]: wheel.bytes,
    [`alpha-sdist/${sdist.fileName}`]: sdist.bytes,
  });
  await using repo = await repoOf(
    [{ name: "alpha", kind: "pypi", path: "alpha", paths: ["alpha/**"], build: "hatch" }],
    {
      "alpha/pyproject.toml": `[project]\nname = "alpha"\nversion = "0.0.0"\n` +
        `[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n`,
    },
  );
  return await rehearseIn(repo.path, { user, artifacts: built.path, install: true });
}

function userOf(url: string): Promise<User> {
  const index = `${url.replace("//", "//ada:s3cret@")}/idx/`;
  return newUser({ ".config/pip/pip.conf": `[global]\nindex-url = ${index}\n` });
}

const NEEDED = { "old-name-x": { spelling: "Old.Name_x" }, alpha: {} };

for (const form of ["html", "json"] as const) {
  test(
    `a project is installed with what it needs of the index in pip's settings (${form}), by its normalised name and without the password there`,
    withPip,
    async () => {
      await using outside = await outsidePypi(NEEDED, form);
      await using user = await userOf(outside.url);
      const { problems, installations } = await installDependent(user);
      assert.deepEqual(problems, []);
      assert.deepEqual(installations.map(({ state }) => state), ["installed"]);
      // Nothing is asked of the name that the release makes.
      assert.deepEqual(outside.asked.map(({ path }) => path), [
        "/idx/old-name-x/",
        "/idx/old-name-x/old_name_x-1.0-py3-none-any.whl",
      ]);
      for (const { headers } of outside.asked) assert.equal(headers.authorization, undefined);
    },
  );
}

test("without a network pip installs with what its cache has", withPip, async () => {
  await using outside = await outsidePypi(NEEDED);
  await using user = await newUser({
    ".config/pip/pip.conf": `[global]\nindex-url = ${outside.url}/idx/\n`,
  });
  // Of http:// pip keeps what comes from hosts that it is told to trust.
  const args = ["install", "old-name-x", "--target", "site", "--trusted-host", "127.0.0.1"];
  const { code, stderr } = await exec("pip", args, { cwd: user.path, env: user.env });
  assert.equal(code, 0, stderr);
  outside.hangUp();
  const { problems, warnings, installations } = await installDependent(user);
  assert.deepEqual(warnings, []);
  assert.deepEqual(problems, []);
  assert.deepEqual(installations.map(({ state }) => state), ["installed"]);
});

const LIES: readonly { readonly name: string; readonly outside: () => Promise<OutsideServer> }[] = [
  {
    name: "answers 500",
    outside: () => outsideServer(() => ({ status: 500, type: "text/plain", body: "oops" })),
  },
  {
    name: "answers with a login page",
    outside: () =>
      outsideServer(() => ({ type: "text/html", body: `<a href="/login">Log in</a>` })),
  },
];

for (const { name, outside: start } of LIES) {
  test(
    `an index that ${name} is not held against the release: what could not be installed is named`,
    withPip,
    async () => {
      await using outside = await start();
      await using user = await userOf(outside.url);
      const { ok, installations } = await installDependent(user);
      assert.equal(ok, true);
      assert.deepEqual(installations.map(({ state }) => state), ["skipped"]);
      const why = installations[0]?.why ?? "";
      assert.match(
        why,
        /^old-name-x cannot be had here: pip's cache \(.*\) has none, and http:\/\/127\.0\.0\.1:\d+ /,
      );
      assert.doesNotMatch(why, /s3cret/);
    },
  );
}

test("a project that the index says does not exist is the release's fault", withPip, async () => {
  await using outside = await outsidePypi({});
  await using user = await userOf(outside.url);
  const { ok, installations } = await installDependent(user);
  assert.equal(ok, false);
  assert.deepEqual(installations.map(({ state }) => state), ["failed"]);
});
