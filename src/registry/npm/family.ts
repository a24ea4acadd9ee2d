/**
 * Checks a platform family as the one unit that it is: a package for each target, and the main package behind them.
 *
 * @module
 */

import type { NpmPackage } from "../../core/model/package.ts";
import { parsePackageJson } from "../../core/npm/package_json.ts";
import { type FamilyMember as PlatformName, familyMembers } from "../../core/npm/platform_name.ts";
import { combineFailures, Failure } from "../../error.ts";
import type { ArtifactFolder, Release } from "../registry.ts";
import { checkMain, readMainManifest } from "./family_main.ts";
import type { PackFile } from "./pack.ts";
import type { CheckContext, CheckedPackage } from "./package_check.ts";
import { checkPlatform } from "./platform_package.ts";
import type { CheckedPlatform, MainFacts, PlatformTarget } from "./platform_target.ts";
import { findSource } from "./source.ts";

/** A package that is ready to be packed, and the wave that it is published in. */
export interface FamilyMember {
  readonly checked: Pick<
    CheckedPackage,
    "tarball" | "origin" | "makeManifest" | "readFiles" | "warnings"
  >;
  readonly wave: number;
}

/** What checking needs besides the release. */
export type FamilyContext = CheckContext & { readonly temp: string };

/**
 * Checks every package of a family, platform packages first. Throws one failure with all problems of all of them.
 */
export async function checkFamily(
  release: Release<NpmPackage>,
  context: FamilyContext,
): Promise<readonly FamilyMember[]> {
  const failures: Failure[] = [];
  const attempt = collectInto(failures);
  const source = await attempt(() => findSource(release, context.root));
  const manifest = source && await attempt(() => readMainManifest(source, release));
  // The main package is checked last, when it is known what its launcher has to find.
  let main: CheckedPackage | undefined;
  const facts: MainFacts = {
    manifest: manifest ?? parsePackageJson("{}"),
    licences: once(() => readLicences(main)),
  };
  const platforms: CheckedPlatform[] = [];
  for (const member of familyMembers(release.package)) {
    const checked = await attempt(() =>
      checkPlatform(targetOf(release, { member, context, main: facts }))
    );
    if (checked !== undefined) platforms.push(checked);
  }
  if (source !== undefined && manifest !== undefined) {
    main = await attempt(() => checkMain({ release, context, source, manifest, platforms }));
  }
  const problems = [
    ...failures,
    ...[...platforms, ...(main === undefined ? [] : [main])].flatMap((checked) => checked.problems),
  ];
  if (problems.length > 0) throw combineFailures(problems);
  return [
    ...platforms.map((checked) => ({ checked, wave: 0 })),
    { checked: main!, wave: 1 },
  ];
}

/** Calls, and keeps a failure for later: what else is wrong is to be told in the same go. */
function collectInto(
  failures: Failure[],
): <T>(action: () => Promise<T>) => Promise<T | undefined> {
  return async (action) => {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error);
      return undefined;
    }
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => made ??= make();
}

function targetOf(
  release: Release<NpmPackage>,
  { member: { name, triple }, context, main }: {
    readonly member: PlatformName;
    readonly context: FamilyContext;
    readonly main: MainFacts;
  },
): PlatformTarget {
  const { build } = release.package;
  const artifact = release.artifacts.find(({ target }) => target === triple);
  if (artifact === undefined) {
    throw new Error(`unreachable: the plan has no artifact for ${triple}`);
  }
  return {
    release,
    triple,
    name,
    use: build === "napi" ? "addon" : "program",
    artifact: delivered(name, artifact),
    context,
    temp: context.temp,
    main,
  };
}

function delivered(name: string, artifact: ArtifactFolder): PlatformTarget["artifact"] {
  const { folder } = artifact;
  if (folder !== undefined) return { ...artifact, folder };
  throw artifact.missing ?? new Failure(
    "PIOT_ARTIFACT_MISSING",
    `Cannot publish "${name}": there is no artifact "${artifact.name}"`,
    {
      hint:
        `Make the build job for "${artifact.target}" upload what it built as the artifact "${artifact.name}"`,
    },
  );
}

/** The licence covers the programs as much as the scripts (npm packs these files whatever `files` says). */
async function readLicences(main: CheckedPackage | undefined): Promise<readonly PackFile[]> {
  const paths = (main?.paths ?? []).filter((path) =>
    /^(licen[cs]e|copying|notice)([.-][^/]*)?$/i.test(path)
  );
  const contents = await main?.readSome(paths) ?? new Map<string, Uint8Array>();
  return [...contents].map(([path, bytes]) => ({ path, bytes, executable: false }));
}
