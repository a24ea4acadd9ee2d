/**
 * Checks a platform package that was delivered ready: a folder with its own package.json, or a tarball.
 *
 * @module
 */

import { join } from "node:path";
import type { NpmPackage } from "../../core/model/package.ts";
import { plainPath } from "../../core/npm/package_bin.ts";
import { type PackageJson, parsePackageJson } from "../../core/npm/package_json.ts";
import { baseName } from "../../core/npm/platform_name.ts";
import { completeManifest, platformFieldTrouble } from "../../core/npm/platform_package.ts";
import { choosePayload, isByProduct, type ReadFile } from "../../core/npm/platform_payload.ts";
import { platformOf } from "../../core/target/target.ts";
import { Failure } from "../../error.ts";
import { makeFolder, writeChunks } from "../../host/write_files.ts";
import type { Release } from "../registry.ts";
import { checkFolder } from "./check_folder.ts";
import { checkTarball } from "./check_tarball.ts";
import { visitFiles } from "./tarball_content.ts";
import type { CheckedPackage } from "./package_check.ts";
import {
  type CheckedPlatform,
  judgeCompanion,
  judgePayload,
  noPayload,
  type Places,
  placesIn,
  type PlatformTarget,
  programsOf,
  readHeaders,
} from "./platform_target.ts";

/** Checks a folder with a package.json. It is packed here, so programs get their executable bit back. */
export async function checkDeliveredFolder(target: PlatformTarget): Promise<CheckedPlatform> {
  const { folder } = target.artifact;
  const checked = await checkFolder({
    ...target.context,
    release: platformRelease(target),
    source: { kind: "folder", path: folder, isCheckout: false },
    additions: { edit: (text) => complete(text, target), files: new Map() },
  });
  const { platform, programs } = await checkDelivered(target, {
    checked: { ...checked, manifest: completed(checked.manifest, target) },
    places: placesIn(folder, checked.paths.filter((path) => !isByProduct(path))),
  });
  return {
    ...platform,
    problems: [...platform.problems, ...staleVersion(target, checked.manifest)],
    readFiles: async () =>
      (await checked.readFiles()).map((file) =>
        programs.has(file.path) ? { ...file, executable: true } : file
      ),
  };
}

/** What it leaves out is filled in; what it says has to be the target's. */
function complete(text: string, { name, triple, use, main }: PlatformTarget): string {
  return completeManifest(text, { name, triple, use, main: main.manifest });
}

function completed({ raw }: PackageJson, target: PlatformTarget): PackageJson {
  return parsePackageJson(complete(JSON.stringify(raw), target));
}

/** Checks a tarball, which is sent as it is. */
export async function checkDeliveredTarball(
  target: PlatformTarget,
  path: string,
): Promise<CheckedPlatform> {
  const checked = await checkTarball(platformRelease(target), { ...target.context, path });
  const places = await unpack(path, join(target.temp, `${target.name.replace("/", "-")}.files`));
  const { platform } = await checkDelivered(target, { checked, places });
  // Windows has no such bit, and what is packed there lacks it.
  const isLost = target.use === "program" && platformOf(target.triple).os !== "win32" &&
    platform.payload !== undefined && checked.executables?.has(platform.payload) === false;
  return isLost
    ? { ...platform, problems: [...platform.problems, lostBit(target, platform.payload!)] }
    : platform;
}

/** Under numbers: names that one system can hold are too long for another, or the same to it. */
async function unpack(tarball: string, folder: string): Promise<Places> {
  const places = new Map<string, string>();
  await makeFolder(folder);
  await visitFiles(tarball, async (path, entry) => {
    if (isByProduct(path)) return;
    const place = join(folder, String(places.size));
    await writeChunks(place, entry.body);
    places.set(path, place);
  });
  return places;
}

/** The platform package as if it were a release of its own, for the checks that every package gets. */
function platformRelease({ release, name, triple, artifact }: PlatformTarget): Release<NpmPackage> {
  // The folder that its build job uploads: the main package's ignore files are none of its own.
  const path = `${release.package.path}/build/${triple}`;
  return {
    ...release,
    package: { ...release.package, registryName: name, path },
    artifacts: [{ ...artifact, target: "main" }],
  };
}

async function checkDelivered(
  target: PlatformTarget,
  { checked, places }: { readonly checked: CheckedPackage; readonly places: Places },
): Promise<{ readonly platform: CheckedPlatform; readonly programs: ReadonlySet<string> }> {
  const files = await readHeaders(places);
  const choice = choosePayloadOf(target, { files, manifest: checked.manifest });
  const payload = "payload" in choice ? choice.payload : undefined;
  const judged = files.map((file) =>
    file === payload ? judgePayload(file, target) : judgeCompanion(file, target)
  );
  const platform = {
    ...checked,
    name: target.name,
    triple: target.triple,
    payload: payload?.path,
    isSealed: "exports" in checked.manifest.raw,
    problems: [
      ...checked.problems,
      ...fieldProblems(target, checked.manifest),
      ...("trouble" in choice ? [noPayload(target, choice.trouble)] : []),
      ...judged.flatMap(({ problems }) => problems),
    ],
    warnings: [...checked.warnings, ...judged.flatMap(({ warnings }) => warnings)],
  };
  return { platform, programs: programsOf(files, { payload: payload?.path, use: target.use }) };
}

/** `bin` and `main` say which file it is; WebAssembly has scripts there. */
function choosePayloadOf(
  { use, triple, release }: PlatformTarget,
  { files, manifest }: {
    readonly files: readonly ReadFile[];
    readonly manifest: PackageJson;
  },
): ReturnType<typeof choosePayload> {
  const wasm = files.find(({ binary }) => binary.format === "wasm");
  if (wasm !== undefined && use === "addon") return { payload: wasm };
  const { main } = manifest.raw;
  const named = [...Object.values(manifest.bin), ...(typeof main === "string" ? [main] : [])]
    .map(plainPath);
  const payload = files.find(({ path }) => named.includes(path));
  if (payload !== undefined) return { payload };
  const names = [release.package.registryName, release.package.name].map(baseName);
  return choosePayload(files, { use, triple, names });
}

/** `os`, `cpu` or `libc` that are not the target's. */
function fieldProblems(target: PlatformTarget, manifest: PackageJson): readonly Failure[] {
  return platformFieldTrouble(manifest, target.triple).map((trouble) =>
    new Failure(
      "PIOT_NPM_MANIFEST",
      `Cannot publish "${target.name}": in its package.json ${trouble}`,
      { hint: `Mend it there, or leave package.json out of the artifact: one is made then` },
    )
  );
}

/** A version that is neither the planned one nor the main package's own comes from another build. */
function staleVersion(
  { release, name, main }: PlatformTarget,
  { version }: PackageJson,
): readonly Failure[] {
  if (version === undefined || [release.version, main.manifest.version].includes(version)) {
    return [];
  }
  return [
    new Failure(
      "PIOT_ARTIFACT_INVALID",
      `Cannot publish "${name}" at ${release.version}: its package.json says "${version}"`,
      {
        hint:
          "Write the planned version into it in the build job, or leave package.json out of the artifact: one is made then",
      },
    ),
  ];
}

/** A program that nobody could start. */
function lostBit({ name, artifact }: PlatformTarget, payload: string): Failure {
  return new Failure(
    "PIOT_ARTIFACT_INVALID",
    `Cannot publish "${name}": "${payload}" is not executable in the tarball of the artifact "${artifact.name}"`,
    {
      hint:
        "Set its executable bit before it is packed, or deliver the folder instead of a tarball",
    },
  );
}
