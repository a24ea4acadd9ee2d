/**
 * Whether a GitHub Release becomes the one that GitHub calls "Latest", of which a repository has one: never a backport's,
 * never a pre-release's, and none where several packages share the repository.
 *
 * @module
 */

import { isHighestStable } from "../../core/plan/last_release.ts";
import type { Git } from "../../host/git.ts";
import { listTagNames } from "../../host/tag_names.ts";
import type { Release } from "../../registry/registry.ts";
import type { Run } from "./run.ts";

/** Whether a release is to be marked. Throws the `PIOT_TAG_…` failure of a remote that cannot be read. */
export type LatestMark = (release: Release) => Promise<boolean>;

/**
 * Makes the judge. The packages that have GitHub Releases count: where one alone has them, its highest stable version is
 * the latest. All its tags are looked at, here and on the remote, on whatever branch; the remote is asked once, when it
 * matters.
 */
export function openLatestMark(
  { packages, host }: Pick<Run, "packages" | "host">,
  git: Git,
): LatestMark {
  let known: Promise<readonly string[]> | undefined;
  const announced = packages.filter(({ githubRelease }) => githubRelease);
  return async ({ package: pkg, version }) => {
    if (announced.length !== 1) return false;
    if (!isHighestStable(pkg, version, [])) return false;
    known ??= listTagNames(git, host.env);
    return isHighestStable(pkg, version, await known);
  };
}
