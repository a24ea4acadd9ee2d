/**
 * Finds the files that the build jobs left, laid out as download-artifact leaves them: `DIR/<artifact_name>/…`.
 *
 * @module
 */

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { encodeName } from "../core/model/artifact_name.ts";
import { type Kinds, rulesOf } from "../core/model/kind.ts";
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
  options: { readonly directory: string; readonly shown: string; readonly kinds: Kinds },
): Promise<FoundArtifacts> {
  const { directory, shown, kinds } = options;
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
        : missingArtifact(item, artifact, { shown, delivered, kinds });
      if (lack !== undefined) missing.push(lack);
      found.push({
        target: artifact.target,
        name: artifact.artifact_name,
        folder: isThere ? folder : undefined,
        ...(lack === undefined ? {} : { missing: lack }),
      });
    }
    found.push(...foldersNamedByJobs(item, { plan, delivered, directory, kinds }));
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
  place: {
    readonly shown: string;
    readonly delivered: readonly string[];
    readonly kinds: Kinds;
  },
): Failure {
  const { shown, delivered, kinds } = place;
  const file = rulesOf(kinds, item).artifacts.expectedFile(item, artifact.target);
  const wanted = `${shown}/${artifact.artifact_name}/${file}`;
  const there = delivered.length === 0
    ? "nothing is there"
    : `there are ${delivered.map((folder) => `"${folder}"`).join(", ")}`;
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

/** Jobs that name their artifacts themselves, as cibuildwheel's do: the folders belong to the package too. */
function foldersNamedByJobs(
  item: PlannedPackage,
  place: {
    readonly plan: Pick<Plan, "packages">;
    readonly delivered: readonly string[];
    readonly directory: string;
    readonly kinds: Kinds;
  },
): FoundArtifact[] {
  const { plan, delivered, directory, kinds } = place;
  const planned = new Set(
    plan.packages.flatMap(({ artifacts }) => artifacts.map((row) => row.artifact_name)),
  );
  return delivered.flatMap((folder) => {
    if (planned.has(folder) || ownerOf(folder, plan, kinds)?.name !== item.name) return [];
    const target = targetOfFolder(folder, item, kinds) ?? folder;
    return [{ target, name: folder, folder: join(directory, folder) }];
  });
}

/** The target that a folder is named after; undefined when it is none of the package's. */
function targetOfFolder(folder: string, item: PlannedPackage, kinds: Kinds): string | undefined {
  const start = encodeName(item.name);
  const { ownFolders } = rulesOf(kinds, item).artifacts;
  if (ownFolders === undefined || !folder.startsWith(start)) return undefined;
  return ownFolders.exec(folder.slice(start.length))?.[1];
}

/** The package with the longest name wins, so that `foo` never swallows the wheels of `foo-wheel-tools`. */
function ownerOf(
  folder: string,
  plan: Pick<Plan, "packages">,
  kinds: Kinds,
): PlannedPackage | undefined {
  return plan.packages
    .filter((item) => targetOfFolder(folder, item, kinds) !== undefined)
    .sort((left, right) => right.name.length - left.name.length)[0];
}
