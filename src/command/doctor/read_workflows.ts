/**
 * Reads the workflows of the repository, and the actions of its own that they use.
 *
 * @module
 */

import { join, relative, sep } from "node:path";
import {
  actionFolders,
  type LocalAction,
  readAction,
  stepsOf,
} from "../../core/doctor/local_actions.ts";
import { readWorkflow } from "../../core/doctor/read_workflow.ts";
import type { Step, WorkflowFile } from "../../core/doctor/workflow.ts";
import { Failure } from "../../error.ts";
import { kindOfPath, linksIn, readTextIfThere, walkFiles } from "../../host/files.ts";

/** Where workflows are read. */
export interface RepositoryRoot {
  /** The top of the repository, absolute. */
  readonly root: string;
  /** The folder that piot runs in, absolute. */
  readonly cwd: string;
}

/** What was read. */
export interface ReadWorkflows {
  readonly files: readonly WorkflowFile[];
  readonly actions: ReadonlyMap<string, LocalAction>;
}

const FOLDER = ".github/workflows";

/** Reads every workflow file. A file that cannot be read is one with a problem. */
export async function readWorkflows(place: RepositoryRoot): Promise<ReadWorkflows> {
  const names = await listNames(join(place.root, FOLDER));
  const files = await Promise.all(names.map((name) => readOne(`${FOLDER}/${name}`, place)));
  const workflows = files.flatMap(({ workflow }) => workflow ?? []);
  return { files, actions: await readActions(stepsOf(workflows), place) };
}

async function listNames(folder: string): Promise<readonly string[]> {
  if (await kindOfPath(folder) !== "folder") return [];
  const names = [...await walkFiles(folder), ...await linksIn(folder)];
  return names.filter((name) => /^[^/]+\.ya?ml$/.test(name)).sort();
}

async function readOne(path: string, { root, cwd }: RepositoryRoot): Promise<WorkflowFile> {
  const file = wayTo(join(root, path), cwd);
  try {
    const text = await readTextIfThere(join(root, path));
    if (text !== undefined) return readWorkflow({ file, path, text });
    return unreadable({ file, path }, `${file} leads nowhere`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return unreadable({ file, path }, error.message);
  }
}

function unreadable(
  { file, path }: Pick<WorkflowFile, "file" | "path">,
  message: string,
): WorkflowFile {
  return { file, path, workflow: undefined, problems: [{ message, location: { file } }] };
}

/** Actions lead to further ones; each is read once. */
async function readActions(
  steps: readonly Step[],
  place: RepositoryRoot,
): Promise<ReadonlyMap<string, LocalAction>> {
  const actions = new Map<string, LocalAction>();
  let waiting = actionFolders(steps);
  while (waiting.length > 0) {
    const found: Step[] = [];
    for (const folder of waiting) {
      const action = await readActionAt(folder, place);
      if (action === undefined) continue;
      actions.set(folder, action);
      found.push(...action.steps);
    }
    const known = new Set([...actions.keys(), ...waiting]);
    waiting = actionFolders(found).filter((folder) => !known.has(folder));
  }
  return actions;
}

async function readActionAt(
  folder: string,
  { root, cwd }: RepositoryRoot,
): Promise<LocalAction | undefined> {
  // What leads out of the repository is no action of it.
  if (folder.split("/").includes("..")) return undefined;
  for (const name of ["action.yml", "action.yaml"]) {
    const path = join(root, folder, name);
    const text = await readTextIfThere(path).catch(() => undefined);
    if (text !== undefined) return readAction(text, wayTo(path, cwd));
  }
  return undefined;
}

function wayTo(path: string, cwd: string): string {
  return relative(cwd, path).replaceAll(sep, "/");
}
