import assert from "node:assert/strict";
import { test } from "node:test";
import { rehearse } from "../../../../src/command/rehearse.ts";
import { gitRepo } from "../../../support/git_repo.ts";
import {
  configOf as tomlOf,
  newUser,
  npmPackage,
  packageJson,
  rehearseIn,
  repoOf,
} from "../../../support/rehearsal.ts";
import { needs, programEnv } from "../../../support/tools.ts";
import { testHost } from "../../../support/test_host.ts";

const withGit = await needs("git");
/** Nobody listens there. */
const NOWHERE = "http://127.0.0.1:9/";

const [LINUX, MAC] = ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin"];

function configOf(keys: string, targets: readonly string[]): string {
  return `[putitoutthere]
version = 1

[[package]]
name = "tool"
kind = "npm"
${keys}path = "tool"
paths = ["tool/**"]
build = "bundled-cli"
targets = ${JSON.stringify(targets)}
`;
}

const MANIFEST = JSON.stringify({
  name: "tool",
  version: "0.0.0",
  repository: "github:ada/engine",
  license: "MIT",
});

for (
  const { name, before, now, manifest = MANIFEST, names, warns } of [
    {
      name: "a target that is new since the tag is a package that npm does not know",
      before: configOf("", [LINUX]),
      now: configOf("", [LINUX, MAC]),
      names: [`tool oidc`, `tool-${MAC} token`, `tool-${LINUX} oidc`],
      warns: [],
    },
    {
      name: "a package that was released under another name is new under this one",
      before: configOf("", [LINUX]),
      now: configOf('npm = "tool2"\n', [LINUX]),
      manifest: MANIFEST.replace('"tool"', '"tool2"'),
      names: ["tool2 token", `tool2-${LINUX} token`],
      warns: [],
    },
    {
      name: "a configuration that cannot be read at the tag is told, and today's counts",
      before: "[putitoutthere]\nversion = 7\n",
      now: configOf("", [LINUX]),
      names: ["tool oidc", `tool-${LINUX} oidc`],
      warns: [
        /^the configuration at tool-v1\.0\.0 does not tell how tool was released \(Cannot use putitoutthere\.toml: 2 problems\)/,
      ],
    },
    {
      name: "a package that the configuration at its tag did not have is told, and today's counts",
      before: configOf("", [LINUX]).replace('name = "tool"', 'name = "gadget"\nnpm = "tool"'),
      now: configOf("", [LINUX]),
      names: ["tool oidc", `tool-${LINUX} oidc`],
      warns: [/^the configuration at tool-v1\.0\.0 does not tell how tool was released/],
    },
  ]
) {
  test(`the past of a trusted rehearsal is that of the tags: ${name}`, withGit, async () => {
    await using repo = await gitRepo({
      "putitoutthere.toml": before,
      "tool/package.json": MANIFEST,
    });
    await repo.git("tag", "tool-v1.0.0");
    await repo.commit("Change", { "putitoutthere.toml": now, "tool/package.json": manifest });
    const host = testHost({ cwd: repo.path, env: programEnv() });
    const rehearsal = await rehearse(host, { oidc: true, release: ["tool@1.1.0"] });
    assert.deepEqual(rehearsal.problems, []);
    const [outcome] = rehearsal.runs[0]!.outcomes;
    const found = outcome?.authorisation?.names.map(({ name, credential }) =>
      `${name} ${credential}`
    );
    assert.deepEqual([...found ?? []].sort(), [...names].sort());
    const warnings = rehearsal.warnings.filter((warning) => /does not tell how/.test(warning));
    assert.equal(warnings.length, warns.length);
    for (const [index, pattern] of warns.entries()) assert.match(warnings[index]!, pattern);
  });
}

const NPM = { repository: "github:ada/engine", license: "MIT" };
const WHEEL = (name: string): Record<string, string> => ({
  [`${name}/pyproject.toml`]: `[project]\nname = "${name}"\ndynamic = ["version"]\n`,
});

test(
  "whatever was released is there without --oidc too: what did not change, and what was of another kind",
  withGit,
  async () => {
    const common = [npmPackage("still"), npmPackage("tool")];
    const moved = { name: "moved", path: "moved", paths: ["moved/**"] };
    await using repo = await repoOf([...common, { ...moved, kind: "pypi" }], {
      "still/package.json": packageJson("still", NPM),
      "tool/package.json": packageJson("tool", NPM),
      ...WHEEL("moved"),
    });
    for (const tag of ["still-v1.2.0", "tool-v0.3.0", "tool-v0.4.0", "moved-v0.9.0"]) {
      await repo.git("tag", tag);
    }
    await repo.commit("Move", {
      "putitoutthere.toml": tomlOf(...common, { ...moved, kind: "npm" }),
      "moved/package.json": packageJson("moved", NPM),
      "tool/index.js": "1;\n",
    });
    await using user = await newUser({ ".npmrc": `registry=${NOWHERE}\n` });
    const { problems, warnings, told, runs, held } = await rehearseIn(repo.path, { user });
    assert.deepEqual([problems, warnings], [[], []]);
    assert.deepEqual(runs[0]?.outcomes.map(({ name, version }) => `${name} ${version}`), [
      "tool 0.4.1",
      "moved 0.9.1",
    ]);
    assert.deepEqual(held.files.map(({ registry, file }) => `${registry} ${file}`), [
      "PyPI moved-0.9.0.tar.gz",
      "npm moved@0.9.1",
      "npm still@1.2.0",
      "npm tool@0.3.0",
      "npm tool@0.4.0",
      "npm tool@0.4.1",
    ]);
    assert.ok(
      told.includes(
        "the registries hold what the tags tell of: still 1.2.0, tool 0.4.0, moved 0.9.0",
      ),
      told.join("\n"),
    );
  },
);

test(
  "a job that the configuration at the tag did not name is refused, and told before",
  withGit,
  async () => {
    const wheel = { name: "lib", kind: "pypi", path: "lib", paths: ["lib/**"] };
    const policyOf = (workflow: string): string =>
      tomlOf(npmPackage("tool"), wheel).replace(
        /^paths = .*$/gm,
        `$&\ntrust_policy = { workflow = "${workflow}" }`,
      );
    await using repo = await gitRepo({
      "putitoutthere.toml": policyOf("old.yml"),
      "tool/package.json": packageJson("tool", NPM),
      ...WHEEL("lib"),
    });
    for (const tag of ["tool-v1.0.0", "lib-v1.0.0"]) await repo.git("tag", tag);
    await repo.commit("Change", {
      "putitoutthere.toml": policyOf("release.yml"),
      "tool/index.js": "1;\n",
      "lib/lib.py": "",
    });
    await using user = await newUser({ ".npmrc": `registry=${NOWHERE}\n` });
    const { warnings, runs, ok } = await rehearseIn(repo.path, { user, oidc: true });
    const [tool, lib] = runs[0]!.outcomes;
    assert.ok(tool?.status === "failed");
    assert.equal(tool.failure.code, "PIOT_TRUST_DOWNGRADE");
    assert.match(tool.failure.message, /404|not found/i);
    assert.equal(lib?.status, "published");
    assert.deepEqual(lib.authorisation?.names.map(({ credential }) => credential), ["token"]);
    const told = warnings.filter((warning) => /^the registry has on file for /.test(warning));
    assert.match(told[0]!, /for tool what the configuration at tool-v1\.0\.0 declares, old\.yml/);
    assert.match(told[1]!, /for lib what the configuration at lib-v1\.0\.0 declares, old\.yml/);
    assert.equal(ok, false);
  },
);
