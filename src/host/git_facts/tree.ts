/**
 * Tree objects: the entries of one folder.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { Failure } from "../../error.ts";
import type { Objects } from "./objects.ts";

/** One entry of a folder. */
export interface Entry {
  /** Whether it is a folder itself; links and submodules are not. */
  readonly isFolder: boolean;
  /** Mode and object id together: equal for equal entries. */
  readonly mark: string;
  /** Object id. */
  readonly id: string;
}

/** Entries by raw name: see {@link rawName}. */
export type Entries = ReadonlyMap<string, Entry>;

/** A name as a tree's bytes spell it, one character for each byte: cheap to cut out, and exact for any bytes. */
export function rawName(name: string): string {
  return Buffer.from(name).toString("latin1");
}

/** The name that bytes spell; what is not UTF-8 is replaced. */
export function readableName(raw: string): string {
  return Buffer.from(raw, "latin1").toString();
}

/** Reads the bytes of a tree object: `<mode> <name>\0<id>` for each entry. Only the wanted ones, or all. */
export function parseTree(
  bytes: Buffer,
  options: { readonly idBytes: number; readonly wanted?: ReadonlySet<string> },
): Entries {
  const { idBytes, wanted } = options;
  const entries = new Map<string, Entry>();
  for (let at = 0; at < bytes.length;) {
    const nul = bytes.indexOf(0, at);
    const space = bytes.indexOf(32, at);
    const name = bytes.toString("latin1", space + 1, nul);
    const next = nul + 1 + idBytes;
    if (wanted === undefined || wanted.has(name)) {
      const mode = bytes.toString("latin1", at, space);
      const id = bytes.toString("hex", nul + 1, next);
      entries.set(name, { isFolder: mode === "40000", mark: `${mode} ${id}`, id });
    }
    at = next;
  }
  return entries;
}

/** A question about one folder. */
export interface TreeQuestion {
  /** The tree's object id, or anything that names it: `<commit>^{tree}`. */
  readonly tree: string;
  /** Raw names, or undefined for every entry. */
  readonly wanted: ReadonlySet<string> | undefined;
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
