import { test } from "node:test";
import assert from "node:assert/strict";
import { rehearse } from "../../src/command/rehearse.ts";
import type { Event } from "../../src/report/report.ts";
import { gitRepo } from "../support/git_repo.ts";
import { needs, programEnv } from "../support/tools.ts";
import { testHost } from "../support/test_host.ts";

const withGit = await needs("git");

const CONFIG = `[putitoutthere]
version = 1

[[package]]
name = "alpha"
kind = "npm"
path = "alpha"
paths = ["alpha/**"]
[package.trust_policy]
workflow = "publish.yml"
environment = "release"

[[package]]
name = "beta"
kind = "npm"
path = "beta"
paths = ["beta/**"]
`;

function packageJson(name: string): string {
  return JSON.stringify({ name, version: "0.0.0", repository: "github:ada/engine" });
}

test(
  "rehearse --oidc is a trusted job: a released package needs no token, a new one does",
  withGit,
  async () => {
    await using repo = await gitRepo({
      "putitoutthere.toml": CONFIG,
      "alpha/package.json": packageJson("alpha"),
      "beta/package.json": packageJson("beta"),
    });
    await repo.git("remote", "add", "origin", "https://github.com/ada/engine.git");
    await repo.git("tag", "alpha-v1.4.0");
    await repo.commit("Change", { "alpha/index.js": "1;\n", "beta/index.js": "1;\n" });
    const events: Event[] = [];
    const rehearsal = await rehearse(testHost({ cwd: repo.path, env: programEnv() }), {
      oidc: true,
      onEvent: (event) => void events.push(event),
    });
    assert.equal(rehearsal.ok, true);
    assert.deepEqual(
      rehearsal.runs.map(({ outcomes }) =>
        outcomes.map(({ name, version, status }) => `${name} ${version} ${status}`)
      ),
      [
        ["alpha 1.4.1 published", "beta 0.1.0 published"],
        ["alpha 1.4.1 skipped", "beta 0.1.0 skipped"],
      ],
    );
    // Both ask at once; who is answered first is not told.
    const whys = events.flatMap((event) =>
      event.type === "credential" ? [`${event.release.name} ${event.kind}: ${event.why}`] : []
    ).sort();
    assert.equal(
      whys[0],
      "alpha oidc: trusted publishing of ada/engine, publish.yml in environment release; with provenance",
    );
    assert.match(whys[1] ?? "", /^beta token: NODE_AUTH_TOKEN, .*404 OIDC token exchange error/);
    assert.equal(whys.length, 2);
  },
);

test(
  "rehearse shows that a token does not stand in for a trusted publisher that released before, and that the next run recovers",
  withGit,
  async () => {
    await using repo = await gitRepo({
      "putitoutthere.toml": CONFIG.replace(/\[package\.trust_policy\][^[]*/, ""),
      "alpha/package.json": packageJson("alpha"),
      "beta/package.json": packageJson("beta"),
    });
    await repo.git("remote", "add", "origin", "https://github.com/ada/engine.git");
    await repo.git("tag", "alpha-v1.4.0");
    await repo.commit("Change", { "alpha/index.js": "1;\n", "beta/index.js": "1;\n" });
    const rehearsal = await rehearse(testHost({ cwd: repo.path, env: programEnv() }), {
      oidc: true,
      fault: ["npm-exchange#1+:500"],
    });
    const [first, ...later] = rehearsal.runs.map(({ outcomes }) =>
      outcomes.map((one) => one.status === "failed" ? one.failure.code : one.status)
    );
    assert.deepEqual(first, ["PIOT_TRUST_DOWNGRADE", "published"]);
    assert.deepEqual(later, [["published", "skipped"], ["skipped", "skipped"]]);
    const [refused] = rehearsal.runs[0]!.outcomes;
    assert.ok(refused?.status === "failed");
    assert.match(
      refused.failure.message,
      /alpha 1\.4\.1 shows less of its origin than 1\.4\.0, the version before it: trusted publisher there, none here; trusted publishing failed: npm answers 500/,
    );
    assert.equal(rehearsal.ok, true);
  },
);

test(
  "rehearse --allow-downgrade lets the named package be published with a token, and says what is lost",
  withGit,
  async () => {
    await using repo = await gitRepo({
      "putitoutthere.toml": CONFIG.replace(/\[package\.trust_policy\][^[]*/, ""),
      "alpha/package.json": packageJson("alpha"),
      "beta/package.json": packageJson("beta"),
    });
    await repo.git("remote", "add", "origin", "https://github.com/ada/engine.git");
    await repo.git("tag", "alpha-v1.4.0");
    await repo.commit("Change", { "alpha/index.js": "1;\n", "beta/index.js": "1;\n" });
    const rehearsal = await rehearse(testHost({ cwd: repo.path, env: programEnv() }), {
      oidc: true,
      fault: ["npm-exchange#1+:500"],
      allowDowngrade: ["alpha"],
    });
    assert.deepEqual(rehearsal.problems, []);
    assert.deepEqual(
      rehearsal.runs[0]!.outcomes.map(({ name, status }) => `${name} ${status}`),
      ["alpha published", "beta published"],
    );
    assert.ok(
      rehearsal.warnings.some((warning) =>
        /alpha 1\.4\.1 shows less of its origin than 1\.4\.0/.test(warning)
      ),
      rehearsal.warnings.join("\n"),
    );
  },
);
