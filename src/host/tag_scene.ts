/**
 * What is known while a commit is tagged, and the one thing that stops it: the tag stands elsewhere.
 *
 * @module
 */

import { Failure } from "../error.ts";
import type { Git } from "./git.ts";
import type { Remote, TagPoint } from "./git_remote.ts";
import type { Env } from "./host.ts";
import type { TagContent, Tagger } from "./tag_object.ts";

/** What is known while a commit is tagged. */
export interface TagScene {
  readonly git: Git;
  readonly commit: string;
  readonly tagger: Tagger;
  /** The remote and what git calls to it get; undefined when there is no remote. */
  readonly push: { readonly remote: Remote; readonly env: Env } | undefined;
  /** Another way to the remote than a push. */
  readonly otherWay: ((content: TagContent) => Promise<void>) | undefined;
  /** What the remote had when it was last asked. */
  readonly there: Map<string, TagPoint>;
}

/** Where a tag was found, in words. */
export const onRemote = (scene: TagScene): string => `on "${scene.push?.remote.name}"`;

/** The failure for a tag that was found on another commit; undefined for one that was not found, or is right. */
export function elsewhere(
  scene: TagScene,
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

/** Throws the failure of {@link elsewhere}. */
export function refuseElsewhere(
  scene: TagScene,
  found: { tag: string; point: TagPoint | undefined; where: string },
): void {
  const failure = elsewhere(scene, found);
  if (failure !== undefined) throw failure;
}
