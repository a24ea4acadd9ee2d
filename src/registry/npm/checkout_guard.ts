/**
 * What goes into a package of the checkout is the commit's: `gitHead` and the tag say so. A file that is tracked and
 * changed, or not committed and not ignored, refuses the package; so does one that is missing and would be in it. What a
 * build made lies in ignored folders or is delivered, and versions are written anew by every release.
 *
 * @module
 */

import { hasVersion, isVersionEdit, jsonTokens } from "../../core/manifest/version_edit.ts";
import type { PackageJson } from "../../core/npm/package_json.ts";
import { someOf } from "../../core/words/phrases.ts";
import { Failure } from "../../error.ts";
import { readTextIfThere } from "../../host/files.ts";
import type { Git } from "../../host/git.ts";
import { lfsPointers } from "../../host/lfs_pointers.ts";
import { gitFolder, type Whereabouts } from "../../host/loans/places.ts";
import { pathInTree, readCommitted, readWorkTree, type TreeState } from "../../host/work_tree.ts";
import { absentFiles } from "./absent_files.ts";

/** Where the files of a package lie that is packed here. */
export interface PackOrigin {
  /** The package's name on npm. */
  readonly name: string;
  /** The artifact that could deliver it, or does. */
  readonly artifact: string;
  readonly isDelivered: boolean;
  /** Absolute. */
  readonly folder: string;
  /** Files in the folder that are packed, `/`-separated. */
  readonly paths: readonly string[];
  /** package.json as it decides what is packed. */
  readonly manifest: PackageJson;
  /** The package.json that is published, made of the text of one. */
  readonly publish: (text: string) => string;
}

/** What the guard looks with. */
export interface GuardContext {
  readonly git: Git;
  readonly where: Whereabouts;
  /** Absolute path of the checkout. */
  readonly root: string;
}

/** `PIOT_DIRTY_TREE` for each package that would not be the commit's. Silent outside a git work tree. */
export async function guardCheckout(
  context: GuardContext,
  origins: readonly PackOrigin[],
): Promise<readonly Failure[]> {
  if (origins.length === 0 || await gitFolder(context.root) === undefined) return [];
  const tree = await readWorkTree(context.git, context.where);
  const looks: Looked[] = [];
  for (const origin of origins) looks.push(await lookAt(origin, { tree, context }));
  const versions = await versionEdits(context.git, { looks, tree });
  return looks.flatMap(({ origin, found }) => {
    const standing = found.filter(({ path }) => !versions.has(path));
    return standing.length === 0 ? [] : [dirty(origin, standing)];
  });
}

/** A path that stands against packing, from the top of the work tree, and what is the matter with it. */
interface Found {
  readonly path: string;
  readonly word:
    | "changed"
    | "not committed"
    | "missing"
    | "another commit"
    | "outside"
    | "a pointer of Git LFS";
}

interface Looked {
  readonly origin: PackOrigin;
  /** The folder from the top of the work tree: empty, or with a `/` at its end. */
  readonly base: string;
  readonly found: readonly Found[];
}

async function lookAt(
  origin: PackOrigin,
  { tree, context }: { readonly tree: TreeState; readonly context: GuardContext },
): Promise<Looked> {
  const way = await pathInTree(tree, origin.folder);
  if (way === undefined) {
    const found: Found[] = origin.isDelivered ? [] : [{ path: origin.folder, word: "outside" }];
    return { origin, base: "", found };
  }
  const base = way === "" ? "" : `${way}/`;
  const packed = origin.paths.map((path) => base + path);
  const changed = packed.filter((path) => tree.different.get(path)?.kind === "changed");
  const found: Found[] = changed.map((path) => ({ path, word: "changed" }));
  const pointers = await lfsPointers(context.git, { top: tree.top, paths: packed });
  found.push(...pointers.map((path): Found => ({ path, word: "a pointer of Git LFS" })));
  // What was delivered is no commit's; only what is tracked there too has to be.
  if (!origin.isDelivered) {
    found.push(
      ...uncommitted(tree, packed),
      ...submodulesOf(tree, packed),
      ...rulesOf(tree, base),
      ...await missing(origin, { tree, base, packed: new Set(packed), context }),
    );
  }
  return { origin, base, found };
}

function uncommitted({ uncommitted }: TreeState, packed: readonly string[]): Found[] {
  const files = new Set(uncommitted);
  const repositories = uncommitted.filter((path) => path.endsWith("/"));
  return packed
    .filter((path) => files.has(path) || repositories.some((folder) => path.startsWith(folder)))
    .map((path) => ({ path, word: "not committed" }));
}

/** A submodule at another commit than HEAD has it, as far as its files are packed. */
function submodulesOf({ different }: TreeState, packed: readonly string[]): Found[] {
  const moved = [...different].filter(([, { kind }]) => kind === "submodule");
  return moved.filter(([path]) => packed.some((file) => file.startsWith(path)))
    .map(([path]) => ({ path, word: "another commit" }));
}

/** Ignore files that differ decide about files that nobody looks at here: those in the package, and above it. */
function rulesOf({ different, uncommitted }: TreeState, base: string): Found[] {
  const counts = (path: string): boolean => {
    if (!/(^|\/)\.(npm|git)ignore$/.test(path)) return false;
    return path.startsWith(base) || base.startsWith(path.slice(0, path.lastIndexOf("/") + 1));
  };
  return [
    ...[...different.keys()].filter(counts).map((path) => ({ path, word: "changed" as const })),
    ...uncommitted.filter(counts).map((path) => ({ path, word: "not committed" as const })),
  ];
}

/** What differs and is not packed may be so because it differs: it is gone, or is no file any more. npm packs no links. */
async function missing(
  origin: PackOrigin,
  { tree, base, packed: there, context }: {
    readonly tree: TreeState;
    readonly base: string;
    readonly packed: ReadonlySet<string>;
    readonly context: GuardContext;
  },
): Promise<Found[]> {
  const gone = [...tree.different]
    .filter(([path, { wasLink }]) => path.startsWith(base) && !there.has(path) && !wasLink)
    .map(([path]) => path.slice(base.length));
  const packed = await absentFiles(gone, { ...context, ...origin });
  return packed.map((path) => ({ path: base + path, word: "missing" }));
}

/** The paths whose files differ from the commit by versions alone; all texts of the commit come from one process. */
async function versionEdits(
  git: Git,
  { looks, tree }: { readonly looks: readonly Looked[]; readonly tree: TreeState },
): Promise<ReadonlySet<string>> {
  const edits = looks.flatMap(({ origin, base, found }) =>
    found.filter(({ path, word }) => word === "changed" && hasVersion(path)).flatMap(({ path }) => {
      const id = tree.different.get(path)?.id;
      return id === undefined || path.includes("\n") ? [] : [{ origin, base, path, id }];
    })
  );
  const committed = await readCommitted(git, edits);
  const fine = new Set<string>();
  for (const [at, { origin, base, path }] of edits.entries()) {
    const now = await readTextIfThere(`${tree.top}/${path}`) ?? "";
    const texts = { committed: committed[at]!, now };
    const isOwn = path === `${base}package.json`;
    if (isOwn ? isPublishedAlike(origin, texts) : isVersionEdit(path, texts)) fine.add(path);
  }
  return fine;
}

/** Whatever the two say, what is published of them says the same. */
function isPublishedAlike(
  { publish }: PackOrigin,
  { committed, now }: { readonly committed: string; readonly now: string },
): boolean {
  try {
    return jsonTokens(publish(committed)) === jsonTokens(publish(now));
  } catch {
    return false;
  }
}

const MOST_SHOWN = 20;

function dirty({ name, artifact, isDelivered }: PackOrigin, found: readonly Found[]): Failure {
  const shown = [...new Set(found.map(({ path, word }) => `"${path}" (${word})`))].sort();
  const isPointer = found.some(({ word }) => word === "a pointer of Git LFS");
  const fetched = isPointer ? "Fetch what Git LFS keeps (`lfs: true` for actions/checkout). " : "";
  return new Failure(
    "PIOT_DIRTY_TREE",
    `Cannot pack "${name}": the work tree differs from the commit in ${someOf(shown, MOST_SHOWN)}`,
    {
      hint: fetched +
        (isDelivered
          ? "Commit or restore the files that are listed; deliver what a build makes in a folder of its own that git does not track"
          : `Commit or restore the files that are listed; what a build makes is delivered as the artifact "${artifact}", or named in .gitignore`),
    },
  );
}
