/**
 * Release tags: written once, on one commit, here and on the remote; never moved, never forced, never deleted.
 *
 * @module
 */

import type { Failure } from "../error.ts";
import type { Git } from "./git.ts";
import { findRemote } from "./git_remote.ts";
import type { Env } from "./host.ts";
import { pushEnvironment } from "./push_environment.ts";
import { onRemote, sendTag, type TagDestination } from "./push_tag.ts";
import { readTagger, type TagContent, type Tagger, writeTagObject } from "./tag_object.ts";
import { readLocalTags, readRemoteTags, tagElsewhere, type TagPoint } from "./tag_points.ts";

/** How a tag came to stand where it should. */
export interface EnsuredTag {
  readonly tag: string;
  readonly commit: string;
  /** The object that the ref names. */
  readonly object: string;
  /** `created`: it was nowhere. `pushed`: it was here only. `present`: nothing had to be written. */
  readonly state: "created" | "pushed" | "present";
  /** The remote that has it now; undefined when there is no remote, so that it is here only. */
  readonly remote: string | undefined;
}

/** Tags of one commit. */
export interface Tagging {
  /** The remote that tags go to; undefined when the repository has none. */
  readonly remote: string | undefined;
  /** A sentence for the report when tags stay on this machine. */
  readonly warning: string | undefined;
  /** One `PIOT_TAG_ELSEWHERE` for each tag of the list that stands on another commit; writes nothing. */
  readonly conflicts: (tags: readonly string[]) => Promise<readonly Failure[]>;
  /** Makes sure that a tag stands on the commit. Throws `PIOT_TAG_ELSEWHERE` or what the remote refused it with. */
  readonly ensure: (tag: string, message: string) => Promise<EnsuredTag>;
}

/** What tagging a commit needs. */
export interface TaggingOptions {
  /** Full object id. */
  readonly commit: string;
  /** Where GITHUB_TOKEN and the like are looked up. */
  readonly env: Env;
  /** Every tag that may be asked for; read from the remote now, in one go. */
  readonly tags: readonly string[];
  /** The remote's name; `origin` by default. */
  readonly remote?: string;
  /** Makes a tag without a push, for when one is refused because of workflow files; see `GitHub.createTag`. */
  readonly createByApi?: (content: TagContent) => Promise<void>;
}

/** A commit that is being tagged. */
interface TaggedCommit {
  readonly git: Git;
  readonly commit: string;
  readonly tagger: Tagger;
  /** Where its tags go; undefined when there is no remote. */
  readonly destination: TagDestination | undefined;
}

/**
 * Gets ready to tag a commit: one question to the remote for every tag of the plan, none for those that are there
 * already. Throws a `PIOT_TAG_…` failure when the remote cannot be read.
 */
export async function openTagging(git: Git, options: TaggingOptions): Promise<Tagging> {
  const { commit, remote: name = "origin" } = options;
  const destination = await openDestination(git, options);
  const tagged: TaggedCommit = { git, commit, tagger: await readTagger(git, commit), destination };
  return {
    remote: destination?.remote.name,
    warning: destination === undefined
      ? `tags stay in this repository, since it has no remote called "${name}"`
      : undefined,
    conflicts: (tags) => findConflicts(tagged, tags),
    ensure: (tag, message) => ensureTag(tagged, { tag, message }),
  };
}

async function openDestination(
  git: Git,
  options: TaggingOptions,
): Promise<TagDestination | undefined> {
  const { tags, createByApi } = options;
  const remote = await findRemote(git, options.remote ?? "origin");
  if (remote === undefined) return undefined;
  const { env } = await pushEnvironment(git, { url: remote.url, env: options.env });
  const points = new Map(await readRemoteTags(git, { remote, env, tags }));
  return { remote, env, points, createByApi };
}

/** The failure for a tag that stands on another commit, here or on the remote. */
function conflictOf(
  { commit, destination }: TaggedCommit,
  { tag, here }: { readonly tag: string; readonly here: TagPoint | undefined },
): Failure | undefined {
  const failure = tagElsewhere(here, { tag, commit, where: "in this repository" });
  if (failure !== undefined || destination === undefined) return failure;
  const where = onRemote(destination);
  return tagElsewhere(destination.points.get(tag), { tag, commit, where });
}

async function findConflicts(tagged: TaggedCommit, tags: readonly string[]): Promise<Failure[]> {
  const points = await readLocalTags(tagged.git, tags);
  const failures = tags.map((tag) => conflictOf(tagged, { tag, here: points.get(tag) }));
  return failures.filter((failure) => failure !== undefined);
}

async function ensureTag(
  tagged: TaggedCommit,
  wanted: { readonly tag: string; readonly message: string },
): Promise<EnsuredTag> {
  const { git, commit, destination, tagger } = tagged;
  const { tag } = wanted;
  const here = (await readLocalTags(git, [tag])).get(tag);
  const conflict = conflictOf(tagged, { tag, here });
  if (conflict !== undefined) throw conflict;
  const result = { tag, commit, remote: destination?.remote.name };
  const known = destination === undefined ? here : destination.points.get(tag);
  if (known !== undefined) return { ...result, object: known.object, state: "present" };

  const content: TagContent = { ...wanted, commit, tagger };
  const object = here?.object ?? await writeTagObject(git, content);
  const held = destination && await sendTag(git, { destination, content, object });
  if (destination !== undefined && held === undefined) {
    // Somebody else's tag object, on the same commit.
    return { ...result, object: destination.points.get(tag)!.object, state: "present" };
  }
  // The ref comes after the push: what stands here stands on the remote too, whatever interrupts this run.
  if (here === undefined && (held ?? object) === object) await writeRef(tagged, { tag, object });
  const state = here === undefined ? "created" : "pushed";
  return { ...result, object: held ?? object, state };
}

async function writeRef(
  { git, commit }: TaggedCommit,
  { tag, object }: { readonly tag: string; readonly object: string },
): Promise<void> {
  // The empty old value: only when there is no such ref.
  const args = ["-c", "core.hooksPath=/dev/null", "update-ref", `refs/tags/${tag}`, object, ""];
  await git.run(args).catch(async (error: unknown) => {
    const here = await readLocalTags(git, [tag]);
    if (here.get(tag)?.commit !== commit) throw error;
  });
}
