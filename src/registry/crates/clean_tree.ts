/**
 * What goes into crates is the commit's files and no others: cargo packages from a folder that holds exactly the commit. What
 * could still bring in something else, a link or a submodule that is not there, is refused; what of the user's work tree is
 * not in the release is told.
 *
 * @module
 */

import { join, relative } from "node:path";
import { hasVersion, isVersionEdit } from "../../core/manifest/version_edit.ts";
import { Failure } from "../../error.ts";
import type { CommitCheckout } from "../../host/commit_checkout.ts";
import { kindOfPath, readTextIfThere } from "../../host/files.ts";
import type { Git } from "../../host/git.ts";
import { readIndex } from "../../host/git_index.ts";
import type { Whereabouts } from "../../host/loans/places.ts";
import {
  pathInTree,
  readCommitted,
  readWorkTree,
  topOf,
  type TreeState,
} from "../../host/work_tree.ts";
import { quoteSome } from "./work_tree.ts";

/** A crate of the checkout. */
export interface GuardedCrate {
  /** Its folder, absolute. */
  readonly folder: string;
  /** Files that cargo packages from wherever they lie, such as a README above the folder; relative to it. */
  readonly named: readonly string[];
}

/** Throws `PIOT_DIRTY_TREE` for everything that no commit has and cargo would package all the same. */
export async function requireOwnFiles(
  { git, missing }: Pick<CommitCheckout, "git" | "missing">,
  crates: readonly GuardedCrate[],
): Promise<void> {
  const top = await topOf(git);
  const { links } = await readIndex(git);
  const offending: string[] = [];
  for (const { folder, named } of crates) {
    const way = await pathInTree({ top }, folder);
    if (way === undefined) {
      offending.push(folder);
      continue;
    }
    const base = way === "" ? "" : `${way}/`;
    const inside = links.filter((path) => path.startsWith(base)).map((path) => join(top, path));
    const fetched = [...named.map((path) => join(folder, path)), ...inside];
    for (const path of fetched) {
      const isThere = await kindOfPath(path) !== undefined;
      if (isThere && await pathInTree({ top }, path) === undefined) {
        offending.push(relative(top, path).replaceAll("\\", "/"));
      }
    }
    offending.push(
      ...missing.filter((path) => `${path}/`.startsWith(base) || base.startsWith(`${path}/`))
        .map((path) => `${path}/`),
    );
  }
  if (offending.length > 0) throw foreignFailure([...new Set(offending)].sort());
}

function foreignFailure(files: readonly string[]): Failure {
  return new Failure(
    "PIOT_DIRTY_TREE",
    `Cannot package crates: the commit alone does not have what is in ${quoteSome(files)}`,
    {
      hint:
        "Replace links that lead out of the repository by what they lead to, and check submodules out: `submodules: recursive` for actions/checkout",
    },
  );
}

/** What {@link tellLeftOut} looks at. */
export interface LeftOutInput {
  /** git in the user's work tree. */
  readonly git: Git;
  readonly where: Whereabouts;
  /** Folders of crates, from where git runs. */
  readonly paths: readonly string[];
  /** Absolute folders of the run itself. */
  readonly ownFolders: readonly string[];
}

/** Sentences about what of the work tree is not in the release, since the commit does not have it. */
export async function tellLeftOut(
  { git, where, paths, ownFolders }: LeftOutInput,
): Promise<readonly string[]> {
  const tree = await readWorkTree(git, where);
  const inTree = async (path: string): Promise<string> => {
    const way = await pathInTree(tree, path).catch(() => undefined);
    return way === undefined || way === "" ? "" : `${way}/`;
  };
  const bases = await Promise.all(paths.map((path) => inTree(join(git.cwd, path))));
  const own = (await Promise.all(ownFolders.map(inTree))).filter((base) => base !== "");
  const isInside = (path: string): boolean => bases.some((base) => path.startsWith(base));
  const suspects = [...tree.different].filter(([path, { kind }]) =>
    kind !== "left-out" && (isInside(path) || hasVersion(path))
  ).map(([path]) => path);
  const versions = await versionEdits(git, { tree, paths: suspects });
  const changed = suspects.filter((path) => !versions.has(path)).sort();
  const foreign = tree.uncommitted.filter((path) =>
    isInside(path) && !own.some((base) => path.startsWith(base))
  );
  return [
    ...changed.length === 0
      ? []
      : [`Crates are packaged from the commit, without the changes to ${quoteSome(changed)}`],
    ...foreign.length === 0
      ? []
      : [`Crates are packaged from the commit, which does not have ${quoteSome(foreign)}`],
  ];
}

/** The paths whose files differ from the commit by versions alone, as this program or a build leaves them. */
async function versionEdits(
  git: Git,
  { tree, paths }: { readonly tree: TreeState; readonly paths: readonly string[] },
): Promise<ReadonlySet<string>> {
  const edits = paths.flatMap((path) => {
    const { kind, id } = tree.different.get(path)!;
    const isText = kind === "changed" && id !== undefined && !path.includes("\n");
    return isText && hasVersion(path) ? [{ path, id }] : [];
  });
  const committed = await readCommitted(git, edits);
  const fine = new Set<string>();
  for (const [at, { path }] of edits.entries()) {
    const now = await readTextIfThere(join(tree.top, path)) ?? "";
    if (isVersionEdit(path, { committed: committed[at]!, now })) fine.add(path);
  }
  return fine;
}
