/**
 * What a repository and its remote say about tags: one git process for any number of them.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Git } from "./git.ts";
import type { Env } from "./host.ts";
import { remoteFailure } from "./remote_failure.ts";

/** The remote that tags are pushed to. */
export interface Remote {
  /** Its name in git's configuration. */
  readonly name: string;
  /** Where pushes go, after `pushurl` and `insteadOf`. May hold a credential: never print it. */
  readonly url: string;
  /** What reads name: the remote, or the push address where git reads and pushes at different places. */
  readonly source: string;
}

/** What a tag stands for. */
export interface TagPoint {
  /** The id of the object that the ref names: of the tag object, or of the commit for a lightweight tag. */
  readonly object: string;
  /** The id of what it stands for in the end; undefined when that is no commit. */
  readonly commit: string | undefined;
}

/** The remote of a name; undefined when the repository has none of that name. */
export async function findRemote(git: Git, name: string): Promise<Remote | undefined> {
  const push = await git.run(["remote", "get-url", "--push", name], { accept: [0, 2] });
  if (push.code === 2) return undefined;
  const url = Buffer.from(push.stdout).toString().trim();
  const read = (await git.text(["remote", "get-url", name])).trim();
  return { name, url, source: read === url ? name : url };
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
  const result = await git.run(["ls-remote", "--tags", "--", remote.source], {
    env,
    accept: [0, 1, 128],
  });
  if (result.code !== 0) {
    throw remoteFailure(`Cannot read the tags of "${remote.name}"`, result.stderr);
  }
  return parseRemoteTags(Buffer.from(result.stdout).toString(), new Set(tags));
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
