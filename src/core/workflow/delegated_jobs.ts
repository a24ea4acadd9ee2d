/**
 * Rows that `build_workflow` gives to a workflow of their own: which job calls it, and how the rows get there.
 *
 * @module
 */

/** The job that calls a workflow, and the output with its rows: `wheels.yml` → `build-wheels`. */
export function jobOf(file: string): string {
  return `build-${file.replace(/\.ya?ml$/, "").replace(/[^A-Za-z0-9_-]/g, "-")}`;
}

/** Each workflow once, in their order; of those whose jobs would have one name the first. */
export function delegatedFiles(files: readonly string[]): readonly string[] {
  const byJob = new Map<string, string>();
  for (const file of files) if (!byJob.has(jobOf(file))) byJob.set(jobOf(file), file);
  return [...byJob.values()];
}

/**
 * The step of the plan's job that parts the rows. It reads the plan's file: an output is bounded, and a variable of the
 * environment far more so.
 */
export function splitStep(files: readonly string[]): string {
  const outputs = files.map((file) =>
    `      echo "${
      jobOf(file)
    }=$(jq -c '[.matrix[] | select(.build_workflow == "${file}")]' "$PLAN_FILE")"\n`
  );
  return `# Rows that name a \`build_workflow\` are built by that one; the others are built here.
- id: split
  if: inputs.recover == ''
  shell: bash
  env:
    PLAN_FILE: @{{ steps.plan.outputs.plan_file }}
  run: |
    rows=$(jq -c '[.matrix[] | select(.build_workflow == null)]' "$PLAN_FILE")
    {
      echo "matrix=$rows"
      echo "has_rows=$(jq 'length > 0' <<< "$rows")"
${outputs.join("")}    } >> "$GITHUB_OUTPUT"
`;
}

/** The jobs that call the workflows. Each takes its rows as the input \`matrix\`, and uploads by their names. */
export function delegatedJobs(files: readonly string[]): readonly string[] {
  return files.map((file) => {
    const rows = `needs.plan.outputs.${jobOf(file)}`;
    return `# That workflow starts on \`workflow_call\`, with an input \`matrix\` of type string: rows as JSON. It uploads each
# under its \`artifact_name\`, as the steps of \`build\` would.
${jobOf(file)}:
  needs: plan
  if: ${rows} && ${rows} != '[]'
  permissions:
    contents: read
  uses: ./.github/workflows/${file}
  with:
    matrix: @{{ ${rows} }}
`;
  });
}
