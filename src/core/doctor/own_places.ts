/**
 * Where workflows run this program: in a job of their own, in a job of a workflow that they call, or in a composite action.
 *
 * @module
 */

import { actionFolder, type LocalActions } from "./local_actions.ts";
import { type OwnCommand, ownCommand } from "./own_command.ts";
import type { Job, Permissions, Placed, Step, Workflow } from "./workflow.ts";

/** A job, with the workflow that it stands in. */
export interface PlacedJob {
  readonly workflow: Workflow;
  readonly job: Job;
}

/** One place where this program runs. */
export interface OwnPlace extends OwnCommand {
  /** The workflow that an event starts, and its job: what registries know a run by. */
  readonly top: PlacedJob;
  /** The job that the step runs in; another than the top's where workflows are called. */
  readonly in: PlacedJob;
  /** Jobs from the top to that one. */
  readonly chain: readonly PlacedJob[];
  readonly step: Step;
  /** The step of the job that leads there: another than `step` where that is in a composite action. */
  readonly jobStep: Step;
  /** The action that has the step. */
  readonly composite: string | undefined;
}

/** What of a file leads to others that cannot be read here. */
export interface Unfollowed {
  readonly uses: Placed;
  readonly from: PlacedJob;
}

/** What was found. */
export interface OwnPlaces {
  readonly places: readonly OwnPlace[];
  /** Calls of workflows and actions that are not here, in jobs that may write an identity. */
  readonly unfollowed: readonly Unfollowed[];
}

const DEEPEST = 10;

/** What is read of the repository. */
export interface WorkflowTree {
  readonly workflows: readonly Workflow[];
  readonly actions: LocalActions;
}

/** Looks through every workflow that an event starts, and through those that nobody here calls. */
export function findOwnPlaces(tree: WorkflowTree): OwnPlaces {
  const places: OwnPlace[] = [];
  const unfollowed: Unfollowed[] = [];
  const search: Search = { tree, places, unfollowed, looked: 0 };
  const called = new Set(
    tree.workflows.flatMap(({ jobs }) =>
      jobs.flatMap(({ uses }) => uses && (calledPath(uses.text) ?? []))
    ),
  );
  for (const workflow of tree.workflows) {
    const isOnlyCalled = workflow.triggers.size === 1 && workflow.triggers.has("workflow_call");
    if (isOnlyCalled && called.has(workflow.path)) continue;
    for (const job of workflow.jobs) inJob([{ workflow, job }], search);
  }
  return { places, unfollowed };
}

/** The path of the workflow of this repository that `uses:` of a job names; undefined for another's. */
export function calledPath(uses: string): string | undefined {
  return /^(?:\.|\$)\/(\.github\/workflows\/[^/@]+)$/.exec(uses.trim())?.[1];
}

interface Search {
  readonly tree: WorkflowTree;
  readonly places: OwnPlace[];
  readonly unfollowed: Unfollowed[];
  /** Steps that were looked at, each as often as something leads there. */
  looked: number;
}

/** Workflows and actions that call one another lead to the same steps in any number of ways. */
const MOST_STEPS = 50_000;

function inJob(chain: readonly PlacedJob[], search: Search): void {
  const own = chain.at(-1)!;
  const { uses } = own.job;
  if (++search.looked > MOST_STEPS) return;
  if (uses !== undefined) {
    const path = calledPath(uses.text);
    const callee = search.tree.workflows.find((workflow) => workflow.path === path);
    if (callee === undefined) search.unfollowed.push({ uses, from: own });
    else if (chain.length < DEEPEST && !chain.some(({ workflow }) => workflow === callee)) {
      for (const job of callee.jobs) inJob([...chain, { workflow: callee, job }], search);
    }
    return;
  }
  for (const step of own.job.steps) inStep(step, { chain, jobStep: step, actions: [] }, search);
}

interface StepPlace {
  readonly chain: readonly PlacedJob[];
  readonly jobStep: Step;
  /** Folders of the actions around it, the outermost first. */
  readonly actions: readonly string[];
}

function inStep(step: Step, { chain, jobStep, actions }: StepPlace, search: Search): void {
  const { tree, places } = search;
  if (++search.looked > MOST_STEPS) return;
  const actionOf = (uses: string) => tree.actions.get(actionFolder(uses) ?? "\0");
  const own = ownCommand(step, (uses) => actionOf(uses)?.isOwn === true);
  if (own !== undefined) {
    const composite = actions.at(-1);
    places.push({ ...own, top: chain[0]!, in: chain.at(-1)!, chain, step, jobStep, composite });
    return;
  }
  const folder = step.uses && actionFolder(step.uses.text);
  const action = folder === undefined ? undefined : tree.actions.get(folder);
  if (folder === undefined || action === undefined) return;
  if (actions.includes(folder) || actions.length >= DEEPEST) return;
  for (const inner of action.steps) {
    inStep(inner, { chain, jobStep, actions: [...actions, folder] }, search);
  }
}

/** What a job may do with one scope. `default`: no file says, and the repository's settings decide. */
export type Level = "none" | "read" | "write" | "default" | "unknown";

/** The level of a scope along a chain: a called workflow has at most what its caller's job has. */
export function levelOf(chain: readonly PlacedJob[], scope: string): Level {
  return chain.reduce<Level>(
    (outer, { workflow, job }) => {
      const own = declaredLevel(job.permissions ?? workflow.permissions, scope);
      if (own === "default") return outer;
      return outer === "default" ? own : lower(outer, own);
    },
    "default",
  );
}

function declaredLevel(permissions: Permissions | undefined, scope: string): Level {
  if (permissions === undefined) return "default";
  const said = permissions.scopes.get(scope)?.text;
  if (said === undefined) {
    // No shorthand for reading gives an identity: it has no such level.
    return permissions.others === "read" && scope === "id-token" ? "none" : permissions.others;
  }
  return said === "none" || said === "read" || said === "write" ? said : "unknown";
}

const ORDER: readonly Level[] = ["none", "unknown", "read", "write"];

function lower(left: Level, right: Level): Level {
  return ORDER.indexOf(left) < ORDER.indexOf(right) ? left : right;
}

/** Where the permissions that count for a job stand; the job itself where there are none. */
export function permissionsPlace({ workflow, job }: PlacedJob): Placed["at"] {
  return (job.permissions ?? workflow.permissions)?.at ?? job.at;
}
