/**
 * Makes a platform package of what a build job left for one target: a lone program or addon becomes a package, a ready
 * package is checked.
 *
 * @module
 */

import { join } from "node:path";
import { parsePackageJson } from "../../core/npm/package_json.ts";
import { baseName } from "../../core/npm/platform_name.ts";
import { platformManifest, platformReadme } from "../../core/npm/platform_package.ts";
import { choosePayload, type ReadFile } from "../../core/npm/platform_payload.ts";
import { isKnownTriple, platformOf, spellingsOf } from "../../core/target/target.ts";
import { someOf } from "../../core/words/phrases.ts";
import { isExecutable, kindOfPath, readBytes, walkFiles } from "../../host/files.ts";
import type { PackFile } from "./pack.ts";
import { credentialProblems, pickReadme } from "./package_check.ts";
import { credentialsIn } from "./package_files.ts";
import { checkDeliveredFolder, checkDeliveredTarball } from "./platform_delivered.ts";
import {
  type CheckedPlatform,
  judgeCompanion,
  judgePayload,
  noPayload,
  placesIn,
  type PlatformTarget,
  programsOf,
  readHeaders,
} from "./platform_target.ts";
import { NOTHING_BESIDE } from "../../core/npm/derived_fields.ts";
import { makeManifest } from "./publish_document.ts";
import { tarballName } from "./source.ts";

/** Checks one target. Throws a failure where nothing more can be told of it. */
export async function checkPlatform(target: PlatformTarget): Promise<CheckedPlatform> {
  const { artifact: { folder }, name, release } = target;
  const ready = join(folder, tarballName(name, release.version));
  if (await kindOfPath(ready) === "file") return await checkDeliveredTarball(target, ready);
  if (await kindOfPath(join(folder, "package.json")) === "file") {
    return await checkDeliveredFolder(target);
  }
  const paths = await walkFiles(folder);
  const archives = paths.filter((path) => path.endsWith(".tgz"));
  if (archives.length === 1 && paths.length === 1) {
    return await checkDeliveredTarball(target, join(folder, archives[0]!));
  }
  return await makePlatform(target, paths);
}

async function makePlatform(
  target: PlatformTarget,
  paths: readonly string[],
): Promise<CheckedPlatform> {
  const { triple, use, release, name } = target;
  const files = await readHeaders(placesIn(target.artifact.folder, paths));
  const names = [release.package.registryName, release.package.name].map(baseName);
  const choice = choosePayload(files, { use, triple, names });
  if ("trouble" in choice) throw noPayload(target, choice.trouble);
  const { kept, foreign } = sortOut(target, { paths, files, payload: choice.payload });
  const judged = files.filter(({ path }) => kept.includes(path)).map((file) =>
    file === choice.payload ? judgePayload(file, target) : judgeCompanion(file, target)
  );
  const payload = nameInPackage(choice.payload.path, target);
  const text = platformManifest({
    ...{ name, version: release.version, triple, payload, use },
    companions: kept.filter((path) => path !== choice.payload.path),
    main: target.main.manifest,
  });
  const readme = await readmeOf(target, kept);
  // `files` of the package.json that is made here names whatever was delivered: nobody has said that it may go out.
  const credentials = credentialProblems(await credentialsIn(target.artifact.folder, kept), {
    name,
    files: undefined,
  });
  return {
    name,
    triple,
    payload,
    isSealed: false,
    problems: [...judged.flatMap(({ problems }) => problems), ...credentials],
    origin: {
      ...{ name, artifact: target.artifact.name, folder: target.artifact.folder },
      ...{ isDelivered: true, paths: kept },
      ...{ manifest: parsePackageJson(text), publish: (published) => published },
    },
    warnings: [...judged.flatMap(({ warnings }) => warnings), ...leftOut(target, foreign)],
    makeManifest: () =>
      makeManifest(parsePackageJson(text), {
        commit: release.commit,
        readme,
        hasBindingGyp: false,
        beside: NOTHING_BESIDE,
      }),
    readFiles: async () => [
      textFile("package.json", text),
      ...kept.includes(readme.name) ? [] : [textFile(readme.name, readme.text)],
      ...(await target.main.licences()).filter(({ path }) => !kept.includes(path)),
      ...await readKept(target, { kept, payload: choice.payload.path, files }),
    ],
  };
}

/** Everything that the build job delivered, where it lay. */
async function readKept(
  target: PlatformTarget,
  { kept, payload, files }: {
    readonly kept: readonly string[];
    readonly payload: string;
    readonly files: readonly ReadFile[];
  },
): Promise<readonly PackFile[]> {
  // The artifact upload drops this bit (actions/upload-artifact#38).
  const programs = programsOf(files, { payload, use: target.use });
  const read: PackFile[] = [];
  for (const path of kept) {
    read.push({
      path: path === payload ? nameInPackage(path, target) : path,
      bytes: await readBytes(join(target.artifact.folder, path)),
      executable: programs.has(path) || await isExecutable(join(target.artifact.folder, path)),
    });
  }
  return read;
}

/** The artifact's own, or one that is made up. */
async function readmeOf(
  { name, triple, use, release, artifact }: PlatformTarget,
  paths: readonly string[],
): Promise<{ readonly name: string; readonly text: string }> {
  const own = pickReadme(paths);
  if (own !== undefined) {
    return {
      name: own,
      text: new TextDecoder().decode(await readBytes(join(artifact.folder, own))),
    };
  }
  const text = platformReadme({ name, triple, use, main: release.package.registryName });
  return { name: "README.md", text };
}

/** What goes into the package, and compiled files that are named for another target, which do not. */
function sortOut(
  { triple }: PlatformTarget,
  { paths, files, payload }: {
    readonly paths: readonly string[];
    readonly files: readonly ReadFile[];
    readonly payload: ReadFile;
  },
): { readonly kept: readonly string[]; readonly foreign: readonly string[] } {
  const foreign = files.filter((file) =>
    file !== payload && file.binary.format !== "other" && isForOther(file.path, triple)
  ).map(({ path }) => path);
  return { kept: paths.filter((path) => !foreign.includes(path)), foreign };
}

/** `demo.darwin-arm64.node` beside an addon for Linux: what another build job made. */
function isForOther(path: string, triple: string): boolean {
  const word = /\.([^./]+)\.node$/.exec(path)?.[1];
  return word !== undefined && isKnownTriple(word) && !spellingsOf(triple).includes(word);
}

function textFile(path: string, text: string): PackFile {
  return { path, bytes: new TextEncoder().encode(text), executable: false };
}

/** Addons keep the name that their loader knows. Windows starts only what ends in `.exe`. */
function nameInPackage(path: string, { triple, use }: PlatformTarget): string {
  const isBare = use === "program" && platformOf(triple).os === "win32" && !/\.exe$/i.test(path);
  return isBare ? `${path}.exe` : path;
}

/** Nothing is left out silently. */
function leftOut({ name, artifact }: PlatformTarget, foreign: readonly string[]): string[] {
  if (foreign.length === 0) return [];
  return [
    `"${name}": ${
      someOf(foreign.map((path) => `"${path}"`), 3)
    } in the artifact "${artifact.name}" ${
      foreign.length === 1 ? "is" : "are"
    } not published, being named for another target`,
  ];
}
