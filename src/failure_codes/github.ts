/**
 * Codes of GitHub's API, which the GitHub Release of a tag is made through.
 *
 * @module
 */

/** The codes of GitHub's API. */
export const GITHUB_CODES = {
  PIOT_GITHUB_CREDENTIAL: {
    exit: 1,
    trips: "GitHub's API did not accept the token.",
    mend: "Give the publish step a GITHUB_TOKEN that is valid, and run again.",
  },
  PIOT_GITHUB_PERMISSION: {
    exit: 1,
    trips:
      "GitHub's API knows the token and does not let it do this, or hides the repository from it.",
    mend: "Give the publish job `permissions: contents: write`, and run again.",
  },
  PIOT_GITHUB_WORKFLOWS: {
    exit: 1,
    trips:
      "GitHub's API asks for the Workflows permission, as it does for a commit whose workflow files differ from those of the branches.",
    mend: "Use a token that has the Workflows permission, and run again.",
  },
  PIOT_GITHUB_RULESET: {
    exit: 1,
    trips: "A ruleset of the repository forbids the token to make the GitHub Release.",
    mend: "Let the token's app bypass the rule, and run again.",
  },
  PIOT_GITHUB_TAG_MISSING: {
    exit: 1,
    trips: "The GitHub repository does not have the tag that a GitHub Release is to be made for.",
    mend:
      "Check that the git remote is the repository that GITHUB_REPOSITORY names, and run again.",
  },
  PIOT_GITHUB_TAG_SPENT: {
    exit: 1,
    trips:
      "An immutable GitHub Release once used this tag and was deleted; the name can never be used again.",
    mend: "Leave this version without a GitHub Release, or release a higher version.",
  },
  PIOT_GITHUB_BUSY: {
    exit: 1,
    trips: "GitHub's API limits the rate of requests for longer than a run should wait.",
    mend: "Run again from the same commit after the time that the message names.",
  },
  PIOT_GITHUB_REFUSED: {
    exit: 1,
    trips: "GitHub's API refused the request.",
    mend: "Read GitHub's words; mend that, and run again from the same commit.",
  },
  PIOT_GITHUB_UNKNOWN: {
    exit: 1,
    trips: "GitHub's API failed, so that nobody knows whether the request took effect.",
    mend:
      "Look at GitHub's status page, and run again from the same commit; what is there is kept.",
  },
} as const;
