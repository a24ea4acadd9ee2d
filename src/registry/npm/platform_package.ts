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
import { platformOf } from "../../core/target/target.ts";
import { someOf } from "../../core/words/phrases.ts";
import { kindOfPath, readBytes, walkFiles } from "../../host/files.ts";
import type { PackFile } from "./pack.ts";
import { checkDeliveredFolder, checkDeliveredTarball } from "./platform_delivered.ts";
import {
  type CheckedPlatform,
  judgePayload,
  noPayload,
  placesIn,
  type PlatformTarget,
  readHeaders,
} from "./platform_target.ts";
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
  const judged = judgePayload(choice.payload, target);
  const payload = nameInPackage(choice.payload.path, target);
  const text = platformManifest({
    ...{ name, version: release.version, triple, payload, use },
    main: target.main.manifest,
  });
  const readme = platformReadme({ name, triple, use, main: release.package.registryName });
  return {
    name,
    triple,
    payload,
    isSealed: false,
    problems: judged.problems,
    origin: {
      ...{ name, artifact: target.artifact.name, folder: target.artifact.folder },
      ...{ isDelivered: true, paths: [choice.payload.path] },
      ...{ manifest: parsePackageJson(text), publish: (published) => published },
    },
    warnings: [...judged.warnings, ...leftOut(target, { files, payload: choice.payload })],
    makeManifest: () =>
      makeManifest(parsePackageJson(text), {
        commit: release.commit,
        readme: { name: "README.md", text: readme },
        hasBindingGyp: false,
      }),
    readFiles: async () => [
      textFile("package.json", text),
      textFile("README.md", readme),
      ...await target.main.licences(),
      {
        path: payload,
        bytes: await readBytes(join(target.artifact.folder, choice.payload.path)),
        // The artifact upload drops this bit (actions/upload-artifact#38).
        executable: use === "program",
      },
    ],
  };
}

function textFile(path: string, text: string): PackFile {
  return { path, bytes: new TextEncoder().encode(text), executable: false };
}

/** Addons keep the name that their loader knows. Windows starts only what ends in `.exe`. */
function nameInPackage(path: string, { triple, use }: PlatformTarget): string {
  const file = path.slice(path.lastIndexOf("/") + 1);
  const isBare = use === "program" && platformOf(triple).os === "win32" && !/\.exe$/i.test(file);
  return isBare ? `${file}.exe` : file;
}

/** Nothing is left out silently: a library that the program loads would be missed by its users first. */
function leftOut(
  { name, artifact }: PlatformTarget,
  { files, payload }: { readonly files: readonly ReadFile[]; readonly payload: ReadFile },
): string[] {
  const others = files.filter((file) => file !== payload).map(({ path }) => `"${path}"`);
  if (others.length === 0) return [];
  return [
    `"${name}": ${someOf(others, 3)} in the artifact "${artifact.name}" ${
      others.length === 1 ? "is" : "are"
    } not published; deliver a folder with a package.json to publish more than one file`,
  ];
}
