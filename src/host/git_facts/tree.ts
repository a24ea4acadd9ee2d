/**
 * Tree objects: the entries of one folder, and questions about folders of any commit, as many at once as there are.
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
  readonly isSubmodule: boolean;
  /** Mode and object id together: equal for equal entries. */
  readonly mark: string;
  /** Object id. */
  readonly id: string;
}

/** Entries by raw name: see {@link rawName}. */
export type Entries = ReadonlyMap<string, Entry>;

/** A name as a tree's bytes spell it, one character for each byte: cheap to cut out, and exact for any bytes. */
export function rawName(name: string): string {
  // Spelled alike in both: the usual name, thousands of times.
  if (ASCII.test(name)) return name;
  return Buffer.from(name).toString("latin1");
}

// deno-lint-ignore no-control-regex
const ASCII = /^[\u0000-\u007f]*$/;

/** The name that bytes spell; what is not UTF-8 is replaced. */
export function readableName(raw: string): string {
  return Buffer.from(raw, "latin1").toString();
}

/** The entry of a folder with an object id. */
export function folderEntry(id: string): Entry {
  return { isFolder: true, isSubmodule: false, mark: `40000 ${id}`, id };
}

/** A number for a raw name, so that a folder of thousands is searched without making a string of each name. */
function hashName(raw: string): number {
  let hash = 0;
  for (let at = 0; at < raw.length; at++) hash = (Math.imul(hash, 31) + raw.charCodeAt(at)) | 0;
  return hash;
}

/** Reads the bytes of a tree object: `<mode> <name>\0<id>` for each entry. Only the wanted ones, or all. */
export function parseTree(
  bytes: Buffer,
  options: { readonly idBytes: number; readonly wanted?: ReadonlySet<string> },
): Entries {
  const { idBytes, wanted } = options;
  const hashes = wanted === undefined ? undefined : new Set([...wanted].map(hashName));
  const entries = new Map<string, Entry>();
  for (let at = 0; at < bytes.length;) {
    let space = at;
    while (bytes[space] !== 32) space++;
    let nul = space + 1;
    let hash = 0;
    for (let byte = bytes[nul]!; byte !== 0; byte = bytes[++nul]!) {
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    const next = nul + 1 + idBytes;
    if (hashes === undefined || hashes.has(hash)) {
      const name = bytes.toString("latin1", space + 1, nul);
      const mode = bytes.toString("latin1", at, space);
      const id = bytes.toString("hex", nul + 1, next);
      if (wanted?.has(name) !== false) {
        const [isFolder, isSubmodule] = [mode === "40000", mode === "160000"];
        entries.set(name, { isFolder, isSubmodule, mark: `${mode} ${id}`, id });
      }
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
