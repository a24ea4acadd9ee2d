/** The real twine uploads to the local PyPI, and is taken and refused there as it is by PyPI. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { servePypi } from "../../../src/rehearsal/pypi/serve_pypi.ts";
import { makeSdist, makeWheel } from "../../../src/rehearsal/synthesise/python_distribution.ts";
import { maySkip } from "../../support/provided.ts";
import { ADA, TOKEN } from "../../support/pypi_publisher.ts";
import { tempFolder } from "../../support/temp.ts";

interface Ran {
  readonly status: number;
  readonly output: string;
}

function twine(...args: readonly string[]): Promise<Ran> {
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: "/nonexistent",
    TWINE_USERNAME: "__token__",
    TWINE_PASSWORD: TOKEN,
    TWINE_NON_INTERACTIVE: "1",
    PYTHON_KEYRING_BACKEND: "keyring.backends.null.Keyring",
  };
  return new Promise((resolve) => {
    execFile("twine", [...args], { env }, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.replace(/\s+/g, " ");
      resolve({ status: error === null ? 0 : Number(error.code) || 1, output });
    });
  });
}

const NO_TWINE = (await twine("--version")).output.startsWith("twine version")
  ? false
  : maySkip("twine", "no twine on PATH");

const DEMO = { name: "demo", version: "1.0.0" };

test("twine's uploads are taken, skipped and refused as by PyPI", { skip: NO_TWINE }, async () => {
  await using server = await servePypi({ tokens: ADA });
  const sdist = await makeSdist(DEMO);
  const bad = makeWheel({ ...DEMO, version: "1.0.1", metadata: ["Classifier: Private :: Secret"] });
  const files = [makeWheel(DEMO), sdist, bad];
  await using folder = await tempFolder(
    Object.fromEntries(files.map(({ fileName, bytes }) => [fileName, bytes])),
  );
  const upload = (...names: readonly string[]): Promise<Ran> =>
    twine(
      ...["upload", "--repository-url", server.uploadUrl, "--disable-progress-bar", "--verbose"],
      ...names.map((name) => join(folder.path, name)),
    );
  const good = await upload(files[0]!.fileName, sdist.fileName);
  assert.equal(good.status, 0, good.output);
  assert.deepEqual(
    [...server.state.files.keys()].sort(),
    [files[0]!.fileName, sdist.fileName].sort(),
  );
  assert.equal(server.state.files.get(sdist.fileName)?.kind, "sdist");

  const refused = await upload(bad.fileName);
  assert.equal(refused.status, 1);
  assert.match(refused.output, /'Private :: Secret' is an invalid value for Classifier/);
  assert.equal(server.state.files.size, 2);
});
