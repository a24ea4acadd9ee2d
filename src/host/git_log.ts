/**
 * The commits between two points of the history, with the files that each changed.
 *
 * @module
 */

import type { Git } from "./git.ts";

/** A commit that is no merge. */
export interface LoggedCommit {
  /** Full object id. */
  readonly id: string;
  /** The first paragraph of its message, in one line. */
  readonly subject: string;
  /** What it changed, relative to git's folder; files outside that folder are left out. */
  readonly files: readonly string[];
}

/**
 * The commits that `until` has and `since` has not, newest first. A renamed file counts under both names. One git
 * process; callers with many packages ask once for each commit that they start from.
 */
export async function readLog(
  git: Git,
  { since, until }: { readonly since: string; readonly until: string },
): Promise<readonly LoggedCommit[]> {
  const text = await git.text([
    "-c",
    "log.showRoot=true",
    "log",
    "--no-merges",
    "--no-renames",
    "--name-only",
    "--relative",
    "--no-show-signature",
    "--encoding=UTF-8",
    "-z",
    "--format=%x01%H%x00%s",
    until,
    `^${since}`,
    "--",
  ]);
  return parseLog(text);
}

/** Reads `\1<id>\0<subject>\0` records; a commit's files follow after one line break, each with a NUL behind it. */
function parseLog(text: string): LoggedCommit[] {
  const commits: { id: string; subject: string; files: string[] }[] = [];
  const tokens = text.split("\0");
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    const id = token.startsWith("\u0001") ? token.slice(1) : "";
    if (/^[0-9a-f]{40,64}$/.test(id)) {
      commits.push({ id, subject: tokens[++at] ?? "", files: [] });
    } else {
      const files = commits.at(-1)?.files ?? [];
      // git puts one line break between a commit and its files.
      const path = files.length === 0 ? token.replace(/^\n/, "") : token;
      if (path !== "") files.push(path);
    }
  }
  return commits;
}
