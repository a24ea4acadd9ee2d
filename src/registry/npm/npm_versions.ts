/**
 * Versions of npm packages, written into package.json for the job that builds. Ranges on siblings stay as they are: the
 * package manager links by them, and publishing writes them into what it packs.
 *
 * @module
 */

import { join } from "node:path";
import { setPackageVersion } from "../../core/npm/package_json.ts";
import { combineFailures, Failure } from "../../error.ts";
import { readTextIfThere } from "../../host/files.ts";
import type {
  PackageVersion,
  VersionTexts,
  VersionWork,
  VersionWriter,
} from "../version_writer.ts";

/** npm packages among the kinds that versions are written for. */
export const NPM_VERSIONS: VersionWriter = { writesRequirements: false, write: writeNpmVersions };

async function writeNpmVersions({ root, releases }: VersionWork): Promise<VersionTexts> {
  const texts = new Map<string, string>();
  const problems: Failure[] = [];
  for (const release of releases) {
    const path = join(root, release.package.path, "package.json");
    const before = await readTextIfThere(path);
    const found = before === undefined ? missing(release) : written(before, release);
    if (found instanceof Failure) problems.push(found);
    else if (found !== before) texts.set(path, found);
  }
  if (problems.length > 0) throw combineFailures(problems);
  return { texts, notes: [] };
}

function written(text: string, { package: { path }, version }: PackageVersion): string | Failure {
  try {
    return setPackageVersion(text, version);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const location = { file: `${path}/package.json` };
    return new Failure(error.code, error.message, {
      location,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
}

function missing({ package: { path } }: PackageVersion): Failure {
  return new Failure(
    "PIOT_NPM_MANIFEST",
    `Cannot set the version of "${path}/package.json": there is no such file`,
    { hint: "Set `path` in putitoutthere.toml to the folder that has the package.json" },
  );
}
