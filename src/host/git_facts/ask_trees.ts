/**
 * Questions about folders of any commit, as many at once as there are.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { Objects } from "./objects.ts";
import { type Entries, parseTree } from "./tree.ts";

/** A question about one folder. */
export interface TreeQuestion {
  /** The tree's object id, or anything that names it: `<commit>^{tree}`. */
  readonly tree: string;
  /** Raw names, or undefined for every entry. */
  readonly wanted: ReadonlySet<string> | undefined;
  /** Takes what was wanted and is there, and the tree's object id. */
  readonly answer: (entries: Entries, id: string) => void;
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
  const groups = [...byTree.values()];
  await objects.each([...byTree.keys()], (object, index) => {
    const asked = groups[index]!;
    if (object?.type !== "tree") throw missingTree(asked[0]!.tree);
    const idBytes = object.id.length / 2;
    const wanted = union(asked);
    const entries = parseTree(object.bytes, {
      idBytes,
      ...(wanted === undefined ? {} : { wanted }),
    });
    for (const { answer } of asked) answer(entries, object.id);
  });
}

function missingTree(name: string): Failure {
  return new Failure("PIOT_GIT", `Cannot read the tree ${name}: this clone does not have it`, {
    hint: "Fetch again, or make a new clone",
  });
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
