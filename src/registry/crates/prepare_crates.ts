/**
 * Stage two for crates: everything that crates.io or cargo could hold against a release, found before anything is sent.
 *
 * @module
 */

import { relative } from "node:path";
import { joinFolder } from "../../core/manifest/cargo_sites.ts";
import { combineFailures, Failure } from "../../error.ts";
import { cargoHomeInside } from "../../host/cargo_place.ts";
import { checkOutCommit, type CommitCheckout } from "../../host/commit_checkout.ts";
import type { Git } from "../../host/git.ts";
import type { Env } from "../../host/host.ts";
import { borrowFolder } from "../../host/loans/loans.ts";
import { writeWhole } from "../../host/whole_file.ts";
import type { Defer, PrepareOptions } from "../registry.ts";
import { committedSettings } from "./committed_settings.ts";
import { credentialsInReach } from "./credentials_in_reach.ts";
import { type CargoMember, readCargoWorkspaces } from "./cargo_workspace.ts";
import {
  type CratesPrepared,
  type CratesRelease,
  type CratesWork,
  memberAt,
} from "./crates_work.ts";
import type { HeldCrates } from "./held_crates.ts";
import type { Packer } from "./package_crates.ts";
import { packageWorkspaces } from "./package_workspaces.ts";
import { refusePointers } from "./packaged_pointers.ts";
import { ownProblems, withoutThose } from "./own_problems.ts";
import {
  locateReady,
  prepareReady,
  readReadyCrates,
  type ReadyCrates,
} from "./ready/prepare_ready.ts";
import { requireOwnFiles, tellLeftOut } from "./clean_tree.ts";
import { missingFeatures, olderSiblings } from "./sibling_demands.ts";
import { undeclaredSiblings, unreleasedNeeds } from "./sibling_rules.ts";
import { describeTree, requireSameTree } from "./work_tree.ts";
import {
  borrowLocks,
  crateTexts,
  type CrateWrites,
  versionsByFolder,
  writeVersions,
} from "./write_versions.ts";

/** What preparing needs. */
export interface PrepareContext extends Packer {
  readonly git: Git;
  readonly held: HeldCrates;
  /** The repository's root, absolute. */
  readonly root: string;
  readonly env: Env;
  /** Absolute folders of the run itself, which are never packaged. */
  readonly ownFolders: readonly string[];
  readonly defer: Defer;
  /** The environment that code of packages could read. */
  readonly inReach: Env;
}

/**
 * Takes what the build jobs delivered, and has cargo package the rest. Every problem of one step is thrown in one go.
 */
export async function prepareCrates(
  context: PrepareContext,
  releases: readonly CratesRelease[],
  options: PrepareOptions = {},
): Promise<CratesPrepared[]> {
  const found = await readReadyCrates(context, releases);
  const failures = [...found.failures];
  const collect = async (
    work: () => Promise<readonly CratesPrepared[]>,
  ): Promise<readonly CratesPrepared[]> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error);
      return [];
    }
  };
  const built = await collect(() => prepareByCargo(context, { found, releases, options }));
  const ready = await collect(() => prepareReady(found, built, options));
  refuse(failures);
  return [...built, ...ready].sort((left, right) =>
    releases.indexOf(left.release) - releases.indexOf(right.release)
  );
}

/** Checks, writes versions, packages and verifies what nobody delivered. */
async function prepareByCargo(
  context: PrepareContext,
  { found: delivered, releases, options }: {
    readonly found: ReadyCrates;
    /** All that ship. */
    readonly releases: readonly CratesRelease[];
    readonly options: PrepareOptions;
  },
): Promise<CratesPrepared[]> {
  if (delivered.rest.size === 0) return [];
  const { env, cargo, missing, held, defer } = context;
  const place = await choosePlace(context, releases);
  const { root } = place;
  const label = (folder: string): string => relative(root, folder).replaceAll("\\", "/") || ".";
  const crates = [...delivered.rest.keys()].map((release) => ({
    release,
    folder: joinFolder(root, release.package.path),
  }));
  const found = await readCargoWorkspaces({ cargo, label }, crates.map(({ folder }) => folder));
  const versions = versionsByFolder({ root, releases, standing: options.standing ?? [] });
  const ready = locateReady(delivered, root);
  const work: CratesWork = { crates, ready, workspaces: found.workspaces, versions };
  const own = ownProblems(work, found);
  const undeclared = undeclaredSiblings(work);
  if (options.refuse !== undefined && own.size > 0 && undeclared.length === 0) {
    for (const [release, failures] of own) options.refuse(release, combineFailures(failures));
    const left = withoutThose(releases, [...own.keys()]);
    const rest = new Map([...delivered.rest].filter(([release]) => left.includes(release)));
    const source = { found: { ...delivered, rest }, releases: left, options };
    return await prepareByCargo(context, source);
  }
  const guarded = await judgeFiles(place, work);
  const folders = crates.map(({ folder }) => folder);
  const home = await cargoHomeInside(env, context.root);
  const settings = await committedSettings(folders, { root, env, home });
  const problems = [
    ...[...own.values()].flat(),
    ...undeclared,
    ...missingFeatures(work),
    ...await unreleasedNeeds(work, held),
  ];
  refuse([...settings.problems, ...problems, ...guarded]);
  const { path: targetFolder, remove } = await borrowFolder(
    { folder: context.root, env },
    "piot-cargo",
  );
  defer(remove);
  await place.write({ label, workspaces: found.workspaces, versions });
  if (place.checkout !== undefined) await refusePointers({ cargo, ...place.checkout }, work);
  const before = place.checkout && await describeTree(place.checkout.git);
  const packing = { cargo, missing, held, refuse: options.refuse };
  const prepared = await packageWorkspaces(packing, { ...work, targetFolder });
  if (place.checkout !== undefined && before !== undefined) {
    await requireSameTree({ git: place.checkout.git, before });
  }
  const inReach = credentialsInReach(context.inReach);
  const warnings = [
    ...place.warnings,
    ...settings.warnings,
    ...olderSiblings(work),
    ...inReach,
  ];
  return prepared.map((crate, index) => ({
    ...crate,
    warnings: [
      ...delivered.rest.get(crate.release) ?? [],
      ...crate.warnings,
      ...index === 0 ? warnings : [],
    ],
  }));
}

/** Where cargo packages. */
interface PackagingPlace {
  /** The folder that the packages' paths start from there, absolute. */
  readonly root: string;
  /** The commit, checked out; undefined outside a git work tree, where cargo packages in place. */
  readonly checkout: CommitCheckout | undefined;
  readonly warnings: readonly string[];
  /** Writes versions there. */
  readonly write: (writes: CrateWrites) => Promise<void>;
}

async function choosePlace(
  { git, root, env, ownFolders, defer }: PrepareContext,
  releases: readonly CratesRelease[],
): Promise<PackagingPlace> {
  const where = { folder: root, env };
  const commit = releases.find((release) => release.commit !== undefined)?.commit;
  if (commit === undefined) {
    const write = async (writes: CrateWrites): Promise<void> => {
      defer(await borrowLocks(writes.workspaces, where));
      defer(await writeVersions(writes, where));
    };
    return { root: joinFolder(root, "."), checkout: undefined, warnings: [], write };
  }
  const paths = releases.map((release) => release.package.path);
  const warnings = await tellLeftOut({ git, where, paths, ownFolders });
  const checkout = await checkOutCommit(git, { where, commit });
  defer(checkout.remove);
  const write = async (writes: CrateWrites): Promise<void> => {
    for (const [path, text] of await crateTexts(writes)) await writeWhole(path, text);
  };
  return { root: joinFolder(checkout.root, "."), checkout, warnings, write };
}

function refuse(failures: readonly Failure[]): void {
  if (failures.length > 0) throw combineFailures(failures);
}

async function judgeFiles(
  { checkout }: PackagingPlace,
  work: CratesWork,
): Promise<readonly Failure[]> {
  if (checkout === undefined) return [];
  // What is not there, or is no crate, is told of elsewhere.
  const crates = work.crates.filter(({ folder }) => memberAt(work, folder) !== undefined);
  try {
    await requireOwnFiles(
      checkout,
      crates.map(({ folder }) => ({ folder, named: namedFiles(memberAt(work, folder)!) })),
    );
    return [];
  } catch (error) {
    if (error instanceof Failure) return [error];
    throw error;
  }
}

function namedFiles({ readme, license_file: licence }: CargoMember): readonly string[] {
  return [readme, licence].filter((path) => path !== null && path !== undefined);
}
