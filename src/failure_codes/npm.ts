/**
 * Codes of npm, and of the package.json that a package is packed from.
 *
 * @module
 */

/** The codes of npm. */
export const NPM_CODES = {
  PIOT_NPM_MANIFEST: {
    exit: 1,
    trips:
      "A package.json cannot be published as it is: a name, field or setting contradicts the plan.",
    mend: "Mend the field that the message names.",
  },
  PIOT_NPM_PRIVATE: {
    exit: 1,
    trips: "A package.json says `private: true`, which npm never publishes.",
    mend: "Remove `private` from package.json, or remove the package from putitoutthere.toml.",
  },
  PIOT_NPM_WORKSPACE: {
    exit: 1,
    trips: "A `workspace:` range names a package whose version is not known.",
    mend:
      "Declare the sibling in putitoutthere.toml and in depends_on, or write a version range instead.",
  },
  PIOT_NPM_UNPUBLISHED: {
    exit: 1,
    trips:
      "The version, or the whole package, was unpublished from npm, and its number cannot be used again.",
    mend: "Release under a version that never was on npm; after a full unpublish wait 24 hours.",
  },
  PIOT_NPM_ACCESS: {
    exit: 1,
    trips:
      "A package is restricted on npm and declared public here: publishing it would show it to everybody.",
    mend:
      'Set `access = "restricted"` in putitoutthere.toml, or make the package public on npm\'s site first.',
  },
} as const;
