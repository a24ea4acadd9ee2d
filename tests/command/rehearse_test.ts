import assert from "node:assert/strict";
import { test } from "node:test";
import { type Rehearsal, rehearse } from "../../src/command/rehearse.ts";
import { exampleTargets } from "../../src/rehearsal/example_targets.ts";
import { hostTriple } from "../../src/rehearsal/example_targets.ts";
import { makeSdist } from "../../src/rehearsal/synthesise/python_distribution.ts";
import { EXAMPLE_FAULTS } from "../support/fault_rows.ts";
import { tempFolder } from "../support/temp.ts";
import { needs, programEnv } from "../support/tools.ts";
import { testHost } from "../support/test_host.ts";

const withCargo = await needs("git", "cargo");
const withClients = await needs("git", "cargo", "rustc", "pip", "npm");
const TARGETS = exampleTargets(await hostTriple());

function rehearseExample(
  options: { fault?: readonly string[]; install?: boolean; stage?: boolean },
): Promise<Rehearsal> {
  return rehearse(testHost({ env: programEnv() }), { example: true, ...options });
}

/** One that meets nothing, for all tests that only look at it; what it released is installed, which changes nothing. */
let clean: Promise<Rehearsal> | undefined;
function cleanRehearsal(): Promise<Rehearsal> {
  return clean ??= rehearseExample({ install: true });
}

/** What a release leaves behind, in an order that no timing changes. */
function finalState({ runs, held }: Rehearsal): unknown {
  const { tags, releases, outcomes } = runs.at(-1)!;
  return {
    tags: tags.map(({ name, commit }) => `${name} ${commit}`).sort(),
    releases: [...releases].sort(),
    outcomes: outcomes.map(({ name, version, status }) => `${name} ${version} ${status}`),
    held,
  };
}

/** Files that a registry took: answered with success, or taken with the answer lost. */
function taken(runs: Rehearsal["runs"]): readonly string[] {
  return runs.flatMap((run) => run.uploads.map(({ registry, file }) => `${registry} ${file}`))
    .sort();
}

test(
  "the example is released to all three registries, tagged and announced",
  withCargo,
  async () => {
    const { runs: [first], plan } = await cleanRehearsal();
    assert.deepEqual(taken(first === undefined ? [] : [first]), [
      "PyPI pebble-0.1.0-py3-none-any.whl",
      "PyPI pebble-0.1.0.tar.gz",
      "crates.io pebble-core-0.1.0.crate",
      ...TARGETS.map((triple) => `npm @putitoutthere/pebble-cli-${triple}@0.1.0`).sort(),
      "npm @putitoutthere/pebble-cli@0.1.0",
      "npm @putitoutthere/pebble@0.1.0",
    ]);
    const tags = ["pebble-cli-v0.1.0", "pebble-core-v0.1.0", "pebble-js-v0.1.0", "pebble-v0.1.0"];
    assert.deepEqual(first?.tags, tags.map((name) => ({ name, commit: plan.head })));
    assert.deepEqual([...first?.releases ?? []].sort(), tags);
  },
);

test("a wheel goes out only after the crate that it depends on", withCargo, async () => {
  const { runs: [first] } = await cleanRehearsal();
  const order = first?.writes.map(({ service, path }) => `${service} ${path}`) ?? [];
  assert.ok(order.indexOf("crates.io /api/v1/crates/new") < order.indexOf("PyPI /legacy/"));
});

test(
  "the main package of a family goes out only after all of its platform packages",
  withCargo,
  async () => {
    const { runs: [first] } = await cleanRehearsal();
    const files = first?.uploads.filter(({ package: name }) => name === "pebble-cli")
      .map(({ file }) => file) ?? [];
    assert.equal(files.length, TARGETS.length + 1);
    assert.equal(files.at(-1), "@putitoutthere/pebble-cli@0.1.0");
  },
);

test(
  "a family without its main package has no tag, and the next run sends that package alone",
  withCargo,
  async () => {
    const { runs: [broken, mended], ok } = await rehearseExample({
      fault: ["npm-upload=@putitoutthere/pebble-cli:500"],
    });
    const of = (run: Rehearsal["runs"][number] | undefined): readonly string[] =>
      run?.uploads.filter(({ package: name }) => name === "pebble-cli").map(({ file }) => file) ??
        [];
    assert.equal(of(broken).length, TARGETS.length);
    assert.equal(broken?.tags.some(({ name }) => name.startsWith("pebble-cli")), false);
    assert.deepEqual(of(mended), ["@putitoutthere/pebble-cli@0.1.0"]);
    assert.equal(mended?.tags.some(({ name }) => name.startsWith("pebble-cli")), true);
    assert.equal(ok, true);
  },
);

test(
  "the program for this machine is built, and those for other machines are made up",
  withClients,
  async () => {
    const { artifacts } = await cleanRehearsal();
    const host = await hostTriple();
    const programs = artifacts.filter(({ name }) =>
      TARGETS.some((one) => name.endsWith(`-${one}`))
    );
    assert.deepEqual(
      programs.map(({ name, from }) => [name, from]),
      TARGETS.map((one) => [`pebble-cli-${one}`, one === host ? "given" : "synthesised"]),
    );
  },
);

test(
  "artifacts are looked for from the host's folder, and what is not among them is made up",
  withCargo,
  async () => {
    const { fileName, bytes } = await makeSdist({ name: "pebble", version: "0.1.0" });
    await using folder = await tempFolder({ [`built/pebble-sdist/${fileName}`]: bytes });
    const host = testHost({ cwd: folder.path, env: programEnv() });
    const { artifacts, ok } = await rehearse(host, { example: true, artifacts: "built" });
    const origins = artifacts.filter(({ package: name }) => name === "pebble")
      .map(({ name, from }) => [name, from]);
    assert.deepEqual(origins, [["pebble-wheel-any", "synthesised"], ["pebble-sdist", "given"]]);
    assert.equal(ok, true);
  },
);

test(
  "as a job that may only stage, the example's npm packages wait for approval, and are tagged after it",
  withCargo,
  async () => {
    const { runs, held, ok } = await rehearseExample({ stage: true });
    assert.deepEqual(
      runs.map(({ outcomes }) =>
        [...outcomes].sort((one, other) => one.name < other.name ? -1 : 1)
          .map(({ status }) => status).join(" ")
      ),
      [
        "staged published staged published",
        "healed skipped healed skipped",
        "skipped skipped skipped skipped",
      ],
    );
    const released = held.files.filter(({ file }) => file.endsWith("@0.1.0"));
    assert.equal(released.length, TARGETS.length + 2);
    assert.deepEqual(
      released.filter(({ provenance, entries }) => !provenance || entries !== 1),
      [],
    );
    assert.equal(ok, true);
  },
);

test("an sdist goes out only after the wheels", withCargo, async () => {
  const { runs: [first] } = await cleanRehearsal();
  const files = first?.uploads.filter(({ registry }) => registry === "PyPI").map(({ file }) =>
    file
  );
  assert.deepEqual(files, ["pebble-0.1.0-py3-none-any.whl", "pebble-0.1.0.tar.gz"]);
});

test(
  "a second run writes nothing, and a new plan of the same commit is empty",
  withCargo,
  async () => {
    const { runs, replanned, ok } = await cleanRehearsal();
    assert.equal(runs.length, 2);
    assert.deepEqual(runs[1]?.writes, []);
    assert.deepEqual(runs[1]?.uploads, []);
    assert.deepEqual(replanned, []);
    assert.equal(ok, true);
  },
);

test("cargo, pip and npm install what was published", withClients, async () => {
  const { installations } = await cleanRehearsal();
  assert.deepEqual(installations, [
    { package: "pebble-core", client: "cargo", state: "installed" },
    { package: "pebble", client: "pip", state: "installed" },
    { package: "@putitoutthere/pebble", client: "npm", state: "installed" },
    {
      package: "pebble-cli",
      client: "npm",
      state: "installed",
      ran: { command: "pebble-cli --version", status: 0, output: "pebble-cli 0.1.0" },
    },
  ]);
});

for (const { faults } of EXAMPLE_FAULTS) {
  test(
    `a run that meets ${
      faults.join(" and ")
    } ends, at the latest when run again, as one that met nothing`,
    withCargo,
    async () => {
      const [clean, broken] = [await cleanRehearsal(), await rehearseExample({ fault: faults })];
      assert.deepEqual(broken.unmet, [], "the fault was met");
      assert.deepEqual(finalState(broken), finalState(clean));
      assert.deepEqual(taken(broken.runs), taken(clean.runs), "every file is taken once");
      assert.equal(broken.ok, true);
    },
  );
}
