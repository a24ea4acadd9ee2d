/**
 * Codes of what asks for a release: the `release:` trailer of a commit, and `--release`.
 *
 * @module
 */

/** The codes of release requests and trailers. */
export const REQUEST_CODES = {
  PIOT_TRAILER_INVALID: {
    exit: 2,
    trips: "The last paragraph of HEAD's message has a `release:` line that is no trailer.",
    mend:
      "Write `release: patch`, `minor`, `major` or `skip`, with `[names]` after it if need be; add an empty commit with the right one.",
  },
  PIOT_TRAILER_UNKNOWN_PACKAGE: {
    exit: 2,
    trips: "HEAD's trailer names a package that is not declared.",
    mend: "Use the names of putitoutthere.toml; add an empty commit with the right trailer.",
  },
  PIOT_RELEASE_REQUEST_INVALID: {
    exit: 2,
    trips: "What `--release` says cannot be read.",
    mend:
      "Write `name`, `name@minor` or `name@1.4.0`, or one of the documents in `docs/release-requests.md`.",
  },
  PIOT_RELEASE_REQUEST_CONFLICT: {
    exit: 2,
    trips: "`--release` asks for one package in two different ways.",
    mend: "Ask for each package once, or in the same words each time.",
  },
  PIOT_RELEASE_REQUEST_UNKNOWN_PACKAGE: {
    exit: 2,
    trips: "`--release` names a package that is not declared.",
    mend: "Use the names of putitoutthere.toml.",
  },
  PIOT_RELEASE_REQUEST_UNMATCHED: {
    exit: 2,
    trips: "release-please or release-plz released folders or crates, and none is declared here.",
    mend:
      "Declare them in putitoutthere.toml with the same folder or crate name, or ask for packages by name.",
  },
  PIOT_RELEASE_REQUEST_VERSION_TAKEN: {
    exit: 2,
    trips: "`--release` asks for a version whose tag stands on another commit.",
    mend: "Ask for a version that was not released yet, or check that commit out and run there.",
  },
} as const;
