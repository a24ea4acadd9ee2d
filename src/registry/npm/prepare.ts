/**
 * Stage two for npm: every package checked, written and packed, every problem found in one go, nothing sent.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { join } from "node:path";
import { findCredential } from "../../artifact/credential_files.ts";
import type { NpmPackage } from "../../core/model/package.ts";
import { parsePackageJson } from "../../core/npm/package_json.ts";
import type { Sibling } from "../../core/npm/sibling_range.ts";
import { familyMembers } from "../../core/npm/platform_name.ts";
import type { Siblings } from "../../core/npm/workspace.ts";
import { combineFailures, Failure } from "../../error.ts";
import { fileSize, readTextIfThere } from "../../host/files.ts";
import { hashFile } from "../../host/hash_file.ts";
import type { Git } from "../../host/git.ts";
import type { Env } from "../../host/host.ts";
import { PUBLIC_NPM_REGISTRY } from "../../host/npm_settings.ts";
import { borrowFolder } from "../../host/loans/loans.ts";
import { writeChunks } from "../../host/write_files.ts";
import type { Defer, Refuse, Release, Standing } from "../registry.ts";
import { settingsProblems } from "./own_registry.ts";
import { checkFolder } from "./check_folder.ts";
import { checkTarball } from "./check_tarball.ts";
import { guardCheckout, type PackOrigin } from "./checkout_guard.ts";
import { checkFamily, type FamilyContext, type FamilyMember } from "./family.ts";
import { type PackFile, tarballChunks } from "./pack.ts";
import { type CheckContext, type CheckedPackage, credentialProblems } from "./package_check.ts";
import { fileOf, type NpmPrepared, type NpmUnit } from "./publish_unit.ts";
import { findSource, tarballName } from "./source.ts";

/** What preparing needs besides the releases. */
export interface PrepareContext {
  /** Absolute path of the checkout. */
  readonly root: string;
  readonly env: Env;
  /** Where this run publishes to. */
  readonly registry: string;
  /** git in the checkout. */
  readonly git: Git;
  /** Absolute folders of the run itself, such as the one with the artifacts. */
  readonly ownFolders: readonly string[];
  /** Siblings that do not ship now, at their last releases; for `workspace:` ranges. */
  readonly standing: readonly Standing[];
}

/** Prepares releases; throws one failure with every problem of every package. */
export async function prepareNpm(
  releases: readonly Release[],
  { defer, standing, refuse, ...settings }: PrepareContext & {
    readonly defer: Defer;
    readonly refuse?: Refuse | undefined;
  },
): Promise<readonly NpmPrepared[]> {
  const ours = releases.filter(isNpm);
  if (ours.length === 0) return [];
  const { root, env, git, registry } = settings;
  const where = { folder: root, env };
  const temp = await borrowFolder(where, "piot-npm");
  defer(temp.remove);
  const context = {
    ...settings,
    registries: publishConfigMayName(env, registry),
    siblings: await siblingsOf([...standing, ...ours], settings.root),
    temp: temp.path,
    origins: [],
  };
  const prepared: NpmPrepared[] = [];
  const failures: Failure[] = [...await settingsProblems(ours, { root, env, registry })];
  for (const release of ours) {
    try {
      prepared.push(await prepareOne(release, context));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (refuse === undefined) failures.push(error);
      else refuse(release, error);
    }
  }
  // Last, so that what changes while it is packed is seen too.
  if (ours.some(({ commit }) => commit !== undefined)) {
    failures.push(...await guardCheckout({ git, where, root }, context.origins));
  }
  if (failures.length > 0) throw combineFailures(failures);
  return prepared;
}

/**
 * A rehearsal, or a mirror, stands for npm's own registry where a package names that; settings of npm's do not: there
 * `publishConfig` counts for more, and the package would go to another place than npm sends it to.
 */
function publishConfigMayName(env: Env, registry: string): readonly string[] {
  return (env.PIOT_NPM_URL ?? "").trim() === "" ? [registry] : [registry, PUBLIC_NPM_REGISTRY];
}

/** What one release is prepared with. */
type OneContext = FamilyContext & {
  /** Gets the place of every package that is packed here. */
  readonly origins: PackOrigin[];
};

/**
 * Those that ship count before where they stood. What a package.json says is the commit's, as the ranges are. A platform
 * package has its family's version, and is asked for by its name or by an alias like any other.
 */
async function siblingsOf(standing: readonly Standing[], root: string): Promise<Siblings> {
  const ours = standing.filter(isNpm);
  const entries = ours.map(async ({ package: pkg, version }): Promise<[string, Sibling][]> => {
    const text = await readTextIfThere(join(root, pkg.path, "package.json"));
    const declared = text === undefined ? undefined : declaredVersion(text);
    const sibling = { version, ...(declared === undefined ? {} : { declared }) };
    const names = [pkg.registryName, ...familyMembers(pkg).map(({ name }) => name)];
    return names.map((name) => [name, sibling]);
  });
  return new Map((await Promise.all(entries)).flat());
}

/** What cannot be read is told where that package is prepared itself. */
function declaredVersion(text: string): string | undefined {
  try {
    const { version } = parsePackageJson(text);
    return typeof version === "string" ? version : undefined;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return undefined;
  }
}

function isNpm<T extends Standing>(release: T): release is T & { package: NpmPackage } {
  return release.package.kind === "npm";
}

async function prepareOne(
  release: Release<NpmPackage>,
  context: OneContext,
): Promise<NpmPrepared> {
  const members = release.package.build === "none"
    ? [{ checked: await checkPlain(release, context) }]
    : await checkFamily(release, context);
  context.origins.push(...members.flatMap(({ checked }) => checked.origin ?? []));
  const units: NpmUnit[] = [];
  for (const member of members) units.push(await makeUnit(member, context.temp));
  return {
    release,
    files: units.map(fileOf),
    units,
    warnings: [
      ...members.flatMap(({ checked }) => checked.warnings),
      ...units.flatMap(sizeWarning),
    ],
  };
}

async function checkPlain(
  release: Release<NpmPackage>,
  context: CheckContext,
): Promise<CheckedPackage> {
  const source = await findSource(release, context.root);
  const checked = source.kind === "tarball"
    ? await checkTarball(release, { ...context, path: source.path })
    : await checkFolder({ ...context, release, source });
  if (checked.problems.length > 0) throw combineFailures(checked.problems);
  return checked;
}

/** A package that passed its checks; those of a family say when they are published. */
type Member = Pick<FamilyMember, "checked"> & Partial<FamilyMember>;

async function makeUnit({ checked, wave }: Member, temp: string): Promise<NpmUnit> {
  const manifest = checked.makeManifest();
  const { name, version } = manifest;
  const tarball = checked.tarball ?? await packInto(temp, { name, version, checked });
  const { sha512, sha1, size } = await weigh(tarball);
  return {
    ...{ name, version, tarball, size, integrity: `sha512-${sha512}`, shasum: sha1, manifest },
    ...(wave === undefined ? {} : { wave }),
  };
}

async function packInto(
  temp: string,
  { name, version, checked }: { name: string; version: string } & Member,
): Promise<string> {
  const path = join(temp, tarballName(name, version));
  const files = await checked.readFiles();
  await refuseCredentialsIn(files, name);
  await writeChunks(path, tarballChunks(files));
  return path;
}

/** Whatever way a package came about: the last look before it is closed, at exactly what goes in. */
async function refuseCredentialsIn(files: readonly PackFile[], name: string): Promise<void> {
  const text = (file: PackFile): string => new TextDecoder().decode(file.bytes);
  const found = await Promise.all(files.map((file) =>
    findCredential({
      path: file.path,
      size: file.bytes.length,
      text: () => Promise.resolve(text(file)),
    })
  ));
  const own = files.find(({ path }) => path === "package.json");
  const problems = credentialProblems(found.filter((file) => file !== undefined), {
    name,
    files: own && parsePackageJson(text(own)).files,
  });
  if (problems.length > 0) throw combineFailures(problems);
}

async function weigh(path: string): Promise<{ sha512: string; sha1: string; size: number }> {
  const { sha512, sha1 } = await hashFile(path, ["sha512", "sha1"]);
  return {
    sha512: Buffer.from(sha512, "hex").toString("base64"),
    sha1,
    size: await fileSize(path),
  };
}

/** The registry answers 413 from about here on (npm/cli#4794, npm/documentation#1691); its exact limit is unknown. */
const LARGE = 200 * 2 ** 20;

function sizeWarning({ name, size }: NpmUnit): string[] {
  if (size <= LARGE) return [];
  return [`"${name}" is ${Math.round(size / 2 ** 20)} MiB packed; npm refuses somewhere above 200`];
}
