import assert from "node:assert/strict";
import { test } from "node:test";
import { rehearse } from "../../../src/command/rehearse.ts";
import { gitRepo } from "../../support/git_repo.ts";
import { needs, programEnv } from "../../support/tools.ts";
import { testHost } from "../../support/test_host.ts";

const withGit = await needs("git");

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
