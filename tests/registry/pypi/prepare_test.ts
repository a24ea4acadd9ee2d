import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Failure, type Problem } from "../../../src/error.ts";
import { prepareAll } from "../../../src/registry/pypi/prepare.ts";
import type { PypiPrepared } from "../../../src/registry/pypi/pypi_prepared.ts";
import {
  type BuiltArtifact,
  makeSdist,
  makeWheel,
  sdistMembers,
  tarGzMembers,
} from "../../../src/rehearsal/synthesise/python_distribution.ts";
import { pypiRelease, type PypiReleaseInput } from "../../support/pypi_release.ts";
import { writeTree } from "../../support/temp.ts";

const DEMO = { name: "demo", version: "1.0.0" };
const LINUX = "x86_64-unknown-linux-gnu";
const MAC = "aarch64-apple-darwin";

async function prepare(input: PypiReleaseInput): Promise<PypiPrepared> {
  await using fixture = await pypiRelease(input);
  const [prepared] = await prepareAll([fixture.release], fixture.folder);
  return prepared!;
}

async function problemsOf(input: PypiReleaseInput): Promise<readonly Problem[]> {
  let problems: readonly Problem[] = [];
  await assert.rejects(prepare(input), (error) => {
    assert.ok(error instanceof Failure, String(error));
    problems = error.problems;
    return true;
  });
  return problems;
}

async function good(): Promise<{ any: BuiltArtifact[]; sdist: BuiltArtifact[] }> {
  return { any: [makeWheel(DEMO)], sdist: [await makeSdist(DEMO)] };
}

function renamed(artifact: BuiltArtifact, fileName: string): BuiltArtifact {
  return { ...artifact, fileName };
}

test("the sdist goes after every wheel is there: an installer that finds it alone would build it", async () => {
  const { any, sdist } = await good();
  const prepared = await prepare({ files: { sdist, any } });
  assert.deepEqual(prepared.files.map(({ kind, wave }) => [kind, wave]).sort(), [
    ["sdist", 1],
    ["wheel", 0],
  ]);
});

test("a release without compiled parts is a wheel and an sdist, in that order", async () => {
  const prepared = await prepare({ files: await good() });
  assert.equal(prepared.project, "demo");
  assert.equal(prepared.pypiVersion, "1.0.0");
  assert.deepEqual(prepared.warnings, []);
  assert.deepEqual(
    prepared.files.map(({ name, kind, digest, sha256 }) => ({
      name,
      kind,
      digest: digest === `sha256-${sha256}`,
    })),
    [
      { name: "demo-1.0.0-py3-none-any.whl", kind: "wheel", digest: true },
      { name: "demo-1.0.0.tar.gz", kind: "sdist", digest: true },
    ],
  );
});

test("semver's pre-release is found under Python's spelling", async () => {
  const built = { name: "My.Demo", version: "1.0.0rc1" };
  const prepared = await prepare({
    name: "my-demo",
    version: "1.0.0-rc.1",
    files: { any: [makeWheel(built)], sdist: [await makeSdist(built)] },
  });
  assert.deepEqual(prepared.files.map(({ name }) => name), [
    "my_demo-1.0.0rc1-py3-none-any.whl",
    "my_demo-1.0.0rc1.tar.gz",
  ]);
  assert.ok(
    prepared.files[0]!.fields.some(([name, value]) => name === "name" && value === "My.Demo"),
  );
});

test("each triple's row takes wheels of its platform, as many as there are", async () => {
  const prepared = await prepare({
    targets: [LINUX, MAC],
    files: {
      [LINUX]: ["cp312-cp312", "cp313-cp313"].map((tag) =>
        makeWheel({ ...DEMO, tag: `${tag}-manylinux_2_17_x86_64` })
      ),
      [MAC]: [makeWheel({ ...DEMO, tag: "cp312-abi3-macosx_11_0_arm64" })],
      sdist: [await makeSdist(DEMO)],
    },
  });
  assert.deepEqual(prepared.files.map(({ name }) => name), [
    "demo-1.0.0-cp312-abi3-macosx_11_0_arm64.whl",
    "demo-1.0.0-cp312-cp312-manylinux_2_17_x86_64.whl",
    "demo-1.0.0-cp313-cp313-manylinux_2_17_x86_64.whl",
    "demo-1.0.0.tar.gz",
  ]);
});

test("a folder beyond the planned rows may hold wheels of any platform that PyPI takes", async () => {
  const prepared = await prepare({
    files: {
      ...await good(),
      "cp313-musllinux": [makeWheel({ ...DEMO, tag: "cp313-cp313-musllinux_1_2_x86_64" })],
    },
  });
  assert.equal(prepared.files.length, 3);
});

test("the same wheel from two rows is one file, as long as its bytes are the same", async () => {
  const tag = "py3-none-macosx_11_0_universal2";
  const targets = ["x86_64-apple-darwin", MAC];
  const sdist = [await makeSdist(DEMO)];
  const wheel = makeWheel({ ...DEMO, tag });
  const files = { [targets[0]!]: [wheel], [targets[1]!]: [wheel], sdist };
  assert.equal((await prepare({ targets, files })).files.length, 2);
  const other = makeWheel({ ...DEMO, tag, description: "rebuilt" });
  const problems = await problemsOf({ targets, files: { ...files, [MAC]: [other] } });
  assert.equal(problems.length, 1);
  assert.match(
    problems[0]!.message,
    /hold other bytes under this name \(sha256 [0-9a-f]{64} and [0-9a-f]{64}\)$/,
  );
});

for (
  const { name, input, message, hint } of [
    {
      name: "a missing wheel",
      input: async () => ({ files: { ...await good(), any: [] } }),
      message: /^Cannot publish demo 1\.0\.0: artifact "demo-wheel-any" holds no wheel$/,
      hint: /demo-1\.0\.0-py3-none-any\.whl as artifact "demo-wheel-any"/,
    },
    {
      name: "a missing sdist",
      input: async () => ({ files: { ...await good(), sdist: [] } }),
      message: /artifact "demo-sdist" holds no sdist$/,
      hint: /demo-1\.0\.0\.tar\.gz as artifact "demo-sdist"/,
    },
    {
      name: "a wheel of another version",
      input: async () => ({
        files: { ...await good(), any: [makeWheel({ ...DEMO, version: "0.9.0" })] },
      }),
      message: /its (file name|metadata) says version 0\.9\.0, the plan says 1\.0\.0$/,
      hint: /Write the planned version into the project/,
    },
    {
      name: "a wheel that a version backend named",
      input: async () => ({
        files: { ...await good(), any: [makeWheel({ ...DEMO, version: "1.0.1.dev3" })] },
      }),
      message: /says version 1\.0\.1\.dev3, the plan says 1\.0\.0$/,
      hint: /SETUPTOOLS_SCM_PRETEND_VERSION/,
    },
    {
      name: "an sdist that a version backend named",
      input: async () => ({
        files: { ...await good(), sdist: [await makeSdist({ ...DEMO, version: "1.0.1.dev3" })] },
      }),
      message: /"demo-1\.0\.1\.dev3\.tar\.gz": its file name says version 1\.0\.1\.dev3/,
      hint: /SETUPTOOLS_SCM_PRETEND_VERSION/,
    },
    {
      name: "a version that is right outside and wrong inside",
      input: async () => {
        const members = new Map(sdistMembers(DEMO));
        const text = "Metadata-Version: 2.1\nName: demo\nVersion: 0.9.0\n";
        members.set("demo-1.0.0/PKG-INFO", new TextEncoder().encode(text));
        return {
          files: {
            ...await good(),
            sdist: [{ fileName: "demo-1.0.0.tar.gz", bytes: await tarGzMembers(members) }],
          },
        };
      },
      message: /"demo-1\.0\.0\.tar\.gz": its metadata says version 0\.9\.0, the plan says 1\.0\.0$/,
      hint: /Write the planned version into the project/,
    },
    {
      name: "a wheel of another project",
      input: async () => ({
        files: { ...await good(), any: [makeWheel({ ...DEMO, name: "other" })] },
      }),
      message: /its file name starts with "other", not "demo"$/,
      hint: /from the package that it was built from/,
    },
    {
      name: "an sdist with its old name",
      input: async () => {
        const built = { name: "my-demo", version: "1.0.0" };
        const sdist = [renamed(await makeSdist(built), "my-demo-1.0.0.tar.gz")];
        return { name: "my-demo", files: { any: [makeWheel(built)], sdist } };
      },
      message: /PyPI takes the sdist as "my_demo-1\.0\.0\.tar\.gz" only$/,
      hint: /setuptools 69\.3/,
    },
    {
      name: "two sdists",
      input: async () => ({
        files: {
          ...await good(),
          sdist: [renamed(await makeSdist(DEMO), "Demo-1.0.0.tar.gz"), await makeSdist(DEMO)],
        },
      }),
      message:
        /"Demo-1\.0\.0\.tar\.gz" and "demo-1\.0\.0\.tar\.gz": PyPI takes one sdist per release$/,
      hint: /Clean the build's output folder/,
    },
    {
      name: "a wheel in the sdist's row",
      input: async () => ({
        files: {
          ...await good(),
          sdist: [await makeSdist(DEMO), makeWheel({ ...DEMO, build: "2" })],
        },
      }),
      message:
        /"demo-1\.0\.0-2-py3-none-any\.whl" from artifact "demo-sdist": that row is for the sdist, and no other brings/,
      hint: /the sdist only/,
    },
    {
      name: "an sdist in a wheel's row",
      input: async () => ({
        dists: ["sdist", "wheel"],
        files: {
          any: [makeWheel(DEMO), renamed(await makeSdist(DEMO), "Demo-1.0.0.tar.gz")],
          sdist: [await makeSdist(DEMO)],
        },
      }),
      message:
        /"Demo-1\.0\.0\.tar\.gz" from artifact "demo-wheel-any": that row is for wheels, and no other brings/,
      hint: /wheels only/,
    },
    {
      name: "a compiled wheel in the row for any platform",
      input: async () => ({
        files: { ...await good(), any: [makeWheel({ ...DEMO, tag: "cp312-cp312-win_amd64" })] },
      }),
      message: /its platform is win_amd64, in a row for wheels that run anywhere$/,
      hint: /`targets`/,
    },
    {
      name: "a wheel for any platform in a triple's row",
      input: async () => ({
        targets: [LINUX],
        files: { [LINUX]: [makeWheel(DEMO)], sdist: [await makeSdist(DEMO)] },
      }),
      message: /its platform is any, in the row for x86_64-unknown-linux-gnu$/,
      hint: /Remove `targets`/,
    },
    {
      name: "a wheel of another triple",
      input: async () => ({
        targets: [LINUX],
        files: {
          [LINUX]: [makeWheel({ ...DEMO, tag: "py3-none-manylinux_2_17_aarch64" })],
          sdist: [await makeSdist(DEMO)],
        },
      }),
      message: /its platform is manylinux_2_17_aarch64, in the row for x86_64-unknown-linux-gnu$/,
      hint: /build for x86_64-unknown-linux-gnu/,
    },
    {
      name: "a platform tag that PyPI refuses",
      input: async () => ({
        targets: [LINUX],
        files: {
          [LINUX]: [makeWheel({ ...DEMO, tag: "py3-none-linux_x86_64" })],
          sdist: [await makeSdist(DEMO)],
        },
      }),
      message: /PyPI takes no wheel with the platform tag "linux_x86_64"$/,
      hint: /auditwheel repair/,
    },
    {
      name: "a wheel's name that is none",
      input: async () => ({
        files: { ...await good(), any: [renamed(makeWheel(DEMO), "demo.whl")] },
      }),
      message: /^Cannot publish "demo\.whl": it is not \{name\}-\{version\}/,
      hint: /Mend the build/,
    },
    {
      name: "a file that is no zip",
      input: async () => ({
        files: {
          ...await good(),
          any: [{ fileName: "demo-1.0.0-py3-none-any.whl", bytes: new Uint8Array(99) }],
        },
      }),
      message: /^Cannot read "demo-1\.0\.0-py3-none-any\.whl": /,
      hint: /Build the archive again/,
    },
  ]
) {
  test(`prepare refuses ${name}`, async () => {
    const problems = await problemsOf(await input());
    const hit = problems.find((problem) => message.test(problem.message));
    assert.ok(hit !== undefined, problems.map((problem) => problem.message).join("\n"));
    assert.match(hit.hint ?? "", hint);
    assert.match(hit.code, /^PIOT_ARTIFACT_(MISSING|INVALID)$/);
  });
}

test("prepare names a missing artifact that was not delivered at all", async () => {
  await using fixture = await pypiRelease({ files: await good() });
  await rm(join(fixture.folder, "demo-sdist"), { recursive: true });
  const artifacts = fixture.release.artifacts.map((row) =>
    row.target === "any" ? { ...row, folder: undefined } : row
  );
  await assert.rejects(prepareAll([{ ...fixture.release, artifacts }], fixture.folder), (error) => {
    assert.ok(error instanceof Failure);
    assert.deepEqual(error.problems.map(({ code }) => code), [
      "PIOT_ARTIFACT_MISSING",
      "PIOT_ARTIFACT_MISSING",
    ]);
    return true;
  });
});

test("every problem of every release is found in one go", async () => {
  await using misbuilt = await pypiRelease({
    files: { any: [makeWheel({ ...DEMO, version: "2.0.0" })], sdist: [] },
  });
  await using unmappable = await pypiRelease({ name: "other", version: "1.0.0-next.1", files: {} });
  await assert.rejects(
    prepareAll([misbuilt.release, unmappable.release], misbuilt.folder),
    (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.code, "PIOT_SEVERAL_PROBLEMS");
      assert.deepEqual(error.problems.map(({ code }) => code), [
        "PIOT_ARTIFACT_MISSING",
        "PIOT_ARTIFACT_INVALID",
        "PIOT_ARTIFACT_INVALID",
        "PIOT_VERSION_UNMAPPABLE",
      ]);
      return true;
    },
  );
});

test("files are found in folders below, and what is no distribution is left out with a word", async () => {
  await using fixture = await pypiRelease({ files: await good() });
  const { folder, release } = fixture;
  await writeTree(folder, {
    "demo-wheel-any/dist/.gitignore": "*\n",
    "demo-wheel-any/dist/._demo-1.0.0-py3-none-any.whl": "\0\x05\x16\x07",
    "demo-sdist/nested/._demo-1.0.0.tar.gz": "\0\x05\x16\x07",
    "demo-wheel-any/dist/demo-1.0.0-py3-none-any.whl.publish.attestation": "{}",
    "demo-wheel-any/build.log": "ok\n",
    "demo-sdist/nested/demo-1.0.0.tar.gz": (await makeSdist(DEMO)).bytes,
  });
  const [prepared] = await prepareAll([release], folder);
  assert.equal(prepared!.files.length, 2);
  assert.deepEqual(prepared!.warnings, [
    '"demo-wheel-any/build.log" is no wheel and no sdist, and is left out',
    '"demo-wheel-any" brings an attestation of its files, which is left out: piot makes its own under trusted publishing, and PyPI takes none with a token',
  ]);
});

test("metadata that PyPI does not store, and a macOS that it may not know yet, are worth a warning", async () => {
  const wheel = makeWheel({
    ...DEMO,
    tag: "py3-none-macosx_27_0_arm64",
    metadata: ["X-Future: yes"],
  });
  const { warnings } = await prepare({
    targets: [MAC],
    files: { [MAC]: [wheel], sdist: [await makeSdist(DEMO)] },
  });
  assert.deepEqual(warnings, [
    '"demo-1.0.0-py3-none-macosx_27_0_arm64.whl" has the platform tag "macosx_27_0_arm64", which PyPI may not take yet',
    '"demo-1.0.0-py3-none-macosx_27_0_arm64.whl" has metadata that PyPI does not store: X-Future',
  ]);
});
