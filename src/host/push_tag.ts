/**
 * A tag on its way to the remote: pushed alone and never by force, or made through GitHub's API, and never believed
 * without an answer.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { Failure, messageOf } from "../error.ts";
import type { Git } from "./git.ts";
import { type Remote, remoteFailure } from "./git_remote.ts";
import type { Env } from "./host.ts";
import type { TagContent } from "./tag_object.ts";
import { readRemoteTags, tagElsewhere, type TagPoint } from "./tag_points.ts";

/** Where tags go. */
export interface TagDestination {
  readonly remote: Remote;
  /** Credentials for every git call to it, see `pushEnvironment()`. */
  readonly env: Env;
  /** The tags that it had when it was last asked, by name. */
  readonly points: Map<string, TagPoint>;
  /** Makes a tag there without a push. */
  readonly createByApi: ((content: TagContent) => Promise<void>) | undefined;
}

/** Where a destination's tags are, in words. */
export function onRemote({ remote }: TagDestination): string {
  return `on "${remote.name}"`;
}

/**
 * Sends a tag, and gives the object that stands on the remote by our doing; undefined when it is somebody else's, on the
 * same commit. When the push fails the remote decides: its answer may have been lost.
 */
export async function sendTag(
  git: Git,
  { destination, content, object }: {
    readonly destination: TagDestination;
    readonly content: TagContent;
    readonly object: string;
  },
): Promise<string | undefined> {
  const { remote, env, points } = destination;
  const { tag, commit } = content;
  try {
    await pushTag(git, { remote, env, tag, object });
    return object;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { byApi, failure } = await retryByApi(destination, { content, refused: error });
    // A remote that does not answer now either leaves the first failure as the one to report.
    const now = await readRemoteTags(git, { remote, env, tags: [tag] }).catch(() => undefined);
    const point = now?.get(tag);
    if (point === undefined) throw failure;
    points.set(tag, point);
    const elsewhere = tagElsewhere(point, { tag, commit, where: onRemote(destination) });
    if (elsewhere !== undefined) throw elsewhere;
    return byApi || point.object === object ? point.object : undefined;
  }
}

/** GitHub holds pushes and its API to different rules about workflow files. */
async function retryByApi(
  { createByApi }: TagDestination,
  { content, refused }: { readonly content: TagContent; readonly refused: Failure },
): Promise<{ byApi: boolean; failure: Failure }> {
  if (refused.code !== "PIOT_TAG_WORKFLOWS" || createByApi === undefined) {
    return { byApi: false, failure: refused };
  }
  try {
    await createByApi(content);
    return { byApi: true, failure: refused };
  } catch (cause) {
    const { code, message, hint = "" } = refused;
    const failure = new Failure(code, `${message}; ${messageOf(cause)}`, { hint, cause });
    return { byApi: false, failure };
  }
}

/**
 * Switches off what would run code of the repository while a credential is in reach (hooks), or push more than this ref:
 * `push.followTags` adds every annotated tag that the remote lacks.
 */
const PUSH = [
  "-c",
  "core.hooksPath=/dev/null",
  "push",
  "--porcelain",
  "--no-follow-tags",
  "--no-recurse-submodules",
  "--no-verify",
];

const MINUTES = 10;
const BOUNDS = { milliseconds: MINUTES * 60_000, bytes: 2 ** 20 };

/**
 * Pushes an object as a tag, which the remote takes or has already. Throws a `PIOT_TAG_…` failure otherwise; that includes
 * an answer that got lost after the remote took it, so ask the remote before judging.
 */
async function pushTag(
  git: Git,
  { remote, env, tag, object }: Pick<TagDestination, "remote" | "env"> & {
    readonly tag: string;
    readonly object: string;
  },
): Promise<void> {
  const args = [...PUSH, remote.name, `${object}:refs/tags/${tag}`];
  const result = await git.run(args, {
    ...{ env, ownGroup: true, bounds: BOUNDS },
    accept: [0, 1, 128],
  });
  const line = pushedRef(Buffer.from(result.stdout).toString(), tag);
  // `*`: a new ref. `=`: the remote has this very object.
  if (result.code === 0 && (line?.flag === "*" || line?.flag === "=")) return;
  const what = `Cannot push tag "${tag}" to "${remote.name}"`;
  if (result.passed !== undefined) {
    throw new Failure("PIOT_TAG_REMOTE", `${what}: it had not ended after ${MINUTES} minutes`, {
      hint: "Run again from the same commit: the remote is asked first whether the tag arrived",
    });
  }
  const words = [result.stderr, line?.summary ?? ""].join("\n");
  throw remoteFailure(what, words);
}

/** The line of `git push --porcelain` about a tag: `<flag>\t<from>:<to>\t<summary>` (git-push(1), OUTPUT). */
function pushedRef(text: string, tag: string): { flag: string; summary: string } | undefined {
  for (const line of text.split("\n")) {
    const [flag = "", refs = "", summary = ""] = line.split("\t");
    if (refs.endsWith(`:refs/tags/${tag}`)) return { flag, summary };
  }
  return undefined;
}
