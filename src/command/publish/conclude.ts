/**
 * What follows once a release is complete on its registry: its tag, pushed at once, and its GitHub Release.
 *
 * @module
 */

import { tagMessage } from "../../core/release/tag_message.ts";
import type { EnsuredTag, Tagging } from "../../host/git_tags.ts";
import type { Release } from "../../registry/registry.ts";
import { refOf, type Run } from "./run.ts";

/** Makes the GitHub Release of a release; says in words why when it could not. Never throws. */
export type Announce = (release: Release) => Promise<
  | { readonly done: "created" | "kept"; readonly url?: string }
  | { readonly done: "not-made"; readonly why: string; readonly isWarning: boolean }
>;

/** What tags and announces. Without `tagging`, outside a git work tree, nothing is tagged. */
export interface Concluding {
  readonly tagging: Tagging | undefined;
  readonly announce: Announce | undefined;
}

/** Tags and announces one complete release; gives what had to be made: `tag demo-v1.0.0`, `GitHub Release`. */
export async function conclude(
  run: Run,
  release: Release,
  { tagging, announce }: Concluding,
): Promise<readonly string[]> {
  const made: string[] = [];
  if (tagging !== undefined) {
    const ensured = await tagging.ensure(
      release.tag,
      tagMessage({ name: release.package.name, version: release.version }),
    );
    run.emit({ type: "tag", release: refOf(release), tag: release.tag, done: DONE[ensured.state] });
    if (ensured.state !== "present") made.push(`tag ${release.tag}`);
  }
  if (announce !== undefined && await announced(run, release, announce)) {
    made.push("GitHub Release");
  }
  return made;
}

const DONE: Readonly<Record<EnsuredTag["state"], "written" | "pushed" | "already-there">> = {
  created: "written",
  pushed: "pushed",
  present: "already-there",
};

/** A GitHub Release is an announcement: failing to make one is a warning that a later run mends. */
export async function announced(run: Run, release: Release, announce: Announce): Promise<boolean> {
  const result = await announce(release);
  if (result.done === "not-made") {
    const message = `No GitHub Release for ${release.tag}: ${result.why}`;
    if (result.isWarning) run.emit({ type: "warning", message, release: refOf(release) });
    return false;
  }
  run.emit({
    type: "github-release",
    release: refOf(release),
    done: result.done,
    ...(result.url === undefined ? {} : { url: result.url }),
  });
  return result.done === "created";
}
