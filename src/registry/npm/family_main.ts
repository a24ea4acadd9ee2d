/**
 * The main package of a platform family: the one that people install, tied to its platform packages, with a launcher when
 * it is to have one.
 *
 * @module
 */

import { basename, join } from "node:path";
import { setJsonMember } from "../../core/npm/json_text.ts";
import { type PackageJson, parsePackageJson } from "../../core/npm/package_json.ts";
import { gapWarnings, loaderWarnings } from "../../core/npm/platform_warnings.ts";
import {
  type Family,
  linkPlatforms,
  requiredPlatforms,
  unlinkedPlatforms,
} from "../../core/npm/platform_links.ts";
import { baseName } from "../../core/npm/platform_package.ts";
import type { NpmPackage } from "../../core/model/package.ts";
import { readTextIfThere } from "../../host/files.ts";
import type { Release } from "../registry.ts";
import { checkFolder, shownName, withCommands } from "./check_folder.ts";
import { checkTarball } from "./check_tarball.ts";
import type { Additions, CheckedPackage } from "./checked_package.ts";
import {
  launcherProblems,
  type MainCheck,
  makeLauncher,
  needsLauncher,
} from "./family_launcher.ts";
import type { Source } from "./source.ts";
import { readContent } from "./tarball_files.ts";

/** Reads package.json of a main package before anything is checked: its platform packages take their identity from it. */
export async function readMainManifest(
  source: Source,
  release: Release<NpmPackage>,
): Promise<PackageJson> {
  if (source.kind === "folder") {
    const text = await readTextIfThere(join(source.path, "package.json")) ?? "";
    const shown = shownName({ source, release });
    return await withCommands(parsePackageJson(text, shown), source.path);
  }
  const { texts } = await readContent(source.path);
  const shown = `package.json of ${basename(source.path)}`;
  return parsePackageJson(texts.get("package.json") ?? "{}", shown);
}

/** Checks the main package. */
export async function checkMain(check: MainCheck): Promise<CheckedPackage> {
  const { release, context, source } = check;
  const checked = source.kind === "tarball"
    ? await checkTarball(release, { ...context, path: source.path })
    : await checkFolder({ ...context, release, source, additions: additionsFor(check) });
  const unlinked = source.kind === "tarball"
    ? unlinkedPlatforms(checked.manifest, familyOf(release))
    : [];
  return {
    ...checked,
    problems: [
      ...checked.problems,
      ...requiredPlatforms(check.manifest, familyOf(release)),
      ...unlinked,
      ...await launcherProblems(check),
    ],
    warnings: [
      ...checked.warnings,
      ...await scriptWarnings(check, checked),
      ...strayAddons(release, checked),
      ...gapWarnings({
        ...familyOf(release),
        use: release.package.build === "napi" ? "addon" : "program",
      }),
    ],
  };
}

function familyOf({ package: own, version }: Release<NpmPackage>): Family {
  return { name: own.registryName, version, triples: own.targets.map(({ triple }) => triple) };
}

function additionsFor(check: MainCheck): Additions {
  const { release, context } = check;
  const others = new Set(context.versions.keys());
  const link = (text: string): string => linkPlatforms(text, { family: familyOf(release), others });
  if (!needsLauncher(check)) return { edit: link, files: new Map() };
  const { path, text } = makeLauncher(check);
  const bin = { key: "bin", value: { [baseName(release.package.registryName)]: path } };
  return {
    edit: (manifest) => link(setJsonMember(manifest, bin)),
    files: new Map([[path, text]]),
  };
}

/** Scripts of the user's own have to know the names of the platform packages; the launcher does. */
async function scriptWarnings(
  check: MainCheck,
  checked: CheckedPackage,
): Promise<readonly string[]> {
  if (needsLauncher(check)) return [];
  const { name, triples } = familyOf(check.release);
  const paths = checked.paths.filter((path) => /\.[cm]?js$/.test(path));
  const contents = await checked.readSome(paths);
  const decoder = new TextDecoder();
  const scripts = [...contents.values()].map((bytes) => decoder.decode(bytes));
  return loaderWarnings({ name, triples, scripts });
}

function strayAddons(
  { package: own }: Release<NpmPackage>,
  { paths }: CheckedPackage,
): readonly string[] {
  const addons = paths.filter((path) => path.endsWith(".node"));
  if (addons.length === 0) return [];
  return [
    `"${own.registryName}": "${
      addons[0]
    }" is published in the main package, which every platform installs; ` +
    "leave addons out of it with `files`",
  ];
}
