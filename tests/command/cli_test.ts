import assert from "node:assert/strict";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { main } from "../../src/cli/main.ts";
import { VERSION } from "../../src/host/version.ts";
import { type CliRun, type ReleaseWorld, releaseWorld } from "../support/release_world.ts";
import { readRunnerFile } from "../support/runner.ts";
import { tempFolder } from "../support/temp.ts";
import { testHost } from "../support/test_host.ts";
import { needs } from "../support/tools.ts";

const withGit = await needs("git");

async function run(...argv: readonly string[]): Promise<CliRun> {
  const host = testHost();
  const status = await main({ argv, makeHost: () => host, isTTY: false });
  return { status, ...host.written };
}

test("--version prints the version of deno.json and nothing else", async () => {
  const { version } = JSON.parse(await readFile("deno.json", "utf8"));
  assert.equal(version, VERSION);
  for (const flag of ["--version", "-V"]) {
    assert.deepEqual(await run(flag), { status: 0, stdout: `${VERSION}\n`, stderr: "" });
  }
});

for (const command of ["", "init", "check", "plan", "publish", "rehearse", "schema"]) {
  test(`${command} --help, -h and help ${command} say what there is on standard output`, async () => {
    const words = command === "" ? [] : [command];
    const { status, stdout, stderr } = await run(...words, "--help");
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`^Usage: putitoutthere ${command}`));
    assert.equal(stderr, "");
    for (const argv of [[...words, "-h"], ["help", ...words]]) {
      assert.deepEqual(await run(...argv), { status, stdout, stderr });
    }
  });
}

for (
  const { name, argv, says } of [
    {
      name: "an unknown command",
      argv: ["pubish"],
      says: /unknown command 'pubish'[^]*Did you mean publish\?/,
    },
    {
      name: "an unknown flag",
      argv: ["publish", "--dry-rum"],
      says: /unknown option '--dry-rum'[^]*--dry-run/,
    },
    { name: "a flag without its value", argv: ["plan", "--at"], says: /--at <ref>/ },
    {
      name: "an unknown graph language",
      argv: ["plan", "--graph", "svg"],
      says: /svg[^]*It takes mermaid, dot\./,
    },
    {
      name: "a mistyped graph language",
      argv: ["plan", "--graph", "mermad"],
      says: /argument 'mermad' is invalid\n[^]*It takes mermaid, dot. Did you mean "mermaid"\?/,
    },
    {
      name: "help for an unknown command",
      argv: ["help", "plna"],
      says: /unknown command 'plna'\n[^]*Did you mean "plan"\?/,
    },
    {
      name: "one folder and another",
      argv: ["plan", "--cwd", "a", "--cwd=b"],
      says: /'--cwd <dir>' argument 'b' is invalid\n[^]*given before, as 'a'/,
    },
    {
      name: "quiet and verbose at once",
      argv: ["--verbose", "plan", "--quiet"],
      says: /'--quiet' cannot be used with option '--verbose'/,
    },
    {
      name: "the example with a configuration",
      argv: ["--config", "x", "rehearse", "--example"],
      says: /'--example' cannot be used with option '--config/,
    },
    {
      name: "a drawing and a matrix at once",
      argv: ["plan", "--graph", "dot", "--quiet", "--matrix"],
      says: /--matrix' cannot be used with option '--graph/,
    },
    {
      name: "an explanation and a drawing at once",
      argv: ["plan", "--explain", "a", "--graph", "dot"],
      says: /'--explain <name>' cannot be used with option '--graph/,
    },
    { name: "an argument that nothing takes", argv: ["plan", "here"], says: /too many arguments/ },
    {
      name: "an unknown fault",
      argv: ["rehearse", "--example", "--fault", "npm"],
      says: /no fault[^]*npm-upload/,
    },
  ]
) {
  test(`${name} is a usage error with exit status 2`, withGit, async () => {
    const { status, stdout, stderr } = await run(...argv);
    assert.match(stderr, /error\[PIOT_USAGE\]/);
    assert.match(stderr, says);
    assert.deepEqual({ status, stdout }, { status: 2, stdout: "" });
  });
}

test("a usage error is one JSON document with --json, also where --json itself is the error", async () => {
  for (
    const argv of [
      ["plan", "--json", "--what"],
      ["--json", "plan", "--what"],
      ["plan", "--graph", "dot", "--json"],
    ]
  ) {
    const { status, stdout } = await run(...argv);
    assert.equal(status, 2);
    assert.equal(JSON.parse(stdout).failure.code, "PIOT_USAGE");
  }
});

test("no command shows the help on standard error with exit status 2", async () => {
  const { status, stdout, stderr } = await run();
  assert.deepEqual({ status, stdout }, { status: 2, stdout: "" });
  assert.match(stderr, /^Usage: putitoutthere/);
});

test("an error that is no Failure is told as a bug, with exit status 4", async () => {
  const host = testHost();
  const broken = {
    ...host,
    stdin: () => Promise.reject(new TypeError("the input is gone")),
  };
  const argv = ["plan", "--release", "-"];
  assert.equal(await main({ argv, makeHost: () => broken, isTTY: false }), 4);
  assert.match(host.written.stderr, /bug in putitoutthere[^]*the input is gone/);
});

test("plan --json prints the plan with the shape that publish reads back", withGit, async () => {
  await using world = await releaseWorld();
  const { status, stdout, stderr } = await world.piot("plan", "--json");
  assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
  const plan = JSON.parse(stdout);
  assert.deepEqual(Object.keys(plan), [
    "schema",
    "head",
    "packages",
    "left_out",
    "warnings",
    "matrix",
  ]);
  const head = (await world.git.text(["rev-parse", "HEAD"])).trim();
  assert.equal(plan.head, head);
  assert.deepEqual(plan.packages[0], {
    name: "pebble",
    kind: "pypi",
    registry_name: "pebble",
    path: "python/pebble",
    version: "0.1.0",
    previous: null,
    bump: null,
    tag: "pebble-v0.1.0",
    depends_on: [],
    reason: "first-release",
    artifacts: [
      {
        target: "any",
        artifact_name: "pebble-wheel-any",
        artifact_path: "python/pebble/dist",
        runs_on: "ubuntu-latest",
        required: true,
      },
      {
        target: "sdist",
        artifact_name: "pebble-sdist",
        artifact_path: "python/pebble/dist",
        runs_on: "ubuntu-latest",
        required: true,
      },
    ],
  });
  const published = await world.piot("publish", "--plan", stdout);
  assert.equal(published.status, 0, published.stderr);
});

test("plan --matrix prints the bare rows", withGit, async () => {
  await using world = await releaseWorld();
  const rows = JSON.parse((await world.piot("plan", "--matrix")).stdout);
  assert.deepEqual(rows.map((row: { artifact_name: string }) => row.artifact_name), [
    "pebble-wheel-any",
    "pebble-sdist",
    "@putitoutthere__pebble-pkg",
  ]);
});

test(
  "plan shows people a table on standard error and leaves standard output empty",
  withGit,
  async () => {
    await using world = await releaseWorld();
    const { stdout, stderr } = await world.piot("plan");
    assert.equal(stdout, "");
    assert.match(stderr, /@putitoutthere\/pebble +npm +0\.1\.0 +first release +pebble-js-v0\.1\.0/);
  },
);

test(
  "plan leaves its outputs, its summary and the whole plan to the workflow",
  withGit,
  async () => {
    await using world = await releaseWorld();
    await using temp = await tempFolder({ out: "", summary: "" });
    const at = (name: string): string => join(temp.path, name);
    Object.assign(world.env, {
      GITHUB_OUTPUT: at("out"),
      GITHUB_STEP_SUMMARY: at("summary"),
      RUNNER_TEMP: temp.path,
    });
    const { status } = await world.piot("plan");
    assert.equal(status, 0);
    const outputs = readRunnerFile(await readFile(at("out"), "utf8"));
    assert.equal(outputs.get("has_rows"), "true");
    assert.equal(outputs.get("has_release"), "true");
    assert.equal(JSON.parse(outputs.get("matrix") ?? "").length, 3);
    assert.equal(
      JSON.parse(await readFile(outputs.get("plan_file") ?? "", "utf8")).packages.length,
      2,
    );
    assert.match(await readFile(at("summary"), "utf8"), /pebble-js-v0\.1\.0/);
  },
);

test(
  "publish leaves what it released to the workflow, and nothing when run again",
  withGit,
  async () => {
    await using world = await releaseWorld();
    await using temp = await tempFolder({ first: "", second: "" });
    const plan = (await world.piot("plan", "--json")).stdout;
    for (const [file, released] of [["first", "true"], ["second", "false"]] as const) {
      world.env.GITHUB_OUTPUT = join(temp.path, file);
      assert.equal((await world.piot("publish", "--plan", plan)).status, 0);
      assert.equal(
        readRunnerFile(await readFile(join(temp.path, file), "utf8")).get("released"),
        released,
      );
    }
  },
);

const FAILED_RUNS: readonly {
  readonly name: string;
  readonly code: string;
  readonly argv?: readonly string[];
  readonly arrange?: (world: ReleaseWorld) => unknown;
}[] = [
  { name: "a flag that is unknown", code: "PIOT_USAGE", argv: ["--dry-rum"] },
  { name: "a folder that is not there", code: "PIOT_USAGE", argv: ["--cwd", "no/such"] },
  { name: "a plan that is none", code: "PIOT_PLAN_INVALID", argv: ["--plan", "{}"] },
  {
    name: "a configuration that cannot be read",
    code: "PIOT_CONFIG_SYNTAX",
    arrange: ({ root }) => writeFile(join(root, "putitoutthere.toml"), "["),
  },
  {
    name: "artifacts that are missing",
    code: "PIOT_SEVERAL_PROBLEMS",
    arrange: ({ artifacts }) => rm(artifacts, { recursive: true }),
  },
  {
    name: "a registry that is down",
    code: "PIOT_REGISTRY_UNKNOWN",
    arrange: ({ services }) =>
      services.breakNext("npm", {
        matches: ({ place }) => place === "npm-read",
        how: { status: 503, body: "down" },
        times: Infinity,
      }),
  },
];
for (const { name, code, argv = [], arrange } of FAILED_RUNS) {
  test(`publish leaves its outputs when it ends with ${name}`, withGit, async () => {
    await using world = await releaseWorld();
    await using temp = await tempFolder({ out: "" });
    world.env.GITHUB_OUTPUT = join(temp.path, "out");
    await arrange?.(world);
    const { status, stdout } = await world.piot("publish", "--json", ...argv);
    assert.notEqual(status, 0);
    const outputs = readRunnerFile(await readFile(join(temp.path, "out"), "utf8"));
    assert.equal(outputs.get("released"), "false");
    assert.equal(outputs.get("released_packages"), "[]");
    const document = JSON.parse(stdout);
    assert.equal(document.failure.code, code);
    assert.deepEqual(JSON.parse(outputs.get("result")!), document, "the document of --json");
  });
}

for (const variable of ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"]) {
  test(
    `publish prints one JSON document when what ${variable} names cannot be written`,
    withGit,
    async () => {
      await using world = await releaseWorld();
      world.env[variable] = join(world.root, "no", "such");
      const { status, stdout } = await world.piot("publish", "--dry-run", "--json");
      assert.equal(status, 1);
      assert.equal(JSON.parse(stdout).failure.code, "PIOT_RUNNER_FILE");
    },
  );
}

test("publish --dry-run passes every check and writes nothing", withGit, async () => {
  await using world = await releaseWorld();
  const { status, stdout, stderr } = await world.piot("publish", "--dry-run", "--json");
  assert.equal(status, 0, stderr);
  const { mode, packages } = JSON.parse(stdout);
  assert.equal(mode, "dry-run");
  assert.deepEqual(
    packages.map(({ status, absent }: { status: string; absent: number }) => `${status} ${absent}`),
    [
      "checked 2",
      "checked 1",
    ],
  );
  assert.deepEqual(world.writes(), []);
});

test(
  "publish releases nothing for a pull request, even without a credential",
  withGit,
  async () => {
    await using world = await releaseWorld();
    Object.assign(world.env, {
      GITHUB_EVENT_NAME: "pull_request",
      NODE_AUTH_TOKEN: "",
      PYPI_API_TOKEN: "",
    });
    const { status, stderr } = await world.piot("publish");
    assert.equal(status, 0, stderr);
    assert.match(stderr, /pull request/i);
    assert.deepEqual(world.writes(), []);
  },
);

test(
  "publish of an empty plan succeeds and says so, and fails with --require-work",
  withGit,
  async () => {
    await using world = await releaseWorld();
    assert.equal((await world.piot("publish")).status, 0);
    const empty = await world.piot("publish");
    assert.equal(empty.status, 0);
    assert.match(empty.stderr, /[Nn]othing/);
    const required = await world.piot("publish", "--require-work");
    assert.equal(required.status, 1);
    assert.match(required.stderr, /PIOT_NO_WORK/);
  },
);

test("publish refuses a plan of another commit", withGit, async () => {
  await using world = await releaseWorld();
  const plan = (await world.piot("plan", "--json")).stdout;
  await world.commit("Move on", { "README.md": "more" });
  const { status, stderr } = await world.piot("publish", "--plan", plan);
  assert.equal(status, 2);
  assert.match(stderr, /PIOT_PLAN_STALE/);
});

test("publish refuses what is not a plan", withGit, async () => {
  await using world = await releaseWorld();
  for (const plan of ['{"schema":2}', "{", "no-such-file.json"]) {
    const { status, stderr } = await world.piot("publish", "--plan", plan);
    assert.equal(status, 2);
    assert.match(stderr, /PIOT_PLAN_INVALID/);
  }
});

test(
  "publish outside git publishes what it is told, tags nothing and says so",
  withGit,
  async () => {
    await using world = await releaseWorld();
    await using folder = await tempFolder();
    await mkdir(join(folder.path, "snapshot"));
    await world.git.run([
      "--work-tree",
      join(folder.path, "snapshot"),
      "checkout",
      "HEAD",
      "--",
      ".",
    ]);
    const argv = [
      "publish",
      "--cwd",
      join(folder.path, "snapshot"),
      "--release",
      "@putitoutthere/pebble@0.3.0",
    ];
    const { status, stderr } = await world.piot(...argv);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /[Nn]othing was tagged/);
    assert.deepEqual(world.writes(), ["npm PUT /@putitoutthere%2fpebble 200"]);
    assert.deepEqual(await world.tags(), []);
  },
);

test(
  "publish refuses a first release when the registry has versions that no tag tells about",
  withGit,
  async () => {
    await using world = await releaseWorld();
    const earlier = await world.piot("publish", "--release", "@putitoutthere/pebble@0.9.0");
    assert.equal(earlier.status, 0, earlier.stderr);
    await world.git.run(["tag", "--delete", "pebble-js-v0.9.0"]);
    await world.git.run([
      "push",
      "--quiet",
      world.services.remoteUrl.replace("//", `//x:${world.env.GITHUB_TOKEN}@`),
      "--delete",
      "pebble-js-v0.9.0",
    ]);
    const { status, stderr } = await world.piot("publish");
    assert.equal(status, 1);
    assert.match(stderr, /PIOT_UNTAGGED_HISTORY/);
    assert.match(stderr, /git tag -a[^]*first_version/);
    assert.deepEqual(await world.tags(), ["pebble-v0.1.0"]);
  },
);

test("publish makes a first release above versions that no tag tells about", withGit, async () => {
  await using world = await releaseWorld();
  const name = "@putitoutthere/pebble";
  await world.piot("publish", "--release", `${name}@0.0.1`);
  await world.git.run(["tag", "--delete", "pebble-js-v0.0.1"]);
  const { status, stdout, stderr } = await world.piot(
    "publish",
    "--release",
    `${name}@0.1.0`,
    "--json",
  );
  assert.equal(status, 0, stderr);
  assert.equal(JSON.parse(stdout).packages[0].status, "published");
});

test(
  "publish uploads nothing of a package whose tag stands on another commit, and the rest goes on",
  withGit,
  async () => {
    await using world = await releaseWorld();
    const plan = (await world.piot("plan", "--json")).stdout;
    const base = (await world.git.text(["rev-parse", "HEAD"])).trim();
    await world.commit("Elsewhere", { "README.md": "elsewhere" });
    const token = world.services.remoteUrl.replace("//", `//x:${world.env.GITHUB_TOKEN}@`);
    await world.git.run(["push", "--quiet", token, "HEAD:refs/tags/pebble-v0.1.0"]);
    await world.git.run(["checkout", "--quiet", base]);
    const before = world.writes();
    const { status, stdout, stderr } = await world.piot("publish", "--plan", plan, "--json");
    assert.equal(status, 1);
    assert.match(stderr, /PIOT_TAG_ELSEWHERE/);
    const { packages } = JSON.parse(stdout);
    assert.deepEqual(
      packages.map((one: { name: string; status: string }) => [one.name, one.status]),
      [
        ["pebble", "failed"],
        ["@putitoutthere/pebble", "published"],
      ],
    );
    const written = world.writes().slice(before.length);
    assert.deepEqual(written.filter((line) => line.startsWith("PyPI")), []);
    assert.deepEqual(await world.tags(), ["pebble-js-v0.1.0", "pebble-v0.1.0"]);
  },
);

test("publish asks nobody anything for a plan that lies about a tag", withGit, async () => {
  await using world = await releaseWorld();
  const plan = (await world.piot("plan", "--json")).stdout;
  for (const tag of ["v9.9.9-lie", "--force", "x:refs/heads/main"]) {
    const lie = plan.replaceAll('"pebble-v0.1.0"', JSON.stringify(tag));
    const { status, stderr } = await world.piot("publish", "--plan", lie);
    assert.equal(status, 2);
    assert.match(stderr, /PIOT_PLAN_INVALID.*tag of package "pebble" is/);
  }
  assert.deepEqual(world.services.requests(), []);
  assert.equal((await world.piot("publish", "--plan", plan)).status, 0);
});

test("publish heals a tag that is missing beside a complete release", withGit, async () => {
  await using world = await releaseWorld();
  const plan = (await world.piot("plan", "--json")).stdout;
  world.services.breakNext("GitHub", {
    matches: ({ method, path }) => method === "POST" && path.endsWith("/git-receive-pack"),
    how: { status: 500, body: "" },
    times: 2,
  });
  const failed = await world.piot("publish", "--plan", plan);
  assert.equal(failed.status, 1);
  assert.deepEqual(await world.tags(), []);
  const healed = await world.piot("publish", "--plan", plan, "--json");
  assert.equal(healed.status, 0, healed.stderr);
  const { packages } = JSON.parse(healed.stdout);
  const made = packages.map((
    { status, made }: { status: string; made: string[] },
  ) => [status, ...made]);
  assert.deepEqual(made, [
    ["healed", "tag pebble-v0.1.0", "GitHub Release"],
    ["healed", "tag pebble-js-v0.1.0", "GitHub Release"],
  ]);
});

test(
  "publish makes a GitHub Release that an earlier run of this commit could not make",
  withGit,
  async () => {
    await using world = await releaseWorld();
    world.services.breakNext("GitHub", {
      matches: ({ method, path }) => method === "POST" && path.endsWith("/releases"),
      how: { status: 403, body: { message: "Resource not accessible by integration" } },
      times: 2,
    });
    const first = await world.piot("publish");
    assert.equal(first.status, 0, first.stderr);
    assert.match(first.stderr, /No GitHub Release for pebble-v0\.1\.0/);
    assert.deepEqual(world.services.releases(), []);
    const { packages } = JSON.parse((await world.piot("publish", "--json")).stdout);
    assert.deepEqual(
      packages.map(({ name, status, made }: Record<string, string>) => [name, status, made]),
      [
        ["pebble", "healed", ["GitHub Release"]],
        ["@putitoutthere/pebble", "healed", ["GitHub Release"]],
      ],
    );
    assert.deepEqual([...world.services.releases()].sort(), ["pebble-js-v0.1.0", "pebble-v0.1.0"]);
    assert.deepEqual(JSON.parse((await world.piot("publish", "--json")).stdout).packages, []);
  },
);

test("schema prints the committed JSON Schema", async () => {
  const { status, stdout } = await run("schema");
  assert.equal(status, 0);
  assert.deepEqual(
    JSON.parse(stdout),
    JSON.parse(await readFile("schema/putitoutthere.schema.json", "utf8")),
  );
});

test("plan --explain says why a package ships, as text and as JSON", withGit, async () => {
  await using world = await releaseWorld();
  const text = await world.piot("plan", "--explain", "pebble");
  assert.equal(text.status, 0, text.stderr);
  assert.match(text.stdout, /pebble[^]*never released/);
  const { stdout } = await world.piot("plan", "--explain", "pebble", "--json");
  assert.equal(JSON.parse(stdout).reason, "first-release");
  const unknown = await world.piot("plan", "--explain", "peble");
  assert.equal(unknown.status, 2);
  assert.match(unknown.stderr, /PIOT_USAGE[^]*pebble/);
});

for (const language of ["mermaid", "dot"]) {
  test(`plan --graph ${language} draws the plan on standard output`, withGit, async () => {
    await using world = await releaseWorld();
    const { status, stdout } = await world.piot("plan", "--graph", language);
    assert.equal(status, 0);
    assert.match(stdout, language === "dot" ? /^digraph/ : /^flowchart|^graph/);
    assert.match(stdout, /pebble/);
  });
}

test("plan --at plans at an earlier commit", withGit, async () => {
  await using world = await releaseWorld();
  const head = (await world.git.text(["rev-parse", "HEAD"])).trim();
  await world.piot("publish");
  await world.commit("Fix", { "python/pebble/pebble/more.py": "" });
  const now = JSON.parse((await world.piot("plan", "--json")).stdout);
  assert.deepEqual(
    now.packages.map(({ name, version }: Record<string, string>) => `${name} ${version}`),
    ["pebble 0.1.1"],
  );
  const then = JSON.parse((await world.piot("plan", "--json", "--at", head)).stdout);
  assert.equal(then.head, head);
  assert.deepEqual(then.packages, []);
});

test("publish ships a version whose tag another tool left on this commit", withGit, async () => {
  await using world = await releaseWorld();
  await world.git.run(["tag", "pebble-js-v0.4.0"]);
  const { status, stdout, stderr } = await world.piot(
    "publish",
    "--release",
    "@putitoutthere/pebble@0.4.0",
    "--json",
  );
  assert.equal(status, 0, stderr);
  assert.equal(JSON.parse(stdout).packages[0].status, "published");
  const again = await world.piot("publish", "--release", "@putitoutthere/pebble@0.4.0", "--json");
  assert.equal(JSON.parse(again.stdout).packages[0].status, "skipped");
});
