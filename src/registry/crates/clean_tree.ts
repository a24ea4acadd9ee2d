/**
 * What of the work tree goes into crates: the commit's files and no others. cargo's own guard has to be switched off, since
 * it would trip on the versions that are written; this one stands in its place and is narrower where it can be, wider
 * where it must be:
 *
 * - a tracked file that changed is refused wherever it lies, but for versions in manifests;
 * - an untracked file is refused when cargo would put it into the package, and is nobody's business otherwise.
 *
 * @module
 */

import { join } from "node:path";
import { hasVersion, isVersionEdit } from "../../core/manifest/version_edit.ts";
import { Failure } from "../../error.ts";
import { kindOfPath, readTextIfThere } from "../../host/files.ts";
import type { Git } from "../../host/git.ts";
import type { Whereabouts } from "../../host/loans/places.ts";
import { pathInTree, readCommitted, readWorkTree, type TreeState } from "../../host/work_tree.ts";
import { quoteSome } from "./work_tree.ts";

/** A crate, as the guard sees it. */
export interface GuardedCrate {
  /** Its folder, absolute. */
  readonly folder: string;
  /** Files that cargo packages from wherever they lie, such as a README above the folder; relative to it. */
  readonly named: readonly string[];
  /** Asks cargo which files it would package, relative to the folder. */
  readonly listFiles: () => Promise<readonly string[]>;
}

/** What the guard looks at. */
export interface CleanTreeInput {
  /** git in the repository's root. */
  readonly git: Git;
  readonly where: Whereabouts;
  readonly crates: readonly GuardedCrate[];
  /** Absolute paths of the Cargo.toml and Cargo.lock files that are written. */
  readonly managed: readonly string[];
}

/** Manifests of other kinds, into which a build may have written its version: they matter where a crate carries them. */
const OTHER_MANIFESTS = new Set(["package.json", "pyproject.toml"]);

/** Throws `PIOT_DIRTY_TREE` with every file that stands against packaging. */
export async function requireCleanTree(input: CleanTreeInput): Promise<void> {
  const tree = await readWorkTree(input.git, input.where);
  const crates: PlacedCrate[] = [];
  const offending: string[] = [];
  for (const { folder, named, listFiles } of input.crates) {
    const way = await pathInTree(tree, folder);
    if (way === undefined) {
      offending.push(folder);
      continue;
    }
    const base = way === "" ? "" : `${way}/`;
    crates.push({ base, listFiles });
    const linked = tree.links.filter((path) => path.startsWith(base));
    offending.push(
      ...await foreignAmong(tree, [
        ...named.map((path) => join(folder, path)),
        ...linked.map((path) => join(tree.top, path)),
      ]),
    );
  }
  const own = new Set<string | undefined>();
  for (const path of input.managed) own.add(await pathInTree(tree, path));
  const suspects = suspectsOf(tree, crates);
  const versions = await versionEdits(input.git, { tree, paths: suspects });
  const changed = suspects.filter((path) =>
    !versions.has(path) || !(own.has(path) || isOther(path))
  );
  offending.push(...changed.filter((path) => !isOther(path)));
  const maybe = [...tree.uncommitted, ...changed.filter(isOther)];
  offending.push(...await packagedAmong(crates, maybe));
  if (offending.length > 0) throw dirtyFailure([...new Set(offending)].sort());
}

/** A crate below the top of the work tree. */
interface PlacedCrate extends Pick<GuardedCrate, "listFiles"> {
  /** From the top: empty, or with a `/` at its end. */
  readonly base: string;
}

/** cargo packages what a link leads to, and a README from above: what of that no commit has, by its own path. */
async function foreignAmong(tree: TreeState, paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    if (await kindOfPath(path) === undefined) continue;
    const way = await pathInTree(tree, path);
    if (way === undefined) found.push(path);
    else {found.push(...tree.uncommitted.filter((path) =>
        path === way || path.startsWith(`${way}/`)
      ));}
  }
  return found;
}

function isOther(path: string): boolean {
  return OTHER_MANIFESTS.has(path.slice(path.lastIndexOf("/") + 1));
}

/** A sparse checkout leaves files out by wish, which only matters in a crate. */
function suspectsOf({ different }: TreeState, crates: readonly PlacedCrate[]): string[] {
  return [...different].filter(([path, { kind }]) =>
    kind !== "left-out" || crates.some(({ base }) => path.startsWith(base))
  ).map(([path]) => path);
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

function dirtyFailure(files: readonly string[]): Failure {
  return new Failure(
    "PIOT_DIRTY_TREE",
    `Cannot package crates: the work tree differs from the commit in ${quoteSome(files)}`,
    {
      hint:
        "Commit or restore changed files; keep files of the build out of the package with .gitignore, or with `exclude` in Cargo.toml",
    },
  );
}

/** The files that cargo would package among some paths, of which those of folders end in `/`. cargo is asked where it matters. */
async function packagedAmong(
  crates: readonly PlacedCrate[],
  paths: readonly string[],
): Promise<string[]> {
  const offending: string[] = [];
  for (const { base, listFiles } of crates) {
    const near = paths.filter((path) =>
      path.startsWith(base) || (path.endsWith("/") && base.startsWith(path))
    );
    if (near.length === 0) continue;
    const packaged = (await listFiles()).map((file) => base + file.replaceAll("\\", "/"));
    offending.push(
      ...packaged.filter((file) =>
        near.some((path) => file === path || (path.endsWith("/") && file.startsWith(path)))
      ),
    );
  }
  return offending;
}
