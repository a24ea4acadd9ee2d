/**
 * The push of one tag: one ref, never by force, and nothing else along with it.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Git } from "./git.ts";
import type { Remote } from "./git_remote.ts";
import type { Env } from "./host.ts";
import { remoteFailure } from "./remote_failure.ts";

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

/**
 * Pushes an object as a tag. `new`: the remote took it. `same`: the remote has this very object. Throws a `PIOT_TAG_…`
 * failure otherwise; that includes an answer that got lost after the remote took it, so ask the remote before judging.
 */
export async function pushTag(
  git: Git,
  options: {
    readonly remote: Remote;
    readonly tag: string;
    readonly object: string;
    /** Credentials, see `pushEnvironment()`. */
    readonly env: Env;
  },
): Promise<"new" | "same"> {
  const { remote, tag, object, env } = options;
  const args = [...PUSH, remote.name, `${object}:refs/tags/${tag}`];
  const result = await git.run(args, { env, accept: [0, 1, 128] });
  const told = Buffer.from(result.stdout).toString();
  const line = toldOf(told, tag);
  if (result.code === 0 && line?.flag === "*") return "new";
  if (result.code === 0 && line?.flag === "=") return "same";
  const words = [result.stderr, line?.summary ?? ""].join("\n");
  throw remoteFailure(`Cannot push tag "${tag}" to "${remote.name}"`, words);
}

/** The line of `git push --porcelain` about a tag: `<flag>\t<from>:<to>\t<summary>` (git-push(1), OUTPUT). */
function toldOf(text: string, tag: string): { flag: string; summary: string } | undefined {
  for (const line of text.split("\n")) {
    const [flag = "", refs = "", summary = ""] = line.split("\t");
    if (refs.endsWith(`:refs/tags/${tag}`)) return { flag, summary };
  }
  return undefined;
}
