/**
 * Checks a platform package that was delivered ready: a folder with its own package.json, or a tarball.
 *
 * @module
 */

import { join } from "node:path";
import type { PackageJson } from "../../core/npm/package_json.ts";
import { plainPath } from "../../core/npm/package_json.ts";
import { platformFieldTrouble } from "../../core/npm/platform_manifest.ts";
import { baseName } from "../../core/npm/platform_names.ts";
import { choosePayload, isByProduct, type ReadFile } from "../../core/npm/platform_payload.ts";
import type { NpmPackage } from "../../core/package.ts";
import { platformOf } from "../../core/target.ts";
import { Failure } from "../../error.ts";
import { writeTree } from "../../host/files.ts";
import type { Release } from "../registry.ts";
import { checkFolder } from "./check_folder.ts";
import { checkTarball, visitFiles } from "./check_tarball.ts";
import type { CheckedPackage } from "./checked_package.ts";
import { judgeCompanion, judgePayload, readHeaders } from "./platform_binaries.ts";
import { tarballName } from "./source.ts";
import { type CheckedPlatform, noPayload, placeOf, type PlatformTask } from "./platform_checked.ts";

/** Checks a folder with a package.json. It is packed here, so programs get their executable bit back. */
export async function checkReadyFolder(task: PlatformTask): Promise<CheckedPlatform> {
  const { folder } = task.artifact;
  const checked = await checkFolder({
    ...task.context,
    release: platformRelease(task),
    source: { kind: "folder", path: folder, isCheckout: false },
  });
  const ready = await checkReady(task, checked, folder);
  const { payload } = ready;
  return {
    ...ready,
    problems: [...ready.problems, ...staleVersion(task, checked.manifest)],
    readFiles: async () =>
      (await checked.readFiles()).map((file) =>
        file.path === payload && task.use === "program" ? { ...file, executable: true } : file
      ),
  };
}

/** Checks a tarball, which is sent as it is. */
export async function checkReadyTarball(
  task: PlatformTask,
  path: string,
): Promise<CheckedPlatform> {
  const checked = await checkTarball(platformRelease(task), { ...task.context, path });
  const folder = join(task.temp, `${tarballName(task.name, task.release.version)}.files`);
  await visitFiles(path, async (inner, entry) => {
    if (!isByProduct(inner)) await writeTree(folder, { [inner]: await entry.bytes() });
  });
  const ready = await checkReady(task, checked, folder);
  // Windows has no such bit, and what is packed there lacks it.
  const isLost = task.use === "program" && platformOf(task.triple).os !== "win32" &&
    ready.payload !== undefined && checked.executables?.has(ready.payload) === false;
  return isLost
    ? { ...ready, problems: [...ready.problems, lostBit(task, ready.payload!)] }
    : ready;
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

async function checkReady(
  task: PlatformTask,
  checked: CheckedPackage,
  folder: string,
): Promise<CheckedPlatform> {
  const paths = checked.paths.filter((path) => !isByProduct(path));
  const files = await readHeaders(folder, paths);
  const place = placeOf(task);
  const choice = chooseReady(task, { files, manifest: checked.manifest });
  const payload = "payload" in choice ? choice.payload : undefined;
  const judged = files.map((file) =>
    file === payload ? judgePayload(file, place) : judgeCompanion(file, place)
  );
  return {
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

function fieldProblems(task: PlatformTask, manifest: PackageJson): readonly Failure[] {
  return platformFieldTrouble(manifest, task.triple).map((trouble) =>
    new Failure(
      "PIOT_NPM_MANIFEST",
      `Cannot publish "${task.name}": in its package.json ${trouble}`,
      { hint: `Mend it there, or leave package.json out of the artifact: one is made then` },
    )
  );
}

/** A version that is neither the planned one nor the main package's own comes from another build. */
function staleVersion({ release, name, main }: PlatformTask, { version }: PackageJson): Failure[] {
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

function lostBit({ name, artifact }: PlatformTask, payload: string): Failure {
  return new Failure(
    "PIOT_ARTIFACT_INVALID",
    `Cannot publish "${name}": "${payload}" is not executable in the tarball of the artifact "${artifact.name}"`,
    {
      hint:
        "Set its executable bit before it is packed, or deliver the folder instead of a tarball",
    },
  );
}
