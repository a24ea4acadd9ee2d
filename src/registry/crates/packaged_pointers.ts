/**
 * Pointers of Git LFS that would be packaged in place of what they stand for: they lie in a checkout where Git LFS is not
 * installed, or where it has not fetched them.
 *
 * @module
 */

import { join } from "node:path";
import { wordsOf } from "../../core/crates/cargo_output.ts";
import { Failure } from "../../error.ts";
import type { Cargo } from "../../host/cargo.ts";
import { createGit, type Git } from "../../host/git.ts";
import { readIndex } from "../../host/git_index.ts";
import { trackedPointers } from "../../host/lfs_pointers.ts";
import { pathInTree, topOf } from "../../host/work_tree.ts";
import { type CratesWork, specOf, workspaceAt } from "./crates_work.ts";
import { quoteSome } from "./work_tree.ts";

/**
 * Throws `PIOT_DIRTY_TREE` for those that cargo would package, in the order of the crates. cargo is asked for its list only
 * where there are any, after versions were written; `missing` are submodules that are not there.
 */
export async function refusePointers(
  { git, cargo, missing }: {
    readonly git: Git;
    readonly cargo: Cargo;
    readonly missing: readonly string[];
  },
  work: CratesWork,
): Promise<void> {
  const top = await topOf(git);
  const pointers = new Set(await pointersBelow(createGit({ ...git, cwd: top }), missing));
  if (pointers.size === 0) return;
  const found: string[] = [];
  for (const crate of work.crates) {
    const workspace = workspaceAt(work, crate.folder);
    if (workspace === undefined) continue;
    const args = ["package", "--list", "--allow-dirty", "--package", specOf(crate.release)];
    const { code, stdout, stderr } = await cargo(args, { cwd: workspace.root });
    if (code !== 0) {
      throw new Failure(
        "PIOT_CARGO",
        `Cannot list the files of ${crate.release.package.name}: ${wordsOf(stderr)}`,
        { hint: "Run `cargo package --list` in the crate's folder to see it by hand" },
      );
    }
    for (const path of stdout.split(/\r?\n/).filter((line) => line !== "")) {
      // What cargo writes itself, and what it takes from above the crate, lies nowhere below it.
      const way = await pathInTree({ top }, join(crate.folder, path)).catch(() => undefined);
      if (way !== undefined && pointers.has(join(top, way))) found.push(way);
    }
  }
  if (found.length > 0) throw pointerFailure(found);
}

async function pointersBelow(git: Git, missing: readonly string[]): Promise<readonly string[]> {
  const { submodules } = await readIndex(git);
  const there = submodules.filter((path) => !missing.includes(path));
  const inner = await Promise.all(there.map((path) => {
    const below = missing.filter((other) => other.startsWith(`${path}/`));
    const own = createGit({ ...git, cwd: join(git.cwd, path) });
    return pointersBelow(own, below.map((other) => other.slice(path.length + 1)));
  }));
  return [...await trackedPointers(git), ...inner.flat()];
}

function pointerFailure(files: readonly string[]): Failure {
  return new Failure(
    "PIOT_DIRTY_TREE",
    `Cannot package crates: in place of ${
      quoteSome([...new Set(files)].sort())
    } there are pointers of Git LFS`,
    {
      hint:
        "Have Git LFS installed and the files fetched (`lfs: true` for actions/checkout); or leave them out with `exclude` in Cargo.toml",
    },
  );
}
