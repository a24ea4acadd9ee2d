/** A repository that has released before: `init` goes on from its tags, and the plan after it ships what was proposed. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { main } from "../../src/cli/main.ts";
import { parseConfig } from "../support/parse_config.ts";
import { GIT_ENV, type GitRepo, gitRepo } from "../support/git_repo.ts";
import { testHost } from "../support/test_host.ts";
import { needs } from "../support/tools.ts";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const crate = (name: string, version: string): string =>
  `[package]\nname = "${name}"\nversion = "${version}"\n`;
const wheel = (name: string, version: string): string =>
  `[project]\nname = "${name}"\nversion = "${version}"\n[build-system]\nbuild-backend = "hatchling.build"\n`;
const npm = (name: string, version: string): string => JSON.stringify({ name, version });

interface Row {
  readonly name: string;
  readonly arrange: (repo: GitRepo) => Promise<unknown>;
  /** `name format first`; the default format and no first version are `-`. */
  readonly drafted: readonly string[];
  /** Tags that commands carry over, each with the tag or commit that it goes on. */
  readonly carried?: Readonly<Record<string, string>>;
  readonly notes?: readonly RegExp[];
  /** `name version`, planned once the commands were run and the next commit changed everything. */
  readonly planned: readonly string[];
}

/** All folders change. */
const CHANGE = { "core/x": "1", "py/x": "1", "js/x": "1", "python/x": "1", "rust/x": "1" };

const ROWS: readonly Row[] = [
  {
    name: "one tag for all, and manifests on their way to the next version",
    arrange: async ({ commit, git }) => {
      await commit("Release", {
        "core/Cargo.toml": crate("tok", "0.23.1"),
        "py/pyproject.toml": wheel("tok-py", "0.23.1"),
        "js/package.json": npm("tok-js", "0.22.9"),
      });
      await git("tag", "v0.23.1");
      await git("tag", "v0.9.0", "HEAD");
      await commit("Go on", {
        "core/Cargo.toml": crate("tok", "0.23.2-dev.0"),
        "py/pyproject.toml": wheel("tok-py", "0.24.0.dev1"),
        "new/Cargo.toml": crate("tok-new", "0.1.0"),
      });
    },
    drafted: ["tok - 0.23.2", "tok-new - -", "tok-py - 0.24.0", "tok-js - 0.22.10"],
    carried: {
      "tok-v0.23.1": "v0.23.1",
      "tok-py-v0.23.1": "v0.23.1",
      "tok-js-v0.22.9": "v0.23.1",
    },
    notes: [
      /^tok: v0\.23\.1 released it as 0\.23\.1; a tag tok-v0\.23\.1 on that commit carries that over$/,
      /^tok-py: its manifest is on its way to 0\.24\.0, and the next patch is 0\.23\.2: ask for it once with --release tok-py@0\.24\.0$/,
    ],
    planned: ["tok 0.23.2", "tok-new 0.1.0", "tok-py 0.23.2", "tok-js 0.22.10"],
  },
  {
    name: "a scheme for each, by name, by folder and by language",
    arrange: async ({ commit, git }) => {
      await commit("Start", {
        "core/Cargo.toml": crate("loro", "1.5.0"),
        "python/pyproject.toml": wheel("loro-python", "1.4.0"),
        "js/package.json": npm("@loro/js", "2.0.0"),
      });
      for (const tag of ["loro-v1.5.0", "python-v1.4.0", "@loro/js@2.0.0", "js-v1.0.0"]) {
        await git("tag", tag);
      }
      await commit("Go on");
    },
    drafted: ["loro - -", "loro-python python-v{version} -", "@loro/js {name}@{version} -"],
    planned: ["loro 1.5.1", "loro-python 1.4.1", "@loro/js 2.0.1"],
  },
  {
    name: "one package, tagged by the version alone",
    arrange: async ({ commit, git }) => {
      await commit("Start", { "core/Cargo.toml": crate("solo", "3.0.0") });
      await git("tag", "--annotate", "--message", "3", "v3.0.0");
      await commit("Go on");
    },
    drafted: ["solo v{version} -"],
    planned: ["solo 3.0.1"],
  },
  {
    name: "a bare tag for the rest, and one of the language for the wheel",
    arrange: async ({ commit, git }) => {
      await commit("Start", {
        "rust/Cargo.toml": crate("lance", "0.17.0"),
        "python/pyproject.toml": wheel("lance-py", "0.20.0"),
      });
      await git("tag", "v0.17.0");
      await git("tag", "python-v0.20.0");
      await commit("Go on", { "rust/Cargo.toml": crate("lance", "0.17.1-beta.0") });
    },
    drafted: ["lance v{version} -", "lance-py python-v{version} -"],
    planned: ["lance 0.17.1", "lance-py 0.20.1"],
  },
  {
    name: "a release branch that was never merged",
    arrange: async ({ commit, git }) => {
      await commit("Start", {
        "core/Cargo.toml": crate("slate", "0.5.0"),
        "py/pyproject.toml": wheel("slate-py", "0.5.0"),
      });
      await git("switch", "--quiet", "--create", "release-0.6");
      await commit("Release", {
        "core/Cargo.toml": crate("slate", "0.6.0"),
        "py/pyproject.toml": wheel("slate-py", "0.6.0"),
      });
      await git("tag", "v0.6.0");
      await git("switch", "--quiet", "main");
      await commit("Go on");
    },
    drafted: ["slate - 0.6.1", "slate-py - 0.6.1"],
    carried: { "slate-v0.6.0": "main~1", "slate-py-v0.6.0": "main~1" },
    notes: [
      /^slate: v0\.6\.0 released it as 0\.6\.0, on a branch that HEAD does not descend from; a tag slate-v0\.6\.0 on the commit where the two part carries that over$/,
    ],
    planned: ["slate 0.6.1", "slate-py 0.6.1"],
  },
  {
    name: "its own default tags, the highest of them on another branch",
    arrange: async ({ commit, git }) => {
      await commit("Start", { "core/Cargo.toml": crate("solo", "0.5.0") });
      await git("tag", "solo-v0.5.0");
      await git("switch", "--quiet", "--create", "release-0.6");
      await commit("Release", { "core/Cargo.toml": crate("solo", "0.6.0") });
      await git("tag", "solo-v0.6.0");
      await git("switch", "--quiet", "main");
      await commit("Go on");
    },
    drafted: ["solo - -"],
    notes: [
      /^solo-v0\.6\.0 stands on a branch that HEAD does not descend from, and plans count from solo-v0\.5\.0: merge that branch, or release above it once with --release solo@0\.6\.1$/,
    ],
    planned: ["solo 0.5.1"],
  },
  {
    name: "a bare tag above those that name the package",
    arrange: async ({ commit, git }) => {
      await commit("Start", { "core/Cargo.toml": crate("solo", "1.9.0") });
      for (const tag of ["solo@1.2.3", "v1.9.0"]) await git("tag", tag);
      await commit("Go on");
    },
    drafted: ["solo v{version} -"],
    notes: [/^solo: tags such as solo@1\.2\.3 are left aside, since v1\.9\.0 is the highest$/],
    planned: ["solo 1.9.1"],
  },
  {
    name: "a highest tag that is a pre-release, of a package that is alone",
    arrange: async ({ commit, git }) => {
      await commit("Start", { "core/Cargo.toml": crate("solo", "1.0.0") });
      await git("tag", "v1.0.0");
      await commit("Try", { "core/Cargo.toml": crate("solo", "1.1.0-rc.2") });
      for (const tag of ["v1.1.0-rc.1", "v1.1.0-rc.2"]) await git("tag", tag);
      await commit("Go on");
    },
    drafted: ["solo v{version} -"],
    planned: ["solo 1.1.0"],
  },
  {
    name: "one tag for all, the highest of them a pre-release",
    arrange: async ({ commit, git }) => {
      await commit("Release", {
        "core/Cargo.toml": crate("tok", "1.0.0"),
        "py/pyproject.toml": wheel("tok-py", "1.0.0"),
      });
      await git("tag", "v1.0.0");
      await commit("Try", {
        "core/Cargo.toml": crate("tok", "2.0.0-beta.1"),
        "py/pyproject.toml": wheel("tok-py", "2.0.0b1"),
      });
      await git("tag", "v2.0.0-beta.1");
      await commit("Go on");
    },
    drafted: ["tok - 2.0.0", "tok-py - 2.0.0"],
    carried: { "tok-v2.0.0-beta.1": "v2.0.0-beta.1", "tok-py-v2.0.0-beta.1": "v2.0.0-beta.1" },
    planned: ["tok 2.0.0", "tok-py 2.0.0"],
  },
  {
    name: "two packages, each with a scheme of its own, one of which led up to a pre-release",
    arrange: async ({ commit, git }) => {
      await commit("Start", {
        "core/Cargo.toml": crate("tok", "1.4.0"),
        "py/pyproject.toml": wheel("tok-py", "0.3.0"),
      });
      for (const tag of ["core-1.3.0", "core-1.4.0", "py/v0.2.0", "py/v0.3.0-rc.1"]) {
        await git("tag", tag);
      }
      await commit("Go on");
    },
    drafted: ["tok core-{version} -", "tok-py py/v{version} -"],
    planned: ["tok 1.4.1", "tok-py 0.3.0"],
  },
  {
    name: "tags that nobody here can read or has",
    arrange: async ({ commit, git }) => {
      await commit("Start", { "core/Cargo.toml": crate("odd", "2.0.0") });
      for (const tag of ["2024-05", "v1.2", "other-v1.0.0"]) await git("tag", tag);
      await commit("Go on");
    },
    drafted: ["odd - 2.0.0"],
    notes: [
      /^Tags such as other-v1\.0\.0 are of no package that is declared$/,
      /^2 tags stand for no version that is read here, such as v1\.2: what they released is not known$/,
    ],
    planned: ["odd 2.0.0"],
  },
];

async function piot(repo: GitRepo, ...argv: readonly string[]): Promise<Record<string, unknown>> {
  const host = testHost({ cwd: repo.path, env: GIT_ENV });
  const makeHost = (): typeof host => host;
  await main({ argv: [...argv, "--json"], makeHost, isTTY: false });
  return JSON.parse(host.written.stdout) as Record<string, unknown>;
}

for (const { name, arrange, drafted, carried = {}, notes = [], planned } of ROWS) {
  test(`init goes on from ${name}`, await needs("git"), async () => {
    await using repo = await gitRepo();
    await arrange(repo);
    const document = await piot(repo, "init");
    const text = await readFile(join(repo.path, "putitoutthere.toml"), "utf8");
    const { packages } = parseConfig(text, "putitoutthere.toml");
    assert.deepEqual(
      packages.map((pkg) =>
        [
          pkg.name,
          pkg.tagFormat === "{name}-v{version}" ? "-" : pkg.tagFormat,
          pkg.firstVersion === "0.1.0" ? "-" : pkg.firstVersion,
        ].join(" ")
      ),
      drafted,
    );
    const told = document["notes"] as readonly string[];
    for (const note of notes) assert.ok(told.some((text) => note.test(text)), told.join("\n"));
    const commands = document["commands"] as readonly string[];
    const wanted = await Promise.all(
      Object.entries(carried).map(async ([tag, on]) =>
        `git tag ${tag} ${await repo.git("rev-parse", `${on}^{commit}`)}`
      ),
    );
    assert.deepEqual(commands, wanted);
    for (const command of commands) await repo.git(...command.split(" ").slice(1));
    await repo.commit("Change everything", CHANGE);
    const plan = await piot(repo, "plan") as {
      packages: readonly { name: string; version: string }[];
    };
    assert.deepEqual(plan.packages.map(({ name, version }) => `${name} ${version}`), planned);
  });
}

test(
  "a tag of a tag is no release that init goes on from: no plan would see it",
  await needs("git"),
  async () => {
    for (const isNested of [false, true]) {
      await using repo = await gitRepo({ "package.json": npm("demo", "1.2.3") });
      await repo.git("tag", "--annotate", "--message=inner", "inner", "HEAD");
      const on = isNested ? "inner" : "HEAD";
      await repo.git("tag", "--annotate", "--message=release", "v1.2.3", on);
      const host = testHost({ cwd: repo.path, env: GIT_ENV });
      assert.equal(await main({ argv: ["init"], makeHost: () => host, isTTY: false }), 0);
      const text = await readFile(join(repo.path, "putitoutthere.toml"), "utf8");
      assert.equal(/^tag_format = "v\{version\}"$/m.test(text), !isNested, text);
    }
  },
);
