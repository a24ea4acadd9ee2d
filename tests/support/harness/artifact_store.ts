/**
 * Artifacts of workflow runs as actions/upload-artifact 7 and download-artifact 8 keep and give them: modes are dropped,
 * hidden files left out, a name is taken once in a run, and one artifact alone is unpacked flat.
 */

import { chmod, copyFile, cp, mkdir, readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

/** Inputs of an action, as they are written. */
export type Inputs = Readonly<Record<string, string>>;

/** What an action is used in. */
export interface Place {
  /** The checkout: paths start there. */
  readonly workspace: string;
  readonly run: number;
  /** Whether the job may read artifacts of other runs: `actions: read`. */
  readonly readsRuns: boolean;
}

// deno-lint-ignore no-control-regex
const FORBIDDEN = /[":<>|*?\r\n\\/\u0000-\u001f]/;

/** The artifacts of all runs, below a folder. */
export class ArtifactStore {
  readonly #root: string;
  readonly #names = new Map<number, Set<string>>();

  constructor(root: string) {
    this.#root = root;
  }

  /** The names that a run has left. */
  namesOf(run: number): readonly string[] {
    return [...this.#names.get(run) ?? []].sort();
  }

  /** actions/upload-artifact. */
  async upload(inputs: Inputs, { workspace, run }: Place): Promise<void> {
    const name = inputs.name ?? "artifact";
    if (name === "" || FORBIDDEN.test(name)) throw new Error(`no name for an artifact: ${name}`);
    const names = this.#names.get(run) ?? new Set<string>();
    if (names.has(name) && inputs.overwrite !== "true") {
      throw new Error(`(409) Conflict: an artifact with this name already exists: ${name}`);
    }
    const from = resolve(workspace, inputs.path ?? "");
    const files = await filesBelow(from, inputs["include-hidden-files"] === "true");
    if (files.length === 0) {
      if (inputs["if-no-files-found"] === "error") throw new Error(`no files were found: ${from}`);
      return;
    }
    const to = join(this.#root, `${run}`, name);
    for (const file of files) {
      // One plain file is stored by its bare name.
      const target = join(to, file === "" ? basename(from) : file);
      await mkdir(dirname(target), { recursive: true });
      await copyFile(join(from, file), target);
      await chmod(target, 0o644);
    }
    this.#names.set(run, names.add(name));
  }

  /** actions/download-artifact. */
  async download(inputs: Inputs, { workspace, run, readsRuns }: Place): Promise<void> {
    const other = inputs["run-id"];
    if (other !== undefined && ((inputs["github-token"] ?? "") === "" || !readsRuns)) {
      throw new Error("Resource not accessible by integration: artifacts of another run");
    }
    const from = other === undefined ? run : Number(other);
    const to = resolve(workspace, inputs.path ?? "");
    const chosen = inputs.name === undefined ? this.namesOf(from) : [inputs.name];
    for (const name of chosen) {
      if (!this.namesOf(from).includes(name)) {
        throw new Error(`Artifact not found for name: ${name}`);
      }
      const isFlat = inputs.name !== undefined || chosen.length === 1;
      await cp(join(this.#root, `${from}`, name), isFlat ? to : join(to, name), {
        recursive: true,
      });
    }
  }
}

/** Files below a path, relative to it; `[""]` for a file. */
async function filesBelow(path: string, hidden: boolean): Promise<readonly string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return [];
  if (found.isFile()) return [""];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .filter((file) => hidden || !file.split("/").some((part) => part.startsWith(".")));
}
