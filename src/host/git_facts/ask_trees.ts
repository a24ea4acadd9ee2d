/**
 * Questions about folders of any commit, as many at once as there are.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { Objects } from "./objects.ts";
import { type Entries, folderEntry, parseTree, readableName } from "./tree.ts";

/** A folder that was looked into. */
export interface TreeAnswer {
  /** The tree's object id. */
  readonly id: string;
  /** What was wanted and is there. */
  readonly entries: Entries;
  /** Bytes of the tree object; 0 when it was not read. */
  readonly size: number;
}

/** A question about one folder. */
export interface TreeQuestion {
  /** The tree's object id, or anything that names it: `<commit>^{tree}`. */
  readonly tree: string;
  /** Raw names, or undefined for every entry. */
  readonly wanted: ReadonlySet<string> | undefined;
  /** Whether it takes an object id, is about folders only, and the tree is known to be {@link LARGE}. */
  readonly isSparse: boolean;
  readonly answer: (found: TreeAnswer) => void;
}

/**
 * From this size on, in bytes, it costs less to ask git for a few entries of a tree by name than to have the tree sent:
 * of 3,000 trees of 108 kB that differ, one entry each, 0.7 s against 1.5 s.
 */
export const LARGE = 16_384;
const FEW = 4;

interface Group {
  readonly tree: string;
  readonly wanted: ReadonlySet<string> | undefined;
  readonly questions: TreeQuestion[];
}

/** Answers questions about folders; each folder is read once however many ask about it. */
export async function askTrees(
  objects: Objects,
  questions: readonly TreeQuestion[],
): Promise<void> {
  const byTree = new Map<string, TreeQuestion[]>();
  for (const question of questions) {
    const known = byTree.get(question.tree);
    if (known === undefined) byTree.set(question.tree, [question]);
    else known.push(question);
  }
  const groups = [...byTree].map(([tree, asked]): Group => ({
    tree,
    wanted: union(asked),
    questions: asked,
  }));
  await Promise.all([
    readWhole(objects, groups.filter((group) => !isSparse(group))),
    lookUp(objects, groups.filter(isSparse)),
  ]);
}

function isSparse({ wanted, questions }: Group): boolean {
  return wanted !== undefined && wanted.size <= FEW && questions.every((one) => one.isSparse);
}

function union(questions: readonly TreeQuestion[]): ReadonlySet<string> | undefined {
  const [first] = questions;
  if (questions.length === 1) return first!.wanted;
  const names = new Set<string>();
  for (const { wanted } of questions) {
    if (wanted === undefined) return undefined;
    for (const name of wanted) names.add(name);
  }
  return names;
}

async function readWhole(objects: Objects, groups: readonly Group[]): Promise<void> {
  await objects.each(groups.map(({ tree }) => tree), (object, index) => {
    const { tree, wanted, questions } = groups[index]!;
    if (object?.type !== "tree") throw missingTree(tree);
    const idBytes = object.id.length / 2;
    const entries = parseTree(object.bytes, {
      idBytes,
      ...(wanted === undefined ? {} : { wanted }),
    });
    const found = { id: object.id, entries, size: object.bytes.length };
    for (const { answer } of questions) answer(found);
  });
}

function missingTree(name: string): Failure {
  return new Failure("PIOT_GIT", `Cannot read the tree ${name}: this clone does not have it`, {
    hint: "Fetch again, or make a new clone",
  });
}

/** A name with a slash at its end is found when it is a folder, and then its object need not be looked at. */
async function lookUp(objects: Objects, groups: readonly Group[]): Promise<void> {
  const asked = groups.flatMap(({ tree, wanted }) => [...wanted!].map((name) => ({ tree, name })));
  const ids = await objects.ids(asked.map(({ tree, name }) => `${tree}:${readableName(name)}/`));
  let at = 0;
  for (const { tree, wanted, questions } of groups) {
    const entries = new Map([...wanted!].flatMap((name) => {
      const id = ids[at++];
      return id === undefined ? [] : [[name, folderEntry(id)] as const];
    }));
    for (const { answer } of questions) answer({ id: tree, entries, size: 0 });
  }
}
