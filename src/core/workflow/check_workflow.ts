/**
 * The workflow that shows in a pull request what it would release, and fails where a release would.
 *
 * @module
 */

import { ACTIONS, ownAction } from "./pinned_actions.ts";
import { placeInputs } from "./release_workflow.ts";
import type { WorkflowSetup } from "./workflow_setup.ts";
import { indent } from "./step_text.ts";

/** The text of `.github/workflows/putitoutthere-check.yml`. */
export function checkWorkflow(setup: WorkflowSetup): string {
  return `# Shows in each pull request what merging it would release, and says what is wrong with putitoutthere.toml and the
# workflows before a release does. It has no credential, so that it may run for everybody's pull requests.
name: putitoutthere check

on:
  pull_request:

permissions: {}

concurrency:
  group: putitoutthere-check-\${{ github.ref }}
  cancel-in-progress: true

jobs:
  plan:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: ${ACTIONS.checkout}
        with:
          fetch-depth: 0
          filter: blob:none
          persist-credentials: false
      - uses: ${ownAction(setup.version)}
        with:
          command: plan
${
    indent(placeInputs(setup), 6)
  }      # Also where nothing is planned: what is wrong with the workflows shows before they are needed.
      - if: "!cancelled()"
        uses: ${ownAction(setup.version)}
        with:
          command: doctor
${indent(placeInputs(setup), 6)}`;
}
