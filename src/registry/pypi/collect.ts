/**
 * Finds the distributions among a release's artifact folders: what is there, what is missing, what does not belong.
 *
 * @module
 */

import { basename, join } from "node:path";
import type { PypiPackage } from "../../core/model/package.ts";
import { sdistName } from "../../core/pypi/file_name.ts";
import { fileNamePart } from "../../core/pypi/spelling.ts";
import { Failure } from "../../error.ts";
import { walkFiles } from "../../host/files.ts";
import { hashFile } from "../../host/hash_file.ts";
import type { ArtifactFolder, Release } from "../registry.ts";

/** One built file, and every row that delivered it. */
export interface BuiltFile {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** Hex. */
  readonly sha256: string;
  /** The rows whose folders hold it. */
  readonly rows: readonly ArtifactFolder[];
}

/** What the folders hold. */
export interface Collected {
  readonly files: readonly BuiltFile[];
  readonly failures: readonly Failure[];
  readonly warnings: readonly string[];
}

/** Where a release stands in the checks. */
export interface CollectContext {
  readonly release: Release<PypiPackage>;
  /** As PyPI spells it. */
  readonly pypiVersion: string;
}

/** Walks every folder of a release. One file in several rows is one file, as long as its bytes are the same. */
export async function collect(context: CollectContext): Promise<Collected> {
  const failures: Failure[] = [];
  const warnings: string[] = [];
  const found = new Map<string, BuiltFile>();
  for (const row of context.release.artifacts) {
    const paths = row.folder === undefined ? [] : await walkFiles(row.folder);
    const wanted = paths.filter((path) => isWanted(path, row));
    if (wanted.length === 0) failures.push(missing(row, context));
    for (const path of paths.filter((stray) => !wanted.includes(stray))) {
      if (isDistribution(path)) failures.push(wrongKind(path, row));
      else if (isStray(path)) {
        warnings.push(`"${row.name}/${path}" is no wheel and no sdist, and is left out`);
      }
    }
    warnings.push(...leftAttestations(paths, row));
    for (const path of wanted) {
      const failure = await addFile(found, { row, path: join(row.folder!, path) });
      if (failure !== undefined) failures.push(failure);
    }
  }
  return { files: [...found.values()], failures: [...failures, ...oneSdist(found)], warnings };
}

function isDistribution(path: string): boolean {
  return /\.(whl|tar\.gz)$/.test(path);
}

function isWanted(path: string, row: ArtifactFolder): boolean {
  return path.endsWith(row.target === "sdist" ? ".tar.gz" : ".whl");
}

/** uv writes a `.gitignore` next to what it builds, which is not worth a word. */
function isStray(path: string): boolean {
  return !basename(path).startsWith(".") && !isAttestation(path);
}

/** `demo-1.0.0.tar.gz.publish.attestation`, as pypa/gh-action-pypi-publish and pypi-attestations write it. */
function isAttestation(path: string): boolean {
  return path.endsWith(".attestation");
}

/** They may be of other bytes, or of a job that the publisher's token is not for: PyPI would refuse the whole upload. */
function leftAttestations(paths: readonly string[], row: ArtifactFolder): readonly string[] {
  const { length } = paths.filter(isAttestation);
  return length === 0 ? [] : [
    `"${row.name}" brings ${
      length === 1 ? "an attestation" : `${length} attestations`
    } of its files, which ${length === 1 ? "is" : "are"} left out: ` +
    "piot makes its own under trusted publishing, and PyPI takes none with a token",
  ];
}

function missing(row: ArtifactFolder, { release, pypiVersion }: CollectContext): Failure {
  const { registryName, name } = release.package;
  const expected = row.target === "sdist"
    ? sdistName(registryName, pypiVersion)
    : `${fileNamePart(registryName)}-${pypiVersion}-${
      row.target === "any" ? "py3-none-any" : "*"
    }.whl`;
  return new Failure(
    "PIOT_ARTIFACT_MISSING",
    `Cannot publish ${name} ${release.version}: artifact "${row.name}" holds no ${
      row.target === "sdist" ? "sdist" : "wheel"
    }`,
    { hint: `Its build job has to upload ${expected} as artifact "${row.name}"` },
  );
}

function wrongKind(path: string, row: ArtifactFolder): Failure {
  const isSdist = row.target === "sdist";
  return new Failure(
    "PIOT_ARTIFACT_INVALID",
    `Cannot publish "${path}" from artifact "${row.name}": that row is for ${
      isSdist ? "the sdist" : "wheels"
    }`,
    { hint: `Let that row's build job make ${isSdist ? "the sdist" : "wheels"} only` },
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
