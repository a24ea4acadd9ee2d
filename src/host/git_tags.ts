/**
 * Release tags: written once, on one commit, here and on the remote; never moved, never forced, never deleted.
 *
 * @module
 */

import { Failure, messageOf } from "../error.ts";
import type { Git } from "./git.ts";
import {
  findRemote,
  readLocalTags,
  readRemoteTags,
  type Remote,
  type TagPoint,
} from "./git_remote.ts";
import type { Env } from "./host.ts";
import { pushEnvironment } from "./push_environment.ts";
import { pushTag } from "./push_tag.ts";
import { readTagger, type TagContent, type Tagger, writeTagObject } from "./tag_object.ts";

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

interface Scene {
  readonly git: Git;
  readonly commit: string;
  readonly tagger: Tagger;
  readonly push: { readonly remote: Remote; readonly env: Env } | undefined;
  readonly otherWay: TaggingOptions["otherWay"];
  /** What the remote had when it was last asked. */
  readonly there: Map<string, TagPoint>;
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
  const scene: Scene = { git, commit, tagger, push, otherWay, there };
  return {
    remote: remote?.name,
    warning: remote === undefined
      ? `tags stay in this repository, since it has no remote called "${name}"`
      : undefined,
    conflicts: (asked) => findConflicts(scene, asked),
    ensure: (tag, message) => ensureTag(scene, { tag, message }),
  };
}

async function findConflicts(scene: Scene, tags: readonly string[]): Promise<Failure[]> {
  const here = await readLocalTags(scene.git, tags);
  const failures = tags.map((tag) =>
    elsewhere(scene, { tag, point: here.get(tag), where: "in this repository" }) ??
      elsewhere(scene, { tag, point: scene.there.get(tag), where: onRemote(scene) })
  );
  return failures.filter((failure) => failure !== undefined);
}

const onRemote = (scene: Scene): string => `on "${scene.push?.remote.name}"`;

function elsewhere(
  scene: Scene,
  found: { tag: string; point: TagPoint | undefined; where: string },
): Failure | undefined {
  const { tag, point, where } = found;
  if (point === undefined || point.commit === scene.commit) return undefined;
  const stands = point.commit === undefined ? "something that is no commit" : point.commit;
  return new Failure(
    "PIOT_TAG_ELSEWHERE",
    `Cannot tag ${scene.commit} as "${tag}": ${where} that tag stands on ${stands}`,
    {
      hint:
        "Tags are never moved: release from the commit that the tag names, or release a higher version; when the tag was made by mistake, delete it by hand",
    },
  );
}

async function ensureTag(
  scene: Scene,
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

function refuseElsewhere(
  scene: Scene,
  found: { tag: string; point: TagPoint | undefined; where: string },
): void {
  const failure = elsewhere(scene, found);
  if (failure !== undefined) throw failure;
}

/**
 * Pushes, and gives the object that stands on the remote by our doing; undefined when it is somebody else's, on the same
 * commit. When the push fails the remote decides: its answer may have been lost.
 */
async function sendTag(
  scene: Scene,
  { content, object }: { readonly content: TagContent; readonly object: string },
): Promise<string | undefined> {
  const { git, push, there } = scene;
  const { tag } = content;
  if (push === undefined) throw new Error("unreachable: a tag is sent to a remote");
  try {
    await pushTag(git, { ...push, tag, object });
    return object;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { byApi, failure } = await goOtherWay(scene, { content, refused: error });
    // A remote that does not answer now either leaves the first failure as the one to tell.
    const now = await readRemoteTags(git, { ...push, tags: [tag] }).catch(() => undefined);
    const point = now?.get(tag);
    if (point === undefined) throw failure;
    there.set(tag, point);
    refuseElsewhere(scene, { tag, point, where: onRemote(scene) });
    return byApi || point.object === object ? point.object : undefined;
  }
}

async function goOtherWay(
  { otherWay }: Scene,
  { content, refused }: { readonly content: TagContent; readonly refused: Failure },
): Promise<{ byApi: boolean; failure: Failure }> {
  if (refused.code !== "PIOT_TAG_WORKFLOWS" || otherWay === undefined) {
    return { byApi: false, failure: refused };
  }
  try {
    await otherWay(content);
    return { byApi: true, failure: refused };
  } catch (cause) {
    const { code, message, hint = "" } = refused;
    const failure = new Failure(code, `${message}; ${messageOf(cause)}`, { hint, cause });
    return { byApi: false, failure };
  }
}

async function writeRef(
  scene: Scene,
  { tag, object }: { readonly tag: string; readonly object: string },
): Promise<void> {
  // The empty old value: only when there is no such ref.
  const args = ["-c", "core.hooksPath=/dev/null", "update-ref", `refs/tags/${tag}`, object, ""];
  await scene.git.run(args).catch(async (error: unknown) => {
    const here = await readLocalTags(scene.git, [tag]);
    if (here.get(tag)?.commit !== scene.commit) throw error;
  });
}
