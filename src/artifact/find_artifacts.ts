/**
 * Finds the files that the build jobs left, laid out as download-artifact leaves them: `DIR/<artifact_name>/…`.
 *
 * @module
 */

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { encodeName } from "../core/model/artifact_name.ts";
import type { Plan, PlannedArtifact, PlannedPackage } from "../core/model/plan.ts";
import { Failure } from "../error.ts";
import { kindOfPath, walkFiles } from "../host/files.ts";

/** A folder of built files that belongs to one package. */
export interface FoundArtifact {
  /** `noarch`, `any`, `sdist`, `main`, a triple, or what an unplanned wheel folder is named after. */
  readonly target: string;
  readonly name: string;
  /** Absolute; undefined when the artifact was not delivered. */
  readonly folder: string | undefined;
  /** Present when it is required and was not delivered; one of `missing`. */
  readonly missing?: Failure;
}

/** What was found: per package the folders, and a failure for each required artifact that is missing or empty. */
export interface FoundArtifacts {
  readonly folders: ReadonlyMap<string, readonly FoundArtifact[]>;
  readonly missing: readonly Failure[];
}

/** Looks for every artifact of a plan below `directory` (absolute; `shown` is how the user wrote it). */
export async function findArtifacts(
  plan: Pick<Plan, "packages">,
  options: { readonly directory: string; readonly shown: string },
): Promise<FoundArtifacts> {
  const { directory, shown } = options;
  const delivered = await listFolders(directory);
  const missing: Failure[] = [];
  const folders = new Map<string, FoundArtifact[]>();
  const flat = await isFlat(plan, { directory, delivered });
  for (const item of plan.packages) {
    const found: FoundArtifact[] = [];
    for (const artifact of item.artifacts) {
      const folder = flat ? directory : join(directory, artifact.artifact_name);
      const isThere = (await walkFiles(folder)).length > 0;
      const lack = isThere || !artifact.required
        ? undefined
        : missingArtifact(item, artifact, { shown, delivered });
      if (lack !== undefined) missing.push(lack);
      found.push({
        target: artifact.target,
        name: artifact.artifact_name,
        folder: isThere ? folder : undefined,
        ...(lack === undefined ? {} : { missing: lack }),
      });
    }
    found.push(...extraWheels(item, { plan, delivered, directory }));
    folders.set(item.name, found);
  }
  return { folders, missing };
}

async function listFolders(directory: string): Promise<readonly string[]> {
  if (await kindOfPath(directory) !== "folder") return [];
  const entries = await readdir(directory, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
}

/**
 * download-artifact unpacks a lone artifact without its folder (actions/download-artifact#419), so one single planned
 * row may lie directly in the directory.
 */
async function isFlat(
  plan: Pick<Plan, "packages">,
  place: { readonly directory: string; readonly delivered: readonly string[] },
): Promise<boolean> {
  const rows = plan.packages.flatMap((item) => item.artifacts);
  const [only] = rows;
  if (rows.length !== 1 || only === undefined) return false;
  if (place.delivered.includes(only.artifact_name)) return false;
  return (await walkFiles(place.directory)).some((path) => !path.includes("/"));
}

function missingArtifact(
  item: PlannedPackage,
  artifact: PlannedArtifact,
  place: { readonly shown: string; readonly delivered: readonly string[] },
): Failure {
  const { shown, delivered } = place;
  const wanted = `${shown}/${artifact.artifact_name}/${expectedFile(item, artifact.target)}`;
  const there = delivered.length === 0
    ? "nothing is there"
    : `there are ${delivered.map((one) => `"${one}"`).join(", ")}`;
  return new Failure(
    "PIOT_ARTIFACT_MISSING",
    `Cannot publish ${item.name} ${item.version}: no file in "${shown}/${artifact.artifact_name}"; ${there}`,
    {
      hint:
        `The build job for "${artifact.target}" uploads artifact "${artifact.artifact_name}", ` +
        `which the publish job downloads to ${wanted}`,
    },
  );
}

/** The file that a row's build job makes, as a pattern for people. */
function expectedFile(item: PlannedPackage, target: string): string {
  const stem = item.registry_name.toLowerCase().replace(/[-_.]+/g, "_");
  switch (item.kind) {
    case "crates":
      return `${item.registry_name}-${item.version}.crate`;
    case "pypi":
      return target === "sdist"
        ? `${stem}-${item.version}.tar.gz`
        : `${stem}-${item.version}-*.whl`;
    case "npm":
      return ["noarch", "main"].includes(target)
        ? "package.json"
        : "* (the program, or the .node file)";
  }
}

/** cibuildwheel jobs name their own artifacts: `<n>-wheel-*` and `<n>-wheels-*` belong to the package too. */
function extraWheels(
  item: PlannedPackage,
  place: {
    readonly plan: Pick<Plan, "packages">;
    readonly delivered: readonly string[];
    readonly directory: string;
  },
): FoundArtifact[] {
  if (item.kind !== "pypi") return [];
  const planned = new Set(
    place.plan.packages.flatMap((one) => one.artifacts.map((row) => row.artifact_name)),
  );
  const owns = (folder: string): boolean => ownerOf(folder, place.plan) === item.name;
  return place.delivered
    .filter((folder) => !planned.has(folder) && owns(folder))
    .map((folder) => ({
      target: /-wheels?-(.+)$/.exec(folder.slice(encodeName(item.name).length))?.[1] ?? folder,
      name: folder,
      folder: join(place.directory, folder),
    }));
}

/** The package with the longest name wins, so that `foo` never swallows the wheels of `foo-wheel-tools`. */
function ownerOf(folder: string, plan: Pick<Plan, "packages">): string | undefined {
  return plan.packages
    .filter((item) =>
      item.kind === "pypi" &&
      ["-wheel-", "-wheels-"].some((mark) => folder.startsWith(encodeName(item.name) + mark))
    )
    .sort((one, other) => other.name.length - one.name.length)[0]?.name;
}
