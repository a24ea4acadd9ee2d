/**
 * Where a package's files come from: the build job's artifact (a folder or a ready tarball), or the checkout when no
 * artifact was delivered and the package needs no build.
 *
 * @module
 */

import { join } from "node:path";
import type { NpmPackage } from "../../core/model/package.ts";
import { Failure } from "../../error.ts";
import { kindOfPath, walkFiles } from "../../host/files.ts";
import type { ArtifactFolder, Release } from "../registry.ts";

/** A package's files. */
export type Source =
  | { readonly kind: "tarball"; readonly path: string }
  | { readonly kind: "folder"; readonly path: string; readonly isCheckout: boolean };

/** Finds the files of a release. `root` is the checkout; throws `PIOT_ARTIFACT_MISSING` or `PIOT_ARTIFACT_INVALID`. */
export async function findSource(release: Release<NpmPackage>, root: string): Promise<Source> {
  const artifact = mainArtifact(release);
  if (artifact.folder !== undefined) return await fromArtifact(release, artifact.folder);
  const path = join(root, release.package.path);
  if (await kindOfPath(join(path, "package.json")) === "file") {
    return { kind: "folder", path, isCheckout: true };
  }
  throw new Failure(
    "PIOT_ARTIFACT_MISSING",
    `Cannot publish "${release.package.registryName}": neither the artifact "${artifact.name}" nor ${release.package.path}/package.json is there`,
    { hint: `Make the build job upload the package's folder as the artifact "${artifact.name}"` },
  );
}

/** The artifact that holds the package itself, rather than a platform's binary. */
export function mainArtifact(release: Release<NpmPackage>): ArtifactFolder {
  const found = release.artifacts.find(({ target }) => target === "noarch" || target === "main");
  if (found === undefined) throw new Error("unreachable: an npm plan always has a main artifact");
  return found;
}

/**
 * A ready tarball wins over the folder that it lies in when it has the file name that `npm pack` gives this very
 * version: other archives in a package's folder are files like any other.
 */
async function fromArtifact(release: Release<NpmPackage>, folder: string): Promise<Source> {
  const ready = join(folder, tarballName(release.package.registryName, release.version));
  if (await kindOfPath(ready) === "file") return { kind: "tarball", path: ready };
  if (await kindOfPath(join(folder, "package.json")) === "file") {
    return { kind: "folder", path: folder, isCheckout: false };
  }
  const archives = (await walkFiles(folder)).filter((path) => path.endsWith(".tgz"));
  const [only] = archives;
  if (only !== undefined && archives.length === 1) {
    return { kind: "tarball", path: join(folder, only) };
  }
  const found = archives.length === 0
    ? "neither a package.json nor a .tgz"
    : `${archives.length} tarballs: ${archives.join(", ")}`;
  throw new Failure(
    "PIOT_ARTIFACT_INVALID",
    `Cannot publish "${release.package.registryName}": its artifact "${
      mainArtifact(release).name
    }" holds ${found}`,
    {
      hint:
        "Upload the folder that package.json is in (its files at the top of the artifact), or one tarball made by `npm pack`",
    },
  );
}

/** The file name that `npm pack` gives: `@acme/demo` at 1.0.0 → `acme-demo-1.0.0.tgz`. */
export function tarballName(name: string, version: string): string {
  return `${name.replace(/^@/, "").replace("/", "-")}-${version}.tgz`;
}
