/**
 * Codes of what the build made, before any registry is asked.
 *
 * @module
 */

/** The codes of built artifacts. */
export const ARTIFACT_CODES = {
  PIOT_ARTIFACT_MISSING: {
    exit: 1,
    trips: "A built file that the release needs is not among the artifacts.",
    mend: "Make the build job upload the folder that the message names.",
  },
  PIOT_ARTIFACT_INVALID: {
    exit: 1,
    trips:
      "A built file is not what the plan asks for, or an archive is damaged or unsafe to read.",
    mend: "Mend the build so that it makes the file that the message describes.",
  },
  PIOT_BINARY_MISMATCH: {
    exit: 1,
    trips:
      "A program or an addon was built for another platform than the package that carries it, or linked so that it cannot work there.",
    mend: "Make each build job upload what it built for its own target.",
  },
} as const;
