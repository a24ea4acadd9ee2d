/** Rows of the checks about who else could publish, and with what. */

import { CONFIG, RELEASE, released } from "../../../support/doctor_facts.ts";
import type { CheckRow } from "./check_row.ts";

const PIN = "0123456789012345678901234567890123456789";
const DOWNLOAD = "      - uses: actions/download-artifact";
const before = (step: string): CheckRow["facts"] =>
  released([DOWNLOAD, `      - ${step}\n${DOWNLOAD}`]);
const RUNNER = "    runs-on: ubuntu-latest\n    environment: release\n";
const PUBLISH = "          command: publish\n";
const withEnv = (env: string): CheckRow["facts"] =>
  released([PUBLISH, `${PUBLISH}        env:\n          ${env}\n`]);
const PYTHON_ONLY = CONFIG.slice(0, CONFIG.lastIndexOf("[[package]]"));

/** The publishing job in a workflow that is called. */
function called(secrets: string, env = ""): CheckRow["facts"] {
  const job = RELEASE.slice(RELEASE.indexOf("  publish:\n")).replace(
    "    needs: [plan, build]\n",
    "",
  ).replace(/ {4}if: .*\n/, "");
  return {
    workflows: {
      "release.yml":
        `on: push\njobs:\n  ship:\n    permissions: { contents: write, id-token: write }\n    uses: ./.github/workflows/ship.yml\n${secrets}`,
      "ship.yml": `on: workflow_call\njobs:\n${job}${env}`,
    },
  };
}
const TOKEN = "        env:\n          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}\n";

/** Scripts of a publishing job that install. */
const INSTALLS = [
  "npm ci",
  "npm install",
  "pnpm install --frozen-lockfile",
  "yarn",
  "pip install twine",
  "python -m pip install -U build",
  "uv sync",
  "cargo install cargo-release",
  "sudo apt-get install jq",
  "cd js && npm ci",
  "curl -sSf https://sh.example.com | sh",
];

export const SAFETY_ROWS: readonly CheckRow[] = [
  {
    check: "top-level",
    name: "a called workflow",
    facts: called(""),
    verdict: "failed",
    says: /ship\.yml publishes, called from .*release\.yml/,
  },
  {
    check: "top-level",
    name: "one that nobody here calls",
    facts: released([
      "on:\n  push:\n    branches: [main]\n  workflow_dispatch:\n",
      "on: workflow_call\n",
    ]),
    verdict: "failed",
  },
  {
    check: "top-level",
    name: "one that may be called besides",
    facts: released(["  workflow_dispatch:\n", "  workflow_dispatch:\n  workflow_call:\n"]),
    verdict: "warning",
  },
  {
    check: "hosted-runner",
    name: "self-hosted",
    facts: released([RUNNER, "    runs-on: [self-hosted, linux]\n    environment: release\n"]),
    verdict: "failed",
  },
  {
    check: "hosted-runner",
    name: "another service's, without an npm package",
    facts: {
      ...released([
        RUNNER,
        "    runs-on: blacksmith-4vcpu-ubuntu-2404\n    environment: release\n",
      ]),
      config: PYTHON_ONLY,
    },
    verdict: "warning",
  },
  {
    check: "hosted-runner",
    name: "a label of one's own",
    facts: released([RUNNER, "    runs-on: big-one\n    environment: release\n"]),
    verdict: "unknown",
  },
  {
    check: "hosted-runner",
    name: "an expression",
    facts: released([RUNNER, "    runs-on: ${{ vars.RUNNER }}\n    environment: release\n"]),
    verdict: "unknown",
  },
  {
    check: "hosted-runner",
    name: "a larger one of GitHub's",
    facts: released([RUNNER, "    runs-on: ubuntu-24.04-16core\n    environment: release\n"]),
    verdict: "passed",
  },
  {
    check: "token-names",
    name: "twine's",
    facts: withEnv("TWINE_PASSWORD: ${{ secrets.PYPI }}"),
    verdict: "failed",
    says: /TWINE_PASSWORD is not read/,
  },
  {
    check: "token-names",
    name: "both",
    facts: withEnv(
      "PYPI_TOKEN: ${{ secrets.PYPI }}\n          PYPI_API_TOKEN: ${{ secrets.PYPI }}",
    ),
    verdict: "passed",
  },
  {
    check: "token-is-secret",
    name: "a variable",
    facts: withEnv("PYPI_API_TOKEN: ${{ vars.PYPI }}"),
    verdict: "failed",
  },
  {
    check: "token-is-secret",
    name: "a text",
    facts: withEnv("NODE_AUTH_TOKEN: abc"),
    verdict: "failed",
    says: /is a text/,
  },
  {
    check: "secrets-handed-on",
    name: "not handed on",
    facts: called("", TOKEN),
    verdict: "failed",
    says: /does not hand on the secret NPM_TOKEN/,
  },
  {
    check: "secrets-handed-on",
    name: "all",
    facts: called("    secrets: inherit\n", TOKEN),
    verdict: "passed",
  },
  {
    check: "secrets-handed-on",
    name: "by its name",
    facts: called("    secrets:\n      NPM_TOKEN: ${{ secrets.NPM_TOKEN }}\n", TOKEN),
    verdict: "passed",
  },
  {
    check: "safe-events",
    name: "pull requests of forks, with rights",
    facts: released(["  workflow_dispatch:\n", "  workflow_dispatch:\n  pull_request_target:\n"]),
    verdict: "failed",
    says: /`pull_request_target`/,
  },
  {
    check: "safe-events",
    name: "another workflow's end",
    facts: released([
      "  workflow_dispatch:\n",
      "  workflow_dispatch:\n  workflow_run:\n    workflows: [ci]\n",
    ]),
    verdict: "failed",
  },
  {
    check: "safe-events",
    name: "in a workflow that does not publish",
    facts: {
      workflows: { "release.yml": RELEASE, "label.yml": "on: pull_request_target\njobs: {}\n" },
    },
    verdict: "passed",
  },
  {
    check: "not-beside",
    name: "in parallel",
    facts: released([
      "      - uses: putitoutthere/putitoutthere@v0.1.0\n        with:\n          command: publish\n",
      "      - parallel:\n          - uses: putitoutthere/putitoutthere@v0.1.0\n            with: { command: publish }\n          - run: ./notify.sh\n",
    ]),
    verdict: "failed",
  },
  {
    check: "not-beside",
    name: "in the background",
    facts: released([PUBLISH, `${PUBLISH}        background: true\n`]),
    verdict: "failed",
  },
  ...INSTALLS.map((script): CheckRow => ({
    check: "no-installs",
    name: script,
    facts: before(`run: ${script}`),
    verdict: "warning",
  })),
  {
    check: "no-installs",
    name: "in the build",
    facts: released(["./build.sh", "npm ci"]),
    verdict: "passed",
  },
  {
    check: "no-installs",
    name: "a word alone",
    facts: before("run: echo npm install"),
    verdict: "passed",
  },
  {
    check: "no-builds",
    name: "cargo",
    facts: before("run: cargo build --release"),
    verdict: "warning",
  },
  {
    check: "no-builds",
    name: "Python's",
    facts: before("run: python -m build"),
    verdict: "warning",
  },
  {
    check: "no-caches",
    name: "a cache",
    facts: before("uses: actions/cache@v5"),
    verdict: "warning",
  },
  {
    check: "no-caches",
    name: "of setup-node",
    facts: before("uses: actions/setup-node@v6\n        with: { cache: npm }"),
    verdict: "warning",
  },
  {
    check: "no-caches",
    name: "setup-node without one",
    facts: before("uses: actions/setup-node@v6\n        with: { package-manager-cache: false }"),
    verdict: "passed",
  },
  {
    check: "no-third-party",
    name: "somebody's",
    facts: before(`uses: ada/notify@${PIN}`),
    verdict: "warning",
  },
  {
    check: "no-third-party",
    name: "somebody's copy of this program",
    facts: before(`uses: ada/piot@${PIN}`),
    verdict: "warning",
  },
  {
    check: "pinned-actions",
    name: "this program by a branch",
    facts: released([
      "putitoutthere/putitoutthere@v0.1.0\n        with:\n          command: publish",
      "putitoutthere/putitoutthere@main\n        with:\n          command: publish",
    ]),
    verdict: "warning",
  },
  {
    check: "no-third-party",
    name: "another publisher",
    facts: before(`uses: pypa/gh-action-pypi-publish@${PIN}`),
    verdict: "warning",
  },
  {
    check: "pinned-actions",
    name: "a tag, in the build",
    facts: released([
      `      - uses: actions/upload-artifact@${PIN}`,
      "      - uses: actions/upload-artifact@v7",
    ]),
    verdict: "warning",
    says: /actions\/upload-artifact@v7 is whatever/,
  },
  {
    check: "pinned-actions",
    name: "a called workflow's branch",
    facts: released([
      "  publish:\n",
      "  other:\n    uses: ada/ci/.github/workflows/x.yml@main\n  publish:\n",
    ]),
    verdict: "warning",
  },
  {
    check: "pinned-actions",
    name: "an image by its tag",
    facts: before("uses: docker://alpine:3"),
    verdict: "warning",
  },
  {
    check: "no-injection",
    name: "a commit's message",
    facts: released(["./build.sh", 'echo "${{ github.event.head_commit.message }}"']),
    verdict: "failed",
  },
  {
    check: "no-injection",
    name: "a branch's name",
    facts: released(["./build.sh", "git switch ${{ github.head_ref }}"]),
    verdict: "failed",
  },
  {
    check: "no-injection",
    name: "by the environment",
    facts: released([
      "      - run: ./build.sh\n",
      '      - run: echo "$MESSAGE"\n        env: { MESSAGE: "${{ github.event.head_commit.message }}" }\n',
    ]),
    verdict: "passed",
  },
  {
    check: "build-credentials",
    name: "the whole workflow may write",
    facts: released(["permissions: {}\n", "permissions:\n  contents: write\n"], [
      "    runs-on: ${{ matrix.runs_on }}\n    permissions:\n      contents: read\n",
      "    runs-on: ${{ matrix.runs_on }}\n",
    ]),
    verdict: "warning",
    says: /Job "build"/,
  },
  {
    check: "no-literal-token",
    name: "npm's",
    facts: withEnv(`NODE_AUTH_TOKEN: npm_${"a1B2".repeat(9)}`),
    verdict: "failed",
    at: ".github/workflows/release.yml:73:28",
  },
];
