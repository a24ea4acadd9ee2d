/**
 * Stage two for crates that the build job delivered: they go out as they are, once each has been read and held against the
 * commit and its siblings. No cargo, no toolchain, and no code of a package.
 *
 * @module
 */

import { basename } from "node:path";
import { joinFolder } from "../../../core/manifest/cargo_sites.ts";
import { combineFailures, Failure } from "../../../error.ts";
import { readCommitTree } from "../../../host/commit_tree.ts";
import { fileSize } from "../../../host/files.ts";
import type { Git } from "../../../host/git.ts";
import type { PrepareOptions } from "../../registry.ts";
import {
  crateDigest,
  type CratesPrepared,
  type CratesRelease,
  type LocatedCrate,
} from "../crates_work.ts";
import { tooBig } from "../package_workspaces.ts";
import { judgeOrder } from "../sibling_rules.ts";
import { commitManifests } from "./commit_manifests.ts";
import { findReadyCrate } from "./find_ready_crate.ts";
import { type CommitFiles, readReadyCrate } from "./read_ready_crate.ts";
import { judgeSiblings, type Neighbours, type SiblingCrate } from "./ready_siblings.ts";

/** What the build jobs delivered of a run's crates. */
export interface ReadyCrates {
  /** Those that may go out as they are, as far as each of them tells alone. */
  readonly crates: readonly Neighbours[];
  /** What stands against others. */
  readonly failures: readonly Failure[];
  /** Those that nobody delivered, with sentences about what was delivered in their place. */
  readonly rest: ReadonlyMap<CratesRelease, readonly string[]>;
}

/** Finds and reads them. */
export async function readReadyCrates(
  { git, root }: { readonly git: Git; readonly root: string },
  releases: readonly CratesRelease[],
): Promise<ReadyCrates> {
  const crates: Neighbours[] = [];
  const failures: Failure[] = [];
  const rest = new Map<CratesRelease, readonly string[]>();
  let known: Promise<Omit<CommitFiles, "commit">> | undefined;
  for (const release of releases) {
    try {
      const { crate, others, warnings } = await findReadyCrate(release);
      if (crate === undefined) {
        rest.set(release, warnings);
        continue;
      }
      const { commit } = release;
      const from = commit === undefined
        ? undefined
        : { commit, ...await (known ??= readFiles(git, commit)) };
      const read = await readReadyCrate({ release, root, ...crate }, from);
      if ("release" in read) crates.push({ crate: read, others });
      else failures.push(...read);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error);
    }
  }
  return { crates, failures, rest };
}

async function readFiles(git: Git, commit: string): Promise<Omit<CommitFiles, "commit">> {
  const tree = await readCommitTree(git, commit);
  return { tree, readManifest: commitManifests(tree) };
}

/** The folders of ready crates. */
export function locateReady({ crates }: ReadyCrates, root: string): readonly LocatedCrate[] {
  return crates.map(({ crate: { release } }) => ({
    release,
    folder: joinFolder(root, release.package.path),
  }));
}

/**
 * Ready crates as releases that passed every check; `built` are those that cargo packaged here. Throws, in one go, what
 * siblings contradict and `depends_on` does not say.
 */
export async function prepareReady(
  { crates }: ReadyCrates,
  built: readonly CratesPrepared[],
  { standing = [] }: PrepareOptions,
): Promise<readonly CratesPrepared[]> {
  const siblings: readonly SiblingCrate[] = [
    ...crates.map(({ crate: { release, sha256, path } }) => ({ ...named(release), sha256, path })),
    ...built.map(({ release, files: [file] }) => ({
      ...named(release),
      sha256: file!.digest.replace(/^sha256-/, ""),
      path: undefined,
    })),
    ...standing.filter((one) => one.package.kind === "crates").map((one) => ({
      ...named(one),
      sha256: undefined,
      path: undefined,
    })),
  ];
  const releases = [...crates.map(({ crate }) => crate), ...built];
  const prepared: CratesPrepared[] = [];
  const failures: Failure[] = [];
  for (const neighbours of crates) {
    const { release, path, sha256, document, member } = neighbours.crate;
    const size = await fileSize(path);
    const files = [{ name: basename(path), size, digest: crateDigest(sha256) }];
    failures.push(
      ...tooBig({ release, files }),
      ...await judgeSiblings(neighbours, siblings),
      ...unordered(neighbours, releases),
    );
    prepared.push({
      release,
      files,
      warnings: [],
      way: { by: "ready", ready: { path, size, document } },
      categories: member.categories,
      siblings: siblings.filter(({ name }) =>
        name !== release.package.registryName &&
        member.dependencies.some((dependency) => dependency.name === name)
      ),
    });
  }
  if (failures.length > 0) throw combineFailures(failures);
  return prepared;
}

function named(
  { package: { registryName: name }, version }: {
    readonly package: { readonly registryName: string };
    readonly version: string;
  },
): { name: string; version: string } {
  return { name, version };
}

function unordered(
  { crate: { release: { package: own }, member } }: Neighbours,
  releases: readonly Pick<LocatedCrate, "release">[],
): readonly Failure[] {
  return releases.flatMap(({ release: { package: needed } }) => {
    const found = member.dependencies.find(({ name }) => name === needed.registryName);
    return found === undefined ? [] : judgeOrder({ own, needed, kind: found.kind }, releases);
  });
}
