/**
 * The commits since the last releases that may carry trailers.
 *
 * @module
 */

import type { CommitFact, Facts, HistoryFact } from "../../core/model/facts.ts";
import { mayHoldTrailer, readCommit, readTrailer } from "../../core/request/trailer.ts";
import { type Commit, parseCommit } from "../../host/git_facts/objects.ts";
import { emptyTree } from "../../host/git_facts/tree_diffs.ts";
import type { Readers } from "../workspace.ts";

/** Reads one commit with the messages of the tips that it merged. */
export async function readHead({ objects, repository }: Readers): Promise<CommitFact> {
  const [head] = await readCommits({ objects }, [repository.head]);
  const tips = await readCommits({ objects }, head!.parents.slice(1));
  return {
    id: repository.head,
    message: head!.message,
    tips: tips.map(({ message }) => message),
  };
}

async function readCommits(
  { objects }: Pick<Readers, "objects">,
  ids: readonly string[],
): Promise<readonly Commit[]> {
  const commits: Commit[] = [];
  await objects.each(ids, (object) => {
    if (object?.type === "commit") commits.push(parseCommit(object.bytes));
  });
  return commits;
}

/**
 * Reads what came after some commits of last releases, along the first-parent line.
 */
export async function readHistory(
  readers: Readers,
  followed: Iterable<string>,
): Promise<Pick<Facts, "since" | "history">> {
  const since = new Map<string, number>();
  for (const commit of followed) since.set(commit, await readers.graph.stepsTo(commit));
  const deepest = [...since.values()].reduce((a, b) => Math.max(a, b), 0);
  const speaking = await readSpeaking(readers, deepest);
  return { since, history: await addFiles(readers, speaking) };
}

/** A commit that says something, and the trees before and after it. */
interface Speaking extends CommitFact {
  readonly depth: number;
  readonly trees: readonly [string, string];
}

/** The commits from HEAD's parent on, down to a depth, that have a line which could be a trailer. */
async function readSpeaking(readers: Readers, deepest: number): Promise<readonly Speaking[]> {
  const ids = readers.graph.line.slice(0, deepest + 1);
  const trees: string[] = [];
  const kept: { id: string; depth: number; message: string; merged: readonly string[] }[] = [];
  await readers.objects.each(ids, (object, depth) => {
    const { tree, parents, message } = parseCommit(object!.bytes);
    trees.push(tree);
    const speaks = mayHoldTrailer(message);
    const merged = speaks && readTrailer(message).trailer !== undefined ? [] : parents.slice(1);
    if (depth > 0 && depth < deepest && (speaks || merged.length > 0)) {
      kept.push({ id: ids[depth]!, depth, message, merged });
    }
  });
  const tips = new Map<string, string>();
  const asked = kept.flatMap(({ merged }) => merged);
  await readers.objects.each(asked, (object, index) => {
    if (object?.type !== "commit") return;
    const { message } = parseCommit(object.bytes);
    if (mayHoldTrailer(message)) tips.set(asked[index]!, message);
  });
  const nothing = emptyTree(readers.repository.head.length);
  return kept.map(({ id, depth, message, merged }) => ({
    id,
    depth,
    message,
    tips: merged.flatMap((tip) => tips.get(tip) ?? []),
    trees: [trees[depth + 1] ?? nothing, trees[depth]!] as const,
  })).filter(({ message, tips }) => mayHoldTrailer(message) || tips.length > 0);
}

/** What a commit changed matters only where its trailer is for whatever it touches. */
async function addFiles(
  { diffs, repository }: Readers,
  commits: readonly Speaking[],
): Promise<readonly HistoryFact[]> {
  const { prefix } = repository;
  const files = new Map<Speaking, string[]>(commits.map((commit) => [commit, []]));
  const asked = commits.filter((commit) => {
    const { trailer } = readCommit(commit);
    const isForAll = trailer?.names === undefined && trailer?.word !== "skip";
    return trailer !== undefined && isForAll && commit.trees[0] !== commit.trees[1];
  });
  await diffs.each(asked.map(({ trees }) => trees), (path, index) => {
    if (path.startsWith(prefix)) files.get(asked[index]!)!.push(path.slice(prefix.length));
  });
  return commits.map((commit) => ({
    id: commit.id,
    message: commit.message,
    tips: commit.tips,
    depth: commit.depth,
    files: files.get(commit)!,
  }));
}
