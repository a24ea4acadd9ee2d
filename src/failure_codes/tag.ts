/**
 * Codes of the git tag that a release ends with, and of the remote that it is sent to.
 *
 * @module
 */

/** The codes of git tags. */
export const TAG_CODES = {
  PIOT_TAG_ELSEWHERE: {
    exit: 1,
    trips: "The tag of this release stands on another commit, in this repository or on its remote.",
    mend:
      "Release from the commit that the tag names, or release a higher version; tags are never moved.",
  },
  PIOT_TAG_REMOTE: {
    exit: 1,
    trips: "The git remote cannot be reached, or there is no repository at its address.",
    mend:
      "Check `git remote -v`, the network, and that the credential may see the repository; then run again.",
  },
  PIOT_TAG_CREDENTIAL: {
    exit: 1,
    trips: "The git remote accepted no credential.",
    mend:
      "Keep `persist-credentials` of actions/checkout on, or give GITHUB_TOKEN to the publish step; elsewhere set up git's own credentials.",
  },
  PIOT_TAG_PERMISSION: {
    exit: 1,
    trips: "The git remote knows the credential and does not let it write.",
    mend: "Give the publish job `permissions: contents: write`, or use a credential that may push.",
  },
  PIOT_TAG_WORKFLOWS: {
    exit: 1,
    trips:
      "GitHub refused the tag because it did not find the commit's workflow files on a branch, and the token may not write workflows.",
    mend:
      "Push the tag with a token that has the Workflows permission, or by hand; running again then goes on from there.",
  },
  PIOT_TAG_RULESET: {
    exit: 1,
    trips:
      "A ruleset or a tag protection of the repository forbids the credential to create the tag.",
    mend:
      "Let a GitHub App bypass the rule and push with its token (the app of GITHUB_TOKEN cannot be let through), or exempt the tag's pattern.",
  },
  PIOT_TAG_REFUSED: {
    exit: 1,
    trips: "The git remote refused the tag for a reason of its own, such as a hook.",
    mend: "Read the remote's words; mend that, and run again from the same commit.",
  },
} as const;
