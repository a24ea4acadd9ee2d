/**
 * The workflow that releases: plan → build → publish, in the repository's own file, since that is what the registries know
 * a trusted publisher by.
 *
 * @module
 */

import { ACTIONS, ownAction } from "./pinned_actions.ts";
import type { WorkflowBuilds, WorkflowSetup } from "./workflow_setup.ts";
import { indent, workflowText, yamlText } from "./step_text.ts";
import { versionSteps } from "./version_steps.ts";
import { delegatedJobs, jobOf, splitStep } from "./delegated_jobs.ts";

/** Where the page about these files is. */
const PAGE = "https://github.com/putitoutthere/putitoutthere/blob/main/docs/workflows.md";

/** The text of `.github/workflows/release.yml`. */
export function releaseWorkflow(setup: WorkflowSetup, builds: WorkflowBuilds): string {
  const jobs = [
    planJob(setup, builds),
    ...builds.steps.length === 0 ? [] : [buildJob(setup, builds)],
    ...delegatedJobs(builds.delegated),
    publishJob(setup, builds),
  ];
  return `${workflowText(head(setup))}\njobs:\n${indent(jobs.map(workflowText).join("\n"), 2)}`;
}

/** When releases happen. */
function triggers({ cadence, branch }: WorkflowSetup): string {
  return cadence === "immediate"
    ? `  push:
    branches: [${yamlText(branch)}]
`
    : `  # On the default branch, by UTC: minutes other than 0 wait less for a runner.
  schedule:
    - cron: "17 5 * * 1-5"
`;
}

function head(setup: WorkflowSetup): string {
  return `# Releases what changed: plan → build → publish. Written by \`putitoutthere init\`; it is yours from now on.
# What each part is for, and what may be changed: ${PAGE}
name: release

on:
${triggers(setup)}  workflow_dispatch:
    inputs:
      dry_run:
        description: Plan and build, and publish nothing
        type: boolean
        default: false
      release:
        description: "Release exactly this: name, name@minor, name@1.4.0, comma-separated"
        type: string
        default: ""
      recover:
        description: "Publish what an earlier run built: the number in its address"
        type: string
        default: ""

permissions: {}

# A release is neither cancelled nor dropped: the next one waits, and so does the one after it.
concurrency:
  group: release-@{{ github.ref }}
  cancel-in-progress: false
  queue: max
${workingFolder(setup)}${configEnv(setup)}`;
}

function workingFolder({ folder }: WorkflowSetup): string {
  return folder === "." ? "" : `\ndefaults:\n  run:\n    working-directory: ${yamlText(folder)}\n`;
}

function configEnv({ config }: WorkflowSetup): string {
  return config === undefined ? "" : `\nenv:\n  PIOT_CONFIG: ${yamlText(config)}\n`;
}

/** The inputs of our action that say where the configuration is. */
export function placeInputs({ folder, config }: WorkflowSetup): string {
  return [
    folder === "." ? "" : `    working_directory: ${yamlText(folder)}\n`,
    config === undefined ? "" : `    config: ${yamlText(config)}\n`,
  ].join("");
}

function planJob(setup: WorkflowSetup, builds: WorkflowBuilds): string {
  const isSplit = builds.delegated.length > 0;
  const rows = isSplit ? "split" : "plan";
  const rowOutputs = [
    ...builds.steps.length === 0
      ? []
      : ["matrix", "has_rows"].map((name) => `    ${name}: @{{ steps.${rows}.outputs.${name} }}\n`),
    ...builds.delegated.map((file) =>
      `    ${jobOf(file)}: @{{ steps.split.outputs.${jobOf(file)} }}\n`
    ),
  ];
  return `plan:
  runs-on: ubuntu-latest
  permissions:
    contents: read
    actions: read # to find the run that \`recover\` names
  outputs:
    head: @{{ steps.plan.outputs.head }}
    has_release: @{{ steps.plan.outputs.has_release }}
${rowOutputs.join("")}  steps:
    # The whole history: versions come from its tags. File contents are fetched when they are needed.
    - uses: ${ACTIONS.checkout}
      with:
        fetch-depth: 0
        filter: blob:none
        persist-credentials: false
    - id: plan
      uses: ${ownAction(setup.version)}
      with:
        command: plan
        release: @{{ inputs.release }}
        recover: @{{ inputs.recover }}
${indent(placeInputs(setup), 4)}${indent(isSplit ? splitStep(builds.delegated) : "", 4)}${
    builds.needPlan.length > 0
      ? `    - if: steps.plan.outputs.has_rows == 'true'
      uses: ${ACTIONS.upload}
      with:
        name: putitoutthere-plan
        path: @{{ steps.plan.outputs.plan_file }}
        overwrite: true
`
      : ""
  }`;
}

function buildJob(setup: WorkflowSetup, builds: WorkflowBuilds): string {
  const below = setup.folder === "." ? "" : `${setup.folder}/`;
  const placed = [...versionSteps(setup, builds), ...builds.steps].map((step) =>
    step.replaceAll("working-directory: ${{", `working-directory: ${below}\${{`)
  );
  return `# One job for each file that a registry or a platform needs. Nothing here can publish: there is no credential.
build:
  name: build @{{ matrix.artifact_name }}
  needs: plan
  if: needs.plan.outputs.has_rows == 'true'
  runs-on: @{{ matrix.runs_on }}
  permissions:
    contents: read
  strategy:
    fail-fast: false
    matrix:
      include: @{{ fromJSON(needs.plan.outputs.matrix) }}
  steps:
    - uses: ${ACTIONS.checkout}
      with:
        persist-credentials: false
${indent(placed.join(""), 4)}    - uses: ${ACTIONS.upload}
      with:
        name: @{{ matrix.artifact_name }}
        path: @{{ env.ARTIFACT || ${
    below === "" ? "matrix.artifact_path" : `format('${below}{0}', matrix.artifact_path)`
  } }}
        include-hidden-files: @{{ matrix.kind == 'npm' }}
        if-no-files-found: error
        # A job that runs again replaces what it left the first time.
        overwrite: true
`;
}

/** Jobs that the publishing one waits for. */
function neededJobs({ steps, delegated }: WorkflowBuilds): readonly string[] {
  return ["plan", ...steps.length === 0 ? [] : ["build"], ...delegated.map(jobOf)];
}

function publishJob(setup: WorkflowSetup, builds: WorkflowBuilds): string {
  return `# Nothing is installed, restored or built here: whatever runs in this job could publish.
publish:
  needs: [${neededJobs(builds).join(", ")}]
  # A build that was skipped is none that failed: a package without anything to build is published too.
  if: >-
    @{{ !cancelled() && needs.plan.outputs.has_release == 'true' &&
    !contains(needs.*.result, 'failure') && !contains(needs.*.result, 'cancelled') &&
    !inputs.dry_run && github.event_name != 'pull_request' }}
  runs-on: ubuntu-latest
  # In the settings of the repository, under Environments: let \`release\` be deployed to from the branch
  # ${setup.branch} alone, with the reviewers who have to agree. Name it to the registries beside this file, release.yml,
  # so that no other workflow and no other branch can publish.
  environment: release
  permissions:
    contents: write # tags and Releases
    id-token: write # what the registries trust in place of a token
    actions: read # artifacts of the run that \`recover\` names
  steps:
    # With credentials, since tags are pushed. With \`recover\` this is the commit of the earlier run.
    - uses: ${ACTIONS.checkout}
      with:
        ref: @{{ needs.plan.outputs.head }}
        fetch-depth: 0
        filter: blob:none
    - if: inputs.recover == ''
      uses: ${ACTIONS.download}
      with:
        path: artifacts
    - if: inputs.recover != ''
      uses: ${ACTIONS.download}
      with:
        path: artifacts
        run-id: @{{ inputs.recover }}
        github-token: @{{ github.token }}
    - id: publish
      uses: ${ownAction(setup.version)}
      with:
        command: publish
        artifacts: @{{ github.workspace }}/artifacts
        release: @{{ inputs.release }}
        recover: @{{ inputs.recover }}
${indent(placeInputs(setup), 4)}${tokenEnv(builds)}`;
}

function tokenEnv({ tokens }: WorkflowBuilds): string {
  if (tokens.length === 0) return "";
  const lines = tokens.map((name) => `        ${name}: @{{ secrets.${name} }}\n`);
  return `      # Only where a registry does not trust this workflow yet, as before a package's first release: put
      # such tokens into the environment, and remove them once it does. What is not set is empty.
      env:
${lines.join("")}`;
}
