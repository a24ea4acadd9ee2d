/**
 * Codes of PyPI, and of the pyproject.toml that a project is built from.
 *
 * @module
 */

/** The codes of PyPI. */
export const PYPI_CODES = {
  PIOT_PYPROJECT_INVALID: {
    exit: 2,
    trips: "A pyproject.toml cannot be read, or says of its version what no build backend takes.",
    mend: "Mend the line that the message names.",
  },
  PIOT_VERSION_UNMAPPABLE: {
    exit: 2,
    trips: "A semver version has no spelling in Python's versions (PEP 440) that means the same.",
    mend: "Release X.Y.Z, or X.Y.Z-alpha.N, X.Y.Z-beta.N or X.Y.Z-rc.N.",
  },
  PIOT_RELEASE_CLOSED: {
    exit: 1,
    trips: "A PyPI release lacks files and is older than 14 days, after which it takes none.",
    mend: "Release under a higher version.",
  },
  PIOT_PROJECT_CLOSED: {
    exit: 1,
    trips: "A PyPI project is archived or quarantined, and takes no files.",
    mend:
      "Unarchive the project in its settings on PyPI, or settle the quarantine with PyPI's support.",
  },
} as const;
