/**
 * Release tags: written once, on one commit, here and on the remote; never moved, never forced, never deleted.
 *
 * @module
 */

import type { Failure } from "../error.ts";
import type { Git } from "./git.ts";
import { findRemote, readLocalTags, readRemoteTags } from "./git_remote.ts";
import type { Env } from "./host.ts";
import { pushEnvironment } from "./push_environment.ts";
import { sendTag } from "./send_tag.ts";
import { readTagger, type TagContent, writeTagObject } from "./tag_object.ts";
import { elsewhere, onRemote, refuseElsewhere, type TagScene } from "./tag_scene.ts";

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
  /** Another way to the remote, tried when it refuses a push because of workflow files; see `GitHub.createTag`. */
  readonly otherWay?: (content: TagContent) => Promise<void>;
}

/**
 * Gets ready to tag a commit: one question to the remote for every tag of the plan, none for those that are there
 * already. Throws a `PIOT_TAG_…` failure when the remote cannot be read.
 */
export async function openTagging(git: Git, options: TaggingOptions): Promise<Tagging> {
  const { commit, env, tags, remote: name = "origin", otherWay } = options;
  const remote = await findRemote(git, name);
  const push = remote &&
    { remote, env: (await pushEnvironment(git, { url: remote.url, env })).env };
  const there = new Map(push && await readRemoteTags(git, { ...push, tags }));
  const tagger = await readTagger(git, commit);
  const scene: TagScene = { git, commit, tagger, push, otherWay, there };
  return {
    remote: remote?.name,
    warning: remote === undefined
      ? `tags stay in this repository, since it has no remote called "${name}"`
      : undefined,
    conflicts: (asked) => findConflicts(scene, asked),
    ensure: (tag, message) => ensureTag(scene, { tag, message }),
  };
}

async function findConflicts(scene: TagScene, tags: readonly string[]): Promise<Failure[]> {
  const here = await readLocalTags(scene.git, tags);
  const failures = tags.map((tag) =>
    elsewhere(scene, { tag, point: here.get(tag), where: "in this repository" }) ??
      elsewhere(scene, { tag, point: scene.there.get(tag), where: onRemote(scene) })
  );
  return failures.filter((failure) => failure !== undefined);
}

async function ensureTag(
  scene: TagScene,
  wish: { readonly tag: string; readonly message: string },
): Promise<EnsuredTag> {
  const { git, commit, push, there, tagger } = scene;
  const { tag } = wish;
  const here = (await readLocalTags(git, [tag])).get(tag);
  refuseElsewhere(scene, { tag, point: here, where: "in this repository" });
  refuseElsewhere(scene, { tag, point: there.get(tag), where: onRemote(scene) });
  const result = { tag, commit, remote: push?.remote.name };
  const known = push === undefined ? here : there.get(tag);
  if (known !== undefined) return { ...result, object: known.object, state: "present" };

  const content: TagContent = { ...wish, commit, tagger };
  const object = here?.object ?? await writeTagObject(git, content);
  const held = push === undefined ? object : await sendTag(scene, { content, object });
  // The ref comes after the push: what stands here stands on the remote too, whatever interrupts this run.
  if (here === undefined && held === object) await writeRef(scene, { tag, object });
  if (held === undefined) return { ...result, object: there.get(tag)!.object, state: "present" };
  return { ...result, object: held, state: here === undefined ? "created" : "pushed" };
}

async function writeRef(
  scene: TagScene,
  { tag, object }: { readonly tag: string; readonly object: string },
): Promise<void> {
  // The empty old value: only when there is no such ref.
  const args = ["-c", "core.hooksPath=/dev/null", "update-ref", `refs/tags/${tag}`, object, ""];
  await scene.git.run(args).catch(async (error: unknown) => {
    const here = await readLocalTags(scene.git, [tag]);
    if (here.get(tag)?.commit !== scene.commit) throw error;
  });
}
