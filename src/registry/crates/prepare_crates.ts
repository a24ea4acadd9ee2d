/**
 * Stage two for crates: everything that crates.io or cargo could hold against a release, found before anything is sent.
 *
 * @module
 */

import { relative } from "node:path";
import { joinFolder } from "../../core/manifest/cargo_sites.ts";
import { combineFailures, Failure } from "../../error.ts";
import type { Git } from "../../host/git.ts";
import type { Env } from "../../host/host.ts";
import { borrowFolder } from "../../host/loans/loans.ts";
import type { Defer, PrepareOptions } from "../registry.ts";
import { committedSettings } from "./committed_settings.ts";
import { type CargoMember, readCargoWorkspaces, type ReadWorkspaces } from "./cargo_workspace.ts";
import {
  type CratesPrepared,
  type CratesRelease,
  type CratesWork,
  memberAt,
} from "./crates_work.ts";
import type { HeldCrates } from "./held_crates.ts";
import { listPackageFiles, type Packer } from "./package_crates.ts";
import { packageWorkspaces } from "./package_workspaces.ts";
import { preflight } from "./preflight.ts";
import {
  locateReady,
  prepareReady,
  readReadyCrates,
  type ReadyCrates,
} from "./ready/prepare_ready.ts";
import { requireCleanTree } from "./clean_tree.ts";
import { undeclaredSiblings, unreleasedNeeds } from "./sibling_rules.ts";
import { describeTree, excludeFolders, requireSameTree } from "./work_tree.ts";
import { borrowLocks, versionsByFolder, writeVersions } from "./write_versions.ts";

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
  const { root, env, cargo, missing, git, held, defer } = context;
  const label = (folder: string): string => relative(root, folder).replaceAll("\\", "/") || ".";
  const crates = [...delivered.rest.keys()].map((release) => ({
    release,
    folder: joinFolder(root, release.package.path),
  }));
  const found = await readCargoWorkspaces({ cargo, label }, crates.map(({ folder }) => folder));
  const versions = versionsByFolder({ root, releases, standing: options.standing ?? [] });
  const ready = locateReady(delivered, root);
  const work: CratesWork = { crates, ready, workspaces: found.workspaces, versions };
  const where = { folder: root, env };
  defer(await borrowLocks(found.workspaces, where));
  // Outside a git work tree there is no commit that files could differ from.
  const isGuarded = releases.some(({ commit }) => commit !== undefined);
  const { path: targetFolder, remove } = await borrowFolder(where, "piot-cargo");
  defer(remove);
  const guarded = isGuarded ? await guardTree(context, { ...work, targetFolder }) : [];
  const settings = await committedSettings(crates.map(({ folder }) => folder), { root, env });
  const problems = [...findProblems(work, found), ...await unreleasedNeeds(work, held)];
  refuse([...settings.problems, ...problems, ...guarded]);
  const writes = { label, workspaces: found.workspaces, versions };
  defer(await writeVersions(writes, where));
  const before = isGuarded ? await describeTree(git) : [];
  const prepared = await packageWorkspaces({ cargo, missing, held }, { ...work, targetFolder });
  if (isGuarded) await requireSameTree({ git, before });
  return prepared.map((crate, index) => ({
    ...crate,
    warnings: [
      ...delivered.rest.get(crate.release) ?? [],
      ...crate.warnings,
      ...index === 0 ? settings.warnings : [],
    ],
  }));
}

function refuse(failures: readonly Failure[]): void {
  if (failures.length > 0) throw combineFailures(failures);
}

function findProblems(work: CratesWork, { failures }: ReadWorkspaces): Failure[] {
  const own = work.crates.flatMap(({ release, folder }) => {
    if (failures.has(folder)) return [];
    const member = memberAt(work, folder);
    return member === undefined ? [noPackage(release)] : preflight(member, release);
  });
  return [...failures.values(), ...own, ...undeclaredSiblings(work)];
}

function noPackage({ package: { name, path } }: CratesRelease): Failure {
  return new Failure(
    "PIOT_CRATES_MANIFEST",
    `Cannot publish ${name}: "${path}/Cargo.toml" has no [package]`,
    { hint: "Set `path` in putitoutthere.toml to the folder of the crate, not of its workspace" },
  );
}

async function guardTree(
  { git, cargo, root, env, defer, ownFolders }: PrepareContext,
  work: CratesWork & { readonly targetFolder: string },
): Promise<Failure[]> {
  // What is not there, or is no crate, is told of elsewhere.
  const crates = work.crates.filter(({ folder }) => memberAt(work, folder) !== undefined);
  try {
    const giveBack = await excludeFolders({ git, where: { folder: root, env } }, ownFolders);
    if (giveBack !== undefined) defer(giveBack);
    await requireCleanTree({
      git,
      where: { folder: root, env },
      crates: crates.map(({ folder, release }) => ({
        folder,
        named: namedFiles(memberAt(work, folder)!),
        listFiles: () => {
          const { package: { registryName: name } } = release;
          return listPackageFiles(cargo, { folder, name, targetFolder: work.targetFolder });
        },
      })),
      managed: work.workspaces.flatMap(({ root, members }) => [
        `${root}/Cargo.lock`,
        ...[root, ...members.keys()].map((folder) => `${folder}/Cargo.toml`),
      ]),
    });
    return [];
  } catch (error) {
    if (error instanceof Failure) return [error];
    throw error;
  }
}

function namedFiles({ readme, license_file: licence }: CargoMember): readonly string[] {
  return [readme, licence].filter((path) => path !== null && path !== undefined);
}
