import { test } from "node:test";
import assert from "node:assert/strict";
import { rehearse } from "../../src/command/rehearse.ts";
import { holdEarlierRelease } from "../../src/rehearsal/pypi/earlier_release.ts";
import { bundleOf } from "../../src/rehearsal/pypi/attestation_bundle.ts";
import { makeSdist } from "../../src/rehearsal/synthesise/python_distribution.ts";
import type { Event } from "../../src/report/report.ts";
import { attest } from "../support/attest.ts";
import { gitRepo } from "../support/git_repo.ts";
import { type ReleaseWorld, releaseWorld } from "../support/release_world.ts";
import { testHost } from "../support/test_host.ts";
import { needs, programEnv } from "../support/tools.ts";
import { verifyBundle } from "../support/verify_bundle.ts";

const withGit = await needs("git");
const JOB = { repository: "putitoutthere/pebble", workflow: "release.yml" } as const;
const NAME = "pebble";

/** The example, with a project that exists at 0.0.1, is tagged so, and trusts this job. */
async function trustedWorld(): Promise<ReleaseWorld> {
  const world = await releaseWorld({ job: JOB });
  const { pypi } = world.services;
  const sdist = await makeSdist({ name: NAME, version: "0.0.1" });
  holdEarlierRelease(pypi, { name: NAME, version: "0.0.1", owner: "rehearsal", sdist });
  pypi.publishers.push({ project: NAME, ...JOB });
  await world.git.run(["tag", "pebble-v0.0.1", "HEAD"]);
  await world.commit("Change", { "README.md": "more\n" });
  return world;
}

test(
  "publish goes to PyPI by trusted publishing, attests every file, tags, and shows no secret",
  withGit,
  async () => {
    await using world = await trustedWorld();
    delete world.env["PYPI_API_TOKEN"];
    const { pypi, job } = world.services;
    const run = await world.piot("publish", "--json", "--release", `${NAME}@0.1.0`);
    assert.equal(run.status, 0, run.stderr);
    assert.match(
      run.stderr,
      /trusted publishing of putitoutthere\/pebble, release\.yml; with attestations/,
    );
    const files = [...pypi.files.values()].filter(({ version }) => version === "0.1.0");
    assert.equal(files.length, 2);
    for (const { attestations = [] } of files) {
      await verifyBundle(bundleOf(attestations[0]!), job!.sigstore.trustedRoot);
    }
    assert.ok((await world.tags()).includes("pebble-v0.1.0"));
    const { packages } = JSON.parse(run.stdout) as {
      packages: readonly {
        authorisation?: { names?: readonly { evidence: readonly string[] }[] };
      }[];
    };
    assert.deepEqual(packages[0]?.authorisation?.names?.[0]?.evidence, ["attestations"]);

    const masked = run.stderr.split("\n")
      .flatMap((line) => /^::add-mask::(.+)$/.exec(line)?.[1] ?? []);
    const minted = [...pypi.tokens].flatMap(([token, { holder }]) =>
      "publisher" in holder ? [token] : []
    );
    const shown = run.stderr.split("\n").filter((line) => !line.startsWith("::add-mask::"));
    for (const secret of [...job!.identity.issued, ...minted]) {
      assert.ok(masked.includes(secret), "a secret was not masked");
      assert.equal([...shown, run.stdout].some((line) => line.includes(secret)), false);
    }
  },
);

test(
  "a token does not stand in for a trusted publisher that attested before, and the next run ships what this one held back",
  withGit,
  async () => {
    await using world = await trustedWorld();
    const { pypi } = world.services;
    const [[name, held] = []] = [...pypi.files];
    const attestations = [attest({ fileName: name!, bytes: held!.bytes })];
    pypi.files.set(name!, { ...held!, attestations });
    world.services.breakNext("PyPI", {
      matches: ({ path }) => path === "/_/oidc/mint-token",
      how: { status: 500 },
      times: 4,
    });
    const release = ["publish", "--json", "--release", `${NAME}@0.1.0`] as const;
    const refused = await world.piot(...release);
    assert.equal(refused.status, 1);
    const { packages } = JSON.parse(refused.stdout) as {
      packages: readonly { failure?: { code: string; message: string } }[];
    };
    assert.equal(packages[0]?.failure?.code, "PIOT_TRUST_DOWNGRADE");
    assert.match(
      packages[0]?.failure?.message ?? "",
      /attestations there, none here; .* and trusted publishing failed: PyPI answers 500/,
    );
    assert.equal(pypi.files.size, 1);

    const next = await world.piot(...release);
    assert.equal(next.status, 0, next.stderr);
    assert.equal(pypi.files.size, 3);
    assert.ok([...pypi.files.values()].every((file) => file.attestations?.length === 1));
  },
);

const CONFIG = `[putitoutthere]
version = 1

[[package]]
name = "alpha"
kind = "pypi"
path = "alpha"
paths = ["alpha/**"]
[package.trust_policy]
workflow = "publish.yml"
environment = "release"

[[package]]
name = "beta"
kind = "pypi"
path = "beta"
paths = ["beta/**"]
`;

function pyproject(name: string): string {
  return `[project]\nname = "${name}"\nversion = "0.0.0"\n`;
}

test(
  "rehearse --oidc is a job that PyPI trusts: a released project needs no token, a new one does",
  withGit,
  async () => {
    await using repo = await gitRepo({
      "putitoutthere.toml": CONFIG,
      "alpha/pyproject.toml": pyproject("alpha"),
      "beta/pyproject.toml": pyproject("beta"),
    });
    await repo.git("remote", "add", "origin", "https://github.com/ada/engine.git");
    await repo.git("tag", "alpha-v1.4.0");
    await repo.commit("Change", { "alpha/a.py": "1\n", "beta/b.py": "1\n" });
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
    const whys = events.flatMap((event) =>
      event.type === "credential" ? [`${event.release.name} ${event.kind}: ${event.why}`] : []
    ).sort();
    assert.equal(
      whys[0],
      "alpha oidc: trusted publishing of ada/engine, publish.yml in environment release; with attestations",
    );
    assert.match(
      whys[1] ?? "",
      /^beta token: PYPI_API_TOKEN, since PyPI trusts this job, but has no project "beta"/,
    );
  },
);
