/**
 * Codes of the plan: the clone cannot tell what ships, or a plan that was handed over does not fit.
 *
 * @module
 */

/** The codes of the plan. */
export const PLAN_CODES = {
  PIOT_NOT_A_REPOSITORY: {
    exit: 2,
    trips: "A plan was asked for in a folder that is in no git work tree.",
    mend: "Run it in a clone; a snapshot folder can be published with `--plan` or `--release`.",
  },
  PIOT_NO_COMMIT: {
    exit: 2,
    trips: "The repository has no commit yet, so there is nothing to plan.",
    mend: "Commit first.",
  },
  PIOT_COMMIT_UNKNOWN: {
    exit: 2,
    trips: "`--at` names something that is no commit of this clone.",
    mend: "Name a branch, a tag or a commit that this clone has; fetch it first if need be.",
  },
  PIOT_SHALLOW_CLONE: {
    exit: 2,
    trips: "The clone is shallow, and what it leaves out decides what ships.",
    mend:
      "Set `fetch-depth: 0` on actions/checkout, with `filter: blob:none` for a large repository.",
  },
  PIOT_TREELESS_CLONE: {
    exit: 2,
    trips: "The clone was made with `--filter=tree:…`, so git would fetch every folder one by one.",
    mend: "Clone with `filter: blob:none` instead; it is nearly as small.",
  },
  PIOT_UNTAGGED_HISTORY: {
    exit: 1,
    trips:
      "A package has no release tag, and its registry already holds this version or higher ones.",
    mend:
      "Create the tag of the last release on the commit that made it, or set `first_version` above it.",
  },
  PIOT_PLAN_INVALID: {
    exit: 2,
    trips:
      "What `--plan` names is not a plan, or names a package that the configuration does not declare.",
    mend: "Give the JSON that `plan --json` printed, as a file or as text.",
  },
  PIOT_PLAN_STALE: {
    exit: 2,
    trips: "The plan was made for another commit than the one that is checked out.",
    mend: "Check out the commit of the plan, or plan again.",
  },
  PIOT_NO_WORK: {
    exit: 1,
    trips: "`--require-work` was given and nothing is planned.",
    mend:
      "Run without the flag when an empty plan is fine, or see `plan` for why each package is left out.",
  },
} as const;
