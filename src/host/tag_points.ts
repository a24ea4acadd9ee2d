/**
 * Where tags stand, here and on the remote: one git process for any number of them; and the failure for one that stands
 * elsewhere than it should.
 *
 * @module
 */

import { Failure } from "../error.ts";
import { askRemote } from "./ask_remote.ts";
import type { Git } from "./git.ts";
import type { Remote } from "./git_remote.ts";
import type { Env } from "./host.ts";

/** What a tag stands for. */
export interface TagPoint {
  /** The id of the object that the ref names: of the tag object, or of the commit for a lightweight tag. */
  readonly object: string;
  /** The id of what it stands for in the end; undefined when that is no commit. */
  readonly commit: string | undefined;
}

/**
 * The tags of a list that the remote has, by name. All the remote's tags come over the wire in one answer: git narrows
 * them down to patterns only after it has them. Throws a `PIOT_TAG_…` failure when the remote cannot be read.
 */
export async function readRemoteTags(
  git: Git,
  options: {
    readonly remote: Remote;
    readonly tags: readonly string[];
    /** Credentials, see `pushEnvironment()`. */
    readonly env?: Env;
  },
): Promise<ReadonlyMap<string, TagPoint>> {
  const { remote, tags, env = {} } = options;
  return parseRemoteTags(await askRemote(git, { remote, env }), new Set(tags));
}

/** Reads `<id>\trefs/tags/<name>` lines; a `^{}` line gives what an annotated tag stands for. */
function parseRemoteTags(text: string, wanted: ReadonlySet<string>): Map<string, TagPoint> {
  const points = new Map<string, TagPoint>();
  for (const line of text.split("\n")) {
    const found = /^([0-9a-f]{40,64})\trefs\/tags\/(.+?)(\^\{\})?$/.exec(line);
    const [, id, name, peeled] = found ?? [];
    if (id === undefined || name === undefined || !wanted.has(name)) continue;
    const object = peeled === undefined ? id : points.get(name)?.object ?? id;
    points.set(name, { object, commit: id });
  }
  return points;
}

/** The tags of a list that the repository itself has, by name. */
export async function readLocalTags(
  git: Git,
  tags: readonly string[],
): Promise<ReadonlyMap<string, TagPoint>> {
  const input = tags.map((tag) => `refs/tags/${tag}\nrefs/tags/${tag}^{commit}\n`).join("");
  const text = await git.text(["cat-file", "--batch-check=%(objectname)"], { input });
  const lines = text.split("\n");
  const idOf = (line = ""): string | undefined => /^[0-9a-f]{40,64}$/.exec(line)?.[0];
  const points = new Map<string, TagPoint>();
  for (const [index, tag] of tags.entries()) {
    const object = idOf(lines[2 * index]);
    if (object === undefined) continue;
    points.set(tag, { object, commit: idOf(lines[2 * index + 1]) });
  }
  return points;
}

/** A tag, the commit that it should stand on, and the words for where it was looked for: `on "origin"`. */
export interface TagSought {
  readonly tag: string;
  readonly commit: string;
  readonly where: string;
}

/** The failure for a tag that was found on another commit; undefined for one that was not found, or is right. */
export function tagElsewhere(point: TagPoint | undefined, sought: TagSought): Failure | undefined {
  const { tag, commit, where } = sought;
  if (point === undefined || point.commit === commit) return undefined;
  const stands = point.commit === undefined ? "something that is no commit" : point.commit;
  return new Failure(
    "PIOT_TAG_ELSEWHERE",
    `Cannot tag ${commit} as "${tag}": ${where} that tag stands on ${stands}`,
    {
      hint:
        "Tags are never moved: release from the commit that the tag names, or release a higher version; when the tag was made by mistake, delete it by hand",
    },
  );
}
