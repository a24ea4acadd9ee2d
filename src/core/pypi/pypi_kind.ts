/**
 * What a project on PyPI is to everybody who plans, builds or reports.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import { type KindRules, oddCharacter } from "../model/kind.ts";
import type { Dist, PypiPackage } from "../model/package.ts";
import type { MatrixRow } from "../model/plan.ts";
import { parseSdistName, parseWheelName } from "./file_name.ts";
import { isSamePep440 } from "./pep440.ts";
import { fileNamePart, normaliseName, pypiVersion, semverOfPypi } from "./spelling.ts";

/** The kinds of files that a project has unless it says otherwise. */
export const DISTS: readonly Dist[] = ["sdist", "wheel"];

/**
 * PyPI: the name field of the core metadata in any case, in file names that fit into 255 bytes; versions by PEP 440; a
 * wheel for each platform or one for all, and an sdist.
 */
export const PYPI: KindRules<PypiPackage> = {
  kind: "pypi",
  registry: "PyPI",
  manifest: "pyproject.toml",
  names: {
    key: "pypi",
    pattern: "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$",
    maxLength: 200,
    words: "holds letters, digits, `.`, `-` and `_`, and starts and ends with a letter or digit",
    oddity: (name) => oddCharacter(/[^A-Za-z0-9._-]/u, name),
    canonical: normaliseName,
  },
  artifacts: {
    ends: ({ triples, dists = DISTS }) => {
      const platforms = triples.length === 0 ? ["any"] : triples;
      const wheels = platforms.map((target) => ({ target, end: `wheel-${target}` }));
      return [
        ...dists.includes("wheel") ? wheels : [],
        ...dists.includes("sdist") ? [{ target: "sdist", end: "sdist" }] : [],
      ];
    },
    folder: () => "dist",
    isRequired: () => true,
    buildKeys: ({ build, bundleCli }, { target, version }) => {
      const keys = { build, ...versionEnv(build, version) };
      // The sdist holds sources, so no binary is staged for it.
      if (bundleCli === undefined || target === "sdist") return keys;
      const { bin, stageTo, cratePath } = bundleCli;
      return { ...keys, bundle_cli: { bin, stage_to: stageTo, crate_path: cratePath } };
    },
    expectedFile: ({ registry_name, version }, target) => {
      const stem = fileNamePart(registry_name);
      return target === "sdist" ? `${stem}-${version}.tar.gz` : `${stem}-${version}-*.whl`;
    },
    // cibuildwheel jobs name their artifacts themselves. What a kind that `dists` leaves out would be in is known too,
    // so that it can be told.
    ownFolders: /^-(?:wheels?-(?=.)|(?=sdist$))(.+)$/,
    isServedByOwnFolders: (target) => target === "any",
    isNamedFor: ({ registry_name, version }, fileName) => {
      const name = fileName.endsWith(".whl") ? parseWheelName(fileName) : parseSdistName(fileName);
      return typeof name !== "string" &&
        normaliseName(name.name) === normaliseName(registry_name) &&
        isSamePep440(name.version, pypiVersion(version));
    },
  },
  spelling: pypiVersion,
  semver: semverOfPypi,
  page: ({ registryName, version }) => `project/${registryName}/${pypiVersion(version)}/`,
  isFamily: () => false,
};

/**
 * What gives a dynamic version to the backends of a build: setuptools-scm, which hatch-vcs asks too, and pdm-backend, whose
 * projects are built as those of setuptools are. maturin has no variable for it: `set-version` writes its Cargo.toml.
 */
function versionEnv(
  build: PypiPackage["build"],
  planned: string,
): Pick<MatrixRow, "version_env"> {
  const version = spelledVersion(planned);
  // What PyPI cannot express is refused for that; its rows are never built.
  if (version === undefined) return {};
  const scm = { SETUPTOOLS_SCM_PRETEND_VERSION: version };
  switch (build) {
    case "maturin":
      return {};
    case "hatch":
      return { version_env: scm };
    case "setuptools":
      return { version_env: { ...scm, PDM_BUILD_SCM_VERSION: version } };
  }
}

function spelledVersion(version: string): string | undefined {
  try {
    return pypiVersion(version);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
