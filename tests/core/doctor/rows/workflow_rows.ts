/** Rows of the checks about conditions, events, checkouts and matrices. */

import { CONFIG, RELEASE, released } from "../../../support/doctor_facts.ts";
import type { CheckRow } from "./check_row.ts";

const IF =
  "    if: ${{ !cancelled() && needs.plan.outputs.has_release == 'true' && needs.build.result != 'failure' }}\n";
const GUARD = "    if: needs.plan.outputs.has_rows == 'true'\n";
const GROUP = "concurrency:\n  group: release\n  cancel-in-progress: false\n  queue: max\n";
const STEP = `      - uses: putitoutthere/putitoutthere@v0.1.0
        with:
          command: publish
`;
const DEPTH = "          fetch-depth: 0\n      - uses: actions/download-artifact";
const PLAN_DEPTH =
  "          fetch-depth: 0\n          persist-credentials: false\n      - id: plan";
const DOWNLOAD = "      - uses: actions/download-artifact";
const CHECKOUT = `      - uses: actions/checkout@0123456789012345678901234567890123456789
        with:
${DEPTH}`;
const SCRIPT = "      - run: npx piot publish\n";
const INCLUDE = "        include: ${{ fromJSON(needs.plan.outputs.matrix) }}\n";

const WHEELS = `${CONFIG}build_workflow = "wheels.yml"\n`;
const CALLED = "on: workflow_call\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: []\n";
const CALLING = RELEASE.replace(
  "  publish:\n",
  "  wheels:\n    uses: ./.github/workflows/wheels.yml\n  publish:\n",
);

export const WORKFLOW_ROWS: readonly CheckRow[] = [
  {
    check: "needs-exist",
    name: "a job that is not there",
    facts: released(["needs: [plan, build]", "needs: [plan, built]"]),
    verdict: "failed",
    says: /needs "built"/,
    at: ".github/workflows/release.yml:55:19",
  },
  {
    check: "skipped-build",
    name: "a build for some packages alone",
    facts: released([IF, ""], [GUARD, "    if: contains(needs.plan.outputs.matrix, 'pypi')\n"]),
    verdict: "failed",
    says: /skipped whenever "build" is/,
  },
  {
    check: "skipped-build",
    name: "through another job",
    facts: released([IF, ""], ["needs: [plan, build]", "needs: [plan, test]"], [
      GUARD,
      "    if: github.ref == 'refs/heads/main'\n",
    ], [
      "  publish:\n",
      "  test:\n    needs: build\n    if: ${{ always() }}\n    runs-on: ubuntu-latest\n    steps: []\n  publish:\n",
    ]),
    verdict: "failed",
  },
  {
    check: "skipped-build",
    name: "a condition of its own without a status function",
    facts: released([IF, "    if: github.event_name == 'push'\n"], [
      GUARD,
      "    if: vars.BUILD == 'yes'\n",
    ]),
    verdict: "failed",
  },
  {
    check: "skipped-build",
    name: "a build that is skipped where nothing is released",
    facts: released([IF, ""]),
    verdict: "passed",
  },
  {
    check: "skipped-build",
    name: "the same where other workflows build the rest",
    facts: { ...released([IF, ""]), config: WHEELS },
    verdict: "failed",
  },
  {
    check: "failed-build",
    name: "always()",
    facts: released([IF, "    if: always()\n"]),
    verdict: "warning",
  },
  {
    check: "failed-build",
    name: "always() that asks for results",
    facts: released([IF, "    if: ${{ always() && needs.build.result == 'success' }}\n"]),
    verdict: "passed",
  },
  {
    check: "failed-build",
    name: "asks for all results",
    facts: released([IF, "    if: ${{ !cancelled() && !contains(needs.*.result, 'failure') }}\n"]),
    verdict: "passed",
  },
  {
    check: "failed-build",
    name: "only what was cancelled",
    facts: released([IF, "    if: ${{ !cancelled() }}\n"]),
    verdict: "warning",
  },
  {
    check: "failure-is-red",
    name: "a job that goes on",
    facts: released([
      "    environment: release\n",
      "    environment: release\n    continue-on-error: true\n",
    ]),
    verdict: "failed",
  },
  {
    check: "failure-is-red",
    name: "a step that goes on",
    facts: released([STEP, `${STEP}        continue-on-error: true\n`]),
    verdict: "failed",
  },
  {
    check: "failure-is-red",
    name: "the action's own switch",
    facts: released([STEP, `${STEP}          fail_on_error: false\n`]),
    verdict: "failed",
  },
  {
    check: "failure-is-red",
    name: "a script that goes on",
    facts: released([STEP, "      - run: npx piot publish || true\n"]),
    verdict: "failed",
  },
  {
    check: "failure-is-red",
    name: "switched off in so many words",
    facts: released([STEP, `${STEP}        continue-on-error: false\n`]),
    verdict: "passed",
  },
  {
    check: "dispatch",
    name: "pushes alone",
    facts: released(["  workflow_dispatch:\n", ""]),
    verdict: "warning",
    at: ".github/workflows/release.yml:3:3",
  },
  {
    check: "dispatch",
    name: "a list of events",
    facts: released([
      "on:\n  push:\n    branches: [main]\n  workflow_dispatch:\n",
      "on: [push, workflow_dispatch]\n",
    ]),
    verdict: "passed",
  },
  {
    check: "tag-trigger",
    name: "a release by a tag",
    facts: released(["    branches: [main]\n", "    tags: ['v*']\n"]),
    verdict: "warning",
    says: /publishes when a tag is pushed/,
  },
  {
    check: "tag-trigger",
    name: "a workflow that waits for tags",
    facts: {
      workflows: {
        "release.yml": RELEASE,
        "docs.yml":
          "on:\n  push:\n    tags: ['*-v*']\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: []\n",
      },
    },
    verdict: "warning",
    says: /waits for tags/,
  },
  {
    check: "not-cancelled",
    name: "a release that the next one ends",
    facts: released(["cancel-in-progress: false", "cancel-in-progress: true"]),
    verdict: "failed",
    at: ".github/workflows/release.yml:9:23",
  },
  {
    check: "not-cancelled",
    name: "an expression",
    facts: released([
      "cancel-in-progress: false",
      "cancel-in-progress: ${{ github.event_name == 'pull_request' }}",
    ]),
    verdict: "unknown",
  },
  {
    check: "not-cancelled",
    name: "in the job",
    facts: released([GROUP, ""], [
      "    environment: release\n",
      "    environment: release\n    concurrency: { group: a, cancel-in-progress: true }\n",
    ]),
    verdict: "failed",
  },
  {
    check: "not-dropped",
    name: "no queue",
    facts: released(["  queue: max\n", ""]),
    verdict: "warning",
  },
  {
    check: "not-dropped",
    name: "a group by its name alone",
    facts: released([GROUP, "concurrency: release\n"]),
    verdict: "warning",
  },
  { check: "one-at-a-time", name: "no group", facts: released([GROUP, ""]), verdict: "warning" },
  {
    check: "no-matrix",
    name: "a job for each package",
    facts: released([
      "    environment: release\n",
      "    environment: release\n    strategy: { matrix: { kind: [pypi, npm] } }\n",
    ]),
    verdict: "failed",
  },
  {
    check: "one-publisher",
    name: "twine beside",
    facts: released([
      "      - run: ./build.sh\n",
      "      - run: |\n          ./build.sh\n          twine upload dist/*\n",
    ]),
    verdict: "warning",
    says: /twine upload/,
  },
  {
    check: "one-publisher",
    name: "a dry run of cargo",
    facts: released(["./build.sh", "cargo publish --dry-run"]),
    verdict: "passed",
  },
  {
    check: "no-npm-upgrade",
    name: "npm of the newest version",
    facts: released([DOWNLOAD, `      - run: npm install -g npm@latest\n${DOWNLOAD}`]),
    verdict: "warning",
  },
  {
    check: "checkout",
    name: "none",
    facts: released([CHECKOUT, DOWNLOAD]),
    verdict: "failed",
    says: /Job "publish" runs this program/,
  },
  {
    check: "checkout",
    name: "of another repository alone",
    facts: released([
      DEPTH,
      `          fetch-depth: 0\n          repository: ada/other\n${DOWNLOAD}`,
    ]),
    verdict: "passed",
  },
  {
    check: "whole-history",
    name: "one commit, in the job that plans",
    facts: released([PLAN_DEPTH, "          persist-credentials: false\n      - id: plan"]),
    verdict: "failed",
    says: /runs `plan` in a checkout of one commit/,
  },
  {
    check: "whole-history",
    name: "some commits, in the job that publishes",
    facts: released([DEPTH, DEPTH.replace("0", "50")]),
    verdict: "failed",
    says: /50 commits/,
  },
  {
    check: "whole-history",
    name: "an expression",
    facts: released([DEPTH, DEPTH.replace("0", "${{ inputs.depth }}")]),
    verdict: "unknown",
  },
  {
    check: "whole-history",
    name: "fetched by hand",
    facts: released([
      DEPTH,
      `          fetch-depth: 1\n      - run: git fetch --unshallow --tags\n${DOWNLOAD}`,
    ]),
    verdict: "passed",
  },
  {
    check: "no-treeless-clone",
    name: "without folders",
    facts: released([DEPTH, `          fetch-depth: 0\n          filter: tree:0\n${DOWNLOAD}`]),
    verdict: "failed",
  },
  {
    check: "same-commit",
    name: "a branch",
    facts: released([DEPTH, `          fetch-depth: 0\n          ref: main\n${DOWNLOAD}`]),
    verdict: "failed",
    says: /whatever `main` is by then/,
  },
  {
    check: "same-commit",
    name: "the branch of the run",
    facts: released([
      DEPTH,
      `          fetch-depth: 0\n          ref: \${{ github.ref_name }}\n${DOWNLOAD}`,
    ]),
    verdict: "failed",
  },
  {
    check: "same-commit",
    name: "the plan's commit",
    facts: released([
      DEPTH,
      `          fetch-depth: 0\n          ref: \${{ needs.plan.outputs.head }}\n${DOWNLOAD}`,
    ]),
    verdict: "passed",
  },
  {
    check: "same-commit",
    name: "an input",
    facts: released([
      DEPTH,
      `          fetch-depth: 0\n          ref: \${{ inputs.ref }}\n${DOWNLOAD}`,
    ]),
    verdict: "unknown",
  },
  {
    check: "push-credential",
    name: "a script without any",
    facts: released([
      DEPTH,
      `          fetch-depth: 0\n          persist-credentials: false\n${DOWNLOAD}`,
    ], [STEP, SCRIPT]),
    verdict: "failed",
  },
  {
    check: "push-credential",
    name: "a script with a token",
    facts: released([
      DEPTH,
      `          fetch-depth: 0\n          persist-credentials: false\n${DOWNLOAD}`,
    ], [STEP, `${SCRIPT}        env: { GITHUB_TOKEN: "\${{ github.token }}" }\n`]),
    verdict: "passed",
  },
  {
    check: "push-credential",
    name: "the action, which passes its own on",
    facts: released([
      DEPTH,
      `          fetch-depth: 0\n          persist-credentials: false\n${DOWNLOAD}`,
    ]),
    verdict: "passed",
  },
  {
    check: "release-token",
    name: "a script without one",
    facts: released([STEP, SCRIPT]),
    verdict: "warning",
  },
  {
    check: "release-token",
    name: "no GitHub Releases wanted",
    facts: {
      ...released([STEP, SCRIPT]),
      config: CONFIG.replaceAll("paths =", "github_release = false\npaths ="),
    },
    verdict: "passed",
  },
  {
    check: "plan-outputs",
    name: "an output that is not listed",
    facts: released(["      has_release: ${{ steps.plan.outputs.has_release }}\n", ""]),
    verdict: "failed",
    says: /The output `has_release` of job "plan" is read here/,
  },
  {
    check: "plan-outputs",
    name: "an output of no step",
    facts: released(["      - id: plan\n        uses", "      - id: planned\n        uses"]),
    verdict: "failed",
    says: /none of that id/,
  },
  {
    check: "bare-array",
    name: "as a whole matrix",
    facts: released([
      `      matrix:\n${INCLUDE}`,
      "      matrix: ${{ fromJSON(needs.plan.outputs.matrix) }}\n",
    ]),
    verdict: "failed",
    says: /is not its `include`/,
  },
  {
    check: "bare-array",
    name: "as a text",
    facts: released([INCLUDE, "        include: ${{ needs.plan.outputs.matrix }}\n"]),
    verdict: "failed",
    says: /not read by `fromJSON`/,
  },
  {
    check: "bare-array",
    name: "as one list of several",
    facts: released([INCLUDE, "        row: ${{ fromJSON(needs.plan.outputs.matrix) }}\n"]),
    verdict: "failed",
  },
  { check: "empty-matrix", name: "no guard", facts: released([GUARD, ""]), verdict: "warning" },
  {
    check: "matrix-size",
    name: "more rows than a matrix takes",
    facts: {
      config: `[putitoutthere]\nversion = 1\n${
        Array.from(
          { length: 129 },
          (_, at) =>
            `[[package]]\nname = "p${at}"\nkind = "pypi"\nbuild = "hatch"\npath = "p${at}"\npaths = ["p${at}/**"]\n`,
        ).join("")
      }`,
    },
    verdict: "failed",
    says: /258 rows/,
  },
  {
    check: "delegated-rows",
    name: "a file that is not there",
    facts: { config: WHEELS },
    verdict: "failed",
    says: /is not in \.github\/workflows/,
  },
  {
    check: "delegated-rows",
    name: "a file that takes no calls",
    facts: {
      config: WHEELS,
      workflows: { "release.yml": CALLING, "wheels.yml": CALLED.replace("workflow_call", "push") },
    },
    verdict: "failed",
    says: /does not start on `workflow_call`/,
  },
  {
    check: "delegated-rows",
    name: "a file that nobody calls",
    facts: { config: WHEELS, workflows: { "release.yml": RELEASE, "wheels.yml": CALLED } },
    verdict: "failed",
    says: /no job calls/,
  },
  {
    check: "delegated-rows",
    name: "a file that is called",
    facts: { config: WHEELS, workflows: { "release.yml": CALLING, "wheels.yml": CALLED } },
    verdict: "passed",
  },
  {
    check: "no-secrets-in-plan",
    name: "a secret for the plan",
    facts: released([
      "          command: plan\n",
      '          command: plan\n        env: { TOKEN: "${{ secrets.TOKEN }}" }\n',
    ]),
    verdict: "warning",
  },
];
