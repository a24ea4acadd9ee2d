import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { decideJob } from "../../../src/command/rehearse/trusted_job.ts";
import type { Package } from "../../../src/core/model/package.ts";
import { npmPackage } from "../../registry/npm/world.ts";
import { tempFolder } from "../../support/temp.ts";

const COMMIT = "b".repeat(40);
const POLICY = { repository: "eve/loom", workflow: "ship.yml", environment: "prod" };
const PLAIN = { "package.json": JSON.stringify({ name: "a", version: "0.0.0" }) };
const PROVEN = {
  "package.json": JSON.stringify({
    ...{ name: "a", version: "0.0.0", repository: "github:ada/engine" },
    publishConfig: { provenance: true },
  }),
};

const ROWS: readonly {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly policy?: Package["trustPolicy"];
  readonly isTrusted?: boolean;
  readonly repository?: string;
  readonly is: Awaited<ReturnType<typeof decideJob>>;
}[] = [
  {
    name: "a rehearsal that nobody asks a proof of is nobody's job",
    files: PLAIN,
    is: { repository: "rehearsal/repository", job: undefined, becauseOf: [] },
  },
  {
    name: "a package that asks for proof has a job of its own repository",
    files: PROVEN,
    is: {
      repository: "ada/engine",
      job: { repository: "ada/engine", workflow: "release.yml", commit: COMMIT },
      becauseOf: ["a"],
    },
  },
  {
    name: "a trusted job that was asked for is for nobody's sake",
    files: PROVEN,
    isTrusted: true,
    is: {
      repository: "ada/engine",
      job: { repository: "ada/engine", workflow: "release.yml", commit: COMMIT },
      becauseOf: [],
    },
  },
  {
    name: "the repository that is known goes before what manifests name",
    files: PROVEN,
    repository: "ada/known",
    is: {
      repository: "ada/known",
      job: { repository: "ada/known", workflow: "release.yml", commit: COMMIT },
      becauseOf: ["a"],
    },
  },
  {
    name: "a trusted job is the one that a policy describes",
    files: PLAIN,
    policy: POLICY,
    isTrusted: true,
    is: {
      repository: "rehearsal/repository",
      job: { ...POLICY, commit: COMMIT },
      becauseOf: [],
    },
  },
];
for (const { name, files, policy, isTrusted = false, repository, is } of ROWS) {
  test(name, async () => {
    const tree = Object.fromEntries(
      Object.entries(files).map(([path, text]) => [join("a", path), text]),
    );
    await using folder = await tempFolder(tree);
    const pkg = npmPackage({ name: "a", registryName: "a", path: "a" });
    const packages = [policy === undefined ? pkg : { ...pkg, trustPolicy: policy }];
    const known = { root: folder.path, isTrusted, commit: COMMIT, repository };
    assert.deepEqual(await decideJob(packages, known), is);
  });
}
