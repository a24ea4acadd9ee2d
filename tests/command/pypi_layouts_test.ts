/** The recipes of docs/pypi-layouts.md: each is declared, delivered and released as the page has it. */

import assert from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { makeSdist, makeWheel } from "../../src/rehearsal/synthesise/python_distribution.ts";
import { makeBinary } from "../../src/rehearsal/synthesise/platform_artifact.ts";
import { type ReleaseWorld, releaseWorld } from "../support/release_world.ts";
import { writeTree } from "../support/temp.ts";
import { needs } from "../support/tools.ts";

const HEADER = "[putitoutthere]\nversion = 1\n";

interface Recipe {
  readonly name: string;
  /** The package as it is declared. */
  readonly table: string;
  /** Below the folder of artifacts; `(built again)` behind one asks for other bytes. */
  readonly files: readonly string[];
  readonly says: readonly string[];
}

const page = await readFile("docs/pypi-layouts.md", "utf8");

const recipes: readonly Recipe[] = page.split(/^## /m).slice(1).map((section) => {
  const block = (info: string): string =>
    new RegExp(`^\`\`\`${info}\\n(.*?)^\`\`\`$`, "ms").exec(section)?.[1] ?? "";
  const table = block("toml");
  return {
    name: /name = "(.+)"/.exec(table)![1]!,
    table,
    files: block("text").trim().split("\n").map((line) => line.replace(/^artifacts\//, "")),
    says: block("text says").split("\n").filter((line) => line !== ""),
  };
});

const LIBRARIES: readonly (readonly [RegExp, string])[] = [
  [/-manylinux\S+x86_64/, "x86_64-unknown-linux-gnu"],
  [/-musllinux\S+x86_64/, "x86_64-unknown-linux-musl"],
  [/-macosx\S+arm64/, "aarch64-apple-darwin"],
  [/-win_amd64/, "x86_64-pc-windows-msvc"],
];

/** A distribution of this name; a wheel for a platform holds a library of it. */
async function built(file: string): Promise<Uint8Array> {
  const [, path = "", again] = /^(\S+)( \(built again\))?$/.exec(file) ?? [];
  const description = again === undefined ? "" : "built again";
  const [name = "", version = "", ...tags] = path.split("/").at(-1)!.split("-");
  if (!path.endsWith(".whl")) {
    return (await makeSdist({ name, version: version.replace(".tar.gz", ""), description })).bytes;
  }
  const triple = LIBRARIES.find(([pattern]) => pattern.test(path))?.[1];
  const files = triple === undefined
    ? {}
    : { files: { "x/native.so": makeBinary(triple, "addon") } };
  const tag = tags.join("-").replace(".whl", "");
  return makeWheel({ name, version, tag, description, ...files }).bytes;
}

async function worldWith(some: readonly Recipe[]): Promise<ReleaseWorld> {
  const world = await releaseWorld();
  await rm(world.artifacts, { recursive: true });
  const tables = some.map(({ table }) => table);
  await world.commit("Declare", {
    "putitoutthere.toml": [HEADER, ...tables].join("\n"),
    ...Object.fromEntries(some.map(({ name }) => [`python/${name}/pyproject.toml`, ""])),
  });
  const files = some.flatMap((recipe) => recipe.files);
  await writeTree(
    world.artifacts,
    Object.fromEntries(
      await Promise.all(
        files.map(async (file) => [file.split(" ")[0]!, await built(file)] as const),
      ),
    ),
  );
  return world;
}

function baseNames(files: readonly string[]): readonly string[] {
  return [...new Set(files.map((file) => file.split(" ")[0]!.split("/").at(-1)!))].sort();
}

test(
  "every recipe is released, whole, and what stays behind is told with the words of the page",
  await needs("git"),
  async () => {
    assert.equal(recipes.length, 7);
    await using world = await worldWith(recipes);
    const run = await world.piot("publish", "--json");
    assert.equal(run.status, 0, run.stderr);
    const { files } = world.services.pypi;
    const wanted = recipes.flatMap((recipe) => recipe.files)
      .filter((file) => !file.includes("-0.0.9"));
    assert.deepEqual([...files.keys()].sort(), baseNames(wanted));
    const own = await built("whole-0.1.0.tar.gz");
    assert.deepEqual(new Uint8Array(files.get("whole-0.1.0.tar.gz")!.bytes), new Uint8Array(own));
    const left = run.stderr.split("\n").flatMap((line) =>
      /warning:? ?(?:\S+ \S+ \(pypi\): |\S+: )?(".*left out.*)$/.exec(line)?.[1] ?? []
    );
    assert.deepEqual(left.sort(), recipes.flatMap(({ says }) => says).sort());
    const rows = await world.piot("plan", "--matrix");
    assert.deepEqual(JSON.parse(rows.stdout), [], "a release that is whole has no rows any more");
  },
);

test(
  "a kind that dists leaves out has no row; what is delivered of it all the same is told, and not published",
  await needs("git"),
  async () => {
    const some = recipes.filter(({ name }) => name === "sources" || name === "wheels")
      .map((recipe) => ({
        ...recipe,
        files: [
          ...recipe.files,
          ...recipe.name === "sources"
            ? [
              "sources-wheel-any/sources-0.1.0-py3-none-any.whl",
              "sources-wheels-win/sources-0.1.0-cp312-cp312-win_amd64.whl",
              "sources-sdist/sources-0.1.0-1-py3-none-any.whl",
            ]
            : ["wheels-sdist/wheels-0.1.0.tar.gz", "dist/wheels-0.1.0-cp312-cp312-win_amd64.whl"],
        ],
      }));
    await using world = await worldWith(some);
    const rows = JSON.parse((await world.piot("plan", "--matrix")).stdout) as readonly {
      readonly artifact_name: string;
    }[];
    assert.deepEqual(
      rows.map((row) => row.artifact_name),
      ["sources-sdist", "wheels-wheel-any"],
    );
    const run = await world.piot("publish");
    assert.equal(run.status, 0, run.stderr);
    assert.deepEqual([...world.services.pypi.files.keys()].sort(), [
      "sources-0.1.0.tar.gz",
      "wheels-0.1.0-py3-none-any.whl",
    ]);
    for (
      const sentence of [
        '"sources-wheel-any/sources-0.1.0-py3-none-any.whl" is left out: `dists` of sources has no "wheel"',
        '"sources-wheels-win/sources-0.1.0-cp312-cp312-win_amd64.whl" is left out: `dists`',
        '"sources-sdist/sources-0.1.0-1-py3-none-any.whl" is left out: `dists` of sources has no "wheel"',
        '"wheels-sdist/wheels-0.1.0.tar.gz" is left out: `dists` of wheels has no "sdist"',
        '"dist/wheels-0.1.0-cp312-cp312-win_amd64.whl" is a file of wheels 0.1.0, and is left out: it lies in no artifact of it',
      ]
    ) assert.ok(run.stderr.includes(sentence), `${sentence}\n${run.stderr}`);
    const status = await world.piot("status", "--check");
    assert.equal(status.status, 0, status.stdout + status.stderr);
  },
);

test(
  "files that lie flat are refused where there is more than one row, with the layout that is read",
  await needs("git"),
  async () => {
    const flat = recipes.filter(({ name }) => name === "merged").map((recipe) => ({
      ...recipe,
      files: recipe.files.map((file) => file.slice(dirname(file).length + 1)),
    }));
    await using world = await worldWith(flat);
    const run = await world.piot("publish");
    assert.equal(run.status, 1);
    assert.match(
      run.stderr,
      /no file in "\S*artifacts\/merged-sdist"; there are "merged-0\.1\.0-cp312-cp312-macosx_11_0_arm64\.whl", .* directly in "/,
    );
    assert.match(
      run.stderr,
      /Download without `merge-multiple`, so that each artifact has its folder: \S*artifacts\/merged-wheel-any\/…, \S*artifacts\/merged-sdist\/…/,
    );
    assert.deepEqual([...world.services.pypi.files.keys()], []);
    await rm(join(world.artifacts, "merged-0.1.0.tar.gz"));
  },
);
