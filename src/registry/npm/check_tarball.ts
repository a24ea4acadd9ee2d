/**
 * Checks a tarball that the build job packed. It is sent as it is, so whatever is wrong in it cannot be mended here.
 *
 * @module
 */

import { readBinaryFrom } from "../../artifact/binary/binary.ts";
import { sourceOf } from "../../artifact/binary/byte_source.ts";
import { statedTriples } from "../../core/npm/stated_platform.ts";
import { basename } from "node:path";
import type { NpmPackage } from "../../core/model/package.ts";
import { judgeManifest } from "../../core/npm/manifest_rules.ts";
import { type PackageJson, parsePackageJson, withBinFolder } from "../../core/npm/package_json.ts";
import { missingFiles, type ReferredFile, referredFiles } from "../../core/npm/referred_files.ts";
import type { JsonEdit } from "../../core/npm/json_text.ts";
import { INSTALLED, resolveSiblingRanges, type Siblings } from "../../core/npm/workspace.ts";
import { Failure } from "../../error.ts";
import type { Release } from "../registry.ts";
import {
  binWarnings,
  type CheckContext,
  type CheckedPackage,
  credentialProblems,
  pathWarnings,
  pickReadme,
} from "./package_check.ts";
import { besideInTarball } from "./beside_manifest.ts";
import { judgeOwnPlatform, lostBits, type OwnPlatform } from "./own_platform.ts";
import { makeManifest } from "./publish_document.ts";
import { readContent, readSome } from "./tarball_content.ts";

/** Checks the tarball at a path. */
export async function checkTarball(
  release: Release<NpmPackage>,
  check: CheckContext & { readonly path: string },
): Promise<CheckedPackage> {
  const content = await readContent(check.path);
  const text = content.texts.get("package.json");
  if (text === undefined) throw noPackageJson(release);
  const manifest = withBinFolder(
    parsePackageJson(text, `package.json of ${basename(check.path)}`),
    content.paths,
  );
  const { package: pkg, version } = release;
  const missing = missingFiles(referredFiles(manifest), content.paths);
  const beside = await besideInTarball(manifest, {
    paths: content.paths,
    readSome: (wanted) => readSome(check.path, wanted),
  });
  const readme = pickReadme([...content.texts.keys()]);
  const files = {
    manifest,
    paths: content.paths,
    readSome: (wanted: readonly string[]) => readSome(check.path, wanted),
  };
  const platform = await platformIn(files, release);
  return {
    ...files,
    tarball: check.path,
    executables: content.executables,
    problems: [
      ...judgeManifest({ manifest, package: pkg, version, registries: check.registries }),
      ...wrongVersion(manifest, release),
      ...unresolved(manifest, release),
      ...unadmitted(manifest, { release, siblings: check.siblings }),
      ...missing.filter(({ required }) => required).map((file) => unkept(file, release)),
      ...credentialProblems(content.credentials, { name: pkg.registryName, files: manifest.files }),
      ...platform.problems,
    ],
    warnings: [
      ...pathWarnings(content.paths, release),
      ...await binWarnings(release, files),
      ...platform.warnings,
      ...lostBits(pkg.registryName, { ...platform, ...content, manifest }),
    ],
    makeManifest: () =>
      makeManifest(manifest, {
        commit: release.commit,
        beside,
        readme: readme === undefined
          ? undefined
          : { name: readme, text: content.texts.get(readme) ?? "" },
        hasBindingGyp: content.paths.includes("binding.gyp"),
      }),
    readFiles: () => Promise.reject(new Error("unreachable: a tarball is not packed again")),
  };
}

/** Read only where the package names machines; families hold each of their packages against its target. */
async function platformIn(
  { manifest, paths, readSome }: Pick<CheckedPackage, "manifest" | "paths" | "readSome">,
  { package: pkg }: Release<NpmPackage>,
): Promise<OwnPlatform> {
  const isHeld = pkg.build === "none" && statedTriples(manifest.raw) !== undefined;
  const contents = await readSome(isHeld ? paths : []);
  return await judgeOwnPlatform({
    ...{ name: pkg.registryName, manifest, paths: [...contents.keys()] },
    read: (path) => readBinaryFrom(sourceOf(contents.get(path)!)),
  });
}

function unfit(
  { package: pkg }: Release<NpmPackage>,
  { found, hint }: { readonly found: string; readonly hint: string },
): Failure {
  const message = `Cannot publish "${pkg.registryName}": ${found}`;
  return new Failure("PIOT_ARTIFACT_INVALID", message, { hint });
}

function noPackageJson(release: Release<NpmPackage>): Failure {
  return unfit(release, {
    found: "there is no package/package.json in the tarball",
    hint: "Pack it with `npm pack`, or deliver the package's folder instead of a tarball",
  });
}

function wrongVersion({ version }: PackageJson, release: Release<NpmPackage>): Failure[] {
  if (version === release.version) return [];
  return [
    unfit(release, {
      found: `the tarball is of version "${version}", and ${release.version} is planned`,
      hint:
        "Write the planned version into its package.json before it is packed, or deliver the package's folder: the version is written here then",
    }),
  ];
}

function unkept({ field, target }: ReferredFile, release: Release<NpmPackage>): Failure {
  return unfit(release, {
    found: `${field} is "${target}", which is not in the tarball`,
    hint:
      "Pack it after the build step that makes the file, and check `files` and the ignore files: they may leave it out",
  });
}

function unresolved({ raw }: PackageJson, release: Release<NpmPackage>): Failure[] {
  const ranges = INSTALLED.flatMap((field) => {
    const table = raw[field];
    return typeof table === "object" && table !== null ? Object.entries(table) : [];
  });
  return ranges.flatMap(([name, range]) =>
    typeof range === "string" && /^(workspace|catalog|link|portal):/.test(range)
      ? [
        unfit(release, {
          found: `it depends on "${name}" at "${range}", which nobody can install`,
          hint:
            "Pack it with the package manager that knows such ranges (`pnpm pack`, `yarn pack`), or write a version range",
        }),
      ]
      : []
  );
}

/** What was packed elsewhere is not written here: a range that has to follow a sibling is told. */
function unadmitted(
  manifest: PackageJson,
  { release, siblings }: { readonly release: Release<NpmPackage>; readonly siblings: Siblings },
): Failure[] {
  const { edits, problems } = resolveSiblingRanges(manifest, admittedAsDeclared(siblings));
  // Ranges of a work tree are told as such.
  const isOwn = ({ path: [field, name] }: JsonEdit): boolean => {
    const table = manifest.raw[String(field)] as Readonly<Record<string, unknown>>;
    return INSTALLED.includes(String(field)) &&
      !String(table[String(name)]).startsWith("workspace:");
  };
  return [
    ...problems.filter(({ message }) => !/"(?:workspace|catalog|link|portal|file):/.test(message)),
    ...edits.filter(isOwn).map(({ path: [field, name], value }) =>
      unfit(release, {
        found: `${field} "${name}" does not admit the version of that package that goes with it`,
        hint:
          `Write "${value}" before it is packed, or deliver the package's folder: the range is written here then`,
      })
    ),
  ];
}

/** A range that admits its sibling is as good as one that follows. */
function admittedAsDeclared(siblings: Siblings): Siblings {
  return new Map([...siblings].map(([name, { version }]) => [name, { version }]));
}
