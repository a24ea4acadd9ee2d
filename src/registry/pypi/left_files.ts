/**
 * What lies in the folders of a release and is not published: each file with a sentence, or with the reason why nothing can
 * be published beside it.
 *
 * @module
 */

import { basename, join } from "node:path";
import { Failure } from "../../error.ts";
import { hashFile } from "../../host/hash_file.ts";
import type { ArtifactFolder } from "../registry.ts";
import {
  type BuiltFile,
  type CollectContext,
  isDistribution,
  isOfOtherVersion,
  kindOfFile,
  kindOfRow,
  type RowFiles,
} from "./row_files.ts";

/** What is said of files. */
interface Said {
  readonly failures: readonly Failure[];
  readonly warnings: readonly string[];
}

/**
 * Files of the other kind than their row's, as in a `dist/` that several jobs upload whole. They are taken from their own
 * row; one that lies nowhere else would be lost.
 */
export async function otherFiles(
  rows: readonly RowFiles[],
  { found, context }: {
    readonly found: ReadonlyMap<string, BuiltFile>;
    readonly context: CollectContext;
  },
): Promise<Said> {
  const failures: Failure[] = [];
  const warnings: string[] = [];
  const { dists } = context.release.package;
  for (const { row, paths } of rows) {
    for (const path of paths.filter((path) => isOtherKind(path, row))) {
      const twin = found.get(basename(path));
      if (!dists.includes(kindOfFile(path))) warnings.push(unusedKind(row, { path, context }));
      else if (isOfOtherVersion(path, context)) warnings.push(otherVersion(row, { path, context }));
      else if (twin === undefined) failures.push(wrongKind(path, row));
      else if (await isOther(twin, join(row.folder!, path))) {
        warnings.push(
          `"${row.name}/${path}" has other bytes than the one of "${
            twin.rows[0]!.name
          }", which is published; this one is left out`,
        );
      }
    }
  }
  return { failures, warnings };
}

function isOtherKind(path: string, row: ArtifactFolder): boolean {
  return isDistribution(path) && kindOfFile(path) !== kindOfRow(row);
}

async function isOther(twin: BuiltFile, path: string): Promise<boolean> {
  return (await hashFile(path, ["sha256"])).sha256 !== twin.sha256;
}

interface Left {
  readonly path: string;
  readonly context: CollectContext;
}

function unusedKind(row: ArtifactFolder, { path, context: { release } }: Left): string {
  const { name } = release.package;
  return `"${row.name}/${path}" is left out: \`dists\` of ${name} has no "${kindOfFile(path)}"`;
}

/** A file that the build of another version left. */
export function otherVersion(row: ArtifactFolder, { path, context }: Left): string {
  return `"${row.name}/${path}" is of another version than ${context.pypiVersion}, and is left out`;
}

/** A folder of files that `dists` leaves out. */
export function leftKind(
  { row, paths }: RowFiles,
  context: CollectContext,
): readonly string[] {
  return paths.filter(isDistribution).map((path) => unusedKind(row, { path, context }));
}

function wrongKind(path: string, row: ArtifactFolder): Failure {
  const isSdist = kindOfRow(row) === "sdist";
  return new Failure(
    "PIOT_ARTIFACT_INVALID",
    `Cannot publish "${path}" from artifact "${row.name}": that row is for ${
      isSdist ? "the sdist" : "wheels"
    }, and no other brings this file`,
    {
      hint: isSdist
        ? "Upload it from the row of its platform, or let this row's build job make the sdist only"
        : "Upload it from the sdist's row, or let this row's build job make wheels only",
    },
  );
}

/** Files that are no distributions; uv writes a `.gitignore` next to what it builds, which is not worth a word. */
export function strays({ row, paths }: RowFiles): readonly string[] {
  return paths.filter((path) => !isDistribution(path) && !isAttestation(path))
    .filter((path) => !basename(path).startsWith("."))
    .map((path) => `"${row.name}/${path}" is no wheel and no sdist, and is left out`);
}

/** `demo-1.0.0.tar.gz.publish.attestation`, as pypa/gh-action-pypi-publish and pypi-attestations write it. */
function isAttestation(path: string): boolean {
  return path.endsWith(".attestation");
}

/** They may be of other bytes, or of a job that the publisher's token is not for: PyPI would refuse the whole upload. */
export function leftAttestations({ row, paths }: RowFiles): readonly string[] {
  const { length } = paths.filter(isAttestation);
  return length === 0 ? [] : [
    `"${row.name}" brings ${
      length === 1 ? "an attestation" : `${length} attestations`
    } of its files, which ${length === 1 ? "is" : "are"} left out: ` +
    "piot makes its own under trusted publishing, and PyPI takes none with a token",
  ];
}
