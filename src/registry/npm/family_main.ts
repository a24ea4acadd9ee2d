/**
 * The main package of a platform family: the one that people install, tied to its platform packages, with a launcher when
 * it is to have one.
 *
 * @module
 */

import { basename, join } from "node:path";
import type { NpmPackage } from "../../core/model/package.ts";
import { type ClaimVerdict, judgeClaims } from "../../core/npm/family_claims.ts";
import { setJsonMember } from "../../core/npm/json_text.ts";
import { launcherText } from "../../core/npm/launcher.ts";
import { type PackageJson, parsePackageJson } from "../../core/npm/package_json.ts";
import {
  type Family,
  linkPlatforms,
  requiredPlatforms,
  unlinkedPlatforms,
} from "../../core/npm/platform_links.ts";
import { baseName, familyMembers, familyNames } from "../../core/npm/platform_name.ts";
import { gapWarnings } from "../../core/npm/platform_warnings.ts";
import { platformOf } from "../../core/target/target.ts";
import { Failure } from "../../error.ts";
import { kindOfPath, readTextIfThere } from "../../host/files.ts";
import type { Release } from "../registry.ts";
import { checkFolder, shownName, withCommands } from "./check_folder.ts";
import { checkTarball } from "./check_tarball.ts";
import { readContent } from "./tarball_content.ts";
import type { Additions, CheckContext, CheckedPackage } from "./package_check.ts";
import type { CheckedPlatform } from "./platform_target.ts";
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
  const claims = await claimsOf(check, checked);
  return {
    ...checked,
    problems: [
      ...checked.problems,
      ...requiredPlatforms(check.manifest, familyOf(release)),
      ...claims.problems,
      ...unlinked,
      ...await launcherProblems(check),
    ],
    warnings: [
      ...checked.warnings,
      ...claims.warnings,
      ...strayAddons(release, checked),
      ...gapWarnings({
        name: release.package.registryName,
        triples: release.package.targets.map(({ triple }) => triple),
        use: release.package.build === "napi" ? "addon" : "program",
      }),
    ],
  };
}

function familyOf({ package: pkg, version }: Release<NpmPackage>): Family {
  return { ...familyNames(pkg), version, members: familyMembers(pkg) };
}

function additionsFor(check: MainCheck): Additions {
  const { release } = check;
  const link = (text: string): string => linkPlatforms(text, familyOf(release));
  if (!needsLauncher(check)) return { edit: link, files: new Map() };
  const { path, text } = makeLauncher(check);
  const bin = { key: "bin", value: { [baseName(release.package.registryName)]: path } };
  return {
    edit: (manifest) => link(setJsonMember(manifest, bin)),
    files: new Map([[path, text]]),
  };
}

/** What it asks for has to be what its family brings. */
async function claimsOf(check: MainCheck, checked: CheckedPackage): Promise<ClaimVerdict> {
  return judgeClaims({
    family: familyOf(check.release),
    manifest: check.manifest,
    scripts: needsLauncher(check) ? undefined : await scriptsOf(checked),
    others: new Set(check.context.siblings.keys()),
  });
}

/**
 * Scripts of the user's own have to know the names of the platform packages; the launcher does. A command is a script under
 * any name, when its first line says so.
 */
async function scriptsOf(
  { paths, manifest, readSome }: CheckedPackage,
): Promise<readonly string[]> {
  const commands = new Set(Object.values(manifest.bin).map((path) => path.replace(/^\.\//, "")));
  const isScript = (path: string): boolean => /\.[cm]?js$/.test(path);
  const contents = await readSome(paths.filter((path) => isScript(path) || commands.has(path)));
  const decoder = new TextDecoder();
  return [...contents].map(([path, bytes]) => ({ path, text: decoder.decode(bytes) }))
    .filter(({ path, text }) => isScript(path) || text.startsWith("#!"))
    .map(({ text }) => text);
}

function strayAddons(
  { package: pkg }: Release<NpmPackage>,
  { paths }: CheckedPackage,
): readonly string[] {
  const addons = paths.filter((path) => path.endsWith(".node"));
  if (addons.length === 0) return [];
  return [
    `"${pkg.registryName}": "${
      addons[0]
    }" is published in the main package, which every platform installs; ` +
    "leave addons out of it with `files`",
  ];
}

/** A family of programs has a command; without one of its own it gets a launcher. */
function needsLauncher(
  { release, manifest }: Pick<MainCheck, "release" | "manifest">,
): boolean {
  return release.package.build === "bundled-cli" && Object.keys(manifest.bin).length === 0;
}

/** The launcher's path in the package, and its text. It ends in `.cjs`, which is CommonJS in packages of either type. */
function makeLauncher(
  { release, platforms }: Pick<MainCheck, "release" | "platforms">,
): { readonly path: string; readonly text: string } {
  const packages = platforms.flatMap(({ name, payload, triple }) => {
    const { os, cpu, libc } = platformOf(triple);
    return payload === undefined ? [] : [{ name, file: payload, os, cpu, libc }];
  });
  const name = release.package.registryName;
  return { path: `bin/${baseName(name)}.cjs`, text: launcherText({ name, packages }) };
}

/** Why the launcher cannot be added, or would not find its programs. */
async function launcherProblems(check: MainCheck): Promise<readonly Failure[]> {
  if (!needsLauncher(check)) return [];
  const { source, release, platforms } = check;
  const { registryName } = release.package;
  if (source.kind === "tarball") return [noCommand(registryName)];
  const { path } = makeLauncher(check);
  const isTaken = await kindOfPath(join(source.path, path)) !== undefined;
  return [
    ...(isTaken ? [wouldReplace(registryName, path)] : []),
    ...platforms.filter(({ isSealed }) => isSealed).map(({ name, payload }) =>
      new Failure(
        "PIOT_NPM_MANIFEST",
        `Cannot publish "${registryName}": \`exports\` of "${name}" hides "${payload}" from the launcher`,
        { hint: "Remove `exports` from its package.json, or write a `bin` of your own" },
      )
    ),
  ];
}

function wouldReplace(registryName: string, path: string): Failure {
  return new Failure(
    "PIOT_NPM_MANIFEST",
    `Cannot publish "${registryName}": it has no command, and the launcher would replace its file "${path}"`,
    { hint: "Name the file in `bin` of package.json when it starts the program, or rename it" },
  );
}

function noCommand(registryName: string): Failure {
  return new Failure(
    "PIOT_ARTIFACT_INVALID",
    `Cannot publish "${registryName}": its tarball has no \`bin\``,
    { hint: "Deliver the package's folder instead of a tarball: it gets a launcher then" },
  );
}
