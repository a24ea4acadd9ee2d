/**
 * How a written workflow builds crates: it packages them, so that the job which publishes needs no cargo.
 *
 * @module
 */

import type { CratesPackage } from "../model/package.ts";
import { type BuildSteps, type KindBuilds, workflowText } from "../workflow/step_text.ts";

/** Whether a crate needs another one of them: cargo then packages both by one call, at the versions of the plan. */
function needEachOther(packages: readonly CratesPackage[]): boolean {
  const names = new Set(packages.map(({ name }) => name));
  return packages.some(({ dependsOn }) => dependsOn.some((name) => names.has(name)));
}

/** The names on crates.io of the row's crate, and of what it needs and what ships with it. */
const TOGETHER = `    names=$(jq -r --arg name "$NAME" '
      (.packages | map({(.name): .}) | add) as $ships
      | def needs: $ships[.] // empty | ., (.depends_on[] | needs);
      [$name | needs | select(.kind == "crates") | .registry_name] | unique | .[]
    ' "$RUNNER_TEMP/plan/putitoutthere-plan.json" | tr -d '\\r')
    crates=()
    for name in $names; do crates+=(--package "$name"); done
`;

/** Steps for `noarch` rows of crates. They leave `NAME-VERSION.crate`, and nothing else, where the row says. */
const cratesBuildSteps: BuildSteps<CratesPackage> = (packages) => {
  const isWhole = needEachOther(packages);
  return [
    `# cargo builds what it packages, here, where no credential is. Publishing uploads these very bytes.
- name: Package the crate
  if: matrix.kind == 'crates'
  shell: bash
  env:
    NAME: @{{ matrix.${isWhole ? "name" : "registry_name"} }}
    MANIFEST: @{{ matrix.path }}/Cargo.toml
    FOLDER: @{{ matrix.artifact_path }}
  run: |
${
      isWhole
        ? TOGETHER
        : '    crates=(--package "$NAME")\n'
    }    cargo package --allow-dirty --manifest-path "$MANIFEST" \\
      --target-dir "$RUNNER_TEMP/target" "\${crates[@]}"
    mkdir -p "$FOLDER"
    cp "$RUNNER_TEMP"/target/package/*.crate "$FOLDER"
`,
  ].map(workflowText);
};

/** Crates: packaged alone, or together where they need one another. */
export const CRATES_BUILDS: KindBuilds<CratesPackage> = {
  steps: cratesBuildSteps,
  needPlan: needEachOther,
  tokens: ["CARGO_REGISTRY_TOKEN"],
  examples: `[[package]]
name = "my-crate"
kind = "crates"
path = "crates/my-crate"
paths = ["crates/my-crate/**"]
`,
};
