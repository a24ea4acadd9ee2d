/**
 * Annotated tag objects that come out the same however often they are made: same commit, name, message and tagger give
 * the same object id.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Git } from "./git.ts";

/** Who tags where git knows nobody: the account that GitHub's own token acts as. */
const BOT = "github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>";

/** Who and when: everything in a tag object that does not differ from tag to tag of one commit. */
export interface Tagger {
  /** `Name <email>`. */
  readonly ident: string;
  /** The commit's own committer date, `<seconds> <zone>`, so that it is no other at the next run. */
  readonly date: string;
}

/** Everything that a tag object says. */
export interface TagContent {
  /** Below `refs/tags/`. */
  readonly tag: string;
  /** Full object id. */
  readonly commit: string;
  readonly message: string;
  readonly tagger: Tagger;
}

/** The tagger for tags of a commit: git's identity (`GIT_COMMITTER_*`, `user.name`), else github-actions[bot]. */
export async function readTagger(git: Git, commit: string): Promise<Tagger> {
  const known = await git.run(["-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT"], {
    accept: [0, 128],
  });
  const text = Buffer.from(known.stdout).toString().trim();
  // "Ada <ada@example.com> 1767225600 +0000": the time is the present one, which is of no use here.
  const ident = known.code === 0 ? text.replace(/ \d+ [+-]\d{4}$/, "") : BOT;
  const format = ["-s", "--no-show-signature", "--date=raw", "--format=%cd"];
  const date = (await git.text(["show", ...format, commit, "--"])).trim();
  return { ident, date };
}

/**
 * Writes the tag object, without any ref, and gives its id. `git mktag` checks it as fsck does. It is never signed,
 * whatever `tag.gpgSign` says: a signature holds the time at which it was made.
 */
export async function writeTagObject(git: Git, content: TagContent): Promise<string> {
  const { tag, commit, message, tagger } = content;
  const head = [
    `object ${commit}`,
    "type commit",
    `tag ${tag}`,
    `tagger ${tagger.ident} ${tagger.date}`,
  ];
  const input = `${head.join("\n")}\n\n${message.trimEnd()}\n`;
  return (await git.text(["mktag"], { input })).trim();
}
