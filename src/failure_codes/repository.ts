/**
 * Codes of what follows an upload: the git tag, the remote that it is sent to, and the GitHub Release of that tag.
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
  PIOT_TAG_MOVED: {
    exit: 1,
    trips:
      "The git remote leads elsewhere: the repository was renamed, or something answers in its place.",
    mend:
      "Set the remote to the repository's new address with the command that the message names, or check what stands on the way there.",
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
    mend:
      "Give the job what the message names (`permissions: contents: write` to publish, `actions: read` for `recover`), and run again.",
  },
  PIOT_RECOVER_REFUSED: {
    exit: 2,
    trips:
      "`--recover` names a run that is not there, is none of this workflow, was started by a pull request, or ran for another commit than the one that is checked out.",
    mend:
      "Name a run of this workflow in this repository that a push, a timetable or somebody by hand started.",
  },
  PIOT_GITHUB_MOVED: {
    exit: 1,
    trips: "GitHub's API answers a write with a redirect: the repository has another name now.",
    mend:
      "Set GITHUB_REPOSITORY and the git remote to what the repository is called now, and run again.",
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
    trips:
      "GitHub's API failed, or something else answered in its place, so that nobody knows what is there.",
    mend:
      "Look at GitHub's status page, and run again from the same commit; what is there is kept.",
  },
} as const;
