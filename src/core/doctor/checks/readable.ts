/**
 * Whether what doctor judges by could be read.
 *
 * @module
 */

import type { Check } from "../check.ts";

/** The configuration loads. */
export const CONFIGURATION: Check = {
  id: "configuration",
  subject: "manifest",
  title: "putitoutthere.toml loads",
  severity: "failed",
  why: "Every command stops at it.",
  mend: "Mend what is shown",
  run: ({ configProblems }) => configProblems,
};

/** GitHub takes the workflow files. */
export const WORKFLOW_READABLE: Check = {
  id: "workflow-readable",
  subject: "workflow",
  title: "Every workflow is a file that GitHub reads",
  severity: "failed",
  why:
    "GitHub starts no run of a file that it cannot read, and shows that on a page that nobody looks at. What doctor cannot read it cannot judge.",
  mend: "Mend the file; GitHub's own page of the workflow shows what is wrong, too",
  run: ({ files }) => files.length === 0 ? undefined : files.flatMap(({ problems }) => problems),
};
