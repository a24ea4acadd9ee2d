/**
 * Checks a tarball that the build job packed. It is sent as it is, so whatever is wrong in it cannot be mended here.
 *
 * @module
 */

import { basename } from "node:path";
import { judgeManifest } from "../../core/npm/manifest_rules.ts";
import { type PackageJson, parsePackageJson, withBinFolder } from "../../core/npm/package_json.ts";
import { missingFiles, type ReferredFile, referredFiles } from "../../core/npm/referred_files.ts";
import { INSTALLED } from "../../core/npm/workspace.ts";
import type { NpmPackage } from "../../core/model/package.ts";
import { Failure } from "../../error.ts";
import type { Release } from "../registry.ts";
import {
  binWarnings,
  type CheckContext,
  type CheckedPackage,
  pathWarnings,
  pickReadme,
} from "./checked_package.ts";
import { makeManifest } from "./manifest.ts";
import { readContent, readSome } from "./tarball_files.ts";

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
  const { package: own, version } = release;
  const missing = missingFiles(referredFiles(manifest), content.paths);
  const readme = pickReadme([...content.texts.keys()]);
  const files = {
    manifest,
    paths: content.paths,
    readSome: (wanted: readonly string[]) => readSome(check.path, wanted),
  };
  return {
    ...files,
    tarball: check.path,
    executables: content.executables,
    problems: [
      ...judgeManifest({ manifest, package: own, version, registries: check.registries }),
      ...wrongVersion(manifest, release),
      ...unresolved(manifest, release),
      ...missing.filter((one) => one.required).map((one) => unkept(one, release)),
    ],
    warnings: [
      ...pathWarnings(content.paths, release),
      ...await binWarnings(release, files),
    ],
    makeManifest: () =>
      makeManifest(manifest, {
        commit: release.commit,
        readme: readme === undefined
          ? undefined
          : { name: readme, text: content.texts.get(readme) ?? "" },
        hasBindingGyp: content.paths.includes("binding.gyp"),
      }),
    readFiles: () => Promise.reject(new Error("unreachable: a tarball is not packed again")),
  };
}

function unfit(
  { package: own }: Release<NpmPackage>,
  { found, hint }: { readonly found: string; readonly hint: string },
): Failure {
  const message = `Cannot publish "${own.registryName}": ${found}`;
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
