/**
 * A tag on its way to the remote: pushed, or brought there another way, and never believed without an answer.
 *
 * @module
 */

import { Failure, messageOf } from "../error.ts";
import { readRemoteTags } from "./git_remote.ts";
import { pushTag } from "./push_tag.ts";
import type { TagContent } from "./tag_object.ts";
import { onRemote, refuseElsewhere, type TagScene } from "./tag_scene.ts";

/**
 * Pushes, and gives the object that stands on the remote by our doing; undefined when it is somebody else's, on the same
 * commit. When the push fails the remote decides: its answer may have been lost.
 */
export async function sendTag(
  scene: TagScene,
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
  { otherWay }: TagScene,
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
