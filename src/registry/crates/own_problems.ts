/**
 * What stands against a crate for itself, before anything is packaged, and which others could not go without it.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { ReadWorkspaces } from "./cargo_workspace.ts";
import { type CratesRelease, type CratesWork, type LocatedCrate, memberAt } from "./crates_work.ts";
import { preflight } from "./preflight.ts";
import { reaches } from "./sibling_rules.ts";

/** What stands against each release for itself, of those that have anything against them. */
export function ownProblems(
  work: CratesWork,
  { failures }: ReadWorkspaces,
): ReadonlyMap<CratesRelease, readonly Failure[]> {
  const problemsOf = ({ release, folder }: LocatedCrate): readonly Failure[] => {
    const unread = failures.get(folder);
    if (unread !== undefined) return [unread];
    const member = memberAt(work, folder);
    return member === undefined ? [noPackage(release)] : preflight(member, release);
  };
  return new Map(
    work.crates.map((crate) => [crate.release, problemsOf(crate)] as const)
      .filter(([, problems]) => problems.length > 0),
  );
}

/** The releases but for some, and for those that cargo could not package without them. */
export function withoutThose(
  releases: readonly CratesRelease[],
  refused: readonly CratesRelease[],
): readonly CratesRelease[] {
  const all = releases.map((release) => ({ release }));
  return releases.filter((release) =>
    !refused.some((other) =>
      other === release || reaches(all, release.package.name, other.package.name)
    )
  );
}

function noPackage({ package: { name, path } }: CratesRelease): Failure {
  return new Failure(
    "PIOT_CRATES_MANIFEST",
    `Cannot publish ${name}: "${path}/Cargo.toml" has no [package]`,
    { hint: "Set `path` in putitoutthere.toml to the folder of the crate, not of its workspace" },
  );
}
