/** Rows of the checks about what registries trust. */

import { CONFIG, RELEASE, released } from "../../../support/doctor_facts.ts";
import type { CheckRow } from "./check_row.ts";

const PUBLISH = `      - uses: putitoutthere/putitoutthere@v0.1.0
        with:
          command: publish
`;
const COMMENTED = PUBLISH.replace(/^ {6}/gm, "      # ");
const IDENTITY = "      contents: write\n      id-token: write\n";

/** A workflow that others call, and one that calls it. */
function called(callerPermissions: string, ofCalled = ""): CheckRow["facts"] {
  const steps = RELEASE.slice(
    RELEASE.indexOf("    steps:\n      - uses: actions/checkout", RELEASE.indexOf("publish:")),
  );
  return {
    workflows: {
      "release.yml":
        `on: push\njobs:\n  ship:\n${callerPermissions}    uses: ./.github/workflows/ship.yml\n`,
      "ship.yml":
        `on: workflow_call\n${ofCalled}jobs:\n  publish:\n    runs-on: ubuntu-latest\n    environment: release\n${steps}`,
    },
  };
}
const BOTH = "    permissions:\n      contents: write\n      id-token: write\n";

/** Ways to publish that are found. */
const STEPS: Readonly<Record<string, string>> = {
  "the action in other letters":
    "- uses: PutItOutThere/PutItOutThere@v1\n        with: { command: publish }",
  "a fork of the action": "- uses: ada/piot@main\n        with: { command: publish }",
  "npx": "- run: npx --yes putitoutthere@0.1.0 publish",
  "npx by the short name": "- run: npx piot publish --artifacts artifacts",
  "Deno from JSR": "- run: deno run -A jsr:@piot/cli@0.1/cli publish",
  "Deno from npm": "- run: deno run -A npm:putitoutthere@0.1.0 publish",
  "flags before the command": "- run: piot --cwd sub publish",
  "a script of several lines":
    "- run: |\n          set -e\n          # publish it\n          npx piot \\\n            publish",
  "behind another command": "- run: cd sub && ./node_modules/.bin/putitoutthere publish",
  "the package's own file": '- run: exec node "$RUNNER_TEMP/package/bin/putitoutthere.js" publish',
  "flags that depend": '- run: npx piot publish --recover "$RUN" ${RELEASE:+"--release=$RELEASE"}',
  "a folded script": "- run: >-\n          npx piot\n          publish",
};

/** Steps that do not publish, whatever they say. */
const OTHERS: Readonly<Record<string, string>> = {
  "a plan": "- uses: putitoutthere/putitoutthere@v0.1.0",
  "an echo": "- run: echo piot publish",
  "a name in another": "- run: npx piot-extras publish",
  "an installation": "- run: npm install -g putitoutthere",
  "another action": "- uses: ada/piot-tools@v1\n        with: { command: publish }",
};

const withStep = (step: string): CheckRow["facts"] =>
  released([PUBLISH.trimEnd(), `      ${step}`]);

export const TRUST_ROWS: readonly CheckRow[] = [
  ...Object.entries(STEPS).map(([name, step]): CheckRow => ({
    check: "publish-job",
    name,
    facts: withStep(step),
    verdict: "passed",
  })),
  ...Object.entries(OTHERS).map(([name, step]): CheckRow => ({
    check: "publish-job",
    name,
    facts: withStep(step),
    verdict: "failed",
    says: /None of the 1 workflows publishes/,
  })),
  {
    check: "publish-job",
    name: "no workflow at all",
    facts: { workflows: {} },
    verdict: "failed",
    says: /There is no workflow/,
  },
  {
    check: "publish-job",
    name: "commented out",
    facts: released([PUBLISH, COMMENTED]),
    verdict: "failed",
    says: /commented out/,
    at: ".github/workflows/release.yml:69:7",
  },
  {
    check: "publish-job",
    name: "commented out in a script",
    facts: withStep("- run: |\n          # npx piot publish\n          true"),
    verdict: "failed",
    says: /commented out/,
  },
  {
    check: "publish-job",
    name: "a dry run alone",
    facts: released(["command: publish", "command: publish\n          dry_run: true"]),
    verdict: "failed",
    says: /dry run/,
  },
  {
    check: "publish-job",
    name: "a dry run by a flag",
    facts: withStep("- run: npx piot publish --dry-run"),
    verdict: "failed",
  },
  {
    check: "publish-job",
    name: "a dry run that depends",
    facts: released([
      "command: publish",
      "command: publish\n          dry_run: ${{ inputs.dry_run }}",
    ]),
    verdict: "unknown",
  },
  {
    check: "publish-job",
    name: "a command that only a run knows",
    facts: released(["command: publish", "command: ${{ inputs.command }}"]),
    verdict: "unknown",
  },
  {
    check: "publish-job",
    name: "flags that only a run knows",
    facts: withStep("- run: npx piot publish $FLAGS"),
    verdict: "unknown",
  },
  {
    check: "publish-job",
    name: "a workflow of another repository",
    facts: {
      workflows: {
        "release.yml": "on: push\njobs:\n  x:\n    uses: ada/ci/.github/workflows/release.yml@v1\n",
      },
    },
    verdict: "unknown",
    says: /another repository/,
  },
  {
    check: "publish-job",
    name: "a broken file beside",
    facts: { workflows: { "release.yml": "on: [push\njobs:" } },
    verdict: "unknown",
  },
  {
    check: "publish-job",
    name: "a composite action",
    facts: {
      ...withStep("- uses: ./.github/actions/ship"),
      actions: {
        ".github/actions/ship": `runs:\n  using: composite\n  steps:\n${
          PUBLISH.replace(/^ {6}/gm, "    ")
        }`,
      },
    },
    verdict: "passed",
  },
  {
    check: "publish-job",
    name: "its own action in its own repository",
    facts: {
      ...withStep("- uses: ./\n        with: { command: publish }"),
      actions: { "": "name: putitoutthere\nruns:\n  using: composite\n  steps: []\n" },
    },
    verdict: "passed",
  },
  { check: "publish-job", name: "a called workflow", facts: called(BOTH), verdict: "passed" },
  {
    check: "publish-job",
    name: "steps in parallel",
    facts: released([PUBLISH.trimEnd(), "      - parallel:\n          - run: npx piot publish"]),
    verdict: "passed",
  },
  {
    check: "publish-reachable",
    name: "a job that is switched off",
    facts: released([
      "  publish:\n    needs: [plan, build]\n    if: ${{ !cancelled() && needs.plan.outputs.has_release == 'true' && needs.build.result != 'failure' }}",
      "  publish:\n    needs: [plan, build]\n    if: false",
    ]),
    verdict: "failed",
    at: ".github/workflows/release.yml:56:9",
  },
  {
    check: "publish-reachable",
    name: "a step that is switched off",
    facts: released([
      "          command: publish\n",
      "          command: publish\n        if: ${{ false }}\n",
    ]),
    verdict: "failed",
  },
  {
    check: "id-token",
    name: "contents alone",
    facts: released([IDENTITY, "      contents: write\n"]),
    verdict: "failed",
    says: /id-token: none/,
    at: ".github/workflows/release.yml:60:7",
  },
  {
    check: "id-token",
    name: "no permissions anywhere",
    facts: released(["permissions: {}\n", ""], [`    permissions:\n${IDENTITY}`, ""]),
    verdict: "failed",
    says: /no `permissions` say so/,
  },
  {
    check: "id-token",
    name: "inherited from the workflow",
    facts: released(["permissions: {}\n", "permissions:\n  contents: write\n  id-token: write\n"], [
      `    permissions:\n${IDENTITY}`,
      "",
    ]),
    verdict: "passed",
  },
  {
    check: "id-token",
    name: "write-all",
    facts: released([`    permissions:\n${IDENTITY}`, "    permissions: write-all\n"]),
    verdict: "passed",
  },
  {
    check: "id-token",
    name: "read-all",
    facts: released([`    permissions:\n${IDENTITY}`, "    permissions: read-all\n"]),
    verdict: "failed",
  },
  {
    check: "id-token",
    name: "an expression",
    facts: released(["id-token: write", "id-token: ${{ inputs.level }}"]),
    verdict: "unknown",
  },
  { check: "id-token", name: "a caller that has it", facts: called(BOTH), verdict: "passed" },
  {
    check: "id-token",
    name: "a caller that does not",
    facts: called("    permissions:\n      contents: write\n"),
    verdict: "failed",
    says: /Job "ship"/,
  },
  {
    check: "id-token",
    name: "a called workflow that gives it away",
    facts: called(BOTH, "permissions:\n  contents: write\n"),
    verdict: "failed",
    says: /Job "publish"/,
  },
  {
    check: "id-token",
    name: "an anchor",
    facts: released([
      "permissions: {}\n",
      "permissions: {}\nenv: &rights\n  contents: write\n  id-token: write\n",
    ], [`    permissions:\n${IDENTITY}`, "    permissions: *rights\n"]),
    verdict: "passed",
  },
  {
    check: "id-token",
    name: "nothing that publishes",
    facts: { workflows: {} },
    verdict: "not-applicable",
  },
  {
    check: "contents-write",
    name: "an identity alone",
    facts: released([IDENTITY, "      id-token: write\n"]),
    verdict: "failed",
  },
  {
    check: "environment",
    name: "none",
    facts: released(["    environment: release\n", ""]),
    verdict: "failed",
    at: ".github/workflows/release.yml:54:3",
  },
  {
    check: "environment",
    name: "as a map",
    facts: released([
      "environment: release",
      "environment: { name: release, url: https://example.com }",
    ]),
    verdict: "passed",
  },
  {
    check: "environment",
    name: "without a name",
    facts: released(["environment: release", "environment: { url: https://example.com }"]),
    verdict: "failed",
  },
  {
    check: "environment",
    name: "an expression",
    facts: released(["environment: release", "environment: ${{ inputs.where }}"]),
    verdict: "unknown",
  },
  { check: "environment", name: "in the called workflow", facts: called(BOTH), verdict: "passed" },
  {
    check: "credential",
    name: "neither an identity nor a token",
    facts: released([IDENTITY, "      contents: write\n"]),
    verdict: "failed",
    says: /demo-py cannot be published/,
    at: "putitoutthere.toml:4:1",
  },
  {
    check: "credential",
    name: "a package that npm does not have",
    facts: { missing: ["demo-js"] },
    verdict: "failed",
    says: /first release needs a token/,
  },
  {
    check: "credential",
    name: "a new package with a token",
    facts: {
      ...released([
        "          command: publish\n",
        "          command: publish\n        env:\n          NPM_TOKEN: ${{ secrets.NPM_TOKEN }}\n",
      ]),
      missing: ["demo-js"],
    },
    verdict: "passed",
  },
  {
    check: "credential",
    name: "a new project on PyPI",
    facts: { missing: ["demo-py"] },
    verdict: "passed",
  },
  {
    check: "id-token-elsewhere",
    name: "a build with an identity",
    facts: released([
      "      contents: read\n    strategy",
      "      contents: read\n      id-token: write\n    strategy",
    ]),
    verdict: "warning",
    says: /Job "build"/,
  },
  {
    check: "id-token-elsewhere",
    name: "in an environment that no entry names",
    facts: {
      ...released([
        "  publish:\n",
        "  docs:\n    environment: docs\n    permissions: { id-token: write }\n    runs-on: ubuntu-latest\n    steps: []\n  publish:\n",
      ]),
      config: CONFIG.replace(
        /paths = .*\n/g,
        '$&trust_policy = { workflow = "release.yml", environment = "release" }\n',
      ),
    },
    verdict: "passed",
  },
  {
    check: "id-token-elsewhere",
    name: "the whole workflow",
    facts: released(["permissions: {}\n", "permissions:\n  id-token: write\n"]),
    verdict: "passed",
  },
  {
    check: "permissions-known",
    name: "a scope that there is not",
    facts: released(["      contents: write\n", "      contents: write\n      workflows: write\n"]),
    verdict: "failed",
    says: /no permission `workflows`/,
  },
  {
    check: "permissions-known",
    name: "a level that there is not",
    facts: released(["id-token: write", "id-token: read"]),
    verdict: "failed",
    says: /no level "read"/,
  },
  {
    check: "configuration",
    name: "one that does not load",
    facts: { more: { config: undefined, configProblems: [{ message: "no" }] } },
    verdict: "failed",
  },
  {
    check: "workflow-readable",
    name: "no YAML",
    facts: { workflows: { "release.yml": "on: push\njobs: {\n" } },
    verdict: "failed",
    says: /is no YAML/,
  },
  {
    check: "workflow-readable",
    name: "empty",
    facts: { workflows: { "release.yml": "" } },
    verdict: "failed",
    says: /is empty/,
  },
  {
    check: "workflow-readable",
    name: "a comment alone",
    facts: { workflows: { "release.yml": "# nothing\n" } },
    verdict: "failed",
    says: /is empty/,
  },
  {
    check: "workflow-readable",
    name: "a list",
    facts: { workflows: { "release.yml": "- on\n- jobs\n" } },
    verdict: "failed",
    says: /holds no workflow/,
  },
  {
    check: "workflow-readable",
    name: "no jobs",
    facts: { workflows: { "release.yml": "on: push\n" } },
    verdict: "failed",
    says: /has no `jobs`/,
  },
  {
    check: "workflow-readable",
    name: "no events",
    facts: { workflows: { "release.yml": "jobs: { a: {} }\n" } },
    verdict: "failed",
    says: /has no `on`/,
  },
  {
    check: "workflow-readable",
    name: "a key twice",
    facts: released([
      "    environment: release\n",
      "    environment: release\n    environment: other\n",
    ]),
    verdict: "failed",
  },
  {
    check: "workflow-readable",
    name: "a tab",
    facts: { workflows: { "release.yml": "on: push\njobs:\n\ta: 1\n" } },
    verdict: "failed",
  },
  {
    check: "workflow-readable",
    name: "an alias of nothing",
    facts: { workflows: { "release.yml": "on: push\njobs: *none\n" } },
    verdict: "failed",
  },
  {
    check: "workflow-readable",
    name: "a merge key",
    facts: released(["permissions: {}\n", "permissions: {}\nenv: &base\n  A: b\n"], [
      "    environment: release\n",
      "    environment: release\n    env:\n      <<: *base\n",
    ]),
    verdict: "failed",
    says: /merge key/,
    at: ".github/workflows/release.yml:62:7",
  },
  {
    check: "workflow-readable",
    name: "larger than anybody writes",
    facts: { workflows: { "release.yml": `${RELEASE}#${"x".repeat(1024 * 1024)}` } },
    verdict: "unknown",
    says: /larger than 1 MiB/,
  },
  {
    check: "workflow-readable",
    name: "nested without end",
    facts: {
      workflows: { "release.yml": `on: push\njobs: ${"[".repeat(10_000)}${"]".repeat(10_000)}\n` },
    },
    verdict: "unknown",
    says: /nested too deeply/,
  },
  {
    check: "workflow-readable",
    name: "no workflow",
    facts: { workflows: {} },
    verdict: "not-applicable",
  },
];
