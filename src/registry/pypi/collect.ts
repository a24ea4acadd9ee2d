/**
 * Finds the distributions among a release's artifact folders: what is there, what is missing, what does not belong.
 *
 * @module
 */

import { basename, join } from "node:path";
import { sdistName } from "../../core/pypi/file_name.ts";
import { fileNamePart } from "../../core/pypi/spelling.ts";
import { someOf } from "../../core/words/phrases.ts";
import { Failure } from "../../error.ts";
import { walkFiles } from "../../host/files.ts";
import { hashFile } from "../../host/hash_file.ts";
import type { ArtifactFolder } from "../registry.ts";
import { leftAttestations, leftKind, otherFiles, otherVersion, strays } from "./left_files.ts";
import {
  type BuiltFile,
  type CollectContext,
  isDistribution,
  kindOfFile,
  kindOfRow,
  plannedRows,
  type RowFiles,
  splitStale,
} from "./row_files.ts";

/** What the folders hold. */
export interface Collected {
  readonly files: readonly BuiltFile[];
  readonly failures: readonly Failure[];
  readonly warnings: readonly string[];
}

/** Walks every folder of a release. One file in several rows is one file, as long as its bytes are the same. */
export async function collect(context: CollectContext): Promise<Collected> {
  const rows: RowFiles[] = [];
  for (const row of context.release.artifacts) rows.push(await readRow(row, context));
  const { dists } = context.release.package;
  const [used, unused] = [true, false].map((isUsed) =>
    rows.filter(({ row }) => dists.includes(kindOfRow(row)) === isUsed)
  ) as [RowFiles[], RowFiles[]];
  const failures: Failure[] = used.flatMap((files) => lackOf(files, { rows: used, context }));
  const found = new Map<string, BuiltFile>();
  for (const { row, wanted } of used) {
    for (const path of wanted) {
      const failure = await addFile(found, { row, path: join(row.folder!, path) });
      if (failure !== undefined) failures.push(failure);
    }
  }
  const others = await otherFiles(used, { found, context });
  return {
    files: [...found.values()],
    failures: [...failures, ...others.failures, ...oneSdist(found)],
    warnings: [
      ...used.flatMap(({ row, stale }) =>
        stale.map((path) => otherVersion(row, { path, context }))
      ),
      ...others.warnings,
      ...unused.flatMap((files) => leftKind(files, context)),
      ...used.flatMap((files) => [...strays(files), ...leftAttestations(files)]),
    ],
  };
}

async function readRow(row: ArtifactFolder, context: CollectContext): Promise<RowFiles> {
  const paths = row.folder === undefined ? [] : await walkFiles(row.folder);
  const kind = kindOfRow(row);
  const ofKind = paths.filter((path) => isDistribution(path) && kindOfFile(path) === kind);
  return { row, paths, ...splitStale(ofKind, { row, context }) };
}

/**
 * A planned row without a file of its kind. Wheels without a platform of their own may come from folders that jobs named
 * themselves; of those, one with nothing but what another version left lacks nothing.
 */
function lackOf(
  { row, paths, wanted, stale }: RowFiles,
  { rows, context }: { readonly rows: readonly RowFiles[]; readonly context: CollectContext },
): readonly Failure[] {
  if (wanted.length > 0) return [];
  const planned = plannedRows(context.release.package);
  const isPlanned = planned.has(row.name);
  if (!isPlanned && stale.length > 0) return [];
  const isServed = row.target === "any" && isPlanned &&
    rows.some((other) => other.wanted.length > 0 && kindOfRow(other.row) === "wheel");
  return isServed ? [] : [missing(row, { paths: [...stale, ...paths], context })];
}

function missing(
  row: ArtifactFolder,
  { paths, context: { release, pypiVersion } }: {
    readonly paths: readonly string[];
    readonly context: CollectContext;
  },
): Failure {
  const { registryName, name } = release.package;
  const kind = kindOfRow(row);
  const expected = kind === "sdist"
    ? sdistName(registryName, pypiVersion)
    : `${fileNamePart(registryName)}-${pypiVersion}-${
      row.target === "any" ? "py3-none-any" : "*"
    }.whl`;
  const there = [...new Set(paths)].filter(isDistribution).map((path) => `"${path}"`);
  return new Failure(
    "PIOT_ARTIFACT_MISSING",
    `Cannot publish ${name} ${release.version}: artifact "${row.name}" holds no ${kind}${
      there.length === 0
        ? ""
        : ` of it; there ${there.length === 1 ? "is" : "are"} ${someOf(there, 5)}`
    }`,
    { hint: `Its build job has to upload ${expected} as artifact "${row.name}"` },
  );
}

async function addFile(
  found: Map<string, BuiltFile>,
  { row, path }: { readonly row: ArtifactFolder; readonly path: string },
): Promise<Failure | undefined> {
  const name = basename(path);
  const { sha256 } = await hashFile(path, ["sha256"]);
  const twin = found.get(name);
  if (twin !== undefined && twin.sha256 !== sha256) {
    return new Failure(
      "PIOT_ARTIFACT_INVALID",
      `Cannot publish "${name}": artifacts "${
        twin.rows[0]!.name
      }" and "${row.name}" hold other bytes under this name ` +
        `(sha256 ${twin.sha256} and ${sha256})`,
      { hint: "Let one build job only make this file" },
    );
  }
  found.set(name, { name, path, sha256, rows: [...(twin?.rows ?? []), row] });
  return undefined;
}

function oneSdist(found: ReadonlyMap<string, BuiltFile>): Failure[] {
  const sdists = [...found.keys()].filter((name) => name.endsWith(".tar.gz")).sort();
  if (sdists.length < 2) return [];
  return [
    new Failure(
      "PIOT_ARTIFACT_INVALID",
      `Cannot publish ${
        sdists.map((name) => `"${name}"`).join(" and ")
      }: PyPI takes one sdist per release`,
      {
        hint:
          "Clean the build's output folder, so that the sdist artifact holds this version's alone",
      },
    ),
  ];
}
