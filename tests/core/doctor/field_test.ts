import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { CHECKS } from "../../../src/core/doctor/checks.ts";
import { judgeAll } from "../../../src/core/doctor/doctor_document.ts";
import { CONFIG, doctorFacts } from "../../support/doctor_facts.ts";
import { equalsGolden } from "../../support/golden.ts";

const FOLDER = "tests/fixtures/doctor";

/** What the fixtures that are no Python and npm packages release. */
const CONFIGS: Readonly<Record<string, string>> = {
  "07-cargo-workspace.yml":
    `[putitoutthere]\nversion = 1\n[[package]]\nname = "demo-core"\nkind = "crates"\npath = "core"\npaths = ["core/**"]\n`,
};

const SHIP = `name: ship
runs:
  using: composite
  steps:
    - run: npx putitoutthere publish --artifacts .
      shell: bash
`;

for (const file of (await readdir(FOLDER)).filter((name) => name.endsWith(".yml")).sort()) {
  test(`${file}: a workflow as projects write them is judged as the golden file has it`, async () => {
    const facts = doctorFacts({
      workflows: { [file]: await readFile(`${FOLDER}/${file}`, "utf8") },
      actions: { ".github/actions/ship": SHIP },
      config: CONFIGS[file] ?? CONFIG,
    });
    const lines = judgeAll(CHECKS, facts).flatMap(({ findings }) => findings)
      .map(({ check, weight, message, location }) =>
        `${weight} ${check}${location?.line === undefined ? "" : ` :${location.line}`} ${message}\n`
      );
    await equalsGolden(`${FOLDER}/${file.replace(".yml", ".txt")}`, lines.join(""));
  });
}
