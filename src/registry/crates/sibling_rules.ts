/**
 * What Cargo.toml says of crates beside each other, held against what putitoutthere.toml says: the order of uploads comes
 * from there, and a crate that nobody releases never gets to crates.io.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import { type CargoDependency, folderOfDependency } from "./cargo_workspace.ts";
import type { CratesPackage } from "../../core/model/package.ts";
import { type CratesWork, type LocatedCrate, siblingsOf, workspaceAt } from "./crates_work.ts";
import type { HeldCrates } from "./held_crates.ts";

/**
 * Crates that ship together while `depends_on` does not say that one needs the other: they would go out in any order,
 * and cargo refuses the first when the second is not in the index.
 */
export function undeclaredSiblings(work: CratesWork): Failure[] {
  const all = [...work.crates, ...work.ready];
  const byFolder = new Map(all.map((crate) => [crate.folder, crate.release.package]));
  return work.crates.flatMap(({ release: { package: own }, folder }) =>
    siblingsOf(work, folder).flatMap(({ folder: at, kind }) =>
      judgeOrder({ own, needed: byFolder.get(at), kind }, all)
    )
  );
}

/** A failure for a crate that ships with one that it needs, when nothing says which of them is first. */
export function judgeOrder(
  { own, needed, kind }: {
    readonly own: CratesPackage;
    readonly needed: CratesPackage | undefined;
    readonly kind: CargoDependency["kind"];
  },
  crates: readonly Pick<LocatedCrate, "release">[],
): Failure[] {
  if (needed === undefined || needed === own || reaches(crates, own.name, needed.name)) return [];
  const isCycle = reaches(crates, needed.name, own.name);
  const link = { own: own.name, needed: needed.name, kind };
  return [
    new Failure(
      "PIOT_CRATES_MANIFEST",
      `Cannot order the crates: ${own.name} depends on ${needed.name} in Cargo.toml and not in putitoutthere.toml${
        isCycle ? `, where ${needed.name} depends on ${own.name}` : ""
      }`,
      { hint: hintFor(link, isCycle) },
    ),
  ];
}

/** Of two crates that need each other neither could be the first on crates.io, so that no `depends_on` mends a cycle. */
function hintFor(
  { own, needed, kind }: {
    readonly own: string;
    readonly needed: string;
    readonly kind: CargoDependency["kind"];
  },
  isCycle: boolean,
): string {
  const declare = `Add "${needed}" to \`depends_on\` of ${own}`;
  if (kind !== "dev") {
    return isCycle
      ? `Take "${own}" out of \`depends_on\` of ${needed}, or of what that depends on; then add "${needed}" to \`depends_on\` of ${own}`
      : declare;
  }
  const leave =
    "Leave `version` out of the dev-dependency, so that it has its `path` alone: cargo then leaves it out of what is published";
  return isCycle ? leave : `${leave}; or ${declare.charAt(0).toLowerCase()}${declare.slice(1)}`;
}

/** Whether one package depends on another, directly or by way of packages that ship too. */
export function reaches(
  crates: readonly Pick<LocatedCrate, "release">[],
  from: string,
  to: string,
): boolean {
  const waiting = [from];
  const seen = new Set(waiting);
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const crate = crates.find(({ release }) => release.package.name === name);
    for (const next of crate?.release.package.dependsOn ?? []) {
      if (next === to) return true;
      if (!seen.has(next)) waiting.push(next);
      seen.add(next);
    }
  }
  return false;
}

/**
 * Crates of the repository that a release needs, that are no packages of the configuration, and that crates.io does not
 * have either: nothing would ever publish them. Throws `PIOT_REGISTRY_UNKNOWN` when the index gives no definite answer.
 */
export async function unreleasedNeeds(
  work: CratesWork,
  held: Pick<HeldCrates, "index">,
): Promise<Failure[]> {
  const failures: Failure[] = [];
  const absent = new Map<string, boolean>();
  for (const { release: { package: own }, folder } of work.crates) {
    const workspace = workspaceAt(work, folder);
    for (const dependency of workspace?.members.get(folder)?.dependencies ?? []) {
      const { name, req } = dependency;
      const at = folderOfDependency(workspace!, dependency);
      if (at === undefined || req === "*") continue;
      if (work.versions.has(at) || workspaceAt(work, at) === undefined) continue;
      const isAbsent = absent.get(name) ?? (await held.index(name)).length === 0;
      absent.set(name, isAbsent);
      if (isAbsent) failures.push(unreleased(own.name, name));
    }
  }
  return failures;
}

function unreleased(own: string, needed: string): Failure {
  return new Failure(
    "PIOT_CRATES_DEPENDENCY",
    `Cannot publish ${own}: it depends on ${needed} of this repository, which crates.io does not have and putitoutthere.toml does not release`,
    {
      hint:
        `Declare ${needed} as a package in putitoutthere.toml, with "${needed}" in \`depends_on\` of ${own}`,
    },
  );
}
