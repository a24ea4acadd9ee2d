/**
 * Packages and verifies crates with cargo, without any credential: the only moment at which code of packages runs.
 *
 * @module
 */

import { wordsOf } from "../../core/crates/cargo_output.ts";
import { Failure } from "../../error.ts";
import type { Cargo } from "../../host/cargo.ts";
import type { MissingDependency } from "../registry_kind.ts";
import { type LocatedCrate, specOf } from "./crates_work.ts";

/** The crates of one workspace that are packaged together, so that cargo lets them see one another. */
export interface PackagingBatch {
  /** The workspace's folder; cargo runs there. */
  readonly workspace: string;
  readonly targetFolder: string;
  readonly crates: readonly LocatedCrate[];
  /**
   * Crates that ship in this run from other workspaces and are in no index yet, by name: their folders stand in for them.
   * The files then differ from those of the upload in their Cargo.lock, which names where each dependency came from.
   */
  readonly standIns: ReadonlyMap<string, string>;
}

/** What packages. */
export interface Packer {
  readonly cargo: Cargo;
  /** What a stand-in for crates.io could not give so far; see `RegistryOptions`. */
  readonly missing?: (() => readonly MissingDependency[]) | undefined;
}

/** Crates that were packed and could not be built, each with what cargo did not get for it. */
export type Unverified = ReadonlyMap<LocatedCrate, readonly MissingDependency[]>;

/**
 * Packages a batch into `<targetFolder>/package`. Each crate is unpacked and built as those who download it will build
 * it, with the features that the configuration asks for. Gives the crates that are left to {@link verifyApart}, in groups.
 * Throws `PIOT_CARGO` with cargo's words.
 */
export async function packageCrates(
  packer: Packer,
  batch: PackagingBatch,
): Promise<readonly (readonly LocatedCrate[])[]> {
  const groups = groupByDefaults(batch.crates);
  if (groups.length === 1) {
    const missing = await lacking(
      packer,
      () => runPackage(packer, batch, { verify: batch.crates }),
    );
    if (missing === undefined) return [];
  }
  // cargo takes --no-default-features for a whole call. So all are packaged first, which lets them see one another, and
  // then each group is built with the others standing in for themselves.
  await runPackage(packer, batch, { verify: [] });
  return groups;
}

/**
 * Builds the packaged crates of a batch that {@link packageCrates} could not build in the same call. Done apart, since it
 * packages again: the files that count must have been hashed before.
 */
export async function verifyApart(
  packer: Packer,
  batch: PackagingBatch,
  groups: readonly (readonly LocatedCrate[])[],
): Promise<Unverified> {
  const unverified = new Map<LocatedCrate, readonly MissingDependency[]>();
  const waiting = [...groups];
  for (let crates = waiting.shift(); crates !== undefined; crates = waiting.shift()) {
    const group = withStandIns(batch, crates);
    const missing = await lacking(
      packer,
      () => runPackage(packer, group, { verify: group.crates }),
    );
    if (missing === undefined) continue;
    const [first, ...others] = crates;
    if (others.length === 0) unverified.set(first!, missing);
    else waiting.unshift(...crates.map((crate) => [crate]));
  }
  return unverified;
}

/** Some crates of a batch, with the others standing in for themselves. */
function withStandIns(batch: PackagingBatch, crates: readonly LocatedCrate[]): PackagingBatch {
  const others = batch.crates.filter((crate) => !crates.includes(crate));
  const standIns = new Map([
    ...batch.standIns,
    ...others.map(({ release, folder }) => [release.package.registryName, folder] as const),
  ]);
  return { ...batch, crates, standIns };
}

/** What cargo was not given while it failed, each once; undefined when it did not fail. Throws any other failure. */
async function lacking(
  { missing = () => [] }: Packer,
  run: () => Promise<void>,
): Promise<readonly MissingDependency[] | undefined> {
  const before = missing().length;
  try {
    await run();
    return undefined;
  } catch (error) {
    const asked = missing().slice(before);
    if (asked.length === 0) throw error;
    return [...new Map(asked.map((crate) => [crate.name, crate])).values()];
  }
}

function groupByDefaults(crates: readonly LocatedCrate[]): LocatedCrate[][] {
  const without = crates.filter(({ release }) => release.package.noDefaultFeatures);
  const rest = crates.filter((crate) => !without.includes(crate));
  return [rest, without].filter((group) => group.length > 0);
}

async function runPackage(
  { cargo }: Packer,
  batch: PackagingBatch,
  { verify }: { readonly verify: readonly LocatedCrate[] },
): Promise<void> {
  const { workspace, targetFolder, crates, standIns } = batch;
  const args = [
    "package",
    "--registry",
    "crates-io",
    // Versions were written, and what else is dirty was refused.
    "--allow-dirty",
    "--target-dir",
    targetFolder,
    ...crates.flatMap(({ release }) => ["--package", specOf(release)]),
    ...verify.length === 0 ? ["--no-verify"] : featureArgs(verify),
    ...[...standIns].flatMap(([name, folder]) => [
      "--config",
      `patch.crates-io.${name}.path=${JSON.stringify(folder)}`,
    ]),
  ];
  const { code, stderr } = await cargo(args, { cwd: workspace });
  if (code === 0) return;
  const names = crates.map(({ release }) => release.package.name).join(", ");
  throw new Failure("PIOT_CARGO", `Cannot package ${names}: ${wordsOf(stderr)}`, {
    hint: `Run \`cargo package ${
      crates.map(({ release }) => `-p ${release.package.registryName}`).join(" ")
    }\` in the workspace's folder to see all of it`,
  });
}

function featureArgs(crates: readonly LocatedCrate[]): string[] {
  const features = crates.flatMap(({ release }) =>
    release.package.features.map((feature) => `${release.package.registryName}/${feature}`)
  );
  return [
    ...crates.some(({ release }) => release.package.noDefaultFeatures)
      ? ["--no-default-features"]
      : [],
    ...features.length === 0 ? [] : ["--features", features.join(",")],
  ];
}
