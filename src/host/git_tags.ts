/**
 * Release tags: written once, on one commit, here and on the remote; never moved, never forced, never deleted.
 *
 * @module
 */

import type { Failure } from "../error.ts";
import { requireOwnGitSettings } from "./committed_git_settings.ts";
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

/** Tags of the commits that a run releases. */
export interface Tagging {
  /** The remote that tags go to; undefined when the repository has none. */
  readonly remote: string | undefined;
  /** A sentence for the report when tags stay on this machine. */
  readonly warning: string | undefined;
  /**
   * Tags with the commits that they belong on: a `PIOT_TAG_ELSEWHERE`, by its tag, for each that stands on another one.
   * Writes nothing.
   */
  readonly conflicts: (
    tags: ReadonlyMap<string, string>,
  ) => Promise<ReadonlyMap<string, Failure>>;
  /** Makes sure that a tag stands on its commit. Throws `PIOT_TAG_ELSEWHERE` or what the remote refused it with. */
  readonly ensure: (tag: string, wanted: WantedTag) => Promise<EnsuredTag>;
}

/** What a tag says, and the commit that it belongs on, as a full object id. */
export type WantedTag = Pick<TagContent, "commit" | "message">;

/** What tagging needs. */
export interface TaggingOptions {
  /** Where GITHUB_TOKEN and the like are looked up. */
  readonly env: Env;
  /** Every tag that may be asked for; read from the remote now, in one go. */
  readonly tags: readonly string[];
  /** The remote's name; `origin` by default. */
  readonly remote?: string;
  /** Makes a tag without a push, for when one is refused because of workflow files; see `GitHub.createTag`. */
  readonly createByApi?: (content: TagContent) => Promise<void>;
}

/** Where tags are made, and for whom. */
interface TagContext {
  readonly git: Git;
  /** Who tags a commit, and when: asked once for each. */
  readonly taggerOf: (commit: string) => Promise<Tagger>;
  /** Where tags go; undefined when there is no remote. */
  readonly destination: TagDestination | undefined;
}

/**
 * Gets ready to tag: one question to the remote for every tag of the plan, none for those that are there already. Throws
 * a `PIOT_TAG_…` failure when the remote cannot be read, `PIOT_SETTINGS_COMMITTED` when a committed file says where it is.
 */
export async function openTagging(git: Git, options: TaggingOptions): Promise<Tagging> {
  const { remote: name = "origin" } = options;
  const destination = await openDestination(git, options);
  const context: TagContext = { git, taggerOf: taggers(git), destination };
  return {
    remote: destination?.remote.name,
    warning: destination === undefined
      ? `tags stay in this repository, since it has no remote called "${name}"`
      : undefined,
    conflicts: (tags) => findConflicts(context, tags),
    ensure: (tag, wanted) => ensureTag(context, { tag, ...wanted }),
  };
}

function taggers(git: Git): TagContext["taggerOf"] {
  const known = new Map<string, Promise<Tagger>>();
  return (commit) => {
    const tagger = known.get(commit) ?? readTagger(git, commit);
    known.set(commit, tagger);
    return tagger;
  };
}

async function openDestination(
  git: Git,
  options: TaggingOptions,
): Promise<TagDestination | undefined> {
  const { tags, createByApi } = options;
  const remote = await findRemote(git, options.remote ?? "origin");
  if (remote === undefined) return undefined;
  await requireOwnGitSettings(git);
  const { env } = await pushEnvironment(git, { url: remote.url, env: options.env });
  const points = new Map(await readRemoteTags(git, { remote, env, tags }));
  return { remote, env, points, createByApi };
}

/** The failure for a tag that stands on another commit, here or on the remote. */
function conflictOf(
  { destination }: TagContext,
  { here, ...sought }: Pick<TagContent, "tag" | "commit"> & { readonly here: TagPoint | undefined },
): Failure | undefined {
  const failure = tagElsewhere(here, { ...sought, where: "in this repository" });
  if (failure !== undefined || destination === undefined) return failure;
  const where = onRemote(destination);
  return tagElsewhere(destination.points.get(sought.tag), { ...sought, where });
}

async function findConflicts(
  context: TagContext,
  tags: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Failure>> {
  const points = await readLocalTags(context.git, [...tags.keys()]);
  const conflicts = new Map<string, Failure>();
  for (const [tag, commit] of tags) {
    const conflict = conflictOf(context, { tag, commit, here: points.get(tag) });
    if (conflict !== undefined) conflicts.set(tag, conflict);
  }
  return conflicts;
}

async function ensureTag(
  context: TagContext,
  wanted: Omit<TagContent, "tagger">,
): Promise<EnsuredTag> {
  const { git, destination } = context;
  const { tag, commit } = wanted;
  const here = (await readLocalTags(git, [tag])).get(tag);
  const conflict = conflictOf(context, { tag, commit, here });
  if (conflict !== undefined) throw conflict;
  const result = { tag, commit, remote: destination?.remote.name };
  const known = destination === undefined ? here : destination.points.get(tag);
  const content: TagContent = { ...wanted, tagger: await context.taggerOf(commit) };
  if (known !== undefined) {
    if (here === undefined) await takeOver(context, { content, object: known.object });
    return { ...result, object: known.object, state: "present" };
  }

  const object = here?.object ?? await writeTagObject(git, content);
  const held = destination && await sendTag(git, { destination, content, object });
  if (destination !== undefined && held === undefined) {
    // Somebody else's tag object, on the same commit.
    const { object } = destination.points.get(tag)!;
    if (here === undefined) await takeOver(context, { content, object });
    return { ...result, object, state: "present" };
  }
  // The ref comes after the push: what stands here stands on the remote too, whatever interrupts this run.
  if (here === undefined && (held ?? object) === object) {
    await writeRef(git, { ...content, object });
  }
  const state = here === undefined ? "created" : "pushed";
  return { ...result, object: held ?? object, state };
}

const FETCH = [
  ...["-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", "-c", "maintenance.auto=false"],
  ...["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"],
];
const BOUNDS = { milliseconds: 60_000, bytes: 2 ** 20 };

/**
 * Puts a tag here that the remote alone has on this commit: plans count from the tags of the clone, and would ship this very
 * release for ever. Somebody else's tag object has to be fetched; where that fails the clone lacks it, and nothing else.
 */
async function takeOver(
  { git, destination }: TagContext,
  { content, object }: { readonly content: TagContent; readonly object: string },
): Promise<void> {
  const isOwn = object === content.commit || object === await writeTagObject(git, content);
  if (isOwn) return await writeRef(git, { ...content, object });
  const { remote, env } = destination!;
  const ref = `refs/tags/${content.tag}`;
  await git.run([...FETCH, "--", remote.source, `${ref}:${ref}`], {
    ...{ env, ownGroup: true, bounds: BOUNDS },
    accept: [0, 1, 128],
  });
}

async function writeRef(
  git: Git,
  { tag, commit, object }: TagContent & { readonly object: string },
): Promise<void> {
  // The empty old value: only when there is no such ref.
  const args = ["-c", "core.hooksPath=/dev/null", "update-ref", `refs/tags/${tag}`, object, ""];
  await git.run(args).catch(async (error: unknown) => {
    const here = await readLocalTags(git, [tag]);
    if (here.get(tag)?.commit !== commit) throw error;
  });
}
