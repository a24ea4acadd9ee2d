import assert from "node:assert/strict";
import { test } from "node:test";
import { plan } from "../../../../src/command/plan.ts";
import { readPast } from "../../../../src/command/rehearse/past/read_past.ts";
import { readConfig } from "../../../../src/command/read_config.ts";
import type { Event } from "../../../../src/report/report.ts";
import type { GitRepo } from "../../../support/git_repo.ts";
import { npmPackage, packageJson, repoOf } from "../../../support/rehearsal.ts";
import { needs, programEnv } from "../../../support/tools.ts";
import { writeTree } from "../../../support/temp.ts";
import { testHost } from "../../../support/test_host.ts";

const withGit = await needs("git");

async function pastOf(
  { path: cwd }: GitRepo,
  release?: string,
): Promise<{ readonly said: readonly string[]; readonly git: number; readonly told: string[] }> {
  const host = testHost({ cwd, env: programEnv() });
  const { config: { packages } } = await readConfig({ cwd });
  const told: string[] = [];
  let git = 0;
  const past = await readPast({
    ...{ host, packages, config: undefined },
    plan: await plan(host, release === undefined ? {} : { release: [release] }),
    emit: (event: Event) => void (event.type === "warning" && told.push(event.message)),
    onGit: () => void git++,
  });
  return { said: past.map(({ name, version }) => `${name} ${version}`), git, told };
}

test(
  "fifty packages with three releases each are read by as many git processes as one is",
  withGit,
  async () => {
    const names = Array.from({ length: 50 }, (_, at) => `p${at}`);
    await using repo = await repoOf(names.map((name) => npmPackage(name)), {
      "p0/package.json": packageJson("p0"),
    });
    await repo.git("tag", "p0-v1.0.0");
    const few = await pastOf(repo);
    for (const version of ["1.0.0", "1.1.0", "2.0.0"]) {
      const head = await repo.commit(version, { "README.md": version });
      const refs = names.map((name) => [`.git/refs/tags/${name}-v${version}-rc.1`, `${head}\n`]);
      await writeTree(repo.path, Object.fromEntries(refs));
    }
    const many = await pastOf(repo);
    assert.deepEqual(few.said, ["p0 1.0.0"]);
    assert.equal(many.said.length, 151);
    assert.equal(many.git, few.git);
    assert.equal(few.git, 3);
  },
);

test(
  "every tag counts, whatever it stands on, and what is planned itself is no past",
  withGit,
  async () => {
    await using repo = await repoOf([npmPackage("a"), npmPackage("b")], {
      "a/package.json": packageJson("a"),
      "b/package.json": packageJson("b"),
    });
    await repo.git("tag", "--annotate", "--message", "1", "a-v1.0.0");
    await repo.git("tag", "--annotate", "--message", "2", "a-v1.1.0", "a-v1.0.0");
    await repo.git("tag", "b-v0.1.0");
    await repo.git("tag", "nightly-v1.0.0");
    await repo.git("tag", "a-vnext");
    const { said, told } = await pastOf(repo, "b@0.1.0");
    assert.deepEqual(said, ["a 1.0.0", "a 1.1.0"]);
    assert.deepEqual(told, []);
  },
);

test("a version that the registry of its time cannot hold is told", withGit, async () => {
  const wheel = { name: "w", kind: "pypi", path: "w", paths: ["w/**"] };
  await using repo = await repoOf([wheel], { "w/pyproject.toml": "" });
  await repo.git("tag", "w-v1.0.0-nightly.x");
  await repo.git("tag", "w-v1.0.0");
  const { said, told } = await pastOf(repo);
  assert.deepEqual(said, ["w 1.0.0"]);
  assert.equal(told.length, 1);
  assert.match(told[0]!, /^w-v1\.0\.0-nightly\.x is no release that .* can hold: /);
});
