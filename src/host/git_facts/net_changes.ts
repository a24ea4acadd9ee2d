/**
 * Net changes: the files in which HEAD's tree differs from other trees, looked for only where somebody asks. What was
 * changed and changed back is no difference; equal folders are not looked into.
 *
 * @module
 */

import type { Objects } from "./objects.ts";
import { type Scope, type ScopeNode, scopeTree, wantedNames } from "./scope.ts";
import { askTrees, LARGE, type TreeAnswer } from "./ask_trees.ts";
import { type Entries, type Entry, folderEntry, readableName } from "./tree.ts";
import { emptyTree, type TreeDiffs, type TreePair } from "./tree_diffs.ts";

/** What is compared with what. */
export interface NetChangesQuestion {
  /** The commit that the others are compared with, full object id. */
  readonly head: string;
  /** The root of all scopes below the top of the repository: empty, or a path that ends with `/`. */
  readonly prefix: string;
  /** By commit or tree, full object id, what matters there. */
  readonly wanted: ReadonlyMap<string, readonly Scope[]>;
}

/** The doors that the answer comes through. */
export interface NetChangesDoors {
  readonly objects: Objects;
  readonly diffs: TreeDiffs;
}

/** The paths that differ, relative to the prefix, by commit or tree; one entry for each that was asked about. */
export async function netChanges(
  doors: NetChangesDoors,
  question: NetChangesQuestion,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { wanted, prefix } = question;
  const all = scopeTree([...wanted.values()].flat(), prefix);
  const head = await readHead(doors.objects, { head: question.head, root: all });
  const pairs = new Map<string, PairedFolders>();
  const found = new Map<string, Set<string>>();
  const jobs: Job[] = [...wanted].map(([tree, scopes]) => {
    const paths = new Set<string>();
    found.set(tree, paths);
    const side: Side = { head, pairs, paths, empty: emptyTree(tree.length) };
    const root = scopeTree(scopes, prefix);
    const enter: Job["enter"] = (node, found) => enterRoot(side, node, found);
    return { tree: `${tree}^{tree}`, node: root, isSparse: false, enter };
  });
  await walk(doors.objects, jobs);
  const folders = [...pairs.values()];
  await doors.diffs.each(folders.map(({ pair }) => pair), (path, index) => {
    for (const { paths, folder } of folders[index]!.at) {
      paths.add(folder === "" ? path : `${folder}/${path}`);
    }
  });
  return new Map([...found].map(([tree, paths]) => [
    tree,
    [...paths].map((path) => path.slice(prefix.length)),
  ]));
}

/** Two unequal folders, and where in which answers their files belong. */
interface PairedFolders {
  readonly pair: TreePair;
  readonly at: { readonly paths: Set<string>; readonly folder: string }[];
}

/** A folder that has to be read. */
interface Job {
  readonly tree: string;
  readonly node: ScopeNode;
  readonly isSparse: boolean;
  /** Takes what is in it, and gives the folders that have to be read next. */
  readonly enter: (node: ScopeNode, found: TreeAnswer) => readonly Job[];
}

/** Reads folders, then the folders in them, level by level: as many at once as there are. */
async function walk(objects: Objects, first: readonly Job[]): Promise<void> {
  for (let jobs = first; jobs.length > 0;) {
    const next: Job[] = [];
    await askTrees(
      objects,
      jobs.map(({ tree, node, isSparse, enter }) => ({
        tree,
        wanted: wantedNames(node),
        isSparse,
        answer: (found) => void next.push(...enter(node, found)),
      })),
    );
    jobs = next;
  }
}

/** What HEAD has where somebody asks. */
interface HeadTree {
  /** By path. */
  readonly entries: Map<string, Entry>;
  /** By path, all entries of folders whose own files matter. */
  readonly listings: Map<string, Entries>;
  /** Folders that are large. */
  readonly large: Set<string>;
}

async function readHead(
  objects: Objects,
  source: { readonly head: string; readonly root: ScopeNode },
): Promise<HeadTree> {
  const head: HeadTree = { entries: new Map(), listings: new Map(), large: new Set() };
  const enter: Job["enter"] = (node, { id, entries, size }) => {
    if (size >= LARGE) head.large.add(node.path);
    if (node.path === "") head.entries.set("", folderEntry(id));
    if (node.reaches.has("folder")) head.listings.set(node.path, entries);
    return [...node.children].flatMap(([name, child]) => {
      const entry = entries.get(name);
      if (entry === undefined) return [];
      head.entries.set(child.path, entry);
      const isWanted = child.children.size > 0 || child.reaches.has("folder");
      return entry.isFolder && isWanted
        ? [{ tree: entry.id, node: child, isSparse: false, enter }]
        : [];
    });
  };
  await walk(objects, [{
    tree: `${source.head}^{tree}`,
    node: source.root,
    isSparse: false,
    enter,
  }]);
  return head;
}

/** One tree that is compared with HEAD's. */
interface Side {
  readonly head: HeadTree;
  readonly pairs: Map<string, PairedFolders>;
  /** The paths that differ. */
  readonly paths: Set<string>;
  /** The id of the tree without entries. */
  readonly empty: string;
}

function enterRoot(side: Side, root: ScopeNode, found: TreeAnswer): readonly Job[] {
  const jobs = compare(side, root, folderEntry(found.id));
  return jobs.length === 0 ? [] : enter(side, root, found.entries);
}

function enter(side: Side, node: ScopeNode, entries: Entries): readonly Job[] {
  if (node.reaches.has("folder")) compareFiles(side, node, entries);
  return [...node.children].flatMap(([name, child]) => compare(side, child, entries.get(name)));
}

const NOTHING: Entries = new Map();

/** Compares what stood at a path with what HEAD has there; gives the folder to look into when that takes more. */
function compare(side: Side, node: ScopeNode, old: Entry | undefined): readonly Job[] {
  const head = side.head.entries.get(node.path);
  if (old?.mark === head?.mark) return [];
  if (node.reaches.has("file") && (isFile(old) || isFile(head))) side.paths.add(node.path);
  if (node.reaches.has("self") && old?.isFolder !== head?.isFolder) {
    if (old?.isFolder === true || head?.isFolder === true) side.paths.add(`${node.path}/`);
  }
  if (node.reaches.has("tree")) {
    pairUp(side, node.path, [folderId(side, old), folderId(side, head)]);
    return [];
  }
  if (node.children.size === 0 && !node.reaches.has("folder")) return [];
  if (old?.isFolder !== true) return enter(side, node, NOTHING);
  const isSparse = side.head.large.has(node.path) && isAboutFolders(node);
  const next: Job["enter"] = (inner, { entries }) => enter(side, inner, entries);
  return [{ tree: old.id, node, isSparse, enter: next }];
}

/** Whether files right in a folder do not matter: then it is enough to know its folders. */
function isAboutFolders({ reaches, children }: ScopeNode): boolean {
  return !reaches.has("folder") && [...children.values()].every((one) => !one.reaches.has("file"));
}

function isFile(entry: Entry | undefined): boolean {
  return entry?.isFolder === false;
}

function folderId(side: Side, entry: Entry | undefined): string {
  return entry?.isFolder === true ? entry.id : side.empty;
}

function pairUp(side: Side, folder: string, pair: TreePair): void {
  if (pair[0] === pair[1]) return;
  const key = pair.join(" ");
  const known = side.pairs.get(key) ?? { pair, at: [] };
  side.pairs.set(key, known);
  known.at.push({ paths: side.paths, folder });
}

function compareFiles(side: Side, node: ScopeNode, entries: Entries): void {
  const listing = side.head.listings.get(node.path) ?? NOTHING;
  for (const name of new Set([...entries.keys(), ...listing.keys()])) {
    const [old, head] = [entries.get(name), listing.get(name)];
    if (old?.mark === head?.mark || !(isFile(old) || isFile(head))) continue;
    const file = readableName(name);
    side.paths.add(node.path === "" ? file : `${node.path}/${file}`);
  }
}
