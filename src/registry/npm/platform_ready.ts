/**
 * Checks a platform package that was delivered ready: a folder with its own package.json, or a tarball.
 *
 * @module
 */

import { join } from "node:path";
import type { BinaryUse } from "../../core/target/fits_triple.ts";
import type { PackageJson } from "../../core/npm/package_json.ts";
import { plainPath } from "../../core/npm/package_bin.ts";
import { baseName } from "../../core/npm/platform_package.ts";
import { choosePayload, isByProduct, type ReadFile } from "../../core/npm/platform_payload.ts";
import type { NpmPackage } from "../../core/model/package.ts";
import { platformOf } from "../../core/target/target.ts";
import { makeFolder, writeChunks } from "../../host/write_files.ts";
import type { Release } from "../registry.ts";
import { checkFolder } from "./check_folder.ts";
import { checkTarball } from "./check_tarball.ts";
import type { CheckedPackage } from "./checked_package.ts";
import {
  judgeCompanion,
  judgePayload,
  type Places,
  placesIn,
  readHeaders,
} from "./platform_binaries.ts";
import { type CheckedPlatform, noPayload, placeOf, type PlatformTask } from "./platform_checked.ts";
import { fieldProblems, lostBit, staleVersion } from "./platform_ready_problems.ts";
import { visitFiles } from "./tarball_files.ts";

/** Checks a folder with a package.json. It is packed here, so programs get their executable bit back. */
export async function checkReadyFolder(task: PlatformTask): Promise<CheckedPlatform> {
  const { folder } = task.artifact;
  const checked = await checkFolder({
    ...task.context,
    release: platformRelease(task),
    source: { kind: "folder", path: folder, isCheckout: false },
  });
  const { ready, programs } = await checkReady(task, {
    checked,
    places: placesIn(folder, checked.paths.filter((path) => !isByProduct(path))),
  });
  return {
    ...ready,
    problems: [...ready.problems, ...staleVersion(task, checked.manifest)],
    readFiles: async () =>
      (await checked.readFiles()).map((file) =>
        programs.has(file.path) ? { ...file, executable: true } : file
      ),
  };
}

/** Checks a tarball, which is sent as it is. */
export async function checkReadyTarball(
  task: PlatformTask,
  path: string,
): Promise<CheckedPlatform> {
  const checked = await checkTarball(platformRelease(task), { ...task.context, path });
  const places = await unpack(path, join(task.temp, `${task.name.replace("/", "-")}.files`));
  const { ready } = await checkReady(task, { checked, places });
  // Windows has no such bit, and what is packed there lacks it.
  const isLost = task.use === "program" && platformOf(task.triple).os !== "win32" &&
    ready.payload !== undefined && checked.executables?.has(ready.payload) === false;
  return isLost
    ? { ...ready, problems: [...ready.problems, lostBit(task, ready.payload!)] }
    : ready;
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
function platformRelease({ release, name, triple, artifact }: PlatformTask): Release<NpmPackage> {
  // The folder that its build job uploads: the main package's ignore files are none of its own.
  const path = `${release.package.path}/build/${triple}`;
  return {
    ...release,
    package: { ...release.package, registryName: name, path },
    artifacts: [{ ...artifact, target: "main" }],
  };
}

interface ReadyFiles {
  readonly checked: CheckedPackage;
  readonly places: Places;
}

async function checkReady(
  task: PlatformTask,
  { checked, places }: ReadyFiles,
): Promise<{ readonly ready: CheckedPlatform; readonly programs: ReadonlySet<string> }> {
  const files = await readHeaders(places);
  const place = placeOf(task);
  const choice = chooseReady(task, { files, manifest: checked.manifest });
  const payload = "payload" in choice ? choice.payload : undefined;
  const judged = files.map((file) =>
    file === payload ? judgePayload(file, place) : judgeCompanion(file, place)
  );
  const ready = {
    ...checked,
    name: task.name,
    triple: task.triple,
    payload: payload?.path,
    isSealed: "exports" in checked.manifest.raw,
    problems: [
      ...checked.problems,
      ...fieldProblems(task, checked.manifest),
      ...("trouble" in choice ? [noPayload(task, choice.trouble)] : []),
      ...judged.flatMap(({ problems }) => problems),
    ],
    warnings: [...checked.warnings, ...judged.flatMap(({ warnings }) => warnings)],
  };
  return { ready, programs: programsOf(files, { payload, use: task.use }) };
}

/** What is started as a program: the payload, and compiled helpers beside it. */
function programsOf(
  files: readonly ReadFile[],
  { payload, use }: { readonly payload: ReadFile | undefined; readonly use: BinaryUse },
): ReadonlySet<string> {
  const programs = files.filter((file) =>
    file === payload
      ? use === "program"
      : file.binary.format !== "other" && file.binary.runnable && !file.binary.loadable
  );
  return new Set(programs.map(({ path }) => path));
}

/** `bin` and `main` say which file it is; WebAssembly has scripts there. */
function chooseReady(
  { use, triple, release }: PlatformTask,
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
