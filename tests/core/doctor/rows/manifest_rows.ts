/** Rows of the checks about manifests. What is in them is read by the kinds: see `tests/command/doctor/manifests_test.ts`. */

import { Failure } from "../../../../src/error.ts";
import { type FactsInput, released } from "../../../support/doctor_facts.ts";
import type { CheckRow } from "./check_row.ts";

const REFUSED = new Failure("PIOT_NPM_PRIVATE", "Cannot publish demo-js: private", {
  hint: "Remove it",
});
const NO_PROGRAM = new Failure("PIOT_PROGRAM_MISSING", "Cannot run cargo: it is not there");
const js = (manifest: NonNullable<FactsInput["manifests"]>[string]): FactsInput => ({
  manifests: { "demo-js": manifest },
});
const py = (manifest: NonNullable<FactsInput["manifests"]>[string]): FactsInput => ({
  manifests: { "demo-py": manifest },
});
const SET = `      - run: npx --yes putitoutthere@0.1.0 set-version --row "$ROW"
        env:
          ROW: \${{ toJSON(matrix) }}
`;

export const MANIFEST_ROWS: readonly CheckRow[] = [
  {
    check: "manifest-publishable",
    name: "one that is refused",
    facts: js({ refusals: [REFUSED] }),
    verdict: "failed",
    says: /private/,
  },
  {
    check: "manifest-publishable",
    name: "without the program that would tell",
    facts: js({ refusals: [NO_PROGRAM] }),
    verdict: "unknown",
  },
  {
    check: "versions-writable",
    name: "a version that is nowhere",
    facts: py({ unwritable: [REFUSED] }),
    verdict: "failed",
  },
  {
    check: "versions-writable",
    name: "told once",
    facts: py({ unwritable: [REFUSED], refusals: [REFUSED] }),
    verdict: "passed",
  },
  {
    check: "repository",
    name: "another, of an npm package",
    facts: js({ repositories: ["git+https://github.com/ada/other.git"] }),
    verdict: "failed",
    says: /names the repository git\+https:\/\/github\.com\/ada\/other/,
  },
  {
    check: "repository",
    name: "another, of a project",
    facts: py({ repositories: ["https://github.com/ada/other"] }),
    verdict: "warning",
  },
  {
    check: "repository",
    name: "this one, written otherwise",
    facts: js({ repositories: ["git@github.com:Ada/Demo.git"] }),
    verdict: "passed",
  },
  {
    check: "repository",
    name: "none, of an npm package",
    facts: js({ repositories: [] }),
    verdict: "warning",
  },
  {
    check: "repository",
    name: "a repository that nobody knows",
    facts: { more: { repository: undefined } },
    verdict: "not-applicable",
  },
  { check: "license", name: "none", facts: py({ hasLicense: false }), verdict: "warning" },
  {
    check: "license",
    name: "a manifest that cannot be read",
    facts: py({ hasLicense: undefined }),
    verdict: "passed",
  },
  {
    check: "build-fits",
    name: "what is odd",
    facts: py({ oddities: [{ message: "not included" }] }),
    verdict: "warning",
  },
  {
    check: "versions-set",
    name: "nothing before the build",
    facts: released([SET, ""]),
    verdict: "failed",
    says: /Job "build"/,
  },
  {
    check: "versions-set",
    name: "by the plan's version",
    facts: released([
      SET,
      '      - run: ./set.sh\n        env: { VERSION: "${{ matrix.version }}" }\n',
    ]),
    verdict: "passed",
  },
  {
    check: "versions-set",
    name: "by the action's name in a script",
    facts: released([SET, "      - run: npx piot set-version demo-py 1.0.0\n"]),
    verdict: "passed",
  },
];
