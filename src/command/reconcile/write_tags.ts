/**
 * Writes and pushes the tags whose commits are proven, one by one: what refuses one is no word about the next.
 *
 * @module
 */

import { tagMessage } from "../../core/release/tag.ts";
import type { ReconciledTag } from "../../core/status/reconcile_document.ts";
import { Failure } from "../../error.ts";
import type { Git } from "../../host/git.ts";
import { openTagging, type Tagging } from "../../host/git_tags.ts";
import type { Host } from "../../host/host.ts";
import { openRepository } from "../publish/open_repository.ts";
import type { JudgedTag } from "./judge_tags.ts";

/** Where tags are written. */
export interface WriteTagsContext {
  readonly host: Host;
  readonly git: Git;
  readonly dryRun: boolean;
}

/** Throws what the remote says when it cannot be read: before anything is written. */
export async function writeTags(
  judged: readonly JudgedTag[],
  context: WriteTagsContext,
): Promise<readonly ReconciledTag[]> {
  const proven = judged.flatMap(({ verdict }) => verdict.to === "tag" ? [verdict] : []);
  if (proven.length === 0) return judged.map((one) => unwritten(one));
  const { github } = await openRepository(context.host, context.git).github();
  const tagging = await openTagging(context.git, {
    env: context.host.env,
    tags: proven.map(({ tag }) => tag),
    ...(github === undefined ? {} : { createByApi: github.createTag }),
  });
  const conflicts = await tagging.conflicts(
    new Map(proven.map(({ tag, commit }) => [tag, commit])),
  );
  const written: ReconciledTag[] = [];
  for (const one of judged) {
    context.host.signal.throwIfAborted();
    const conflict = conflicts.get(one.tag ?? "");
    if (one.verdict.to === "leave" || conflict !== undefined) {
      written.push(unwritten(one, conflict));
    } else written.push(await writeTag(one, { tagging, dryRun: context.dryRun }));
  }
  return written;
}

function baseOf({ name, held, tag, verdict }: JudgedTag): Omit<ReconciledTag, "state"> {
  const proof = verdict.to === "tag" ? { commit: verdict.commit, source: verdict.source } : {};
  return { name, held, tag: tag ?? null, ...proof };
}

function unwritten(judged: JudgedTag, conflict?: Failure): ReconciledTag {
  const { verdict } = judged;
  if (verdict.to === "tag") {
    return { ...baseOf(judged), state: "failed", why: conflict!.message };
  }
  const { to: _, ...rest } = verdict;
  return { ...baseOf(judged), state: "left", ...rest };
}

async function writeTag(
  judged: JudgedTag,
  { tagging, dryRun }: { readonly tagging: Tagging; readonly dryRun: boolean },
): Promise<ReconciledTag> {
  const { verdict, name } = judged;
  if (verdict.to !== "tag") return unwritten(judged);
  const { tag, version, commit } = verdict;
  if (dryRun) return { ...baseOf(judged), state: "would-make" };
  try {
    await tagging.ensure(tag, { message: tagMessage({ name, version }), commit });
    return { ...baseOf(judged), state: "made" };
  } catch (error) {
    if (!(error instanceof Failure) || error.code === "PIOT_INTERRUPTED") throw error;
    return { ...baseOf(judged), state: "failed", why: error.message };
  }
}
