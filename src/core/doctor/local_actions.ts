/**
 * Actions of the repository itself, as far as a release may run in them.
 *
 * @module
 */

import { readSteps } from "./read_steps.ts";
import type { Step, Workflow } from "./workflow.ts";
import { readYaml } from "./yaml_tree.ts";

/** An action of the repository. */
export interface LocalAction {
  /** Its file, relative to the folder that piot runs in. */
  readonly file: string;
  /** Whether it is this program's own action. */
  readonly isOwn: boolean;
  /** Of a composite one; empty for any other, and for one that cannot be read. */
  readonly steps: readonly Step[];
}

/** Local actions by their folder from the top of the repository: `.github/actions/ship`; the top itself is empty. */
export type LocalActions = ReadonlyMap<string, LocalAction>;

/** Reads an `action.yml`. */
export function readAction(text: string, file: string): LocalAction {
  const root = readYaml(text, file).root;
  const name = root?.get("name")?.text?.trim().toLowerCase();
  return {
    file,
    isOwn: name === "putitoutthere" || name === "piot",
    steps: readSteps(root?.get("runs")?.get("steps")),
  };
}

/** The folder that `./x` or `$/x` names; undefined for what is no action of the repository. */
export function actionFolder(uses: string): string | undefined {
  const found = /^(?:\.|\$)\/(.*?)\/*$/.exec(uses.trim())?.[1];
  return found === undefined || /\.ya?ml$/.test(found) ? undefined : found;
}

/** Folders of local actions that these steps use, each once. */
export function actionFolders(steps: readonly Step[]): readonly string[] {
  return [...new Set(steps.flatMap(({ uses }) => uses && (actionFolder(uses.text) ?? [])))]
    .filter((folder) => folder !== undefined);
}

/** Every step of some workflows. */
export function stepsOf(workflows: readonly Workflow[]): readonly Step[] {
  return workflows.flatMap(({ jobs }) => jobs.flatMap(({ steps }) => steps));
}
