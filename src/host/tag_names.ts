/**
 * The names of all tags, here and on the remote: a clone may have been made without those of other branches.
 *
 * @module
 */

import { askRemote } from "./ask_remote.ts";
import { requireOwnGitSettings } from "./committed_git_settings.ts";
import type { Git } from "./git.ts";
import { listTags } from "./git_facts/repository.ts";
import { findRemote } from "./git_remote.ts";
import type { Env } from "./host.ts";
import { pushEnvironment } from "./push_environment.ts";

/**
 * Lists them; one that stands in both places is there twice. `env` is where GITHUB_TOKEN and the like are looked up.
 * Throws a `PIOT_TAG_…` failure when the remote cannot be read, `PIOT_SETTINGS_COMMITTED` when a committed file says where it is.
 */
export async function listTagNames(git: Git, env: Env): Promise<readonly string[]> {
  const here = (await listTags(git)).tags.map(({ name }) => name);
  const remote = await findRemote(git, "origin");
  if (remote === undefined) return here;
  await requireOwnGitSettings(git);
  const credentials = await pushEnvironment(git, { url: remote.url, env });
  const list = await askRemote(git, { remote, env: credentials.env });
  const there = [...list.matchAll(/\trefs\/tags\/(.+)$/gm)].map(([, name]) => name!);
  return [...here, ...there.filter((name) => !name.endsWith("^{}"))];
}
