/**
 * Checks a tarball that the build job packed. It is sent as it is, so whatever is wrong in it cannot be mended here.
 *
 * @module
 */

import { basename } from "node:path";
import { judgeManifest } from "../../core/npm/manifest_rules.ts";
import { withBinFolder } from "../../core/npm/package_commands.ts";
import { type PackageJson, parsePackageJson } from "../../core/npm/package_json.ts";
import { missingFiles, referredFiles } from "../../core/npm/referred_files.ts";
import type { NpmPackage } from "../../core/package.ts";
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
      ...judgeManifest({
        manifest,
        package: release.package,
        version: release.version,
        registries: check.registries,
      }),
      ...wrongVersion(manifest, release),
      ...unresolved(manifest, release),
      ...missing.filter((one) => one.required).map(({ field, target }) =>
        invalid(release, `${field} is "${target}", which is not in the tarball`)
      ),
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

function invalid(release: Release<NpmPackage>, reason: string): Failure {
  return new Failure(
    "PIOT_ARTIFACT_INVALID",
    `Cannot publish "${release.package.registryName}": ${reason}`,
    {
      hint:
        "Build the tarball again, after every build step and with the planned version in its package.json",
    },
  );
}

function noPackageJson(release: Release<NpmPackage>): Failure {
  return invalid(release, "there is no package/package.json in the tarball");
}

function wrongVersion({ version }: PackageJson, release: Release<NpmPackage>): Failure[] {
  if (version === release.version) return [];
  return [
    invalid(release, `the tarball is of version "${version}", and ${release.version} is planned`),
  ];
}

function unresolved({ raw }: PackageJson, release: Release<NpmPackage>): Failure[] {
  const tables = ["dependencies", "optionalDependencies", "peerDependencies"].map((key) =>
    raw[key]
  );
  const ranges = tables.flatMap((table) =>
    typeof table === "object" && table !== null ? Object.entries(table) : []
  );
  return ranges.flatMap(([name, range]) =>
    typeof range === "string" && /^(workspace|catalog|link|portal):/.test(range)
      ? [invalid(release, `it depends on "${name}" at "${range}", which nobody can install`)]
      : []
  );
}
