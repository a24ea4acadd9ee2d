/**
 * What a project on PyPI is to everybody who plans, builds or reports.
 *
 * @module
 */

import { type KindRules, oddCharacter } from "../model/kind.ts";
import type { PypiPackage } from "../model/package.ts";
import { fileNamePart, normaliseName, pypiVersion, semverOfPypi } from "./spelling.ts";

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
    ends: (triples) => {
      const wheels = triples.length === 0 ? ["any"] : triples;
      return [
        ...wheels.map((target) => ({ target, end: `wheel-${target}` })),
        { target: "sdist", end: "sdist" },
      ];
    },
    folder: () => "dist",
    isRequired: () => true,
    buildKeys: ({ build, bundleCli }, target) => {
      // The sdist holds sources, so no binary is staged for it.
      if (bundleCli === undefined || target === "sdist") return { build };
      const { bin, stageTo, cratePath } = bundleCli;
      return { build, bundle_cli: { bin, stage_to: stageTo, crate_path: cratePath } };
    },
    expectedFile: ({ registry_name, version }, target) => {
      const stem = fileNamePart(registry_name);
      return target === "sdist" ? `${stem}-${version}.tar.gz` : `${stem}-${version}-*.whl`;
    },
    // cibuildwheel jobs name their artifacts themselves.
    ownFolders: /^-wheels?-(.+)$/,
  },
  spelling: pypiVersion,
  semver: semverOfPypi,
  page: ({ registryName, version }) => `project/${registryName}/${pypiVersion(version)}/`,
  isFamily: () => false,
};
