/**
 * The main package of a platform family: the one that people install, tied to its platform packages, with a launcher when
 * it is to have one.
 *
 * @module
 */

import { join } from "node:path";
import { setJsonMember } from "../../core/npm/json_text.ts";
import { launcherText } from "../../core/npm/launcher.ts";
import { type PackageJson, parsePackageJson } from "../../core/npm/package_json.ts";
import {
  type Family,
  linkPlatforms,
  requiredPlatforms,
  unlinkedPlatforms,
} from "../../core/npm/platform_links.ts";
import { loaderWarnings } from "../../core/npm/platform_loader.ts";
import { baseName } from "../../core/npm/platform_names.ts";
import type { NpmPackage } from "../../core/package.ts";
import { platformOf } from "../../core/target.ts";
import { Failure } from "../../error.ts";
import { kindOfPath, readTextIfThere } from "../../host/files.ts";
import type { Release } from "../registry.ts";
import { checkFolder, withCommands } from "./check_folder.ts";
import { checkTarball, visitFiles } from "./check_tarball.ts";
import type { Additions, CheckContext, CheckedPackage } from "./checked_package.ts";
import type { CheckedPlatform } from "./platform_checked.ts";
import type { Source } from "./source.ts";

/** What the main package is checked with. */
export interface MainCheck {
  readonly release: Release<NpmPackage>;
  readonly context: CheckContext;
  readonly source: Source;
  /** package.json as it was delivered. */
  readonly manifest: PackageJson;
  /** Those of its platform packages that could be read. */
  readonly platforms: readonly CheckedPlatform[];
}

/** Reads package.json of a main package before anything is checked: its platform packages take their identity from it. */
export async function readMainManifest(source: Source): Promise<PackageJson> {
  if (source.kind === "folder") {
    const text = await readTextIfThere(join(source.path, "package.json")) ?? "";
    return await withCommands(parsePackageJson(text), source.path);
  }
  let text = "{}";
  await visitFiles(source.path, async (inner, entry) => {
    if (inner === "package.json") text = await entry.text();
  });
  return parsePackageJson(text);
}

/** Checks the main package. */
export async function checkMain(check: MainCheck): Promise<CheckedPackage> {
  const { release, context, source } = check;
  const checked = source.kind === "tarball"
    ? await checkTarball(release, { ...context, path: source.path })
    : await checkFolder({ ...context, release, source, additions: additionsFor(check) });
  const problems = source.kind === "tarball"
    ? [...unlinkedPlatforms(checked.manifest, familyOf(release)), ...noCommand(check)]
    : await launcherProblems(check, source.path);
  return {
    ...checked,
    problems: [
      ...checked.problems,
      ...requiredPlatforms(check.manifest, familyOf(release)),
      ...problems,
    ],
    warnings: [
      ...checked.warnings,
      ...await scriptWarnings(check, checked),
      ...strayAddons(release, checked),
    ],
  };
}

function familyOf({ package: own, version }: Release<NpmPackage>): Family {
  return { name: own.registryName, version, triples: own.targets.map(({ triple }) => triple) };
}

/** A family of programs has a command; without one of its own it gets a launcher. */
function needsLauncher({ release, manifest }: MainCheck): boolean {
  return release.package.build === "bundled-cli" && Object.keys(manifest.bin).length === 0;
}

/** Ends in `.cjs`, which is CommonJS in packages of either type. */
function launcherPath({ package: own }: Release<NpmPackage>): string {
  return `bin/${baseName(own.registryName)}.cjs`;
}

function additionsFor(check: MainCheck): Additions {
  const { release, context } = check;
  const others = new Set(context.versions.keys());
  const link = (text: string): string => linkPlatforms(text, { family: familyOf(release), others });
  if (!needsLauncher(check)) return { edit: link, files: new Map() };
  const path = launcherPath(release);
  const bin = { key: "bin", value: { [baseName(release.package.registryName)]: path } };
  return {
    edit: (text) => link(setJsonMember(text, bin)),
    files: new Map([[path, launcherFor(check)]]),
  };
}

function launcherFor({ release, platforms }: MainCheck): string {
  const packages = platforms.flatMap(({ name, payload, triple }) => {
    const { os, cpu, libc } = platformOf(triple);
    return payload === undefined ? [] : [{ name, file: payload, os, cpu, libc }];
  });
  return launcherText({ name: release.package.registryName, packages });
}

async function launcherProblems(check: MainCheck, folder: string): Promise<readonly Failure[]> {
  if (!needsLauncher(check)) return [];
  const { registryName } = check.release.package;
  const path = launcherPath(check.release);
  const isTaken = await kindOfPath(join(folder, path)) !== undefined;
  return [
    ...(isTaken
      ? [
        new Failure(
          "PIOT_NPM_MANIFEST",
          `Cannot publish "${registryName}": it has no command, and the launcher would replace its file "${path}"`,
          {
            hint:
              `Name the file in \`bin\` of package.json when it starts the program, or rename it`,
          },
        ),
      ]
      : []),
    ...check.platforms.filter(({ isSealed }) => isSealed).map(({ name, payload }) =>
      new Failure(
        "PIOT_NPM_MANIFEST",
        `Cannot publish "${registryName}": \`exports\` of "${name}" hides "${payload}" from the launcher`,
        { hint: `Remove \`exports\` from its package.json, or write a \`bin\` of your own` },
      )
    ),
  ];
}

function noCommand(check: MainCheck): readonly Failure[] {
  if (!needsLauncher(check)) return [];
  return [
    new Failure(
      "PIOT_ARTIFACT_INVALID",
      `Cannot publish "${check.release.package.registryName}": its tarball has no \`bin\``,
      {
        hint: "Deliver the package's folder instead of a tarball: it gets a launcher then",
      },
    ),
  ];
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
