/**
 * Codes of crates.io, of cargo, and of the Cargo.toml that a crate is packaged from.
 *
 * @module
 */

/** The codes of crates.io. */
export const CRATES_CODES = {
  PIOT_CARGO: {
    exit: 1,
    trips:
      "cargo ended with an error before anything was sent: a manifest, a build, or its settings.",
    mend: "Read what cargo says; the same command can be run by hand in the crate's folder.",
  },
  PIOT_DIRTY_TREE: {
    exit: 1,
    trips:
      "Files differ from the commit that is released, and a crate would be packaged with them.",
    mend: "Commit or restore the files that are listed, or keep them out with .gitignore.",
  },
  PIOT_CRATES_MANIFEST: {
    exit: 1,
    trips: "A Cargo.toml is missing, unreadable, or disagrees with putitoutthere.toml.",
    mend: "Mend the line that the message names.",
  },
  PIOT_CRATES_SHARED_VERSION: {
    exit: 1,
    trips:
      "Crates that inherit one version from [workspace.package] are planned at different versions.",
    mend: "Give each crate a version of its own, or release them together at one version.",
  },
  PIOT_CRATES_UNPUBLISHABLE: {
    exit: 1,
    trips:
      "crates.io would refuse the crate: metadata, a dependency, its size or `publish` stands against it.",
    mend: "Mend what the message names in Cargo.toml.",
  },
  PIOT_CRATES_NAME_TAKEN: {
    exit: 1,
    trips: "crates.io has a crate whose name differs only by case or by `-` and `_`.",
    mend: "Use the spelling that crates.io has, or choose another name.",
  },
  PIOT_CRATES_TRUSTPUB_ONLY: {
    exit: 1,
    trips: "The crate takes new versions by trusted publishing only, and there is only a token.",
    mend:
      "Release from the trusted workflow, or allow tokens in the crate's settings on crates.io.",
  },
  PIOT_CRATES_DEPENDENCY: {
    exit: 1,
    trips: "A crate that another one depends on did not appear in the index in time.",
    mend: "Run again later from the same commit; what was uploaded already is skipped.",
  },
} as const;
