/**
 * Finds the files that the build jobs left, laid out as download-artifact leaves them: `DIR/<artifact_name>/…`.
 *
 * @module
 */

import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { encodeName } from "../core/model/artifact_name.ts";
import { type Kinds, rulesOf } from "../core/model/kind.ts";
import type { Plan, PlannedArtifact, PlannedPackage } from "../core/model/plan.ts";
import { someOf } from "../core/words/phrases.ts";
import { Failure } from "../error.ts";
import { kindOfPath, walkFiles } from "../host/files.ts";
import { undeclaredFolders, undeclaredWarning } from "./undeclared_folders.ts";

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
  /** Per package, sentences about files and folders that are named for its release and lie where nothing is read. */
  readonly unread: ReadonlyMap<string, readonly string[]>;
}

/** Where artifacts are looked for. */
interface Place {
  readonly plan: Pick<Plan, "packages">;
  /** Absolute. */
  readonly directory: string;
  /** As the user wrote it. */
  readonly shown: string;
  readonly kinds: Kinds;
  /** The folders that are there. */
  readonly delivered: readonly string[];
  /** Files that lie directly in the directory. */
  readonly flatFiles: readonly string[];
}

/** Looks for every artifact of a plan below `directory` (absolute; `shown` is how the user wrote it). */
export async function findArtifacts(
  plan: Pick<Plan, "packages">,
  options: { readonly directory: string; readonly shown: string; readonly kinds: Kinds },
): Promise<FoundArtifacts> {
  const place: Place = { plan, ...options, ...await listDirectory(options.directory) };
  const { directory, kinds } = place;
  const missing: Failure[] = [];
  const folders = new Map<string, FoundArtifact[]>();
  const flat = isFlat(place);
  for (const item of plan.packages) {
    const found: FoundArtifact[] = [];
    const own = flat ? [] : foldersNamedByJobs(item, place);
    const hasOwn = await holdFiles(own);
    for (const artifact of item.artifacts) {
      const folder = flat ? directory : join(directory, artifact.artifact_name);
      const isThere = (await walkFiles(folder)).length > 0;
      const isServed = hasOwn &&
        rulesOf(kinds, item).artifacts.isServedByOwnFolders?.(artifact.target) === true;
      const lack = isThere || !artifact.required || isServed
        ? undefined
        : missingArtifact(item, artifact, place);
      if (lack !== undefined) missing.push(lack);
      found.push({
        target: artifact.target,
        name: artifact.artifact_name,
        folder: isThere ? folder : undefined,
        ...(lack === undefined ? {} : { missing: lack }),
      });
    }
    found.push(...own);
    folders.set(item.name, found);
  }
  return { folders, missing, unread: flat ? new Map() : await unreadFiles(place) };
}

async function holdFiles(folders: readonly FoundArtifact[]): Promise<boolean> {
  for (const { folder } of folders) {
    if (folder !== undefined && (await walkFiles(folder)).length > 0) return true;
  }
  return false;
}

async function listDirectory(
  directory: string,
): Promise<Pick<Place, "delivered" | "flatFiles">> {
  if (await kindOfPath(directory) !== "folder") return { delivered: [], flatFiles: [] };
  const entries = await readdir(directory, { withFileTypes: true });
  const names = (isFolder: boolean): readonly string[] =>
    entries.filter((entry) => entry.isDirectory() === isFolder).map(({ name }) => name).sort();
  return { delivered: names(true), flatFiles: names(false) };
}

/**
 * download-artifact unpacks a lone artifact without its folder (actions/download-artifact#419), so one single planned
 * row may lie directly in the directory.
 */
function isFlat({ plan, delivered, flatFiles, kinds }: Place): boolean {
  const rows = plan.packages.flatMap((item) => item.artifacts);
  const [only] = rows;
  if (rows.length !== 1 || only === undefined || flatFiles.length === 0) return false;
  return !delivered.some((folder) =>
    folder === only.artifact_name || ownerOf(folder, plan, kinds) !== undefined
  );
}

/** Files that are a planned release's by their names, directly in the directory or in a folder that is no artifact of it. */
async function unreadFiles(
  { plan, directory, kinds, delivered, flatFiles }: Place,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const claimed = plannedNames(plan);
  const files = [...flatFiles];
  const strangers = delivered.filter((folder) =>
    !claimed.has(folder) && ownerOf(folder, plan, kinds) === undefined
  );
  const undeclared = undeclaredFolders(strangers, plan.packages);
  for (const folder of strangers) {
    files.push(...(await walkFiles(join(directory, folder))).map((path) => `${folder}/${path}`));
  }
  return new Map(plan.packages.map((item) => {
    const { isNamedFor } = rulesOf(kinds, item).artifacts;
    const own = files.filter((path) => isNamedFor?.(item, basename(path)) === true);
    return [item.name, [
      ...own.map((path) =>
        `"${path}" is a file of ${item.name} ${item.version}, and is left out: it lies in no artifact of it`
      ),
      ...undeclared.filter((one) => one.item === item).map(undeclaredWarning),
    ]];
  }));
}

function plannedNames({ packages }: Pick<Plan, "packages">): ReadonlySet<string> {
  return new Set(packages.flatMap(({ artifacts }) => artifacts.map((row) => row.artifact_name)));
}

function missingArtifact(
  item: PlannedPackage,
  artifact: PlannedArtifact,
  { plan, shown, delivered, flatFiles, kinds }: Place,
): Failure {
  const file = rulesOf(kinds, item).artifacts.expectedFile(item, artifact.target);
  const wanted = `${shown}/${artifact.artifact_name}/${file}`;
  const loose = flatFiles.filter((name) => !name.startsWith("."));
  const flat = loose.length === 0
    ? []
    : [`${someOf(loose.map((name) => `"${name}"`), 3)} directly in "${shown}"`];
  const all = [...delivered.map((folder) => `"${folder}"`), ...flat];
  const there = all.length === 0 ? "nothing is there" : `there are ${all.join(", ")}`;
  return new Failure(
    "PIOT_ARTIFACT_MISSING",
    `Cannot publish ${item.name} ${item.version}: no file in "${shown}/${artifact.artifact_name}"; ${there}`,
    {
      hint:
        `The build job for "${artifact.target}" uploads artifact "${artifact.artifact_name}", ` +
        `which the publish job downloads to ${wanted}${
          flat.length === 0 ? "" : `. ${withoutMerge(plan, shown)}`
        }`,
    },
  );
}

/** \`merge-multiple: true\` of download-artifact puts the files of all artifacts into one folder. */
function withoutMerge(plan: Place["plan"], shown: string): string {
  const rows = [...plannedNames(plan)].map((name) => `${shown}/${name}/…`);
  return `Download without \`merge-multiple\`, so that each artifact has its folder: ${
    someOf(rows, 3)
  }`;
}

/** Jobs that name their artifacts themselves, as cibuildwheel's do: the folders belong to the package too. */
function foldersNamedByJobs(
  item: PlannedPackage,
  { plan, delivered, directory, kinds }: Place,
): FoundArtifact[] {
  const planned = plannedNames(plan);
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
