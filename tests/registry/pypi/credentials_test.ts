import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure, type Problem } from "../../../src/error.ts";
import { prepareAll } from "../../../src/registry/pypi/prepare.ts";
import { makeSdist, makeWheel } from "../../../src/rehearsal/synthesise/python_distribution.ts";
import { pypiRelease } from "../../support/pypi_release.ts";
import { writeTree } from "../../support/temp.ts";

const DEMO = { name: "demo", version: "1.0.0" };

/** Prepares a wheel and an sdist with these files beside the usual one; gives what is wrong. */
async function problemsWith(
  { wheel = {}, sdist = {}, project = {} }: {
    readonly wheel?: Readonly<Record<string, string>>;
    readonly sdist?: Readonly<Record<string, string>>;
    /** Files of the checkout. */
    readonly project?: Readonly<Record<string, string>>;
  },
): Promise<readonly Problem[]> {
  const own = { "demo/__init__.py": "" };
  await using fixture = await pypiRelease({
    files: {
      any: [makeWheel({ ...DEMO, files: { ...own, ...wheel } })],
      sdist: [await makeSdist({ ...DEMO, files: { ...own, ...sdist } })],
    },
  });
  await writeTree(fixture.folder, project);
  try {
    await prepareAll([fixture.release], fixture.folder);
    return [];
  } catch (error) {
    if (error instanceof Failure) return error.problems;
    throw error;
  }
}

test("a credential in a wheel or an sdist is refused, by its path in the archive", async () => {
  const problems = await problemsWith({
    wheel: { "demo/.env": "TOKEN=1", "demo-1.0.0.data/data/ID_RSA": "x", "demo/b.txt": "" },
    sdist: { ".pypirc": "[pypi]", "tests/server.key": "x" },
  });
  assert.deepEqual(problems.map(({ code, message }) => [code, message]), [
    [
      "PIOT_CREDENTIAL_FILE",
      'Cannot publish "demo-1.0.0-py3-none-any.whl": it holds "demo/.env" (an environment file), "demo-1.0.0.data/data/ID_RSA" (a private key of SSH), which would be everybody\'s',
    ],
    [
      "PIOT_CREDENTIAL_FILE",
      'Cannot publish "demo-1.0.0.tar.gz": it holds ".pypirc" (PyPI\'s settings, which hold its token), "tests/server.key" (a private key), which would be everybody\'s',
    ],
  ]);
  assert.equal(
    problems[0]!.hint,
    "Keep them out of the package; where everybody is to have such a file, write its path out in pyproject.toml below `[tool]`, or in an `include` line of MANIFEST.in",
  );
});

test("certificates of authorities are what wheels are made for", async () => {
  const bundle = "# Authority\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
  const files = { "demo/cacert.pem": bundle.repeat(100) };
  assert.deepEqual(await problemsWith({ wheel: files, sdist: files }), []);
});

test("a file that the project names letter by letter is published", async () => {
  const files = { "demo/test.pem": "-----BEGIN PRIVATE KEY-----\n", "demo/.env": "" };
  const project = {
    "pyproject.toml": '[tool.setuptools.package-data]\ndemo = ["test.pem"]\n',
    "MANIFEST.in": "include demo/.env\n",
  };
  assert.deepEqual(await problemsWith({ wheel: files, sdist: files, project }), []);
  const patterns = {
    "pyproject.toml": '[tool.setuptools.package-data]\ndemo = ["*.pem"]\n',
    "MANIFEST.in": "graft demo\ninclude demo/.e*\n",
  };
  const problems = await problemsWith({ wheel: files, sdist: files, project: patterns });
  assert.deepEqual(problems.map(({ code }) => code), [
    "PIOT_CREDENTIAL_FILE",
    "PIOT_CREDENTIAL_FILE",
  ]);
});

test("the key of a service account is found by its content", async () => {
  const key = JSON.stringify({ type: "service_account", private_key: "-----BEGIN" });
  const problems = await problemsWith({ wheel: { "demo/data.json": key } });
  assert.match(problems[0]!.message, /"demo\/data\.json" \(the key of a service account\)/);
});
