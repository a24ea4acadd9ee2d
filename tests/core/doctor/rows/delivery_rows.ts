/** Rows of the checks about artifacts. */

import { CONFIG, RELEASE, released } from "../../../support/doctor_facts.ts";
import type { CheckRow } from "./check_row.ts";

const NAME = "          name: ${{ matrix.artifact_name }}\n";
const PATH = "          path: artifacts\n";
const HIDDEN = "          include-hidden-files: true\n";
const MATRIX = "        include: ${{ fromJSON(needs.plan.outputs.matrix) }}\n";
const DOWNLOAD = RELEASE.slice(
  RELEASE.indexOf("      - uses: actions/download"),
  RELEASE.indexOf(
    "      - uses: putitoutthere/putitoutthere@v0.1.0\n        with:\n          command: publish",
  ),
);

/** The config's rows, each built by a list that is written out. */
const LISTED = `        target: [x86_64-unknown-linux-gnu, aarch64-apple-darwin]\n`;
const SDIST = `  sdist:
    runs-on: ubuntu-latest
    permissions: { contents: read }
    steps:
      - uses: actions/upload-artifact@v7
        with: { name: demo-py-sdist, path: py/dist, if-no-files-found: error, overwrite: true }
  publish:
    needs: [plan, build, sdist]
`;
const BY_HAND = ["  publish:\n    needs: [plan, build]\n", SDIST] as const;
const ownNames = (name: string, matrix = LISTED) =>
  released([NAME, `          name: ${name}\n`], [MATRIX, matrix], BY_HAND);

export const DELIVERY_ROWS: readonly CheckRow[] = [
  {
    check: "rows-uploaded",
    name: "under a name of its own",
    facts: released([NAME, "          name: dist-${{ matrix.target }}\n"]),
    verdict: "failed",
    says: /No job of .* uploads "demo-py-wheel-x86_64-unknown-linux-gnu"/,
  },
  {
    check: "rows-uploaded",
    name: "nothing at all",
    facts: released([
      RELEASE.slice(RELEASE.indexOf("      - uses: actions/upload"), RELEASE.indexOf("  publish:")),
      "",
    ]),
    verdict: "failed",
  },
  {
    check: "rows-uploaded",
    name: "names of a list that is written out",
    facts: ownNames("demo-py-wheel-${{ matrix.target }}"),
    verdict: "passed",
  },
  {
    check: "rows-uploaded",
    name: "a list that lacks one",
    facts: ownNames(
      "demo-py-wheel-${{ matrix.target }}",
      "        target: [x86_64-unknown-linux-gnu]\n",
    ),
    verdict: "failed",
    says: /uploads "demo-py-wheel-aarch64-apple-darwin"$/,
  },
  {
    check: "rows-uploaded",
    name: "rows that are included",
    facts: ownNames(
      "demo-py-wheel-${{ matrix.target }}",
      "        include:\n          - target: x86_64-unknown-linux-gnu\n          - target: aarch64-apple-darwin\n",
    ),
    verdict: "passed",
  },
  {
    check: "rows-uploaded",
    name: "what only a run knows",
    facts: ownNames("demo-py-wheel-${{ env.TARGET }}"),
    verdict: "unknown",
  },
  {
    check: "rows-uploaded",
    name: "folders that cibuildwheel's jobs name",
    facts: ownNames(
      "demo-py-wheels-${{ matrix.os }}",
      "        os: [ubuntu-latest, macos-latest]\n",
    ),
    verdict: "unknown",
  },
  {
    check: "rows-uploaded",
    name: "folders that jobs name, of a package with one wheel for all",
    facts: {
      ...ownNames("demo-py-wheels-${{ matrix.os }}", "        os: [ubuntu-latest, macos-latest]\n"),
      config: CONFIG.replace("maturin", "setuptools").replace(/targets = .*\n/, ""),
    },
    verdict: "passed",
  },
  {
    check: "rows-uploaded",
    name: "in a workflow that is called",
    facts: {
      workflows: {
        "release.yml": RELEASE.replace(
          / {2}build:\n(?:.*\n)*? {2}publish:/,
          "  build:\n    needs: plan\n    uses: ./.github/workflows/build.yml\n  publish:",
        ),
        "build.yml":
          `on: workflow_call\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/upload-artifact@v7\n        with:\n${NAME}`,
      },
    },
    verdict: "passed",
  },
  {
    check: "rows-uploaded",
    name: "in a workflow of another repository",
    facts: {
      workflows: {
        "release.yml": RELEASE.replace(
          / {2}build:\n(?:.*\n)*? {2}publish:/,
          "  build:\n    needs: plan\n    uses: ada/ci/.github/workflows/build.yml@v1\n  publish:",
        ),
      },
    },
    verdict: "unknown",
  },
  {
    check: "rows-uploaded",
    name: "a package that needs none",
    facts: {
      ...released([NAME, "          name: dist\n"]),
      config: CONFIG.slice(0, CONFIG.indexOf("[[package]]")) +
        CONFIG.slice(CONFIG.lastIndexOf("[[package]]")),
    },
    verdict: "passed",
  },
  {
    check: "rows-downloaded",
    name: "nothing",
    facts: released([DOWNLOAD, ""]),
    verdict: "failed",
    says: /downloads nothing/,
  },
  {
    check: "rows-downloaded",
    name: "one by its name",
    facts: released([PATH, "          name: demo-py-sdist\n          path: artifacts\n"]),
    verdict: "failed",
    says: /"demo-py-wheel-x86_64-unknown-linux-gnu" is not downloaded/,
  },
  {
    check: "rows-downloaded",
    name: "a pattern that leaves some",
    facts: released([PATH, "          pattern: '*-wheel-*'\n          path: artifacts\n"]),
    verdict: "failed",
    says: /"demo-py-sdist"/,
  },
  {
    check: "rows-downloaded",
    name: "a pattern of all",
    facts: released([PATH, "          pattern: 'demo-*'\n          path: artifacts\n"]),
    verdict: "passed",
  },
  {
    check: "rows-downloaded",
    name: "a pattern with braces",
    facts: released([PATH, "          pattern: 'demo-{py,js}-*'\n          path: artifacts\n"]),
    verdict: "passed",
  },
  {
    check: "rows-downloaded",
    name: "another folder",
    facts: released([PATH, "          path: dist\n"]),
    verdict: "failed",
    says: /downloaded to "dist", and published from "artifacts"/,
  },
  {
    check: "rows-downloaded",
    name: "no folder",
    facts: released([`        with:\n${PATH}`, ""]),
    verdict: "failed",
    says: /downloaded to "\."/,
  },
  {
    check: "rows-downloaded",
    name: "both another folder",
    facts: released([PATH, "          path: ./dist/\n"], [
      "          command: publish\n",
      "          command: publish\n          artifacts: ${{ github.workspace }}/dist\n",
    ]),
    verdict: "passed",
  },
  {
    check: "rows-downloaded",
    name: "both another folder, by a flag",
    facts: released([PATH, "          path: dist\n"], [
      "uses: putitoutthere/putitoutthere@v0.1.0\n        with:\n          command: publish\n",
      "run: npx piot publish --artifacts=dist\n",
    ]),
    verdict: "passed",
  },
  {
    check: "not-merged",
    name: "all in one folder",
    facts: released([PATH, `${PATH}          merge-multiple: true\n`]),
    verdict: "failed",
    at: ".github/workflows/release.yml:69:27",
  },
  {
    check: "waits-for-builds",
    name: "a job that it does not need",
    facts: released(["needs: [plan, build]", "needs: [plan]"]),
    verdict: "failed",
    says: /does not wait for "build"/,
  },
  {
    check: "waits-for-builds",
    name: "through another",
    facts: released(["needs: [plan, build]", "needs: test"], [
      "  publish:\n",
      "  test:\n    needs: [plan, build]\n    runs-on: ubuntu-latest\n    steps: []\n  publish:\n",
    ]),
    verdict: "passed",
  },
  {
    check: "one-name-each",
    name: "one for all",
    facts: released([NAME, "          name: dist\n"]),
    verdict: "failed",
  },
  {
    check: "one-name-each",
    name: "none",
    facts: released([NAME, ""]),
    verdict: "failed",
    says: /uploads as "artifact"/,
  },
  {
    check: "hidden-files",
    name: "a hidden folder",
    facts: released([
      "          path: ${{ matrix.artifact_path }}\n",
      "          path: .build/out\n",
    ], [HIDDEN, ""]),
    verdict: "failed",
  },
  {
    check: "hidden-files",
    name: "the folder of a row",
    facts: { ...released([HIDDEN, ""]), config: CONFIG.replace('path = "py"', 'path = ".py"') },
    verdict: "failed",
    says: /"\.py\/dist" is hidden/,
  },
  {
    check: "hidden-files",
    name: "no hidden folder",
    facts: released([HIDDEN, ""]),
    verdict: "passed",
  },
  {
    check: "archived",
    name: "a file as it is",
    facts: released([HIDDEN, `${HIDDEN}          archive: false\n`]),
    verdict: "failed",
  },
  {
    check: "nothing-found",
    name: "not said",
    facts: released(["          if-no-files-found: error\n", ""]),
    verdict: "warning",
  },
  {
    check: "nothing-found",
    name: "an upload of something else",
    facts: released([
      "      - run: ./build.sh\n",
      '      - run: ./build.sh\n      - uses: actions/upload-artifact@v7\n        with: { name: "coverage-${{ matrix.target }}", path: cov }\n',
    ]),
    verdict: "passed",
  },
  {
    check: "overwrite",
    name: "not said",
    facts: released(["          overwrite: true\n", ""]),
    verdict: "warning",
  },
  {
    check: "artifact-versions",
    name: "the third upload",
    facts: released([
      "actions/upload-artifact@0123456789012345678901234567890123456789",
      "actions/upload-artifact@v3",
    ]),
    verdict: "failed",
  },
  {
    check: "artifact-versions",
    name: "the third download",
    facts: released([
      "actions/download-artifact@0123456789012345678901234567890123456789",
      "actions/download-artifact@v3.0.2",
    ]),
    verdict: "failed",
  },
];
