/**
 * Checks a package that is packed here from a folder: its manifest, and that each promise of the manifest is among the
 * files that npm would pack.
 *
 * @module
 */

import { join } from "node:path";
import { editJson } from "../../core/npm/json_text.ts";
import { judgeManifest } from "../../core/npm/manifest_rules.ts";
import {
  type PackageJson,
  parsePackageJson,
  setPackageVersion,
} from "../../core/npm/package_json.ts";
import { missingFiles, type ReferredFile, referredFiles } from "../../core/npm/referred_files.ts";
import { resolveWorkspaceRanges } from "../../core/npm/workspace_ranges.ts";
import type { NpmPackage } from "../../core/package.ts";
import { Failure } from "../../error.ts";
import { kindOfPath, readTextIfThere, walkFiles } from "../../host/files.ts";
import type { Release } from "../registry.ts";
import { makeManifest } from "./manifest.ts";
import { listPackageFiles, readPackageFiles } from "./package_files.ts";
import type { PackFile } from "./pack.ts";
import type { CheckContext } from "./prepare.ts";
import type { Manifest } from "./prepared.ts";
import { mainArtifact, type Source } from "./source.ts";

/** A package after its checks; the rest is called only when `problems` is empty. */
export interface CheckedPackage {
  readonly problems: readonly Failure[];
  readonly warnings: readonly string[];
  /** The ready tarball; undefined when it is to be packed from `readFiles`. */
  readonly tarball?: string;
  readonly makeManifest: () => Manifest;
  readonly readFiles: () => Promise<readonly PackFile[]>;
}

/** What {@link checkFolder} looks at. */
export type FolderCheck = CheckContext & {
  readonly source: Extract<Source, { kind: "folder" }>;
};

/** Checks a folder. The user's files are only read: the version and the sibling ranges are written into a copy. */
export async function checkFolder(
  release: Release<NpmPackage>,
  check: FolderCheck,
): Promise<CheckedPackage> {
  const folder = check.source.path;
  const original = await readTextIfThere(join(folder, "package.json")) ?? "";
  const parsed = parsePackageJson(original);
  const ranges = resolveWorkspaceRanges(parsed, check.versions);
  const rules = judgeManifest({
    manifest: parsed,
    package: release.package,
    version: release.version,
    registries: check.registries,
  });
  const paths = await listPackageFiles(folder, parsed);
  const missing = missingFiles(referredFiles(parsed), paths);
  const problems = [
    ...rules,
    ...ranges.problems,
    ...bundled(parsed, release),
    ...await lostIgnoreFile(parsed, { release, check }),
    ...await explainMissing(missing.filter((one) => one.required), { release, check }),
  ];
  const text = problems.length > 0
    ? original
    : editJson(setPackageVersion(original, release.version), ranges.edits);
  const manifest = parsePackageJson(text);
  const readme = await readReadme(folder, paths);
  return {
    problems,
    warnings: [
      ...missing.filter((one) => !one.required).map((one) => optionalWarning(one, release)),
      ...fileCountWarning(paths.length, release),
    ],
    makeManifest: () =>
      makeManifest(manifest, {
        commit: release.commit,
        readme,
        hasBindingGyp: paths.includes("binding.gyp"),
      }),
    readFiles: () => readPackageFiles(folder, { paths, manifest, text }),
  };
}

/** Names that npm shows as the README, Markdown before others. */
export function pickReadme(paths: readonly string[]): string | undefined {
  const all = paths.filter((path) => /^readme(\.[^/]*)?$/i.test(path));
  return all.find((path) => /\.m?a?r?k?d(own)?$/i.test(path)) ?? all[0];
}

async function readReadme(
  folder: string,
  paths: readonly string[],
): Promise<{ name: string; text: string } | undefined> {
  const name = pickReadme(paths);
  if (name === undefined) return undefined;
  return { name, text: await readTextIfThere(join(folder, name)) ?? "" };
}

interface Place {
  readonly release: Release<NpmPackage>;
  readonly check: FolderCheck;
}

/** What is missing is either not built, or built and left out by the package's own rules. */
async function explainMissing(
  missing: readonly ReferredFile[],
  { release, check }: Place,
): Promise<Failure[]> {
  if (missing.length === 0) return [];
  const folder = check.source.path;
  const onDisk = new Set(await walkFiles(folder));
  const leftOut = new Set(missing.filter((one) => missingFiles([one], onDisk).length === 0));
  const artifact = mainArtifact(release).name;
  const where = check.source.isCheckout
    ? `the checkout, and there is no artifact "${artifact}"`
    : `the artifact "${artifact}"`;
  return missing.map((one) => {
    const head =
      `Cannot publish "${release.package.registryName}": ${one.field} is "${one.target}"`;
    return leftOut.has(one)
      ? new Failure("PIOT_NPM_MANIFEST", `${head}, which npm would leave out`, {
        hint: "Add it to `files` in package.json, or take it out of .npmignore or .gitignore",
      })
      : new Failure("PIOT_ARTIFACT_MISSING", `${head}, which is not in ${where}`, {
        hint: `Build the package and upload its folder as the artifact "${artifact}"`,
      });
  });
}

/**
 * upload-artifact leaves out files that start with a dot unless asked (`include-hidden-files`), so an artifact may have
 * lost the ignore file that kept files from being published.
 */
async function lostIgnoreFile(
  manifest: PackageJson,
  { release, check }: Place,
): Promise<Failure[]> {
  if (manifest.files !== undefined || check.source.isCheckout) return [];
  const has = (folder: string, name: string): Promise<boolean> =>
    kindOfPath(join(folder, name)).then((kind) => kind === "file");
  for (const name of [".npmignore", ".gitignore"]) {
    if (await has(check.source.path, name)) return [];
    if (!await has(join(check.root, release.package.path), name)) continue;
    return [
      new Failure(
        "PIOT_ARTIFACT_INVALID",
        `Cannot publish "${release.package.registryName}": the artifact "${
          mainArtifact(release).name
        }" lacks the package's ${name}, so files that it leaves out would be published`,
        {
          hint:
            "Name what is published in `files` of package.json, or upload the artifact with `include-hidden-files: true`",
        },
      ),
    ];
  }
  return [];
}

/** Finding what bundling includes needs the installed tree, which a publish job does not have. */
function bundled({ raw }: PackageJson, release: Release<NpmPackage>): Failure[] {
  const list = raw["bundleDependencies"] ?? raw["bundledDependencies"];
  if (list === undefined || list === false || (Array.isArray(list) && list.length === 0)) return [];
  return [
    new Failure(
      "PIOT_NPM_MANIFEST",
      `Cannot pack "${release.package.registryName}": it bundles dependencies`,
      { hint: "Run `npm pack` in the build job and upload the tarball as the artifact" },
    ),
  ];
}

function optionalWarning({ field, target }: ReferredFile, release: Release<NpmPackage>): string {
  return `"${release.package.registryName}": ${field} is "${target}", which is not published; tools that use this condition will miss it`;
}

/** The registry answers 415 "Too many files" from about 65,000 on (pulumi/pulumi-azure-native#2294). */
export function fileCountWarning(count: number, release: Release<NpmPackage>): string[] {
  if (count <= 60_000) return [];
  return [
    `"${release.package.registryName}" has ${count} files; npm refuses somewhere above 60,000`,
  ];
}
