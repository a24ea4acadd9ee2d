/** A release of a Python package whose artifact folders hold given files. */

import { join } from "node:path";
import type { BundleCli, Dist, PypiPackage } from "../../src/core/model/package.ts";
import { encodeName } from "../../src/core/model/artifact_name.ts";
import type { BuiltArtifact } from "../../src/rehearsal/synthesise/python_distribution.ts";
import type { Release } from "../../src/registry/registry.ts";
import { tempFolder } from "./temp.ts";

export interface PypiReleaseInput {
  readonly name?: string;
  readonly version?: string;
  /** Triples; none for a package without compiled parts. */
  readonly targets?: readonly string[];
  readonly dists?: readonly Dist[];
  readonly bundleCli?: BundleCli;
  /** Files by row: `any`, `sdist`, a triple, or another word for a folder beyond the planned rows. */
  readonly files: Readonly<Record<string, readonly BuiltArtifact[]>>;
}

export interface PypiReleaseFixture extends AsyncDisposable {
  readonly release: Release<PypiPackage>;
  readonly folder: string;
}

export async function pypiRelease(input: PypiReleaseInput): Promise<PypiReleaseFixture> {
  const { name = "demo", version = "1.0.0", targets = [], dists, bundleCli, files } = input;
  const folderOf = (row: string): string =>
    `${encodeName(name)}-${row === "sdist" ? row : `wheel-${row}`}`;
  const folder = await tempFolder(
    Object.fromEntries(
      Object.entries(files).flatMap(([row, built]) =>
        built.map(({ fileName, bytes }) => [`${folderOf(row)}/${fileName}`, bytes])
      ),
    ),
  );
  return {
    folder: folder.path,
    release: {
      package: {
        ...pypiPackage(name, targets, dists),
        ...(bundleCli === undefined ? {} : { bundleCli }),
      },
      version,
      tag: `${name}-v${version}`,
      previous: null,
      commit: "0123456789abcdef0123456789abcdef01234567",
      artifacts: Object.keys(files).map((row) => ({
        target: row,
        name: folderOf(row),
        folder: join(folder.path, folderOf(row)),
      })),
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

export function pypiPackage(
  name: string,
  targets: readonly string[] = [],
  dists: readonly Dist[] = ["sdist", "wheel"],
): PypiPackage {
  return {
    kind: "pypi",
    name,
    registryName: name,
    path: ".",
    paths: ["**"],
    dependsOn: [],
    firstVersion: "0.1.0",
    githubRelease: true,
    tagFormat: "{name}-v{version}",
    build: targets.length === 0 ? "setuptools" : "maturin",
    targets: targets.map((triple) => ({ triple, runner: "ubuntu-latest" })),
    dists,
  };
}
