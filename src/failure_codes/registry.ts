/**
 * Codes that every registry has in common: its answers, the credential, the version.
 *
 * @module
 */

/** The codes of every registry. */
export const REGISTRY_CODES = {
  PIOT_AUTH_MISSING: {
    exit: 1,
    trips: "There is no credential for a registry that something is to be uploaded to.",
    mend: "Set up trusted publishing or the token variable that the message names.",
  },
  PIOT_AUTH_REFUSED: {
    exit: 1,
    trips: "A registry does not accept the credential, or not for this package.",
    mend:
      "Make a new token, or give the token or the trusted publisher write access to the package.",
  },
  PIOT_VERSION_TAKEN: {
    exit: 1,
    trips: "The registry already has this version with other content.",
    mend: "Release under a higher version; a published version cannot be replaced.",
  },
  PIOT_REGISTRY_REFUSED: {
    exit: 1,
    trips: "A registry read the upload and refused it; its own words are in the message.",
    mend: "Mend what the registry names, then run again from the same commit.",
  },
  PIOT_REGISTRY_BUSY: {
    exit: 1,
    trips: "A registry's rate limit was reached.",
    mend: "Wait as long as the message says, then run again; what was uploaded already is skipped.",
  },
  PIOT_REGISTRY_UNKNOWN: {
    exit: 1,
    trips:
      "A registry gave no definite answer to the question what it holds: an error of its own, a block page, or no JSON.",
    mend:
      "Check the registry's status page, then run again; nothing is taken for absent on such an answer.",
  },
} as const;
