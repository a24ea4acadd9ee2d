/**
 * What starts a release.
 *
 * @module
 */

import type { Check } from "../check.ts";
import { type DoctorFacts, publishJobs } from "../facts.ts";
import type { Workflow } from "../workflow.ts";

/** Workflows that an event starts and that publish, each once. */
function publishing(facts: DoctorFacts): readonly Workflow[] | undefined {
  const workflows = [...new Set(publishJobs(facts).map(({ top }) => top.workflow))];
  return workflows.length === 0 ? undefined : workflows;
}

/** No event lets strangers in. */
export const SAFE_EVENTS: Check = {
  id: "safe-events",
  subject: "safety",
  title: "No event of strangers starts a workflow that publishes",
  severity: "failed",
  why:
    "`pull_request_target`, `workflow_run`, `issue_comment` and the like run with the repository's rights for anybody's pull request or words. crates.io and PyPI refuse an identity of the first, crates.io of the second too.",
  mend: "Start releases by `push`, `schedule` or `workflow_dispatch`",
  run: (facts) =>
    publishing(facts)?.flatMap((workflow) =>
      [...workflow.triggers].filter(([name]) => OF_STRANGERS.test(name)).map(([name, value]) => ({
        message: `${workflow.file} publishes, and is started by \`${name}\``,
        location: value?.at ?? workflow.triggersAt,
      }))
    ),
};

const OF_STRANGERS =
  /^(?:pull_request_target|workflow_run|issue_comment|issues|discussion|discussion_comment|fork|watch)$/;

/** A release can be started by hand. */
export const DISPATCH: Check = {
  id: "dispatch",
  subject: "workflow",
  title: "A workflow that publishes can be started by hand",
  severity: "warning",
  why:
    "A run can be run again for 30 days, and always with the workflow as it was: what was mended in the workflow since never counts. By hand today's workflow finishes an earlier release.",
  mend: "Add `workflow_dispatch:` to `on`",
  run: (facts) =>
    publishing(facts)?.flatMap((workflow) =>
      workflow.triggers.has("workflow_dispatch") || isOnlyCalled(workflow) ? [] : [{
        message: `${workflow.file} publishes, and has no \`workflow_dispatch\``,
        location: workflow.triggersAt,
      }]
    ),
};

function isOnlyCalled({ triggers }: Workflow): boolean {
  return triggers.size === 1 && triggers.has("workflow_call");
}

/** Tags start no release: they come from one. */
export const TAG_TRIGGER: Check = {
  id: "tag-trigger",
  subject: "workflow",
  title: "No workflow waits for the tags that a release makes",
  severity: "warning",
  why:
    "Tags are the end of a release, not its beginning; and what GITHUB_TOKEN pushes starts no workflow at all.",
  mend:
    "Release on a push to the main branch, and do what comes after a release in a later job of the same run",
  run: (facts) =>
    facts.workflows.length === 0 || facts.places.length === 0
      ? undefined
      : facts.workflows.flatMap((workflow) => {
        const tags = workflow.triggers.get("push")?.get("tags");
        const branches = workflow.triggers.get("push")?.get("branches");
        if (
          tags === undefined || (branches !== undefined && !publishing(facts)?.includes(workflow))
        ) return [];
        const publishes = publishing(facts)?.includes(workflow) === true;
        if (!publishes && workflow.triggers.size > 1) return [];
        return [{
          message: publishes
            ? `${workflow.file} publishes when a tag is pushed, and publishing pushes tags`
            : `${workflow.file} waits for tags, and those of a release start nothing`,
          location: tags.at,
        }];
      }),
};
